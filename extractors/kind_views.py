"""What the signs of the kinds look at, and what they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.kind_signs import SIGNS, Sign
from extractors.pages import Row
from workitems.items import Kind, Page, Word

BASE: dict[Kind, float] = {"other": 2.0, "letter": 0.3}  # what speaks for a kind before anything was read
TOP_ROWS = 14
SHORT = 0.75  # what a short row is worth of a heading
FIRST, LAST = 5000, 2000  # characters of a long text that are searched
HEAD = 20_000  # of its headings and its top: one line may be as long as a file
LONGEST_WORD = 100  # of a word; patterns take a time that grows with the square of one run of letters
LARGE = 1.35  # a word this many times the usual height is set as a heading


@dataclass(frozen=True)
class Views:
    """The text that a sign may look at."""

    heading: str  # large words of the first page
    short: str  # short rows of its top: a heading in plain print, or the label of a reference
    top: str
    whole: str  # of a long text its beginning and its end
    length: int  # of all the text


def views_of(pages: Sequence[Sequence[Row]], usual: float) -> Views:
    """The views of pages of rows; `usual` is the height of most words of the first."""
    rows = pages[0] if pages else ()
    large = [_line(w for w in row if w.box[3] - w.box[1] > LARGE * usual) for row in rows]
    short = [text for row in rows[:TOP_ROWS] if len(row) <= 3 and not re.search(r"[\d:]", text := _line(row))]
    whole = [_line(row) for page in pages for row in page]
    text = _plain("\n".join(whole))
    return Views(
        heading=_plain("\n".join(line for line in large if line))[:HEAD],
        short=_plain("\n".join(short))[:HEAD],
        top=_plain("\n".join(map(_line, rows[:TOP_ROWS])))[:HEAD],
        whole=text[:FIRST] + text[FIRST:][-LAST:],
        length=len(text),
    )


def _line(words: Iterable[Word]) -> str:
    return " ".join(w.text[:LONGEST_WORD] for w in words)


def _plain(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text.lower())


def scores_of_views(views: Views, pages: Sequence[Page]) -> dict[Kind, float]:
    """The summed weights of the signs of every kind, and what the papers' shape says."""
    scores = {kind: BASE.get(kind, 0.0) + sum(_weight(sign, views) for sign in signs) for kind, signs in SIGNS.items()}
    if len(pages) == 1 and pages[0].source == "ocr":  # a till's strip of paper is narrow
        slender = pages[0].height / max(pages[0].width, 1.0)
        scores["receipt"] += 2.0 if slender > 1.8 else 0.8 if slender > 1.45 else 0.0
    length = views.length
    if length > 6000:  # long running text speaks for a contract
        scores["contract"] += min((length - 6000) / 6000, 2.0)
        scores["receipt"] -= 2.0
    return scores


def _weight(sign: Sign, views: Views) -> float:
    if sign.heading and sign.pattern.search(views.heading):
        return sign.heading
    if sign.heading and sign.pattern.search(views.short):
        return SHORT * sign.heading
    if sign.top and sign.pattern.search(views.top):
        return sign.top
    return sign.anywhere if sign.anywhere and sign.pattern.search(views.whole) else 0.0
