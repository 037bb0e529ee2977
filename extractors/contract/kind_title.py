"""What a contract's first lines call it, as far as its kind goes: "EXCLUSIVE DISTRIBUTION AGREEMENT"."""

from __future__ import annotations

import re

TITLE_PLACE = 1200  # characters in which a title stands
LONGEST = 160  # characters before the word that ends it
_ENDS = re.compile(r"\b(?:Agreement|AGREEMENT|Contract|CONTRACT|Lease|LEASE|Statement|STATEMENT|Deed|DEED)[sS]?\b")
_OF_WHAT = re.compile(r"\s+(?:for|of|on|to|FOR|OF|ON|TO)\s+((?:[A-Z][\w&'’-]*,?\s+|(?:and|of|the)\s+){1,6})")
_SMALL = frozenset(("and", "of", "for", "to", "or", "in", "on", "by", "with", "&", "/", "-", "–"))
_MENTIONS = frozenset(
    ("the", "such", "that", "said", "any", "each", "a", "an", "its", "their", "other", "certain", "these", "those")
)
"""Before a name of a contract they make it one that is spoken of, not the title."""
_EDGES = "\"“”'()[],.;:*-–_"


def heading_of(start: str) -> str:
    """The first name of a contract in a text's beginning that is no mention of another one; may be empty."""
    start = start[:TITLE_PLACE]
    for end in _ENDS.finditer(start):
        run = _run_before(start[max(0, end.start() - LONGEST) : end.start()])
        if run and run[0].lower() in _MENTIONS:
            continue
        words = [w for w in run if w.lower() != "this"]
        if words:
            return " ".join([*words, end[0]])
        behind = _OF_WHAT.match(start, end.end(), end.end() + LONGEST)
        if behind:
            return f"{end[0]}{behind[0].rstrip()}"
    return ""


def _run_before(text: str) -> list[str]:
    """The capitalised words that lead up to a place; the first one may be an article or the like."""
    run: list[str] = []
    for word in reversed(text.split()):
        bare = word.strip(_EDGES)
        low = bare.lower()
        leads = low in _MENTIONS or low == "this"
        ended = bool(run) and word[-1] in '.;:)"”'  # of a sentence or an address before
        if ended or not (leads or not bare or bare[0].isupper() or low in _SMALL):
            break
        if bare:
            run.insert(0, bare)
        if leads:
            break
    return run
