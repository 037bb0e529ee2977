"""Amounts and dates as people write them, in English, German, French and their neighbours.

Nothing is guessed silently: an amount whose separator could mean both thousands and decimals, and a date whose day and
month could be exchanged, come back marked `unclear`, with the more likely reading as value.
Amounts are `Decimal`, never float.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

DecimalMark = Literal[".", ","]
DateOrder = Literal["dmy", "mdy"]

SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "$": "USD", "RM": "MYR", "Fr.": "CHF", "zł": "PLN"}
_CODES = "EUR USD GBP CHF MYR SGD AUD CAD NZD JPY CNY SEK NOK DKK PLN CZK HUF RON BGN TRY INR ZAR HKD AED SAR BRL"
CODES = frozenset(_CODES.split())
_CURRENCY = r"US\$|[€£¥$]|zł|RM(?=[\s\d]|$)|\b(?:" + "|".join(sorted(CODES)) + r")(?![A-Za-z])"
_NUMBER = (
    r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,5})?"  # 1.234.567,89
    r"|\d{1,3}(?:['’´ \u00a0\u202f]\d{3})+(?:[.,]\d{1,4})?"  # 1 234,56 and 1'234.56
    r"|\d+(?:[.,]\d{1,5})?"
    r"|[.,]\d{2})"
)
AMOUNT = re.compile(
    rf"(?<![\w.,/:#-])(?P<open>\()?\s?(?P<sign>[-–−+])?\s?(?P<before>{_CURRENCY})?\s?(?P<sign2>[-–−])?\s?"
    rf"(?P<number>{_NUMBER})(?P<dash>[.,]-{{1,2}}(?!\d))?"
    rf"(?:\s?(?P<after>{_CURRENCY}))?(?P<close>\))?(?P<trailing>\s?(?:-(?![\w\d])|(?:CR|Cr)\b))?(?P<percent>\s?%)?"
    rf"(?![\d/]|[.,]\d|[:-]\d)",
)
LONGEST = 20
"""Characters of the longest number that is an amount: longer ones are codes, or an attack on arithmetic."""
_OCR_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_OCR_NUMBER = re.compile(r"(?<![A-Za-z])[0-9OolI|SB]*\d[0-9OolI|SB]*(?:\s?[.,]\s?[0-9OolI|SB]{2,3})+(?![A-Za-z0-9])")


class Amount(NamedTuple):
    """A number with its sign and, where printed beside it, currency (ISO 4217) or per cent sign."""

    value: Decimal
    start: int
    end: int
    decimals: int  # digits after the decimal mark
    currency: str | None = None
    percent: bool = False
    unclear: bool = False  # the separator may mean thousands or decimals


class Day(NamedTuple):
    """A calendar date; `unclear` where day and month may be exchanged."""

    value: date
    start: int
    end: int
    pattern: str
    unclear: bool = False


def plain(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay those of the original."""
    if text.isascii():
        return text.lower()
    return "".join(_plain_char(c) for c in text)


def _plain_char(c: str) -> str:
    if c in "–—−‐‑":
        return "-"
    if c in "’´`":
        return "'"
    return unicodedata.normalize("NFKD", c)[0].lower()[0] if c != "ß" else "ß"


def mend_digits(text: str) -> str:
    """Letters that OCR takes for digits inside decimal numbers (`1O,5O`), put right; the length stays the same."""

    def mend(found: re.Match[str]) -> str:
        fixed = found[0].translate(_OCR_DIGITS)
        squeezed = re.sub(r"\s?([.,])\s?", r"\1", fixed)
        return squeezed.rjust(len(fixed))

    return _OCR_NUMBER.sub(mend, text)


def amounts_in(text: str, mark: DecimalMark | None = None) -> Iterator[Amount]:
    """All numbers that may be amounts, quantities or rates. `mark` is the document's decimal mark where known."""
    for found in AMOUNT.finditer(text):
        if len(found["number"]) > LONGEST:
            continue
        value, decimals, unclear = _number(found["number"], mark)
        negative = bool(found["sign"] in ("-", "–", "−") or found["sign2"] or found["trailing"])
        negative = negative or bool(found["open"] and found["close"])
        code = found["before"] or found["after"]
        yield Amount(
            -value if negative and value else value,
            found.start(),
            found.end(),
            decimals,
            currency_code(code) if code else None,
            bool(found["percent"]),
            unclear,
        )


def currency_code(text: str) -> str:
    """ISO 4217 code of a symbol or code as matched in a text."""
    return SYMBOLS.get(text, text.upper())


def _number(text: str, mark: DecimalMark | None) -> tuple[Decimal, int, bool]:
    """Value, number of decimals, and whether the separator is unclear."""
    body = re.sub(r"['’´ \u00a0\u202f]", "", text)
    marks = [c for c in body if c in ".,"]
    if not marks:
        return Decimal(body), 0, False
    last = body.rfind(marks[-1])
    tail = len(body) - last - 1
    if len(set(marks)) == 2:
        decimal_at: int | None = last
    elif len(marks) > 1:
        decimal_at = None
    elif tail != 3 or body.startswith("0") or last == 0:
        decimal_at = last
    elif mark is not None:
        decimal_at = last if marks[0] == mark else None
    else:
        return Decimal(re.sub(r"[.,]", "", body)), 0, True
    if decimal_at is None:
        return Decimal(re.sub(r"[.,]", "", body)), 0, False
    whole = re.sub(r"[.,]", "", body[:decimal_at])
    return Decimal(f"{whole or '0'}.{body[decimal_at + 1 :]}"), tail, False


def decimal_mark(texts: Iterable[str]) -> DecimalMark | None:
    """The decimal mark that the clear numbers of a document use; None where they say nothing or disagree evenly."""
    votes: Counter[str] = Counter()
    for text in texts:
        for found in AMOUNT.finditer(text):
            if clear := re.search(r"([.,])\d{1,2}$", found["number"]):
                votes[clear[1]] += 1
    (first, n), (_, m) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    if n <= 2 * m:
        return None
    return "," if first == "," else "."


_MONTHS = (
    ("january januar janvier jan janv janner janr", 1),
    ("february februar fevrier feb fev fevr febr", 2),
    ("march marz mars mar mrz maerz mär", 3),
    ("april avril apr avr", 4),
    ("may mai", 5),
    ("june juni juin jun", 6),
    ("july juli juillet jul juil", 7),
    ("august aout aug", 8),
    ("september septembre sep sept", 9),
    ("october oktober octobre oct okt", 10),
    ("november novembre nov", 11),
    ("december dezember decembre dec dez", 12),
)
MONTHS = {name: number for names, number in _MONTHS for name in names.split()}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
# A time may follow the year without a space where OCR lost it: 19/02/201816:45.
_YEAR = r"(?P<y>(?:19|20)\d{2}|\d{2})(?!\d(?!\d?:\d\d))"
_DATES = tuple(
    (name, re.compile(pattern.replace("MONTH", _MONTH).replace("YEAR", _YEAR)))
    for name, pattern in (
        ("iso", r"(?<![\d.])(?P<y>(?:19|20)\d{2})(?P<sep>[-./])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
        ("dotted", r"(?<![\d.])(?P<d>\d{1,2})\s?\.\s?(?P<m>\d{1,2})\s?\.\s?YEAR(?!,\d)"),
        ("numeric", r"(?<![\d/])(?P<a>\d{1,2})\s?(?P<sep>[-/])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?YEAR"),
        ("day-month", r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er)?[\s.\-/]{0,3}MONTH(?![a-z])[\s.,\-/']{0,3}YEAR"),
        ("month-day", r"(?<![a-z])MONTH[\s.\-]{0,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s,\-]{1,3}YEAR"),
        ("compact", r"(?<![\d.,-])(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?![\d.,-])"),
    )
)
_NUMERIC_DATE = next(pattern for name, pattern in _DATES if name == "numeric")


def dates_in(text: str, order: DateOrder | None = None) -> Iterator[Day]:
    """All dates of a text, without overlaps. `order` decides numeric dates that could be read both ways."""
    folded, taken = plain(text), [False] * (len(text) + 1)
    for name, pattern in _DATES:
        for found in pattern.finditer(folded):
            if any(taken[found.start() : found.end()]):
                continue
            parts = _day_month(found, order)
            if parts and (day := _date(found["y"], *parts[:2])):
                taken[found.start() : found.end()] = [True] * (found.end() - found.start())
                yield Day(day, found.start(), found.end(), name, parts[2])


def _day_month(found: re.Match[str], order: DateOrder | None) -> tuple[int, int, bool] | None:
    """Day, month, unclear."""
    groups = found.groupdict()
    if groups.get("month"):
        return int(found["d"]), MONTHS[found["month"]], False
    if groups.get("m"):
        return int(found["d"]), int(found["m"]), False
    a, b = int(found["a"]), int(found["b"])
    if a == b or b > 12 or a > 12:
        return (b, a, False) if b > 12 else (a, b, False)
    if order == "mdy":
        return b, a, False
    return a, b, order is None


def _date(year: str, day: int, month: int) -> date | None:
    number = int(year)
    if number < 100:
        number += 2000 if number < 70 else 1900
    try:
        return date(number, month, day)
    except ValueError:
        return None


def date_order(texts: Iterable[str], language: str | None, currency: str | None) -> DateOrder | None:
    """Whether `03/04/2025` is April or March here: the document's own clear dates first, then language and currency."""
    votes: Counter[DateOrder] = Counter()
    for text in texts:
        for found in _NUMERIC_DATE.finditer(text):
            a, b = int(found["a"]), int(found["b"])
            if a <= 12 < b <= 31:
                votes["mdy"] += 1
            elif b <= 12 < a <= 31:
                votes["dmy"] += 1
    if votes["dmy"] != votes["mdy"]:
        return "dmy" if votes["dmy"] > votes["mdy"] else "mdy"
    if language in ("de", "fr", "it", "es", "nl"):
        return "dmy"
    if currency in (None, "CAD"):
        return None
    return "mdy" if currency == "USD" else "dmy"
