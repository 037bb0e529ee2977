"""What each field of a joiner might be on some pages: values beside and below labels, and what sentences say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date

from extractors.joiner.addresses import with_town
from extractors.joiner.cells import Cell, cells_of
from extractors.joiner.field_values import DATES, NAMES, value_of
from extractors.joiner.labels import label_of
from extractors.joiner.people import name_in, split_name
from extractors.joiner.phrases import said_in
from extractors.pages import box_around
from extractors.values import plain
from workitems.items import Box, Page, Word

CUT = "cut"  # the sign of a value that may be only the beginning of what stands there
NEAR = 4.0  # of a cell's height as a share of the page's: what stands farther off belongs to something else
_BAD_SECTION = re.compile(
    r"emergency|notfall|urgence|spouse|ehe|conjoint|bank|children|kinder|contact|ansprech|kontakt|prevenir|reference"
)
_COMPANY = re.compile(
    r"\b(?:gmbh|mbh|ag|se|kg|ohg|ug|e\.?v|sas|sarl|s\.a\.?|ltd|limited|llp|llc|inc|corp|plc|b\.?v|n\.?v|group|gruppe|groupe"
    r"|company|holding|society|societe)\b\.?"
)
_ABBREVIATED = re.compile(r"(?:\b(?:Inc|Ltd|Corp|Co|Jr|Sr|Lim)|[A-Za-z]\.\s?[A-Za-z])\.$")
_FIRST_FAMILY = re.compile(r"^(?:name|nom|nachname|familienname)[,/ ]+(?:und |et |& )?(?:vorname|prenom)")
_HOLDER = re.compile(r"(?:vertreten|represent|représent|geschäftsführ|director|directeur|gérant)[^.]*$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})\.\s+(?=[^\W\d_a-z])")


@dataclass(eq=False)
class Candidate:
    """A value that a field might have, where it stands, and what speaks for it."""

    field: str
    value: str
    words: tuple[Word, ...]
    page: int
    how: str
    signs: dict[str, float] = made(default_factory=dict)
    score: float = 0.0

    @property
    def box(self) -> Box | None:
        return box_around(self.words) if self.words else None


def candidates_of(pages: Sequence[Page], today: date) -> list[Candidate]:
    """All candidates of all fields."""
    cells = cells_of(pages)
    style = _style(cells)
    asked = {cell.label.field for cell in cells if cell.label}
    headed = {id(cell.below) for cell in cells if cell.label}
    found = [c for cell in cells if cell.label for c in _beside(cell, style, asked, headed)]
    found += list(_said(pages, cells, today))
    times: dict[tuple[str, str], int] = {}
    for c in found:
        times[c.field, plain(c.value)] = times.get((c.field, plain(c.value)), 0) + 1
    for c in found:
        c.signs |= {"times": float(min(times[c.field, plain(c.value)], 4)), f"is {c.field}": 1.0}
    return found


def _style(cells: Sequence[Cell]) -> dict[str, float]:
    """How this paper arranges labels and values: the shares with a value in the cell, right of it, below it."""
    labelled = [cell for cell in cells if cell.label and cell.label.share > 0.8]
    count = max(len(labelled), 1)
    return {
        "style inline": sum(bool(cell.rest) for cell in labelled) / count,
        "style right": sum(_is_value(cell.right) and not cell.rest for cell in labelled) / count,
        "style below": sum(_is_value(cell.below) and not cell.rest and not _is_value(cell.right) for cell in labelled)
        / count,
        "style label right": sum(cell.right is not None and cell.right.label is not None for cell in labelled) / count,
        "labels": min(len(labelled), 20) / 20,
    }


def _is_value(cell: Cell | None) -> bool:
    return cell is not None and (cell.label is None or cell.label.share < 0.5)


def _beside(cell: Cell, style: dict[str, float], asked: set[str], headed: set[int]) -> Iterator[Candidate]:
    """The values that a label may have: behind it, right of it, below it."""
    label = cell.label
    if label is None or label.field == "other":
        return
    places: list[tuple[str, str, Cell]] = [("inline", cell.rest, cell)] if cell.rest else []
    if cell.right is not None:
        places.append(("right", cell.right.text, cell.right))
    if cell.below is not None:
        places.append(("below", cell.below.text, cell.below))
    for how, whole, at in places:
        signs = style | {
            how: 1.0,
            "share": label.share,
            "rest": float(bool(cell.rest)),
            "right free": float(_is_value(cell.right)),
            "below free": float(_is_value(cell.below)),
            "is label": at.label.share if at is not cell and at.label else 0.0,
            "bad section": float(bool(_BAD_SECTION.search(plain(cell.section)))),
            "paragraph": float(at.paragraph),
            "gap": min(abs(at.box[0] - cell.box[2]) if how == "right" else abs(at.box[1] - cell.box[3]), 0.5),
            "aligned": float(abs(at.box[0] - cell.box[0]) < 0.01),
            "row": min(cell.row, 60) / 60,
            CUT: float(label.field in (*NAMES, "name") and at is not cell and _goes_on(at, headed)),
            "page": float(min(cell.page, 5)),
        }
        text = whole
        if how == "inline" and (end := _SENTENCE.search(whole)):
            text = whole[: end.start()]  # the label begins a sentence of a paragraph
        words = tuple(at.words) if at is not cell else _last_words(cell, text)
        if label.field == "address":
            text, words = with_town(text, words, cell, at)
        yield from _typed(
            label.field,
            text.strip(" :_\t-–…*").lstrip("."),
            _Source(words, cell.page, how, signs, plain(cell.text), asked),
        )


def _goes_on(cell: Cell, headed: set[int]) -> bool:
    """Whether a value may go on in the next cell: close, no label, under no label, and nothing but capital words."""
    other = cell.right
    if other is None or other.label is not None or id(other) in headed:
        return False
    near = other.box[0] - cell.box[2] < NEAR * (cell.box[3] - cell.box[1])
    return near and all(word.text[:1].isalpha() for word in other.words) and other.text[:1].isupper()


def _last_words(cell: Cell, text: str) -> tuple[Word, ...]:
    count = len(text.split())
    return tuple(cell.words[-count:]) if count else tuple(cell.words)


@dataclass(frozen=True)
class _Source:
    words: tuple[Word, ...]
    page: int
    how: str
    signs: dict[str, float]
    label: str
    asked: set[str]
    today: date | None = None


def _typed(name: str, text: str, source: _Source) -> Iterator[Candidate]:
    """A piece of text as a value of a field; nothing where it cannot be one."""
    if not text or len(text) > 160:
        return
    if name == "name":
        yield from _whole_name(text, source)
    elif value := value_of(name, text, source.today):
        yield _candidate(name, value, source, text)


def _whole_name(text: str, source: _Source) -> Iterator[Candidate]:
    person = name_in(text)
    if person is None:
        return
    if "given_names" in source.asked and source.how != "said":
        yield _candidate("surname", person, source, text, {"name as surname": 1.0})
        return
    surname, given = split_name(person, bool(_FIRST_FAMILY.search(source.label)))
    if source.how == "said" and not given:
        return  # "Dear Ms Albrecht": a surname alone is whom one writes to, or somebody named in full elsewhere
    for field_name, value in (("surname", surname), ("given_names", given)):
        if value:
            yield _candidate(field_name, value, source, text, {"split": 1.0, "parts": float(len(person.split()))})


def _candidate(name: str, value: str, source: _Source, text: str, more: dict[str, float] | None = None) -> Candidate:
    words = value.split()
    signs = source.signs | {
        "words": float(min(len(words), 12)),
        "length": min(len(value), 80) / 40,
        "extra": min(len(text) - len(value), 60) / 30,
        "digits": float(any(c.isdigit() for c in value)) if name not in (*DATES, "weekly_hours") else 0.0,
        "capital": float(bool(words) and words[0][:1].isupper()),
        "capitals": sum(w[:1].isupper() for w in words) / max(len(words), 1),
        "company": float(bool(_COMPANY.search(plain(value)))),
        "sentence": float(bool(re.search(r"[.;:]\s+\w", text))),
        "slash": float("/" in text or "[" in text or "☐" in text),
    }
    value = value.rstrip(" ,")
    if value.endswith(".") and not _ABBREVIATED.search(value):
        words = value.rstrip(". ").split()
    return Candidate(name, " ".join(words), source.words, source.page, source.how, signs | (more or {}))


def _said(pages: Sequence[Page], cells: Sequence[Cell], today: date) -> Iterator[Candidate]:
    """What sentences say, over line ends too."""
    words, starts, text = _running(cells)
    nth: dict[str, int] = {}
    for n, said in enumerate(said_in(text)):
        nth[said.phrase] = nth.get(said.phrase, -1) + 1
        held = [i for i, start in enumerate(starts) if start < said.end and start + len(words[i][0].text) > said.start]
        if not held:
            continue
        signs = {
            f"phrase {said.phrase}": 1.0,
            "said": 1.0,
            "at": min(said.start, 6000) / 3000,
            "order": min(n, 30) / 30,
        }
        signs["nth"] = float(min(nth[said.phrase], 6))
        signs["titled"] = float(bool(_HOLDER.search(text[max(said.start - 40, 0) : said.start])))
        asks = label_of(said.text)
        signs["is label"] = asks.share if asks else 0.0
        page = words[held[0]][1]
        source = _Source(tuple(words[i][0] for i in held), page, "said", signs, "", set(), today)
        yield from _typed(said.field, said.text, source)


def _running(cells: Sequence[Cell]) -> tuple[list[tuple[Word, int]], list[int], str]:
    """All words with their pages, where each starts in the text, and the text; a line break only where a line ends
    before its margin or room follows, so that sentences go on over the others."""
    words: list[tuple[Word, int]] = []
    starts: list[int] = []
    text = ""
    margin = max((cell.box[2] for cell in cells), default=1.0)
    for before, cell in zip([None, *cells], cells, strict=False):
        if before is not None:
            text += "\n" if _breaks(before, cell, margin) else " "
        for n, word in enumerate(cell.words):
            text += " " if n else ""
            starts.append(len(text))
            words.append((word, cell.page))
            text += word.text
    return words, starts, text


def _breaks(before: Cell, cell: Cell, margin: float) -> bool:
    if before.page != cell.page or before.row == cell.row:
        return True
    high = before.box[3] - before.box[1]
    return cell.box[1] - before.box[3] > 0.7 * high or before.box[2] < 0.62 * margin
