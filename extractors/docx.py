"""Word files as pages of words: text as if all tracked changes were accepted; what is rejected or only remarked aside.

Insertions are read, deletions are not; both are told by `changes_in`, since whoever signs has to know that they are not
settled yet. Comments are left out of the text. Numbers of headings and clauses, which Word computes, are written out.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from extractors.plain import MAX_XML, checked
from extractors.refusal import Refused
from workitems.items import Doubt, Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom", _FALLBACK))  # what is not read, with all below it
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}tc": "   "}
_ROMAN = {
    1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV",
    1: "I",
}  # fmt: skip
MAX_PARTS = 2_000
MAX_UNPACKED = 300_000_000
MAX_TOLD = 200  # characters of changes that a doubt quotes
_DAMAGED = (zipfile.BadZipFile, KeyError, NotImplementedError, zlib.error, EOFError)
_BROKEN = (*_DAMAGED, OSError, ValueError, etree.LxmlError)


@dataclass(frozen=True)
class Changes:
    """What somebody changed or remarked and nobody has settled."""

    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    comments: int = 0
    macros: bool = False


def read_docx(path: Path | str) -> list[Page]:
    """The text of a Word file: header, paragraphs and table rows as lines, footer. Raises Refused."""
    return checked(text_of(path))


def text_of(path: Path | str) -> str:
    """The same as one text, a line for each paragraph and row. Raises Refused."""
    return "\n".join(_lines(_opened(path)))


def changes_in(path: Path | str) -> Changes:
    """Tracked changes and comments of a Word file. Raises Refused."""
    document = _opened(path)
    body = document.body
    inserted = (_own_text(e, f"{_W}t") for e in body.iter(f"{_W}ins", f"{_W}moveTo"))
    deleted = (_own_text(e, f"{_W}delText", f"{_W}t") for e in body.iter(f"{_W}del", f"{_W}moveFrom"))
    comments = sum(1 for _ in body.iter(f"{_W}commentReference"))
    came, went = (tuple(t for t in texts if t.strip()) for texts in (inserted, deleted))
    return Changes(came, went, comments, _has_macros(path))


def _has_macros(path: Path | str) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("vbaProject.bin") for name in archive.namelist())


def doubts_of(changes: Changes) -> tuple[Doubt, ...]:
    """Unsettled changes are a person's matter; comments are mentioned."""
    doubts = []
    if changes.inserted or changes.deleted:
        message = (
            f"The Word file has tracked changes that are not settled: {_counted(changes.inserted, 'insertion')}, "
            f"{_counted(changes.deleted, 'deletion')}. "
            "It was read as if all were accepted."
        )
        doubts.append(Doubt(code="tracked_changes", message=message))
    if changes.macros:
        message = "The Word file holds macros. They were not run, and what they would change was not read."
        doubts.append(Doubt(code="word_macros", message=message, severity="warn"))
    if changes.comments:
        one = changes.comments == 1
        told = "1 comment, which was" if one else f"{changes.comments} comments, which were"
        message = f"The Word file has {told} not read."
        doubts.append(Doubt(code="comments", message=message, severity="warn"))
    return tuple(doubts)


def _counted(texts: tuple[str, ...], what: str) -> str:
    many = f"{len(texts)} {what}{'' if len(texts) == 1 else 's'}"
    return f"{many} ({_quoted(texts)})" if texts else f"no {what}s"


def _quoted(texts: tuple[str, ...]) -> str:
    told = "; ".join(" ".join(t.split()) for t in texts)
    return f"“{told[:MAX_TOLD]}{'…' if len(told) > MAX_TOLD else ''}”" if told else "none"


@dataclass(frozen=True)
class _Word:
    """The parts of a Word file that are read, as XML."""

    body: Any
    headers: Sequence[Any] = ()
    footers: Sequence[Any] = ()
    numbering: Any = None
    styles: Any = None


def _opened(path: Path | str) -> _Word:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Refused("encrypted")
            written = sum(part.file_size for part in parts)
            text = max((p.file_size for p in parts if p.filename.endswith(".xml")), default=0)
            if len(parts) > MAX_PARTS or written > MAX_UNPACKED or text > MAX_XML:
                raise Refused("too_large")
            bare = archive.read("word/document.xml")
        return _package(str(path)) or _Word(_safe_root(bare))
    except _BROKEN as error:
        raise Refused("unreadable", "The Word file is damaged.") from error


def _package(path: str) -> _Word | None:
    """The file as python-docx opens it; None where it wants parts that the file does without."""
    import docx

    try:
        document = docx.Document(path)
        margins = [[getattr(s, k)._element for s in document.sections] for k in ("header", "footer")]
        numbering = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        lists, styles = getattr(numbering, "element", None), document.styles.element
        return _Word(document.element.body, margins[0], margins[1], lists, styles)
    except (AttributeError, TypeError, RecursionError, *_BROKEN):  # parts may refer to each other in a circle
        return None


def _safe_root(data: bytes) -> Any:
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    )


def _lines(document: _Word) -> Iterator[str]:
    yield from _once(document.headers)
    yield from _block_lines(document.body, _Numbers(document))
    yield from _once(document.footers)


def _once(margins: Sequence[Any]) -> Iterator[str]:
    """Lines of headers or footers; what several sections have alike comes once."""
    seen: set[str] = set()
    for margin in margins:
        lines = [line for line in _block_lines(margin, None) if line.strip()]
        if lines and "\n".join(lines) not in seen:
            seen.add("\n".join(lines))
            yield from lines


def _block_lines(root: Any, numbers: _Numbers | None) -> Iterator[str]:
    for block in root.iter(f"{_W}p", f"{_W}tr"):
        above = [a.tag for a in block.iterancestors()]
        if _FALLBACK in above or (block.tag == f"{_W}p" and f"{_W}tr" in above):
            continue  # a paragraph of a table stands in the line of its row
        if f"{_W}tr" in above:
            continue  # so does a table within a table
        label = numbers.label(block) if numbers is not None and block.tag == f"{_W}p" else ""
        text = "".join(_pieces(block))
        yield f"{label} {text}" if label and text.strip() else text


def _pieces(block: Any) -> Iterator[str]:
    """The text of a paragraph or row, without what is deleted; no recursion: files may be nested deeply."""
    gone = 0
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if element.tag in _GONE:
            gone += 1 if event == "start" else -1
        elif event == "start" and not gone:
            if element.tag == f"{_W}t":
                yield element.text or ""
            elif element.tag == f"{_W}tab" and element.getparent().tag != f"{_W}r":
                continue  # a tab stop's definition
            elif element.tag == f"{_W}p" and element is not block and element.getprevious() is not None:
                yield " "
            else:
                yield _MARKS.get(element.tag, "")


def _own_text(element: Any, *tags: str) -> str:
    return "".join(e.text or "" for e in element.iter(*tags))


class _Numbers:
    """The numbers that Word puts before paragraphs, counted as it counts."""

    def __init__(self, document: _Word) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # of a list and level: pattern, format, start
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._styles: dict[str, tuple[str, int]] = {}
        if document.numbering is not None:
            self._read(document.numbering)
        for style in document.styles.iter(f"{_W}style") if document.styles is not None else ():
            if (found := _numbered(style)) is not None:
                self._styles[style.get(f"{_W}styleId") or ""] = found

    def _read(self, root: Any) -> None:
        patterns: dict[str, list[tuple[int, str, str, int]]] = {}
        for abstract in root.iter(f"{_W}abstractNum"):
            patterns[abstract.get(f"{_W}abstractNumId")] = [
                (_whole(level.get(f"{_W}ilvl"), 0), _value(level, "lvlText"), _value(level, "numFmt"), _start(level))
                for level in abstract.iter(f"{_W}lvl")
            ]
        for num in root.iter(f"{_W}num"):
            for level, pattern, form, start in patterns.get(_value(num, "abstractNumId"), []):
                self._levels[num.get(f"{_W}numId"), level] = (pattern, form, start)

    def label(self, paragraph: Any) -> str:
        """The number before a paragraph; nothing where it has none or a mere bullet."""
        style = next((s.get(f"{_W}val") for s in paragraph.iter(f"{_W}pStyle")), "")
        found = _numbered(paragraph) or self._styles.get(style)
        if found is None or found not in self._levels:
            return ""
        (number, level), (pattern, form, start) = found, self._levels[found]
        counts = self._counts[number]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        if form in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda m: self._written(number, int(m[1]) - 1), pattern)

    def _written(self, number: str, level: int) -> str:
        _, form, start = self._levels.get((number, level), ("", "decimal", 1))
        count = self._counts[number].get(level, start)
        if form in ("lowerLetter", "upperLetter") and count > 0:
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        if form in ("lowerRoman", "upperRoman"):
            return _roman(count) if form == "upperRoman" else _roman(count).lower()
        return str(count)


def _numbered(element: Any) -> tuple[str, int] | None:
    for numbering in element.iter(f"{_W}numPr"):
        number = _value(numbering, "numId")
        level = _value(numbering, "ilvl")
        return (number, _whole(level, 0)) if number and number != "0" else None
    return None


def _value(element: Any, name: str) -> str:
    return next((str(e.get(f"{_W}val") or "") for e in element.iter(f"{_W}{name}")), "")


def _start(level: Any) -> int:
    return _whole(_value(level, "start"), 1)


def _whole(told: str | None, otherwise: int) -> int:
    """A small number of the file; strangers write others, too."""
    return int(told) if told and re.fullmatch("[0-9]{1,4}", told) else otherwise


def _roman(count: int) -> str:
    written = ""
    for value, sign in _ROMAN.items():
        written += sign * (max(count, 0) // value)
        count %= value
    return written
