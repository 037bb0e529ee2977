"""All spans of a contract that may be clauses, with what speaks for each: three tables, one for each way of finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.contract.clause_candidates import Shape, candidates_of, signs_of
from extractors.contract.clause_dates import CATEGORIES as DATED
from extractors.contract.clause_dates import SIGNS_OF_SENTENCE, date_signs, date_spans
from extractors.contract.clause_names import name_signs, names_in
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.document import ContractText

WAYS = ("sentences", "names", "dates")
BY_SENTENCE = tuple(n for n, c in enumerate(CATEGORIES) if c not in ("Document Name", "Agreement Date"))
NAMED = CATEGORIES.index("Document Name")
_ASKED = [CATEGORIES.index(c) for c in SIGNS_OF_SENTENCE]
OVERLAPPED = 0.3
"""What is left of the chance of a span that overlaps a likelier one of its category: the clause is that one."""


@dataclass(frozen=True)
class Table:
    """Spans and their signs: `places` has rows of (category, start, end)."""

    places: Any
    signs: Any


def tables_of(doc: ContractText, scores: Any, probabilities: Any) -> dict[str, Table]:
    """By way of finding. `scores` and `probabilities`: sentences x categories."""
    if not doc.sentences:
        return {}
    return {
        "sentences": _sentences(doc, scores, probabilities),
        "names": _names(doc),
        "dates": _dates(doc, scores),
    }


def _sentences(doc: ContractText, scores: Any, probabilities: Any) -> Table:
    found = candidates_of(scores, probabilities, BY_SENTENCE)
    places = [(c.category, doc.sentences[c.first].start, doc.sentences[c.last].end) for c in found]
    return Table(_array(places), signs_of(found, scores, probabilities, Shape.of(doc)))


def _names(doc: ContractText) -> Table:
    spans = names_in(doc)
    return Table(_array([(NAMED, *span) for span in spans]), name_signs(doc, spans))


def _dates(doc: ContractText, scores: Any) -> Table:
    """Every date twice: as the agreement's and as the effective one."""
    import numpy as np

    spans = date_spans(doc)
    signs = date_signs(doc, spans, scores[:, _ASKED])
    places = [(CATEGORIES.index(category), *span) for category in DATED for span in spans]
    both = [np.hstack([np.full((len(spans), 1), n, np.float32), signs]) for n in range(len(DATED))]
    return Table(_array(places), np.vstack(both))


def _array(places: Sequence[tuple[int, int, int]]) -> Any:
    import numpy as np

    return np.array(places, int).reshape(-1, 3)


def coded(signs: Any, order: Any) -> Any:
    """Signs with the category's place in `order` instead of its index, so that a tree can part easy ones from hard."""
    found = signs.copy()
    found[:, 0] = order[signs[:, 0].astype(int)]
    return found


def chances_of(tables: Mapping[str, Table], judges: Mapping[str, Any], order: Any) -> tuple[Any, Any]:
    """(places, chances) of all spans of a contract, by the judge of each way, overlaps weighed down."""
    import numpy as np

    places, chances = [_array([])], [np.zeros(0)]
    for way, table in tables.items():
        if len(table.places):
            places.append(table.places)
            signs = coded(table.signs, order) if way == "sentences" else table.signs
            chances.append(judges[way].predict_proba(signs)[:, 1])
    joined = np.vstack(places)
    return joined, without_overlaps(joined, np.concatenate(chances))


def without_overlaps(places: Any, chances: Any) -> Any:
    """Chances, where each span that overlaps a likelier one of its category counts less."""
    weighed = chances.copy()
    kept: dict[int, list[tuple[int, int]]] = {}
    for at in (-chances).argsort(kind="stable"):
        category, start, end = (int(x) for x in places[at])
        spans = kept.setdefault(category, [])
        if any(start < e and s < end for s, e in spans):
            weighed[at] *= OVERLAPPED
        else:
            spans.append((start, end))
    return weighed


def alone(places: Any, chances: Any) -> Any:
    """Of each span that it finds a clause, whatever overlaps it: chances as they were before `without_overlaps`.

    Weighed down once more they tell which ones that were: each still comes after the likelier one that it overlaps.
    """
    import numpy as np

    return np.where(without_overlaps(places, chances) < chances, chances / OVERLAPPED, chances)
