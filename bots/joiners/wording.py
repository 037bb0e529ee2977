"""The mails' words as data: one YAML file per language that HR edits; a wrong one is refused with a sentence.

Only plain names may stand in braces, and only those that the letter knows: a template can neither reach into the
program nor leave a gap in a mail.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import Field

from bots.edited_files import edited_folder
from connectors.hr import one_line
from workitems.items import Noun

FOLDER = Path(__file__).parent / "letters"
Kind = Literal["welcome", "moved", "missing", "reminder", "day_one", "invitation", "called_off", "summary"]
_ALL = frozenset({"company", "name"})
_JOINER = _ALL | {"given_names", "first_day", "manager"}
MAY_HOLD: Mapping[str, frozenset[str]] = {
    "welcome": _JOINER,
    "moved": _JOINER,
    "missing": _JOINER | {"papers", "until"},
    "reminder": _JOINER | {"papers", "until", "number"},
    "day_one": _JOINER | {"login", "appointments"},
    "invitation": _ALL | {"joiner", "appointments"},
    "called_off": _ALL | {"joiner", "appointments"},
    "summary": _ALL | {"joiners"},
}
"""What may stand in braces, by the letter."""
MUST_HOLD: Mapping[str, str] = {
    "missing": "papers",
    "reminder": "papers",
    "day_one": "login",
    "invitation": "appointments",
    "called_off": "appointments",
    "summary": "joiners",
}
"""What a letter is pointless without."""
PHRASES: Mapping[str, frozenset[str]] = {
    "by_date": frozenset({"date"}),
    "at_once": frozenset(),
    "appointment": frozenset({"date", "time", "title"}),
    "no_appointments": frozenset(),
    "task": frozenset({"date", "task"}),
    "late_task": frozenset({"date", "task"}),
    "joiner": frozenset({"name", "date"}),
    "nothing_to_do": frozenset(),
}
PAPERS: Mapping[str, frozenset[str]] = {
    "contract_missing": frozenset(),
    "contract_unsigned": frozenset(),
    "identity_missing": frozenset(),
    "identity_expired": frozenset({"expires_on"}),
}
_DATE = frozenset({"weekday", "day", "month", "year"})


class Template(Noun):
    """A letter before it is filled."""

    subject: Annotated[str, Field(min_length=1, max_length=150, pattern=r"^[^\r\n]*$")]
    text: Annotated[str, Field(min_length=1, max_length=10_000)]


class Wording(Noun):
    """All words of one language."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    version: int
    weekdays: Annotated[tuple[str, ...], Field(min_length=7, max_length=7)]  # from Monday on
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    date: str  # with {weekday}, {day}, {month}, {year}
    papers: dict[str, str]
    phrases: dict[str, str]
    letters: dict[str, Template]

    def day(self, day: datetime.date) -> str:
        """A date in words."""
        weekday, month = self.weekdays[day.weekday()], self.months[day.month - 1]
        return filled(self.date, {"weekday": weekday, "day": str(day.day), "month": month, "year": str(day.year)})

    def phrase(self, which: str, /, **values: str) -> str:
        """A part of a letter."""
        return filled(self.phrases[which], values)


class WordingError(ValueError):
    """A file of letters is wrong; the message names the file and the place."""


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its values in place; each value is one line."""
    return block(template, {name: one_line(value) for name, value in values.items()})


def block(template: str, values: Mapping[str, str]) -> str:
    """The same with values of several lines: whoever calls has made each of their lines by `filled`."""
    parts = Formatter().parse(template)
    return "".join(text + (values[name] if name is not None else "") for text, name, _, _ in parts)


def read_wordings(folder: Path = FOLDER) -> Mapping[str, Wording]:
    """All languages of a folder. Raises WordingError."""
    return edited_folder(folder, Wording, WordingError, lambda wording: wording.language, _faults)


@cache
def shipped_wordings() -> Mapping[str, Wording]:
    """The letters that come with Deskhand."""
    return read_wordings()


def _faults(wording: Wording) -> Iterator[str]:
    yield from _template("date", wording.date, _DATE)
    for place, given, wanted in (("papers", wording.papers, PAPERS), ("phrases", wording.phrases, PHRASES)):
        yield from _keys(place, given, wanted)
        for name, may in wanted.items():
            yield from _template(f"{place}.{name}", given.get(name, ""), may)
    yield from _keys("letters", wording.letters, MAY_HOLD)
    for name, letter in wording.letters.items():
        yield from _template(f"letters.{name}.subject", letter.subject, MAY_HOLD[name])
        yield from _template(f"letters.{name}.text", letter.text, MAY_HOLD[name])
        must = MUST_HOLD.get(name)
        if must and f"{{{must}}}" not in letter.text:
            yield f"letters.{name}.text: {{{must}}} has to stand in it."


def _keys(place: str, given: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(wanted.keys() - given.keys()):
        yield f"{place}: {name!r} is missing."
    for name in sorted(given.keys() - wanted.keys()):
        yield f"{place}: {name!r} is not known; there are {', '.join(wanted)}."


def _template(place: str, text: str, may: frozenset[str]) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        yield f"{place}: {error}."
        return
    for _, name, shape, conversion in parts:
        if name is not None and (name not in may or shape or conversion):
            known = ", ".join(f"{{{each}}}" for each in sorted(may)) or "nothing"
            yield f"{place}: {{{name}}} cannot be filled in; what can is {known}."
