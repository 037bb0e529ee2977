"""The date of effect where the contract says which it is: a date it names so, the last signature, "the date hereof".

A ranker of mentions (dates_ranked) cannot know these: the date that counts stands far from the sentence that says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.contract.dates import DateFound

NAMED, TOLD, SIGNED, HEREOF = 0.9, 0.75, 0.6, 0.5  # scores, in the order of trust; the calibration says what they mean
AS_OF = 0.6
HEAD = 4000  # characters in which "effective as of" speaks of the contract itself
SIGNATURES = 8000  # characters behind the beginning of the signatures
_BEFORE = 90
_QUOTE = r"[\"“”'’]"
_NAMED = re.compile(rf"[\s,]*\(\s*(?:the\s+)?{_QUOTE}?\s*(?:the\s+)?(?:Effective|Commencement)\s+Date", re.I)
_TOLD = re.compile(
    rf"(?:{_QUOTE}?Effective\s+Date{_QUOTE}?\s*(?:of\s+this\s+\w+\s*)?(?:\(?[^.;()]{{0,20}}\)?)?\s*"
    r"(?::|means|shall\s+mean|is|shall\s+be|will\s+be)\s*(?:the\s+date\s+of\s+|12:01[^;]{0,30}\bon\s+)?(?:as\s+of\s+)?"
    rf"|{_QUOTE}?\b(?:commencement|start|starting)\s+date{_QUOTE}?\s*(?:of|for)?\s*(?:this\s+\w+\s*)?"
    r"(?:is|means:?|shall\s+be|will\s+be|:)\s*"
    r"|agreement\s+(?:is|shall\s+be(?:come)?|will\s+be(?:come)?|becomes)\s+effective\s+(?:as\s+of|on|from)\s+(?:the\s+)?"
    r"|\bto\s+be\s+effective\s+(?:as\s+of\s+|on\s+)?"
    r"|\b(?:term|agreement)\b[^.;]{0,90}\b(?:shall|will)\s+(?:commence|begin|start)\s+(?:on\s+|as\s+of\s+)?(?:the\s+)?)$",
    re.I,
)
_AS_OF = re.compile(r"\beffective\s+(?:as\s+of|on|from)\s+(?:the\s+)?$", re.I)
_BY_SIGNING = re.compile(
    r"""\b(?:effective|commence\w*|begin\w*|takes?\s+effect|(?:come\w*|enter\w*)\s+into\s+(?:force|effect)|entered\s+into)\b
    [^.;]{0,90}?\b(?P<after>day\s+after\s+)?
    (?:(?:the\s+)?(?:last|latest|later)\s+(?:of\s+(?:the\s+)?)?(?:two\s+)?(?:dates?|signatures?|party|parties|signatory|signed|executed)\b
    |(?:the\s+)?date\s+(?:(?:on|that)\s+(?:which\s+)?)?(?:it|this\s+\w+)\s+is\s+(?:last\s+|fully\s+)?(?:signed|executed)
    |(?:the\s+)?date\s+of\s+(?:the\s+)?(?:last|final|latest)?\s*(?:signature|signing)\b
    |(?:the\s+)?date\s+(?:last\s+)?(?:noted|signed|written|set\s+forth)\s+below)""",
    re.I | re.X,
)
_SIGNED_AT = re.compile(r"(?:dated?\s*(?:signed)?\s*:?[\s_/]*|\n\s*|\s{3,})$", re.I)
_HEREOF = re.compile(
    r"""(?:\b(?:agreement|term|contract|amendment)\b|\beffective\b)[^.;]{0,110}?
    \b(?:effective|commenc\w+|begin\w*|takes?\s+effect|in\s+effect|in\s+force)\b[^.;]{0,40}?
    \b(?:(?<!effective\s)date\s+(?:hereof|first\s+(?:above\s+|set|written|listed|stated|mentioned|indicated)
    |of\s+(?:the\s+)?execution|of\s+this\s+agreement|above)
    |day\s+and\s+year\s+first|(?:upon|its)\s+execution|execution\s+(?:hereof|of\s+this|and\s+delivery))""",
    re.I | re.X,
)
_NOT_HEREOF = re.compile(r"represent|warrant|amend(?:ed|ment)\s+(?:is|shall)|notice|interest|period\s+commencing", re.I)


@dataclass(frozen=True)
class Defined:
    """A day, where the date stands from which it follows, and how much its wording is trusted."""

    value: date
    start: int
    end: int
    score: float


def named_effective(text: str, found: Sequence[DateFound]) -> Defined | None:
    """A date that the contract itself calls that of its effect; one in quotes before any other."""
    best: Defined | None = None
    for one in found:
        if _NAMED.match(text, one.end, one.end + 40):
            return Defined(one.value, one.start, one.end, NAMED)
        before = text[max(one.start - _BEFORE, 0) : one.start]
        if best is None and _TOLD.search(before):
            best = Defined(one.value, one.start, one.end, TOLD)
        elif best is None and one.start < HEAD and _AS_OF.search(before):
            best = Defined(one.value, one.start, one.end, AS_OF)
    return best


def last_signed(text: str, found: Sequence[DateFound], signature: int | None) -> tuple[Defined, Defined] | None:
    """Of a contract that takes effect when all have signed: (day of its last signature, day of its effect)."""
    told = _BY_SIGNING.search(text)
    if told is None or signature is None:
        return None
    signed = [
        d
        for d in found
        if signature - 200 <= d.start < signature + SIGNATURES
        and _SIGNED_AT.search(text[max(d.start - 30, 0) : d.start])
    ]
    if not signed:
        return None
    last = max(signed, key=lambda d: d.value)
    agreed = Defined(last.value, last.start, last.end, SIGNED)
    return agreed, Defined(last.value + timedelta(days=1 if told["after"] else 0), last.start, last.end, SIGNED)


def from_its_date(text: str) -> bool:
    """Whether the contract takes effect, or its term begins, on "the date hereof" or the like."""
    return any(not _NOT_HEREOF.search(text, max(m.start() - 40, 0), m.end()) for m in _HEREOF.finditer(text))
