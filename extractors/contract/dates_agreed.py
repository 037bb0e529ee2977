"""The date of an agreement where its own words say which it is: "this Agreement is made ...", the signatures, a blank.

A ranker of mentions (dates_ranked) proposes; these rules know sentences that leave no choice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.contract.dates import DateFound
from extractors.contract.dates_defined import Defined
from extractors.contract.dates_ranked import HEADED, Setting

MADE, WITNESSED = 0.97, 0.6  # scores, in the order of trust; the calibration says what they mean
UNSURE, DOUBTFUL, SURE = 0.3, 0.6, 0.9
"""Chances of a ranked date: below them the signatures count, the day of witness counts, a blank is believed instead."""
PREAMBLE_WITHIN = 6000  # characters in which a contract without a preamble says when it was made
_PAPER = r"(?:agreement|amendment|contract|lease|addendum|licen[cs]e|memorandum|deed|statement)"
_MADE = re.compile(
    rf"""\bthis\s+(?:[\w&,'’\#./()“”"-]+\s+){{0,12}}?{_PAPER}\b
    (?:[^.;]|\b(?:No|Inc|Ltd|Corp|Co)\.){{0,200}}?
    (?:\b(?:made|entered\s+into|executed|concluded|signed|is\s+dated)\b|[)”"]\s*,?\s*dated\b)[\s,:_-]*
    (?:(?:and|entered|into|made|as|of|this|the|on|effective|is|executed|dated|by|at|in|with\s+effect\s+from
    |to\s+be\s+effective)[\s,:_-]+)*$""",
    re.I | re.X,
)
_THAT_PAPER = re.compile(
    r"\bthat\s+certain|\boriginal|\bpursuant\s+to|\bunder\s+the|\bamend(?:s|ed|ing)\b|\breference|\bsupersede|\brestate"
    r"|\bwhereas\b",
    re.I,
)
_WITNESSED = re.compile(
    r"\b(?:in\s+witness\s+whereof|have\s+(?:duly\s+)?(?:executed|signed|caused)|(?:signed|executed)\s+(?:and\s+\w+\s+)?"
    r"(?:this|on|as\s+of))\b[^;]{0,160}?\b(?:as\s+of|this|on|effective|dated?)\b[\s,:]*(?:(?:this|the|as|of|on|date)[\s,:]*)*$",
    re.I,
)
_ANOTHER_DAY = re.compile(r"first\s+(?:above|set|written)|above\s+written|\btrust,?\s+dated|\bdeclaration\b", re.I)
_REACH = 330  # characters before a date that are read


def agreed_in(setting: Setting, ranked: Defined | None, signed: Defined | None) -> Defined | None:
    """The date of the agreement: as its preamble says, else as ranked, else as it was signed; None where left blank.

    `ranked` is the ranker's choice; `signed` the last signature, where the contract says that it counts.
    """
    if (made := made_on(setting)) is not None:
        return _defined(made, MADE)
    if ranked is not None and (last := _last_of(setting.signed, ranked)) is not None:
        ranked = Defined(last.value, last.start, last.end, ranked.score)
    if ranked is None or ranked.score < DOUBTFUL:
        witnessed = witnessed_on(setting)
        if witnessed is not None:
            return _defined(witnessed, WITNESSED)
    if signed is not None and (ranked is None or ranked.score < UNSURE):
        return signed
    return None if ranked is None or _left_blank(setting, ranked) else ranked


def made_on(setting: Setting) -> DateFound | None:
    """The date of the sentence that says when this very contract was made."""
    end = setting.preamble[1] if setting.preamble else PREAMBLE_WITHIN
    for one in setting.found:
        before = setting.text[max(one.start - _REACH, 0) : one.start]
        told = _MADE.search(before) if one.start <= end else None
        if told is not None and not _THAT_PAPER.search(before, told.start()):
            return one
    return None


def witnessed_on(setting: Setting) -> DateFound | None:
    """The date of the sentence above the signatures that says when the contract was executed."""
    for one in setting.found:
        if one.start < len(setting.text) // 4:
            continue
        before = setting.text[max(one.start - _REACH + 70, 0) : one.start]
        told = _WITNESSED.search(before)
        if told is not None and not _ANOTHER_DAY.search(before, told.start()):
            return one
    return None


def _last_of(signed: Sequence[DateFound], ranked: Defined) -> DateFound | None:
    """The last of the dates beside signatures, where the ranked one is among them."""
    if not any(d.start == ranked.start for d in signed):
        return None
    return max(signed, key=lambda d: d.value)


def _left_blank(setting: Setting, ranked: Defined) -> bool:
    """Whether the place for the date was left open, so that what was ranked is some other paper's date."""
    if not setting.blank or ranked.score >= SURE or any(d.start == ranked.start for d in setting.signed):
        return False
    return not HEADED.search(setting.text, max(ranked.start - 90, 0), ranked.start)


def _defined(one: DateFound, score: float) -> Defined:
    return Defined(one.value, one.start, one.end, score)
