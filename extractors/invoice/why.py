"""Why a value was taken: the strongest signs for and against it, and what else was weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.invoice.candidates import Candidate, Context
from extractors.invoice.confidence import contributions, signs_of_reading
from extractors.invoice.confidence_signs import SOURCES
from workitems.items import Alternative, Page, Why

SIGNS = 5
ALTERNATIVES = 3
LONGEST = 200
"""Characters of an alternative that are kept."""
_UNTOLD = frozenset({"one", "order", *SOURCES})
"""Signs that every document of a kind has."""
_WORDS = {
    "score": "finder's score",
    "margin": "lead over other values",
    "alone": "no other value",
    "times": "printed several times",
    "blur": "least legible word",
    "haze": "legibility",
    "ranked score": "ranker's score",
    "length": "length of the text",
    "digits": "digits in the text",
    "marks": "few letters",
    "capitals": "capital letters",
}
_WEAK = 0.05
"""Log-odds below which a sign says nothing."""


def engines_of(pages: Sequence[Page]) -> dict[int, str]:
    """Who gave the words of each page."""
    return {p.number: p.engine or ("text layer" if p.source == "text" else p.source) for p in pages}


def why_of(context: Context, field: str, found: Sequence[Candidate], engines: Mapping[int, str]) -> Why:
    """What the first candidate rests on; the others are its alternatives."""
    weighed = contributions(field, signs_of_reading(context, field, found))
    told = {_WORDS.get(name, name): weight for name, weight in weighed.items() if name not in _UNTOLD}
    strongest = sorted(told.items(), key=lambda item: (-abs(item[1]), item[0]))
    rivals = [c for c in found[1:] if c.value != found[0].value][:ALTERNATIVES]
    return Why(
        engine=engines.get(found[0].page),
        signs=tuple((name, round(weight, 2)) for name, weight in strongest[:SIGNS] if abs(weight) >= _WEAK),
        alternatives=tuple(_alternative(context, c) for c in rivals),
    )


def _alternative(context: Context, candidate: Candidate) -> Alternative:
    box = context.sheet.box(candidate.page, candidate.pieces) if candidate.pieces else None
    score = round(min(1.0, max(0.0, candidate.score)), 4)
    return Alternative(value=candidate.value[:LONGEST], score=score, page=candidate.page, box=box)
