"""The title of a contract: as the tagger saw it, else the first capitals that end in a contract's noun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.contract.parties_tagger import Mention

PLACE = 2600  # characters from the start in which a title stands
_NOUN = (
    r"(?:AGREEMENT|CONTRACT|AMENDMENT|ADDENDUM|LEASE|LICEN[CS]E|MEMORANDUM|STATEMENT|UNDERTAKING|DEED|CERTIFICATE"
    r"|POLICY)"
)
_WORD = r"(?:[A-Z0-9#(][\w&/'’#.()®™-]*|of|and|to|the|for|in|by|on|a|an|&|-|–|with|n°)"
_TITLE = re.compile(
    rf"(?<![\w])(?P<title>(?:{_WORD}(?:,?\s{{1,4}}|,?[ \t]*\n\s{{0,90}})){{0,13}}?(?i:{_NOUN}S?)\b"
    rf"(?:\s{{1,60}}(?:AND|TO|OF|FOR|NO\.?|#|(?i:terms))\s{{1,60}}(?:{_WORD}\s{{1,40}}){{0,9}}?(?i:{_NOUN})\b)?)"
)
_LEAD = re.compile(
    r"^(?:(?i:exhibit|schedule|annex|appendix|ex)[\s-]+[\w.()-]+\s+|(?i:execution\s+(?:version|copy)|final\s+version|confidential|draft|"
    r"conformed\s+copy)\s+|(?i:this|the|a|an|and|of|by|to|in|for|with|between)\s+|[\d.()\[\]*-]+\s+)+"
)
_CUT = re.compile(
    r"(?<=[a-z\])])\.\s+|(?i:\b(?:inc|llc|ltd|l\.p|corp|corporation|company|co|incorporated|limited|copy|version|requested|disclosed"
    r"|amended|dated\s+[\d/]+|home)\b[.,]*\s+)"
)
WIDEST, SURE = 90, 0.75
_MENTION = re.compile(r"\b(?:this|the|such|that|said|any|an?)\s*$", re.I)


@dataclass(frozen=True)
class Title:
    """A contract's title with its place and the tagger's probability; `tagged` is False where a rule found it."""

    value: str
    start: int
    end: int
    chance: float
    tagged: bool


def title_of(text: str, mentions: Sequence[Mention]) -> Title | None:
    """The title, on one line."""
    tagged = next((m for m in mentions if m.what == "title" and re.search(_NOUN, text[m.start : m.end], re.I)), None)
    ruled = _by_rule(text)
    if tagged is None:
        tagged = next((m for m in mentions if m.what == "title" and m.end - m.start > 8 and m.chance > 0.8), None)
    if tagged is None:
        return ruled
    start, end = tagged.start, tagged.end
    if (
        ruled is not None
        and ruled.end == end
        and ruled.start < start
        and end - ruled.start < WIDEST
        and tagged.chance < SURE
    ):
        start = ruled.start  # "COLLABORATION & ENDORSEMENT AGREEMENT": the tagger was not sure where it begins
    return Title(_tidy(text[start:end]), start, end, tagged.chance, True)


def _by_rule(text: str) -> Title | None:
    for m in _TITLE.finditer(text[:PLACE]):
        words = m["title"]
        lead = _LEAD.match(words)
        start = m.start() + (lead.end() if lead else 0)
        for cut in _CUT.finditer(text, start, m.end()):
            if len(text[cut.end() : m.end()].split()) > 1:
                start = cut.end()
        if m.end() - start < 8 or not text[start].isupper():
            continue
        if _MENTION.search(text[max(start - 8, 0) : start]) and not text[start : m.end()].isupper():
            called = re.match(r"\W{0,3}\s*\(", text[m.end() : m.end() + 6]) or re.match(
                r"\s+(?:is|\(|dated|made)", text[m.end() : m.end() + 9]
            )
            if not called:
                continue
        return Title(_tidy(text[start : m.end()]), start, m.end(), 0.5, False)
    return None


def _tidy(words: str) -> str:
    """One line; what was printed twice stands once."""
    line = " ".join(words.split()).strip(' ,;:-."“”')
    half = line[: len(line) // 2]
    return half if half and f"{half} {half}" == line else line
