"""The machine-readable zone of passports, visas and identity cards: its formats, check digits and fields (ICAO 9303).

Everything here is about characters; how they are seen on an image is in zone.py and mrz_image.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

FILLER = "<"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
CHARACTERS = LETTERS + DIGITS + FILLER
# What may stand at a position. P, V, I: what documents of a kind begin with; A: letters; 9: digits; d: digits or the
# filler; X: anything; S: the sex.
ALLOWED = {
    "P": "P",
    "V": "V",
    "I": "IACP",
    "A": LETTERS + FILLER,
    "F": "F",
    "R": "R",
    "9": DIGITS,
    "d": DIGITS + FILLER,
    "X": CHARACTERS,
    "S": "MFX<",
}

Span = tuple[int, int, int]
"""Line, start and end of some characters."""


class Check(NamedTuple):
    """A check digit: what it is of, where it stands, and what it is computed over."""

    of: str
    at: tuple[int, int]
    over: tuple[Span, ...]


@dataclass(frozen=True)
class Format:
    """A layout of the zone: what may stand where, where the fields are, and which digits check them."""

    name: str
    masks: tuple[str, ...]
    fields: dict[str, Span]
    checks: tuple[Check, ...]

    @property
    def width(self) -> int:
        """Characters of a line."""
        return len(self.masks[0])


def _check(of: str, at: tuple[int, int], *over: Span) -> Check:
    return Check(of, at, over)


_PERSON = "9AAAdddddd9S9999999"  # of the second line of two: from the number's check digit on
_TWO = {
    "number": (1, 0, 9),
    "nationality": (1, 10, 13),
    "born": (1, 13, 19),
    "sex": (1, 20, 21),
    "expires": (1, 21, 27),
}
_TWO_CHECKS = (
    _check("document_number", (1, 9), (1, 0, 9)),
    _check("born_on", (1, 19), (1, 13, 19)),
    _check("expires_on", (1, 27), (1, 21, 27)),
)


def _two_lines(name: str, first: str, width: int, end: str, *checks: Check) -> Format:
    number = "d" if name == "TD2" else "9"
    second = "X" * 9 + number + _PERSON[1:] + end
    fields = _TWO | {"names": (0, 5, width), "issuer": (0, 2, 5), "optional": (1, 28, 28 + end.count("X"))}
    return Format(name, ((first + "A" * width)[:width], second), fields, _TWO_CHECKS + checks)


def _whole(position: int) -> Check:
    return _check("whole", (1, position), (1, 0, 10), (1, 13, 20), (1, 21, position))


TD3 = _two_lines("TD3", "PAAAA", 44, "X" * 14 + "d9", _check("optional", (1, 42), (1, 28, 42)), _whole(43))
TD2 = _two_lines("TD2", "IAAAA", 36, "X" * 7 + "9", _whole(35))
MRVA = _two_lines("MRV-A", "VAAAA", 44, "X" * 16)
MRVB = _two_lines("MRV-B", "VAAAA", 36, "X" * 8)
TD1 = Format(
    "TD1",
    ("IAAAA" + "X" * 9 + "d" + "X" * 15, "dddddd9S9999999AAA" + "X" * 11 + "9", "A" * 30),
    {
        "names": (2, 0, 30), "issuer": (0, 2, 5), "number": (0, 5, 14), "optional": (0, 15, 30), "born": (1, 0, 6),
        "sex": (1, 7, 8), "expires": (1, 8, 14), "nationality": (1, 15, 18),
    },
    (
        _check("document_number", (0, 14), (0, 5, 14)),
        _check("born_on", (1, 6), (1, 0, 6)),
        _check("expires_on", (1, 14), (1, 8, 14)),
        _check("whole", (1, 29), (0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    ),
)  # fmt: skip
FRANCE = Format(  # the French identity card of 1988 to 2021, older than the standard
    "FRA",
    ("IAFRA" + "A" * 25 + "XXXXXX", "9999XXX99999" + "9" + "A" * 14 + "9999999S9"),
    {"names": (0, 5, 30), "issuer": (0, 2, 5), "number": (1, 0, 12), "given": (1, 13, 27), "born": (1, 27, 33),
     "sex": (1, 34, 35)},
    (
        _check("document_number", (1, 12), (1, 0, 12)),
        _check("born_on", (1, 33), (1, 27, 33)),
        _check("whole", (1, 35), (0, 0, 36), (1, 0, 35)),
    ),
)  # fmt: skip
FORMATS = (TD3, TD1, TD2, MRVA, MRVB, FRANCE)
_VALUES = {c: n for n, c in enumerate(DIGITS + LETTERS)} | {FILLER: 0}
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """The check digit of some characters of a zone."""
    return str(sum(_VALUES[c] * _WEIGHTS[n % 3] for n, c in enumerate(text)) % 10)


def taken(lines: Sequence[str], spans: Sequence[Span]) -> str:
    """The characters of some places, one after the other."""
    return "".join(lines[line][start:end] for line, start, end in spans)


def long_number(shape: Format, lines: Sequence[str]) -> tuple[str, str] | None:
    """A document number of more than nine characters and its check digit, which then stand in the optional part."""
    if shape.name not in ("TD1", "TD2") or taken(lines, [(*_at(shape), _at(shape)[1] + 1)]) != FILLER:
        return None
    rest = taken(lines, [shape.fields["optional"]]).split(FILLER)[0]
    return (taken(lines, [shape.fields["number"]]) + rest[:-1], rest[-1]) if len(rest) > 1 else None


def _at(shape: Format) -> tuple[int, int]:
    return shape.checks[0].at


def holds(shape: Format, check: Check, lines: Sequence[str]) -> bool:
    """Whether a check digit is right. One that may be left out and is, with nothing to check, is right too."""
    found = lines[check.at[0]][check.at[1]]
    text = taken(lines, check.over)
    if found == FILLER:
        if check.of == "document_number" and (long := long_number(shape, lines)):
            return long[1] in (check_digit(long[0]), check_digit(long[0][:9] + FILLER + long[0][9:]))
        return check.of == "optional" and not text.strip(FILLER)
    return found == check_digit(text)


def failing(shape: Format, lines: Sequence[str]) -> list[Check]:
    """The check digits that are wrong."""
    return [check for check in shape.checks if not holds(shape, check, lines)]


def fits(shape: Format, lines: Sequence[str]) -> bool:
    """Whether the lines have this format's size and nothing stands where it may not."""
    return [len(line) for line in lines] == [shape.width] * len(shape.masks) and all(
        c in ALLOWED[kind]
        for line, mask in zip(lines, shape.masks, strict=True)
        for c, kind in zip(line, mask, strict=True)
    )


_TITLE = re.compile(r"<<+")


def values_of(shape: Format, lines: Sequence[str], today: date) -> dict[str, str]:
    """The fields as Deskhand names them: surname, given_names, born_on, nationality, document_number, expires_on.

    Names keep the zone's spelling; a field whose characters make no value (a date that no calendar has) is left out.
    """
    parts = _TITLE.split(taken(lines, [shape.fields["names"]]).strip(FILLER), maxsplit=1)
    given = taken(lines, [shape.fields["given"]]) if "given" in shape.fields else parts[1] if len(parts) > 1 else ""
    long = long_number(shape, lines)
    number = long[0] if long else taken(lines, [shape.fields["number"]])
    country = taken(lines, [shape.fields["nationality" if "nationality" in shape.fields else "issuer"]])
    found = {
        "surname": _spaced(parts[0]),
        "given_names": _spaced(given),
        "nationality": country.strip(FILLER),
        "document_number": number.strip(FILLER).replace(FILLER, " "),
        "born_on": _day(taken(lines, [shape.fields["born"]]), (today.year + 1) % 100, today.year // 100),
    }
    if "expires" in shape.fields:
        found["expires_on"] = _day(taken(lines, [shape.fields["expires"]]), 80, today.year // 100)
    return {name: value for name, value in found.items() if value}


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())


def _day(text: str, turn: int, century: int) -> str:
    """Six digits as ISO date; years from `turn` on are of the century before."""
    if not text.isdigit():
        return ""
    year = int(text[:2]) + 100 * (century if int(text[:2]) < turn else century - 1)
    try:
        return date(year, int(text[2:4]), int(text[4:6])).isoformat()
    except ValueError:
        return ""
