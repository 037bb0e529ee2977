"""The numbers of a clause, held against the playbook's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bots.contracts.deviation import wording
from bots.contracts.deviation.words import Token
from bots.contracts.playbook_nouns import Limit
from workitems.items import Noun

_FEES = re.compile(r"\b(?:fees?|amounts?|sums?|price|charges?|consideration|compensation)\b", re.IGNORECASE)
_TIMES = re.compile(r"\b(twice|two times|three times|double)\b", re.IGNORECASE)
_FACTOR = {"twice": 200, "two times": 200, "double": 200, "three times": 300}
_YEARLY = re.compile(
    r"\b(?:once|one(?: \(1\))? time|twice)\b[^.]{0,40}?\b(?:year|annum|annually|twelve|12)\b"
    r"|\b(?:annual|yearly)\b|more (?:frequently|often) than (?:once|twice|annually)",
    re.IGNORECASE,
)
_UNITS = {"days": "day", "months": "month"}
_SHOWN = {
    "days": "days",
    "months": "months",
    "percent_of_fees": "% of the fees",
    "amount": "",
    "times_a_year": "a year",
}


class Beyond(Noun):
    """A limit that a clause does not keep; `sentence` says how."""

    limit: Limit
    found: Decimal | None  # None: the clause names no such number where it should
    sentence: str


def beyond(text: str, limits: Sequence[Limit]) -> tuple[Beyond, ...]:
    """The limits that the text breaks. A number that the text does not name breaks only a limit of how often."""
    return tuple(broken for limit in limits for broken in _broken(text, limit))


def _broken(text: str, limit: Limit) -> Iterator[Beyond]:
    values = numbers_of(text, limit.of)
    if not values:
        if limit.of == "times_a_year":
            yield Beyond(limit=limit, found=None, sentence="it is not said how often")
        return
    low, high = min(values), max(values)
    if limit.at_least is not None and high < limit.at_least:
        yield Beyond(limit=limit, found=high, sentence=f"{_told(high, limit)}, at least {_told(limit.at_least, limit)}")
    elif limit.at_most is not None and low > limit.at_most:
        yield Beyond(limit=limit, found=low, sentence=f"{_told(low, limit)}, at most {_told(limit.at_most, limit)}")


def numbers_of(text: str, of: str) -> list[Decimal]:
    """The numbers of a text that a limit is about, in its unit."""
    found = wording(text).tokens
    if of == "times_a_year":
        return _times_a_year(text)
    if of == "percent_of_fees":
        return _share_of_fees(text, found)
    if of == "amount":
        return [n for n, unit in _counted(found) if unit in ("eur", "usd", "gbp")]
    days = [n for n, unit in _counted(found) if unit == "day"]
    months = [n for n, unit in _counted(found) if unit == "month"]
    return [*days, *(m * 30 for m in months)] if _UNITS[of] == "day" else [*months, *(d / 30 for d in days)]


def _counted(found: Sequence[Token]) -> Iterator[tuple[Decimal, str]]:
    """Numbers with the unit beside them; business days are days."""
    for place, token in enumerate(found):
        if token.kind != "number" or not re.fullmatch(r"\d+(\.\d+)?", token.key):
            continue
        beside = [t for t in (*found[place + 1 : place + 3], *found[max(place - 1, 0) : place]) if t.kind == "unit"]
        unit = next((t.key for t in beside if t.key != "business"), None)
        if unit is not None:
            yield Decimal(token.key), unit


def _times_a_year(text: str) -> list[Decimal]:
    match = _YEARLY.search(text)
    return [Decimal(2 if "twice" in match[0].lower() else 1)] if match else []


def _share_of_fees(text: str, found: Sequence[Token]) -> list[Decimal]:
    """A cap as a share of what is paid; 100 where it is simply what is paid."""
    if not _FEES.search(text):
        return []
    shares = [n for n, unit in _counted(found) if unit == "percent"]
    times = _TIMES.search(text)
    return shares or ([Decimal(_FACTOR[times[1].lower()])] if times else [Decimal(100)])


def _told(number: Decimal, limit: Limit) -> str:
    plain = f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
    return f"{plain}{'' if limit.of == 'percent_of_fees' else ' '}{_SHOWN.get(limit.of, '')}".strip()
