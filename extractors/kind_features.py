"""What a document looks like to the kinds' model: hashed pieces of its text, and a few measures of its pages.

Numbers are folded to their shape, accents and case are dropped, and pieces of words stand beside whole words, so that
what an OCR engine gets wrong changes little.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence

from extractors.pages import Row, text_of
from workitems.items import Page

READER = "kind/1"
BUCKETS = 1 << 15
TOP_ROWS, HEAD_CHARACTERS, TAIL_ROWS = 14, 1400, 6
LARGE = 1.3  # a word this many times the usual height stands out
_TOKEN = re.compile(r"[a-z]{2,}|\d+(?:[.,:/-]\d+)*|[§#%$€£<]+")
_DIGIT = re.compile(r"\d")
_MRZ = re.compile(r"[A-Z0-9<]{12,}<<[A-Z0-9<]*|<<<<")
_MONEY = re.compile(r"^[-(]?(?:[$€£]|RM)?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}\)?-?[€A-Z]?$")
_BLANK = re.compile(r"_{4,}|\.{6,}|\[ ?[xX]? ?\]|☐|☑|☒")
_PARAGRAPH = re.compile(r"^\s*(?:§|art\w*\.?|section|clause|ziffer)\s*\d|^\s*\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z]", re.I)

MEASURES = (
    "slender", "landscape", "ocr", "pages", "words", "numbers", "money", "rows of money", "mrz", "blanks", "long rows",
    "short rows", "paragraphs", "width", "large top", "links", "capitals", "strange",
)  # fmt: skip


def folded(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text.replace("ß", "ss").lower()).encode("ascii", "ignore").decode()


def buckets_of(rows: Sequence[Row], last_rows: Sequence[Row], usual: float) -> list[int]:
    """The hashed pieces of the first page's head and the last page's end, each once."""
    found: set[int] = set()
    length = 0
    for n, row in enumerate(rows):
        text = text_of(row)
        length += len(text)
        zones = ("t", "a") if n < TOP_ROWS else ("a",)
        _add(found, text, zones)
        if n < 2 * TOP_ROWS and usual:
            large = text_of(w for w in row if w.box[3] - w.box[1] > LARGE * usual)
            if large:
                _add(found, large, ("h",))
        if length > HEAD_CHARACTERS:
            break
    for row in last_rows[-TAIL_ROWS:]:
        _add(found, text_of(row), ("e",))
    return sorted(found)


def _add(found: set[int], text: str, zones: Sequence[str]) -> None:
    for piece in _pieces(folded(text)):
        for zone in zones[-1:] if piece[0] == "~" else zones:  # pieces of words in one zone alone: they are many
            found.add(zlib.crc32(f"{zone}{piece}".encode()) % BUCKETS)


def _pieces(text: str) -> Iterator[str]:
    tokens = ["0" if t[0].isdigit() else t for t in _TOKEN.findall(text)]
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        yield token
        if following:
            yield f"{token} {following}"
        if len(token) > 4:
            padded = f"<{token}>"
            for i in range(len(padded) - 4):
                yield "~" + padded[i : i + 5]


def measures_of(pages: Sequence[Page], rows: Sequence[Row], usual: float) -> list[float]:
    """Shape and make-up of the pages, each between about 0 and 2; the names are MEASURES."""
    if not pages:
        return [0.0] * len(MEASURES)
    first, texts = pages[0], [text_of(row) for row in rows]
    words = [w.text for row in rows for w in row]
    count, lines = max(len(words), 1), max(len(rows), 1)
    whole = "\n".join(texts)
    money = [bool(_MONEY.match(w)) for w in words]
    slender = first.height / max(first.width, 1.0)
    upper = sum(w.isupper() and len(w) > 2 for w in words)
    wide = max((w.box[2] for w in first.words), default=0.0) - min((w.box[0] for w in first.words), default=0.0)
    top = [w for row in rows[:TOP_ROWS] for w in row]
    return [
        min(max(slender - 1.3, 0.0), 2.0),
        float(slender < 0.95),
        float(first.source == "ocr"),
        math.log1p(len(pages)) / 2,
        math.log1p(len(words)) / 4,
        2 * sum(bool(_DIGIT.search(w)) for w in words) / count,
        4 * sum(money) / count,
        2 * sum(any(_MONEY.match(w.text) for w in row) for row in rows) / lines,
        min(len(_MRZ.findall(whole)), 2) / 1.0,
        min(len(_BLANK.findall(whole)), 10) / 5,
        2 * sum(len(row) > 9 for row in rows) / lines,
        sum(len(row) <= 3 for row in rows) / lines,
        min(sum(bool(_PARAGRAPH.match(t)) for t in texts), 8) / 4,
        wide,
        min(sum(w.box[3] - w.box[1] > LARGE * usual for w in top), 10) / 5,
        min(whole.count("http") + whole.count("@"), 6) / 3,
        2 * upper / count,
        2 * sum(not any(c.isalnum() for c in w) for w in words) / count,
    ]
