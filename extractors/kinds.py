"""Which kind of document some pages are.

Each kind has signs: expressions in English, German and French with a weight (in log-odds), counted more where they
head the first page. The sums become probabilities by a softmax whose temperature was set on a thousand real documents
(receipts, invoices, advertising orders, contracts, mails) so that the best kind is right at least as often as its
probability says. Delivery notes, applications and identity papers were not among them: their weights are judgement.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.kind_signs import SIGNS, Sign
from extractors.pages import page_text, rows_of, text_of, usual_height
from workitems.items import Kind, Page

VERSION = "signs@1"
TEMPERATURE = 1.4
BASE: dict[Kind, float] = {"other": 2.0, "letter": 0.3}  # what speaks for a kind before anything was read
READ_PAGES = 4  # the kind shows on the first pages and the last
TOP_ROWS = 14
SHORT = 0.75  # what a short row is worth of a heading
LARGE = 1.35  # a word this many times the usual height is set as a heading


@dataclass(frozen=True)
class _Views:
    """The text that a sign may look at."""

    heading: str  # large words of the first page
    short: str  # short rows of its top: a heading in plain print, or the label of a reference
    top: str
    whole: str


def kind_of(pages: Sequence[Page]) -> tuple[Kind, float]:
    """The most probable kind and its probability."""
    chances = chances_of(pages)
    best = max(chances, key=lambda kind: chances[kind])
    return best, chances[best]


def chances_of(pages: Sequence[Page]) -> dict[Kind, float]:
    """The probability of every kind; they sum to 1."""
    scores = scores_of(pages)
    highest = max(scores.values())
    weights = {kind: math.exp((score - highest) / TEMPERATURE) for kind, score in scores.items()}
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def scores_of(pages: Sequence[Page]) -> dict[Kind, float]:
    """The summed weights of the signs of every kind."""
    views = _views(pages)
    scores = {kind: BASE.get(kind, 0.0) + sum(_weight(sign, views) for sign in signs) for kind, signs in SIGNS.items()}
    return _with_shape(scores, pages, len(views.whole))


def _weight(sign: Sign, views: _Views) -> float:
    if sign.heading and sign.pattern.search(views.heading):
        return sign.heading
    if sign.heading and sign.pattern.search(views.short):
        return SHORT * sign.heading
    if sign.top and sign.pattern.search(views.top):
        return sign.top
    return sign.anywhere if sign.anywhere and sign.pattern.search(views.whole) else 0.0


def _with_shape(scores: dict[Kind, float], pages: Sequence[Page], length: int) -> dict[Kind, float]:
    """Long running text speaks for a contract; a till's strip of paper is narrow."""
    scores = dict(scores)
    if len(pages) == 1 and pages[0].source == "ocr":
        slender = pages[0].height / max(pages[0].width, 1.0)
        scores["receipt"] += 2.0 if slender > 1.8 else 0.8 if slender > 1.45 else 0.0
    if length > 6000:
        scores["contract"] += min((length - 6000) / 6000, 2.0)
        scores["receipt"] -= 2.0
    return scores


def _views(pages: Sequence[Page]) -> _Views:
    if not pages:
        return _Views("", "", "", "")
    first = pages[0]
    rows = rows_of(first)
    usual = usual_height(first)
    large = [text_of(w for w in row if w.box[3] - w.box[1] > LARGE * usual) for row in rows]
    short = [text for row in rows[:TOP_ROWS] if len(row) <= 3 and not re.search(r"[\d:]", text := text_of(row))]
    chosen = [*pages[:READ_PAGES], *pages[READ_PAGES:][-1:]]
    parts = ([line for line in large if line], short, map(text_of, rows[:TOP_ROWS]), map(page_text, chosen))
    return _Views(*(_plain("\n".join(part)) for part in parts))


def _plain(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text.lower())
