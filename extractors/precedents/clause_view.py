"""A clause as numbers that hang on the clause alone: they are computed once, when it is saved, and kept with it.

For each concept of the lexicon: how often the clause says it, whether a carve-out says it (the words after "except",
or of a sentence with "shall not apply"), whether its heading does. And what it is like as a whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractors.precedents.lexicon import NAMES, READS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURES = "precedents/1"
"""The version of everything that is computed of a clause; an index of another version is made anew."""
CONCEPTS = len(NAMES)
SHAPE = ("words", "carve_outs", "mutual", "seller", "buyer", "capitals", "left_out", "blanked")
CODE_MAX = 255
CHARACTERS_MAX = 20_000
"""What stands behind is not looked at: no clause is that long, and time stays bounded."""

CARVED = re.compile(
    r"\bexcept|exclu(?:ding|sive of)|with the exception|save (?:for|as|where)|other than|shall not apply"
    r"|(?:will|do|does|shall) not (?:apply|limit)|not be limited|nothing (?:in|herein)"
    r"|(?:limitation|exclusion|waiver|foregoing|cap)s?[^.;]{0,80}not (?:apply|limit)"
)
_ENDLESS = re.compile(r"(\w{40})\w+")
_BACKWARDS = re.compile(r"not (?:apply|limit|be)")
_MUTUAL = re.compile(
    r"\b(?:either|neither|each|both|no) (?:of the )?part(?:y|ies)|mutual|one party|the other party|\ba party"
)
_SELLER = re.compile(
    r"\b(?:seller|supplier|vendor|licensor|provider|manufacturer|contractor|consultant|franchisor|company|developer)"
)
_BUYER = re.compile(
    r"\b(?:buyer|purchaser|customer|client|licensee|distributor|reseller|franchisee|recipient|end user|user|you)\b"
)
_HEADING = 90
_CARVED_MAX = 700
_BEFORE_MAX = 300


def view(text: str, heading: str = "") -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(3, concepts) counts of what is said, carved out, in the heading; and the numbers of SHAPE. 2 CPU ms."""
    import numpy as np

    lower = plain(text[:CHARACTERS_MAX])
    head = f"{plain(heading[:CHARACTERS_MAX])} {lower[:_HEADING]}"
    carved = _carved(lower)
    said = np.zeros((3, CONCEPTS), np.uint8)
    for number, pattern in enumerate(READS):
        count = sum(1 for _ in pattern.finditer(lower))
        if count or heading:
            said[0, number] = min(count, CODE_MAX)
            said[1, number] = bool(carved and count and pattern.search(carved))
            said[2, number] = bool(pattern.search(head))
    return said, np.asarray(_shape(text[:CHARACTERS_MAX], lower), np.float32)


def plain(text: str) -> str:
    """Lower-case text without endless words, on which patterns would take time that grows with their square."""
    return _ENDLESS.sub(r"\1", text.lower())


def _carved(lower: str) -> str:
    """What the carve-outs of a clause say."""
    parts = []
    for match in CARVED.finditer(lower):
        start, stop = match.start(), lower.find(". ", match.end())
        if _BACKWARDS.search(match.group()):  # "the cap shall not apply to ...": what comes before belongs to it, too
            start = max(lower.rfind(". ", 0, start), start - _BEFORE_MAX, 0)
        parts.append(lower[start : min(len(lower) if stop < 0 else stop, match.start() + _CARVED_MAX)])
    return "\n".join(parts)


def _shape(text: str, lower: str) -> list[float]:
    letters = sum(map(str.isalpha, text))
    return [
        max(len(text.split()), 1),
        len(CARVED.findall(lower)),
        len(_MUTUAL.findall(lower)),
        len(_SELLER.findall(lower)),
        len(_BUYER.findall(lower)),
        sum(map(str.isupper, text)) / max(letters, 1),
        "<omitted>" in lower,
        "[*" in lower or "***" in lower,
    ]
