"""Fields of an identity paper: from its machine-readable zone where there is one, else from what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from anyascii import anyascii

from extractors.joiner.mrz import CHARACTERS, FILLER, FORMATS, Check, Format, fits, holds, values_of
from extractors.joiner.mrz_image import borders
from extractors.joiner.zone import HIGHEST, Zone, chances_of_text, zone_of
from extractors.pages import Row, box_around, rows_of
from workitems.items import Doubt, Page, Reading, Why, Word

READER = "mrz"
LEAST_LINE = 24  # characters without which a row is no line of a zone
LONGEST_LINE = 150  # characters; a line of a zone has 44, and beside it something may be printed
UNSEEN = 0.93  # how much a name counts that is not printed elsewhere on the paper too
_CHECKED_BY = {"document_number": "document_number", "born_on": "born_on", "expires_on": "expires_on"}
_SOURCES = {
    "surname": ("names",), "given_names": ("given", "names"), "nationality": ("nationality", "issuer"),
    "document_number": ("number",), "born_on": ("born",), "expires_on": ("expires",),
}  # fmt: skip


class Found(NamedTuple):
    """A zone on a page: the lines as they count, and the words that they were read from."""

    shape: Format
    lines: tuple[str, ...]
    words: tuple[tuple[Word, ...], ...]
    sure: tuple[tuple[float, ...], ...]
    page: Page


def zone_on(pages: Sequence[Page]) -> Found | None:
    """The zone on some pages: as the closer look left it, else put right from what was recognised."""
    for page in pages:
        rows = [(row, text) for row in rows_of(page) if len(text := _line_text(row)) >= LEAST_LINE]
        found = _exact(rows, page) or _repaired(rows, page)
        if found is not None:
            return found
    return None


def _line_text(row: Row) -> str:
    """A row as a line of a zone; "" where lower case or signs tell that it is none."""
    text = "".join(word.text for word in row).replace("«", "<<").replace("‹", FILLER).replace("＜", FILLER)
    strange = sum(c not in CHARACTERS for c in text)
    return text if strange <= 0.12 * len(text) and (FILLER in text or any(c.isdigit() for c in text)) else ""


def _runs(rows: list[tuple[Row, str]]) -> Iterator[list[tuple[Row, str]]]:
    for count in (3, 2):
        for start in range(len(rows) - count, -1, -1):
            yield rows[start : start + count]


def _exact(rows: list[tuple[Row, str]], page: Page) -> Found | None:
    for run in _runs(rows):
        lines = tuple(text for _, text in run)
        shapes = [shape for shape in FORMATS if fits(shape, lines)]
        if shapes:
            shape = max(shapes, key=lambda s: sum(holds(s, check, lines) for check in s.checks) / len(s.checks))
            words = tuple(tuple(row) for row, _ in run)
            sure = tuple(tuple(_each(word) for word in row for _ in word.text) for row in words)
            return Found(shape, lines, words, tuple(s[: shape.width] for s in sure), page)
    return None


def _each(word: Word) -> float:
    """How sure each character of a word is, where the word as a whole is as sure as it says."""
    return float(word.confidence ** (1 / max(sum(c != FILLER for c in word.text), 1)))


def _repaired(rows: list[tuple[Row, str]], page: Page) -> Found | None:
    best: tuple[Zone, list[tuple[Row, str]]] | None = None
    likely = [row for row in rows if len(row[1]) <= LONGEST_LINE and (FILLER in row[1] or len(row[1]) > 26)]
    for run in _runs(likely):
        sure = [min(word.confidence for word in row) for row, _ in run]
        zone = zone_of([chances_of_text(text, chance) for (_, text), chance in zip(run, sure, strict=True)])
        if zone is not None and (best is None or (-len(zone.wrong), zone.score) > (-len(best[0].wrong), best[0].score)):
            best = (zone, run)
    if best is None:
        return None
    return Found(best[0].shape, best[0].lines, tuple(tuple(row) for row, _ in best[1]), best[0].sure, page)


def read_zone(found: Found, pages: Sequence[Page], today: date) -> dict[str, Reading]:
    """The readings of a zone, with what is printed elsewhere on the paper as evidence."""
    values = values_of(found.shape, found.lines, today)
    printed = _printed(found, pages)
    return {name: _reading(found, name, value, printed) for name, value in values.items()}


def _reading(found: Found, name: str, value: str, printed: frozenset[str]) -> Reading:
    source = next(s for s in _SOURCES[name] if s in found.shape.fields)
    line, start, end = found.shape.fields[source]
    chance = 1.0
    for c, one in zip(found.lines[line][start:end], found.sure[line][start:end], strict=True):
        chance *= one if c != FILLER else 1.0
    if len(found.words[line]) > 1:  # the closer look: one word per field, sure as a whole
        at = borders(found.shape, line).index(start)
        chance = found.words[line][at].confidence if at < len(found.words[line]) else chance
    check = next((c for c in found.shape.checks if c.of == _CHECKED_BY.get(name)), None)
    signs = []
    if check is not None:
        right = holds(found.shape, check, found.lines)
        signs.append(("check digit", 3.0 if right else -3.0))
        chance = chance if right else 0.3 * chance
    elif name != "nationality":
        seen = all(part in printed for part in value.split())
        signs.append(("printed too", 1.0 if seen else -0.3))
        chance = 1 - (1 - chance) * 0.4 if seen else chance * UNSEEN
    given = found.page.source == "text"
    words = found.words[line]
    return Reading(
        value=value,
        confidence=round(min(chance, HIGHEST), 4),
        reader=f"{READER}:{found.shape.name}",
        page=found.page.number,
        box=box_around(
            [words[borders(found.shape, line).index(start)]]
            if len(words) == len(borders(found.shape, line)) - 1
            else words
        ),
        why=Why(engine="text layer" if given else found.page.engine, signs=tuple(signs)),
    )


def _printed(found: Found, pages: Sequence[Page]) -> frozenset[str]:
    """The words that stand on the paper outside its zone, as zones write them."""
    zone = {id(word) for row in found.words for word in row}
    return frozenset(
        part
        for page in pages
        for word in page.words
        if id(word) not in zone
        for spelt in _spellings(word.text)
        for part in spelt.split()
    )


_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("ß", "ss"))


def _spellings(text: str) -> tuple[str, str]:
    """A word in the letters of zones, with umlauts written out and without."""
    lower = text.lower()
    spread = lower
    for letter, written in _UMLAUTS:
        spread = spread.replace(letter, written)
    return _zone_letters(spread), _zone_letters(lower)


def _zone_letters(text: str) -> str:
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", anyascii(text.replace("'", "").replace("’", "")).upper()).split())


def zone_doubts(found: Found, fields: dict[str, Reading], today: date) -> Iterator[Doubt]:
    """What is wrong with a zone: check digits, a birth date to come."""
    wrong = [check for check in found.shape.checks if not holds(found.shape, check, found.lines)]
    if wrong:
        yield _check_doubt(found, wrong)
    born = fields.get("born_on")
    if born is not None and born.value > today.isoformat():
        message = f"The date of birth {born.value} lies in the future."
        yield Doubt(code="born_in_future", field="born_on", message=message)


_CALLED = {
    "document_number": "the document number", "born_on": "the date of birth", "expires_on": "the date of expiry",
    "optional": "the optional part", "whole": "the whole zone",
}  # fmt: skip


def _check_doubt(found: Found, wrong: Sequence[Check]) -> Doubt:
    lines = ", ".join(sorted({str(check.at[0] + 1) for check in wrong}))
    told = ", ".join(_CALLED[check.of] for check in wrong)
    message = (
        f"Line {lines} of the machine-readable zone: the check digit of {told} is wrong. It may be misread or changed."
    )
    field = next((check.of for check in wrong if check.of in _CHECKED_BY), None)
    return Doubt(code="mrz_check_digit", field=field, message=message)
