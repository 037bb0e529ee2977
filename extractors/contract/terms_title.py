"""The title of a contract: as the tagger saw it, else the first capitals that end in a contract's noun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.contract.parties_runs import folded
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
    r"^(?:(?i:exhibit|schedule|annex|appendix|attachment|ex)[\s-]+[\w.()-]+\s+|(?i:execution\s+(?:version|copy)|final\s+version|confidential"
    r"|draft|conformed\s+copy|\(?(?:english\s+)?translation\)?|d/?b/?a\s+\w+|[a-z]\s?-\s?\d+)\s+|(?i:this|the|a|an|and|of|by|to|in|for|with|between)\s+|[\d.()\[\]*-]+\s+)+"
)
_CUT = re.compile(
    r"(?<=[a-z\])])\.\s+|(?i:\b(?:inc|llc|ltd|l\.p|corp|corporation|company|co|incorporated|limited|copy|version|requested|disclosed"
    r"|amended|dated\s+[\d/]+|home)\b[.,]*\s+)"
)
WIDEST, SURE = 90, 0.75
AFTER_SHORT = 120  # characters in which a fuller title follows one of a single word
_NAMED_PAPER = re.compile(
    r"\W*(?:attachment\s+\w+(?!\s+to\b)|final|execution|draft|\(?translation|english|dba|d/b/a|[A-Z]\s?-\s?\d)", re.I
)
_FIRM = re.compile(r"(?i:\w*corporation|\binc|\bllc|\bltd|\bcorp)\b[.,]*\s+|(?<=[A-Z]{3})\.\s*\n\s*|(?<=[A-Z]{5})\.\s+")
_BEFORE = (  # what the tagger leaves out of a title that begins with it
    re.compile(r"\b((?:AMENDED|(?:NON-)?EXCLUSIVE)\s+)$", re.I),
    re.compile(r"(?:^|\n|\s{3})[ \t]*(AMENDMENT\s+(?:NO\.?|\#)\s*\d+\s+)$", re.I),
    re.compile(
        r"(?:^|\n|\s{3})[ \t]*((?:\w+\s+)?AMENDMENT(?:\s+(?:NO\.?|\#)\s*\d+)?(?:\s+AND\s+\w+)?"
        r"\s+(?:TO|OF)(?:\s+THE)?\s+)$"
    ),
    re.compile(
        r"(?:\n|\s{3}|^|\d[ ])[ \t]*"
        r"((?!(?:BY|BETWEEN)\b)[A-Z][A-Za-z-]+(?:[ ][A-Z][A-Za-z-]+){0,3}(?:[ ](?:AND|and|&)|,)\s+)$"
    ),
    re.compile(r"(?:\n|\s{3})[ \t]*((?!(?:This|The|By|And|Of|To|A|An)\b)[A-Za-z][a-z]*-?[a-z]+[ ])$"),
)
_AMENDS = re.compile(
    rf"\s*(?:(?:NO|n)[.°]?|\#|number)\s*\d+\b(?:\s+TO\s+(?:THE\s+)?[\w\s'’&,-]{{3,90}}?{_NOUN}\b)?"
    rf"|\s+TO\s+(?:THE\s+)?[\w\s'’&,-]{{3,90}}?{_NOUN}\b",
    re.I,
)
_OWN_WORD = r"(?:[A-Z0-9][\w&/'’#®™-]*|of|and|to|the|for|in|on|a|an|&|-|–)"
_CALLED = re.compile(  # "This Collaboration Agreement is made ..."
    rf"\b(?i:this)\s+(?P<name>(?:{_OWN_WORD},?\s+){{1,10}}?(?i:{_NOUN})S?)\b"
    rf"(?=\s*(?:\(|[\"“]|,|(?i:is|was|dated|made|effective|entered|by|sets|between|shall|has)\b))"
)
_CALLED_WITHIN = 1500  # characters behind a title
_SHOUTED = re.compile(r"(?<=[A-Z]{5})\.\s+(?=[A-Z])")  # "... AND EXCHANGE COMMISSION. SUPPLY AGREEMENT"
_NO_TITLE = re.compile(r"entire\s+agreement|counterparts|[A-Z]\w+\.\s+this\b", re.I)
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
    titles = [m for m in mentions if m.what == "title" and not _NO_TITLE.match(text, m.start)]
    tagged = next((m for m in titles if re.search(_NOUN, text[m.start : m.end], re.I)), None)
    ruled = _by_rule(text)
    if tagged is None:
        tagged = next((m for m in titles if m.end - m.start > 8 and m.chance > 0.8), None)
    if tagged is None:
        return ruled and _as_called(text, _mended(text, ruled))
    start, end = tagged.start, tagged.end
    if (
        ruled is not None
        and ruled.end == end
        and ruled.start < start
        and end - ruled.start < WIDEST
        and tagged.chance < SURE
    ):
        start = ruled.start  # "COLLABORATION & ENDORSEMENT AGREEMENT": the tagger was not sure where it begins
    return _as_called(text, _mended(text, Title("", start, end, tagged.chance, True)))


def _as_called(text: str, title: Title) -> Title:
    """The title as the contract calls itself, where that says more, or where nobody tagged the title."""
    told = _CALLED.search(text, max(title.start - 10, 0), title.end + _CALLED_WITHIN)
    if told is None:
        return title
    own, known = folded(told["name"]), folded(title.value)
    if own == known or (known.endswith(own) and title.tagged):
        return title
    if title.tagged and not own.endswith(known):
        return title
    return Title(_tidy(told["name"]), told.start("name"), told.end("name"), title.chance, title.tagged)


def _mended(text: str, title: Title) -> Title:
    """The title with what belongs to it on both sides, without what does not."""
    start, end = title.start, title.end
    lead = _LEAD.match(text[start:end]) if _NAMED_PAPER.match(text, start, end) else None
    start += lead.end() if lead and len(text[start + lead.end() : end].split()) > 1 else 0
    for cut in (*_FIRM.finditer(text, start, end), *_SHOUTED.finditer(text, start, end)):
        if len(text[cut.end() : end].split()) > 1:
            start = cut.end()
    stop = re.search(rf"{_NOUN}S?(?=\s*(?:\n|\s{{3}})\s*(?!(?:and|to|of|for|no|by)\b|[(#&]))", text[start:end], re.I)
    if stop and stop.end() > 8:
        end = start + stop.end()
    noun = (
        None
        if re.search(r"(?:agreement|contract)s?$", text[start:end], re.I)
        else re.match(rf"[ \t]{{1,3}}{_NOUN}S?\b", text[end : end + 30], re.I)
    )
    end += noun.end() if noun else 0  # "CONTENT LICENSE" AGREEMENT
    for pattern in _BEFORE:
        if found := pattern.search(text, max(start - 90, 0), start):
            start = found.start(1)
    if behind := _AMENDS.match(text, end, end + 160):
        end = behind.end() if re.search(r"(?:amendment|addendum)\W*$", text[start:end], re.I) else end
    return Title(_tidy(text[start:end]), start, end, title.chance, title.tagged)


def _by_rule(text: str) -> Title | None:
    short: Title | None = None  # "Contract" alone: what follows may say more
    for m in _TITLE.finditer(text[:PLACE]):
        words = m["title"]
        lead = _LEAD.match(words)
        start = m.start() + (lead.end() if lead else 0)
        for cut in _CUT.finditer(text, start, m.end()):
            if len(text[cut.end() : m.end()].split()) > 1:
                start = cut.end()
        if m.end() - start < 8 or not text[start].isupper() or _NO_TITLE.match(text, start):
            continue
        if _MENTION.search(text[max(start - 8, 0) : start]) and not text[start : m.end()].isupper():
            called = re.match(r"\W{0,3}\s*\(", text[m.end() : m.end() + 6]) or re.match(
                r"\s+(?:is|\(|dated|made)", text[m.end() : m.end() + 9]
            )
            if not called:
                continue
        found = Title(_tidy(text[start : m.end()]), start, m.end(), 0.5, False)
        if " " in found.value or re.match("amend|addend", found.value, re.I):
            return found if short is None or m.end() - short.end < AFTER_SHORT else short
        short = short or found
    return short


def _tidy(words: str) -> str:
    """One line; what was printed twice stands once."""
    line = " ".join(words.split()).strip(' ,;:-."“”')
    half = line[: len(line) // 2]
    return half if half and f"{half} {half}" == line else line
