"""The tree of a MIME message, cut into its leaves.

Every level is split at its own boundary within the region that the level above gave it, so the work is (depth x size)
at the speed of a substring search, and the depth is limited. The standard library's parser asks every open boundary
about every line and recurses without a limit: 25 MB nested 900 deep take it minutes.
"""

from __future__ import annotations

import binascii
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from connectors.mail.headers import Headers, Value, from_base64, parsed, split_block

DEEPEST = 40
MOST_LEAVES = 1000

_LIKE_A_DELIMITER = re.compile(rb"^--([^\s-][^\r\n]{0,100}?|-{2,60}[^\s-][^\r\n]{0,100}?)[ \t]*\r?$", re.MULTILINE)
_BLANK_LINES = re.compile(rb"(?:[ \t]{0,1000}\r?\n){1,100}")


class TooComplex(Exception):
    """More nested or more numerous parts than any honest mail has."""


@dataclass(frozen=True)
class Entity:
    """A message or a part: its headers, and where its body lies in `source` (levels share it, nothing is copied)."""

    headers: Headers
    source: bytes
    start: int
    end: int
    within: tuple[str, ...] = ()  # the multipart types around it, outermost first
    default: str = "text/plain"

    @property
    def body(self) -> bytes:
        """The raw bytes of the body."""
        return self.source[self.start : self.end]

    @cached_property
    def type(self) -> Value:
        """The claimed content type; never trusted for what the content is."""
        value = parsed(self.headers.first("content-type"))
        return value if value.main.count("/") == 1 else Value(self.default, value.params)

    @cached_property
    def disposition(self) -> Value:
        """`attachment`, `inline` or nothing, with its parameters."""
        return parsed(self.headers.first("content-disposition"))

    @property
    def filename(self) -> str | None:
        """The name that the sender gave, as it stands there: unsafe."""
        described = self.headers.text("content-description")  # a name where it looks like one
        return (
            self.disposition.params.get("filename")
            or self.type.params.get("name")
            or (described if re.search(r"\S\.[A-Za-z0-9]{2,4}\Z", described) else None)
        )

    @property
    def content_id(self) -> str | None:
        """The id under which an HTML body may show this part."""
        return self.headers.text("content-id").strip("<> ") or None

    @cached_property
    def content(self) -> bytes:
        """The body, its transfer encoding undone."""
        return _decoded(self.body, self.headers.first("content-transfer-encoding"))


def entity(data: bytes) -> Entity:
    """A whole message."""
    if b"\n" not in data[:100_000] and b"\r" in data[:100_000]:
        data = data.replace(b"\r", b"\n")  # old Macintosh line ends
    blank = _BLANK_LINES.match(data)  # some programs put blank lines before the first header
    headers, body = split_block(data, blank.end() if blank else 0, len(data))
    return Entity(headers, data, body, len(data))


def leaves(root: Entity) -> Iterator[Entity]:
    """All parts that are not multipart, in their order; attached messages are leaves.

    Raises TooComplex beyond 40 levels or 1,000 parts.
    """
    for count, leaf in enumerate(_walk(root, 0), start=1):
        if count > MOST_LEAVES:
            raise TooComplex
        yield leaf


def _walk(part: Entity, depth: int) -> Iterator[Entity]:
    if not part.type.main.startswith("multipart/"):
        yield part
        return
    if depth >= DEEPEST:
        raise TooComplex
    children = _children(part)
    if not children:
        yield part  # a multipart without parts: whatever it holds is a leaf
    for child in children:
        yield from _walk(child, depth + 1)


def _children(part: Entity) -> list[Entity]:
    regions = _regions(part)
    if not regions and part.headers.first("content-transfer-encoding").strip().lower() == b"base64":
        content = part.content  # forbidden, and sent all the same
        part = Entity(part.headers, content, 0, len(content), part.within, part.default)
        regions = _regions(part)
    default = "message/rfc822" if part.type.main == "multipart/digest" else "text/plain"
    within = (*part.within, part.type.main)
    children = []
    for start, end in regions:
        headers, at = split_block(part.source, start, end)
        if at < end or headers.fields:
            children.append(Entity(headers, part.source, min(at, end), end, within, default))
    return children


def _boundary(part: Entity) -> bytes:
    claimed = part.type.params.get("boundary", "").encode("utf-8", "replace").rstrip()
    if claimed and part.source.find(b"--" + claimed, part.start, part.end) >= 0:
        return claimed
    # Missing or wrong: the first line of the body that begins and looks like one.
    guess = _LIKE_A_DELIMITER.search(part.source, part.start, min(part.end, part.start + 100_000))
    return guess[1] if guess else b""


def _regions(part: Entity) -> list[tuple[int, int]]:
    """Where the parts between the delimiter lines begin and end. Text before the first is a preamble, and dropped."""
    boundary = _boundary(part)
    if not boundary:
        return []
    regions: list[tuple[int, int]] = []
    open_at: int | None = None
    for line, after, closes in _delimiters(part, b"--" + boundary):
        if open_at is not None:
            regions.append((open_at, max(open_at, _without_line_end(part.source, line))))
        if len(regions) > MOST_LEAVES:
            raise TooComplex
        open_at = None if closes else after
    if open_at is not None and open_at < part.end:  # the mail was cut off, or never closed
        regions.append((open_at, part.end))
    return regions


def _delimiters(part: Entity, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """(start of the line, start of the next line, whether it is the closing one)"""
    source, stop = part.source, part.end
    at = source.find(delimiter, part.start, stop)
    while at >= 0:
        after = at + len(delimiter)
        limit = min(stop, after + 400)
        end = source.find(b"\n", after, limit)
        end = end if end >= 0 else limit
        rest = source[after:end].strip()
        if (at == part.start or source[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
            yield at, min(end + 1, stop), rest == b"--"
        at = source.find(delimiter, after, stop)


def _without_line_end(body: bytes, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if body[max(0, at - 2) : at] == b"\r\n":
        return at - 2
    return at - 1 if at and body[at - 1 : at] in (b"\n", b"\r") else at


def _decoded(body: bytes, encoding: bytes) -> bytes:
    name = encoding.strip().strip(b"\"'").split(b";")[0].split(b" ")[0].lower()
    if name == b"base64":
        return from_base64(body) if _is_base64(body) else body
    if name == b"quoted-printable":
        return binascii.a2b_qp(body)
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        found = next(uuencoded(body), None)
        return found[1] if found else body
    return body


def _is_base64(body: bytes) -> bool:
    """Some mailers claim base64 and send the bytes as they are."""
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"<?xml")):
        return False
    sample = body[:2000]
    foreign = len(re.sub(rb"[A-Za-z0-9+/=\s]", b"", sample))
    return foreign <= len(sample) // 10


_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)


def uuencoded(text: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each uuencoded file inside a text: how mailers of the nineties and some ERPs attach."""
    at = 0
    while (begin := _UU_BEGIN.search(text, at)) is not None:
        end = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE).search(text, begin.end())
        if end is None:
            return
        content = bytearray()
        for line in text[begin.end() : end.start()].splitlines():
            with contextlib.suppress(binascii.Error):
                content += binascii.a2b_uu(line)
        if content:
            yield begin[1].decode("utf-8", "replace").strip(), bytes(content)
        at = end.end()
