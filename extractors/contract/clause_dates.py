"""Where a contract's dates stand (blank ones, too), and what speaks for each being its own or its effective date."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from extractors.contract.document import ContractText, Span

CATEGORIES = ("Agreement Date", "Effective Date")
MOST = 150  # dates of a contract; price lists and schedules may have thousands
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|JANUARY|FEBRUARY|"
    r"MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|"
    r"Nov|Dec)\.?|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
)
_BLANK = r"(?:_{1,40}|\[[^\]\n]{0,12}\])"
_TH = r"\s{0,3}(?:s\s?t|n\s?d|r\s?d|t\s?h)?"
_DATE = re.compile(
    rf"""(?<![\w/])(?:
      (?:the\s{{1,3}})?(?:\d{{1,2}}|{_BLANK}|[a-z]{{3,10}}(?:-[a-z]{{3,7}})?){_TH}\s{{0,3}}(?:\([^)\n]{{1,6}}\)\s{{0,3}})?
        day\s{{1,9}}of\s{{1,9}}(?:{_MONTH}|{_BLANK})?\s{{0,9}},?\s{{0,9}}(?:in\s+the\s+year\s+)?
        (?:\d{{4}}|\d\d{_BLANK}|{_BLANK}|\d\d)?
    | {_MONTH}\s{{0,9}}(?:\d{{1,2}}|{_BLANK}){_TH}\s{{0,3}},?\s{{0,9}}(?:\d{{4}}|\d\d{_BLANK})
    | \d{{1,2}}{_TH}\s{{0,3}}(?:of\s)?[\s,-]?{_MONTH}[\s,.-]{{1,5}}\d{{2,4}}
    | \d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}} | \d{{4}}-\d\d-\d\d
    | {_MONTH}\s{{0,3}},?\s{{1,5}}\d{{4}}
    | {_BLANK}\s{{0,3}},\s{{0,3}}(?:20|19)(?:\d\d|{_BLANK}|\s?_{{1,20}})
    )""",
    re.VERBOSE,
)
_LEFT = (
    r"(?i)\bas of(?: the)?\W*$",
    r"(?i)\bdated?(?: as of| the)?\W*$",
    r"(?i)entered into",
    r"(?i)\bmade\b",
    r"(?i)effective",
    r"(?i)commenc|begin|start",
    r"(?i)expir|terminat|until|through|\bend",
    r"(?i)amend",
    r"(?i)between|among",
    r"(?i)sign|execut",
    r"(?:Source:|10-[KQ]|8-K|S-1|F-1)",
    r"(?i)date:?\W*$",
    r"(?i)certain",
    r"(?i)prior|previous",
)
_RIGHT = (
    r"(?i)effective date",
    r"(?i)commencement",
    r"(?i)\W*\(the \W?(?:agreement|contract|execution|signing)? ?date",
    r"(?i)by and between|by and among|between",
    r"(?i)expir|terminat|end",
    r"^\s*\n",
    r"(?i)agreement|contract",
)
_LEFT_SIGNS, _RIGHT_SIGNS = tuple(map(re.compile, _LEFT)), tuple(map(re.compile, _RIGHT))
WIDTH = 49  # signs of a date
SIGNS_OF_SENTENCE = ("Agreement Date", "Effective Date", "Expiration Date", "Parties", "Document Name")
"""Categories whose scores of the surrounding sentence are asked."""


def date_spans(doc: ContractText) -> list[Span]:
    """The dates in reading order, the first and the last ones of a contract with very many."""
    found = []
    for match in _DATE.finditer(doc.text):
        piece = match.group()
        start = match.start() + len(piece) - len(piece.lstrip())
        found.append((start, match.start() + len(piece.rstrip(" ,\n\t"))))
    found = [span for span in found if span[0] < span[1]]
    return found if len(found) <= MOST else [*found[: MOST * 2 // 3], *found[-MOST // 3 :]]


def date_signs(doc: ContractText, spans: Sequence[Span], sentence_scores: Any) -> Any:
    """A row of figures for each date; `sentence_scores`: sentences x SIGNS_OF_SENTENCE."""
    import numpy as np

    counts: dict[str, int] = {}
    for start, end in spans:
        key = _plain(doc.text[start:end])
        counts[key] = counts.get(key, 0) + 1
    starts = np.array([s.start for s in doc.sentences])
    rows = []
    for order, span in enumerate(spans):
        at = int(np.searchsorted(starts, span[0], "right")) - 1
        scores = sentence_scores[max(at, 0)].tolist()
        inside = at >= 0 and span[0] < doc.sentences[at].end
        rows.append([*_signs(doc, span, order, len(spans)), counts[_plain(doc.text[slice(*span)])], inside, *scores])
    return np.array(rows, np.float32).reshape(len(spans), WIDTH)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _signs(doc: ContractText, span: Span, order: int, count: int) -> list[float]:
    start, end = span
    text = doc.text
    left, right = text[max(start - 70, 0) : start], text[end : end + 60]
    near = left[-30:]
    date = text[start:end]
    return [
        math.log1p(start),
        start / max(len(text), 1),
        order,
        math.log1p(count),
        math.log1p(end - start),
        "_" in date or "[" in date,
        "day" in date,
        date[:1].isdigit(),
        sum(c.isdigit() for c in date),
        doc.signature is not None and doc.signature[0] <= start < doc.signature[1],
        any(e.start <= start for e in doc.exhibits),
        left.count("\n"),
        right.count("\n"),
        *(bool(sign.search(left)) for sign in _LEFT_SIGNS),
        *(bool(sign.search(near)) for sign in _LEFT_SIGNS[:8]),
        *(bool(sign.search(right)) for sign in _RIGHT_SIGNS),
    ]
