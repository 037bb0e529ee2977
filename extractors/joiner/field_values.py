"""Pieces of text as values of a joiner's fields: days, names, codes, numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from extractors.joiner.countries import code_of
from extractors.joiner.people import day_in, hours_in, name_in

DATES = ("born_on", "expires_on", "starts_on")
NAMES = ("surname", "given_names", "manager")
_ARTICLE = re.compile(r"^(?:(?:Die|Der|Dem|Das|[Ll]a société|Firma)\s+)+(?=\w)")
_EMAIL = re.compile(r"(?<![^\s<>(\"':;,|/\[])[\w.+\-'’]+@[\w\-]+(?:\.[\w\-]+)+")


def value_of(name: str, text: str, today: date | None) -> str | None:
    """A piece of text as the value of a field; None where it cannot be one. `today` as in people.day_in."""
    if name in DATES:
        return day_in(text, today if name == "starts_on" else None, _month_first(text))
    if name in NAMES:
        alone = re.split(r"\s*[(,;–]\s*(?=[a-zA-Z])", text)[0] if name == "manager" else text
        alone = alone if " " in alone.strip() else text  # "Paul Weiss, Head of Finance", but "Weiss, Paul"
        return name_in(alone)
    maker = _MAKERS.get(name)
    if maker is not None:
        return maker(text)
    return text if any(c.isalpha() for c in text) else None


def _code(text: str) -> str | None:
    return code_of(text) or code_of(re.split(r"[(/,]", text)[0])


def _number(text: str) -> str | None:
    number = text.replace(" ", "").upper()
    return number if re.fullmatch(r"(?=.*\d)[A-Z0-9-]{5,16}", number) else None


def _firm(text: str) -> str | None:
    text = _ARTICLE.sub("", text)
    return text if any(c.isalpha() for c in text) else None


def _mail_address(text: str) -> str | None:
    return found[0] if (found := _EMAIL.search(text)) else None


_MAKERS: dict[str, Callable[[str], str | None]] = {
    "weekly_hours": hours_in, "nationality": _code, "email": _mail_address, "document_number": _number,
    "employer": _firm,
}  # fmt: skip


def _month_first(text: str) -> bool:
    return bool(re.search(r"\bmm[/.-]dd", text, re.IGNORECASE))
