"""A clause without what layout adds to it: line ends, hyphens, quotes, numbering, page numbers."""

from __future__ import annotations

import re
import unicodedata

from bots.contracts.deviation.numbers import SCALES, WORDS

MOST_CHARACTERS = 12_000
"""A clause is no longer than this; what follows is not compared."""

_HYPHENATED = re.compile(r"(?<=[A-Za-z]{2})-[ \t]*\r?\n\s*(?=[a-z]|[A-Z]{2})|(?<=[a-z]{2})-[ \t]+(?=[a-z]{3})|\u00ad")
_ENUMERATOR = re.compile(r"\((?:[a-zA-Z]{1,2}|[ivxIVX]{1,5})\)|(?<=[\s(])[a-hj-z]\)\s")
_LISTED = re.compile(r"\(\d{1,2}\)(?!\s*(?:business|calendar|working)?\s*(?:hour|day|week|month|year|times|per|%))")
_AFTER_NUMBER = re.compile(r"[A-Za-z]+[\s-]*$")
_HEAD_NUMBER = re.compile(
    r"^\s*(?:(?:section|article|clause|§)\s*)?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)]|[A-Za-z][.)])\s+(?=\S)",
    re.IGNORECASE,
)
_LINE_NUMBER = re.compile(r"^[ \t]*(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)]|[A-Za-z][.)])[ \t]+(?=[A-Z])", re.MULTILINE)
_INLINE_NUMBER = re.compile(
    r"(?<=[:;,])\s+\d{1,2}[.)](?=\s+[A-Za-z])|(?<=[.:;]\s)\d{1,3}\.\d{1,3}\.?(?=\s+[A-Z])|\b\d{1,3}(?:\.\d{1,3}){2,}"
)
_FOOTER = re.compile(r"^\s*(?:page\s+)?-?\s*\d{1,4}\s*(?:of\s+\d{1,4}|-)\s*$", re.IGNORECASE | re.MULTILINE)


def cleaned(text: str) -> str:
    """The text on one line, with plain quotes and dashes, without hyphens at line ends and without page numbers."""
    text = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    for signs, plain in (("‘’‚`´", "'"), ("“”„«»", '"'), ("‐‑‒–—−", "-")):
        text = text.translate(dict.fromkeys(map(ord, signs), plain))
    text = _HYPHENATED.sub("", text)
    text = _FOOTER.sub(" ", text)
    text = _LINE_NUMBER.sub("", _HEAD_NUMBER.sub("", text))
    return re.sub(r"\s+", " ", text).strip()


def without_numbering(text: str) -> str:
    """The cleaned text with blanks in the place of numbers that only count clauses: (a), (ii), 1."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    def unless_counted(match: re.Match[str]) -> str:
        before = _AFTER_NUMBER.search(text[: match.start()])
        counts = before is not None and re.split(r"[\s-]+", before[0].strip().lower())[-1] in {*WORDS, *SCALES}
        return match[0] if counts else blank(match)

    return _INLINE_NUMBER.sub(blank, _LISTED.sub(unless_counted, _ENUMERATOR.sub(blank, text)))
