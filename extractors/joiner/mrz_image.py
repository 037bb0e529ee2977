"""A closer look at the machine-readable zone of a recognised page: found on its image, and read as what it is.

Nothing of the image or of what stands on it is ever logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractors.joiner.mrz import CHARACTERS, FILLER, Format
from extractors.joiner.zone import Zone, zone_of
from extractors.joiner.zone_letters import available, chances_along
from extractors.joiner.zone_lines import drawn_out, groups_of, is_slender, runs_back
from extractors.pages import rows_of, text_of, turned_box
from workitems.items import Box, Page, Word

if TYPE_CHECKING:
    from PIL.Image import Image

    from extractors import OcrEngine
    from extractors.joiner.zone_letters import Chances

READER = "mrz"
MOST_WORDS = 260  # of a page with an identity paper on it
LINE = re.compile(r"[A-Z0-9<«‹＜くΛᐸ>]{12,}")
FILLERS = re.compile(r"[<«‹＜くΛᐸ>]")  # > is one upside down
TITLES = re.compile(
    r"passport|reisepass|passeport|personalausweis|identity card|carte nationale|carte d.identit|pasaporte|passaporto"
    r"|paspoort|aufenthaltstitel|residence permit|titre de s.jour|identiteitskaart|type of visa|visum"
    r"|nationality|staatsangeh"
)
MOST_LINES = 24
LEAST_LETTERS = 4  # issuing country and sex, or nationality and sex
FEW_FILLERS = 2  # seen at a glance in all lines of a zone; any zone has more
FITS = -0.05  # score from which lines that were drawn out are a zone; those of a wrong format reach -0.1
POOR = 0.75  # a zone with a character less sure than this is looked at once more


def looks_like_identity(page: Page) -> bool:
    """Whether a recognised page may show an identity paper; takes no time."""
    if not page.words or len(page.words) > MOST_WORDS:
        return False
    return any(_is_line(word.text) for word in page.words) or bool(TITLES.search(text_of(page.words).lower()))


def _is_line(text: str) -> bool:
    """Fillers tell a line of a zone; without them the names of country and nationality do, which no account or bar
    code has."""
    if not LINE.search(text):
        return False
    signs = [c for c in text if c.isdigit() or c.isupper()]
    full = len(text) >= 26 and len(signs) >= 0.9 * len(text) and any(c.isdigit() for c in signs)
    return len(FILLERS.findall(text)) >= 2 or (full and sum(c.isupper() for c in signs) >= LEAST_LETTERS)


def zone_words(image: Image, page: Page, engine: OcrEngine | None = None) -> Page:
    """The page with its zone read again: one word per field of the zone, the lines complete. Without a zone: the page.

    `image` is the page as it was read (ocr.held_as_read), to which the boxes of `page` refer; `engine` the one that
    read it. Takes about half a second.
    """
    if not available():
        return page
    import numpy

    pixels = numpy.asarray(image.convert("RGB"))
    zone, corners = _best(pixels, page, engine)
    if zone is None:
        return page
    words = [word for line in range(len(zone.lines)) for word in _words(zone, line, corners[line], image.size)]
    band = (min(w.box[1] for w in words), max(w.box[3] for w in words))
    tall = 2 * max(w.box[3] - w.box[1] for w in words)  # print that stands, or the paper's edge: no row of its own
    kept = [w for w in page.words if w.box[3] - w.box[1] < tall and not _on_zone(w, band, words)]
    found = page.model_copy(update={"words": (*kept, *words)})
    return turned_round(found) if runs_back(corners[0]) else found


def turned_round(page: Page) -> Page:
    """A page that was read upside down, as it should lie: its zone reads from left to right and downwards."""
    words = tuple(word.model_copy(update={"box": turned_box(word.box, 180)}) for word in page.words)
    return page.model_copy(update={"words": words, "rotation": (page.rotation + 180) % 360})


def _best(pixels: Any, page: Page, engine: OcrEngine | None) -> tuple[Zone | None, list[Any]]:
    """The zone and the corners of its lines; looked for near what looks like one, then everywhere, then clearer."""
    best: tuple[Zone | None, list[Any]] = (None, [])
    areas = [area for area in (_area(page), (0.0, 0.0, 1.0, 1.0)) if area]
    for clearer in (False, True):
        for area in areas:
            found = _in_area(_clear(pixels) if clearer else pixels, area, page, engine)
            if found[0] is not None and (best[0] is None or _rank(found[0]) > _rank(best[0])):
                best = found
            if best[0] is not None:
                break
        if best[0] is not None and not best[0].wrong and min(map(min, best[0].sure)) >= POOR:
            break
    return best


def _rank(zone: Zone) -> tuple[int, float]:
    return -len(zone.wrong), zone.score


def _clear(pixels: Any) -> Any:
    """Even light and more contrast, for print in shadow or glare."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    even = cv2.createCLAHE(3.0, (12, 12)).apply(cv2.medianBlur(grey, 3))
    return cv2.cvtColor(even, cv2.COLOR_GRAY2RGB)


def _area(page: Page) -> Box | None:
    """Where words look like lines of a zone, with what is left, right and near."""
    rows = [row for row in rows_of(page) if any(_is_line(w.text) for w in row)]
    if not rows:
        return None
    words = [w for row in rows for w in row]
    high = max(w.box[3] - w.box[1] for w in words)
    top, bottom = min(w.box[1] for w in words) - 3.5 * high, max(w.box[3] for w in words) + 3.5 * high
    return 0.0, max(top, 0.0), 1.0, min(bottom, 1.0)


def _in_area(pixels: Any, area: Box, page: Page, engine: OcrEngine | None) -> tuple[Zone | None, list[Any]]:
    import numpy

    high, wide = pixels.shape[:2]
    left, top, right, bottom = (round(side * size) for side, size in zip(area, (wide, high, wide, high), strict=True))
    part = pixels[top:bottom, left:right]
    if min(part.shape[:2]) < 16:
        return None, []
    finder = getattr(engine, "found_lines", None)
    lines = finder(part) if finder else _lines_of(page, (wide, high))
    if finder:
        shift = numpy.array([left, top], dtype=numpy.float32)
        lines = [corners + shift for corners in lines]
    slender = [corners for corners in lines if is_slender(corners)][-MOST_LINES:]
    found = _zone_among(pixels, slender)
    if found[0] is not None:
        return found
    found = _zone_among(pixels, drawn_out(slender))
    return found if found[0] is not None and found[0].score > FITS and not found[0].wrong else (None, [])


def _lines_of(page: Page, size: tuple[int, int]) -> list[Any]:
    """Rows of words as corners, for engines that do not tell where their lines are."""
    import numpy

    found = []
    for row in rows_of(page):
        x0, x1 = min(w.box[0] for w in row), max(w.box[2] for w in row)
        y0, y1 = min(w.box[1] for w in row), max(w.box[3] for w in row)
        found.append(numpy.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=numpy.float32) * size)
    return found


def _zone_among(pixels: Any, lines: list[Any]) -> tuple[Zone | None, list[Any]]:
    """The best zone that some of the lines make, as they lie or upside down."""
    import numpy

    kept: dict[tuple[int, bool], Chances] = {}
    best: tuple[Zone | None, list[Any]] = (None, [])
    for over in (False, True):
        held = [numpy.roll(corners, 2, axis=0) for corners in reversed(lines)] if over else lines
        for group in groups_of(held):
            for n in group:
                if (n, over) not in kept:
                    kept[n, over] = chances_along(pixels, held[n])
            if sum(_fillers(kept[n, over]) for n in group) < FEW_FILLERS:
                continue  # a page of print has hundreds of groups, and each costs tens of milliseconds
            zone = zone_of([kept[n, over] for n in group])
            if zone is not None and (best[0] is None or _rank(zone) > _rank(best[0])):
                best = (zone, [held[n] for n in group])
        if best[0] is not None:
            return best
    return best


def _fillers(chances: Chances) -> int:
    """How many fillers there are along a line, at a glance."""
    import numpy

    seen = chances.argmax(axis=1) == 1 + CHARACTERS.index(FILLER)
    return int(numpy.count_nonzero(numpy.diff(seen, prepend=False) & seen))


def _on_zone(word: Word, band: tuple[float, float], words: Sequence[Word]) -> bool:
    """Whether a word stands where the zone does."""
    if not band[0] <= (word.box[1] + word.box[3]) / 2 <= band[1]:
        return False
    return word.box[2] > min(w.box[0] for w in words) and word.box[0] < max(w.box[2] for w in words)


def _words(zone: Zone, line: int, corners: Any, size: tuple[int, int]) -> Iterator[Word]:
    """A line as words: one for each field and each check digit."""
    text, sure, places = zone.lines[line], zone.sure[line], zone.places[line]
    ends = borders(zone.shape, line)
    for start, end in pairwise(ends):
        left = (places[start - 1] + places[start]) / 2 if start else 0.0
        right = (places[end - 1] + places[end]) / 2 if end < len(text) else 1.0
        chance = 1.0
        for one, c in zip(sure[start:end], text[start:end], strict=True):
            chance *= one if c != FILLER else 1.0
        yield Word(text=text[start:end], box=_box(corners, left, right, size), confidence=round(chance, 4))


def borders(shape: Format, line: int) -> list[int]:
    """Where the fields and check digits of a line begin, and where it ends."""
    spans = [(start, end) for at, start, end in shape.fields.values() if at == line]
    spans += [(check.at[1], check.at[1] + 1) for check in shape.checks if check.at[0] == line]
    return sorted({0, shape.width, *(n for span in spans for n in span)})


def _box(corners: Any, left: float, right: float, size: tuple[int, int]) -> Box:
    """The box around a part of a line, in fractions of the page; as high as the line at its middle, so that the parts
    of a line that is not quite level stay one row."""
    sides = ((corners[0], corners[1]), (corners[3], corners[2]))
    xs = [
        min(max(float(a[0] + share * (b[0] - a[0])) / size[0], 0.0), 1.0) for a, b in sides for share in (left, right)
    ]
    ys = [min(max(float(a[1] + b[1]) / 2 / size[1], 0.0), 1.0) for a, b in sides]
    return min(xs), min(ys), max(xs), max(ys)
