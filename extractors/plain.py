"""Files without a layout of their own (text, HTML, Word) as pages of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree, html

from extractors.refusal import Refused
from workitems.items import Page, Word

LINES_ON_A_PAGE = 80
COLUMNS = 100  # a line up to so long fills the page's width
MAX_CHARS = 2_500_000  # of text: some 900 pages
MAX_XML = 50_000_000
_BLOCK_TAGS = """p div br tr li table ul ol h1 h2 h3 h4 h5 h6 section article header footer blockquote pre hr dt dd"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SILENT = frozenset(("script", "style", "head", "title", "noscript", "template", "svg", "object"))


def text_pages(text: str) -> list[Page]:
    """Text as pages: at form feeds, else every 80 lines. A word's box follows from its line and column.

    Each word knows where it begins in the text.
    """
    pages: list[Page] = []
    place = 0
    for sheet in text.split("\f"):
        lines: list[tuple[int, str]] = []
        at = place
        for line in sheet.splitlines(keepends=True):
            lines.append((at, line.rstrip("\r\n")))
            at += len(line)
        place += len(sheet) + 1
        for start in range(0, max(len(lines), 1), LINES_ON_A_PAGE):
            pages.append(_page(len(pages) + 1, lines[start : start + LINES_ON_A_PAGE]))
    return pages


def is_cut_by_lines(pages: Sequence[Page]) -> bool:
    """Whether nothing in a text says where its pages end: `text_pages` has cut it where a page was full."""
    return all(page.height == 12.0 * LINES_ON_A_PAGE for page in pages[:-1])


def _page(number: int, lines: list[tuple[int, str]]) -> Page:
    """`lines`: each with where it begins in the text."""
    rows, columns = max(len(lines), 1), max(COLUMNS, *(len(line) for _, line in lines), 1)
    words = [
        Word(
            text=m.group(),
            box=(m.start() / columns, i / rows, m.end() / columns, (i + 0.8) / rows),
            start=begin + m.start(),
        )
        for i, (begin, line) in enumerate(lines)
        for m in re.finditer(r"\S+", line)
    ]
    return Page(number=number, width=6.0 * columns, height=12.0 * rows, words=tuple(words))


def decoded(data: bytes) -> str:
    """Bytes of a text file as text: UTF-8, UTF-16 where its mark says so, else Windows' Western code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_text(path: Path | str) -> list[Page]:
    """A plain text file. Raises Refused (blank, too_large)."""
    return checked(decoded(Path(path).read_bytes()))


def read_html(path: Path | str) -> list[Page]:
    """What an HTML file shows as text; table rows become lines. Raises Refused."""
    return checked(html_text(Path(path).read_bytes()))


def html_text(data: bytes) -> str:
    """The visible text of HTML, a line per block; nothing is loaded or run. Raises Refused."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(decoded(data).replace("\x00", ""), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Refused("unreadable", "The HTML is damaged.") from error
    text = "".join(_visible(root))
    lines = (re.sub(r"[ \t\r\xa0]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(root: html.HtmlElement) -> Iterator[str]:
    """Pieces of text in document order, without recursion: HTML may be nested as deep as it likes."""
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if not silent:
                yield "\n" if tag in _BLOCKS else "   " if tag in ("td", "th") else ""
                yield re.sub(r"\s+", " ", element.text or "")
        else:
            silent -= tag in _SILENT
            if not silent:
                yield "\n" if tag in _BLOCKS and tag != "br" else ""
                yield re.sub(r"\s+", " ", element.tail or "")


def read_docx(path: Path | str) -> list[Page]:
    """The text of a Word file (see extractors.docx). Raises Refused."""
    from extractors.docx import read_docx as read

    return read(path)


def checked(text: str) -> list[Page]:
    """Text as pages. Raises Refused (blank, too_large)."""
    if not text.strip():
        raise Refused("blank")
    if len(text) > MAX_CHARS:
        raise Refused("too_large", f"The text has {len(text)} characters, more than the {MAX_CHARS} that are read.")
    return text_pages(text)
