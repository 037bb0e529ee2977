"""Header blocks of mails and their values, read tolerantly and in linear time.

The standard library's `policy.default` raised on real mails and took up to half a minute on a header of 100 KB, and
it cuts unquoted file names at their first space. So values are taken apart here, with a limit on their length.
"""

from __future__ import annotations

import binascii
import codecs
import contextlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

LONGEST_BLOCK = 512_000
LONGEST_VALUE = 16_000
_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
_END_OF_LINE = re.compile(rb"\r\n|\n|\r(?!\n)")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,8000})\?=")
_CONTINUED = re.compile(r"\A([^*]+)\*(?:([0-9]{1,3})(\*?))?\Z")
_NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
# What senders call by a narrower name than what they send.
_WIDER = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Text codecs that cost quadratic time, or give bytes a meaning that no mail program knows.
_REFUSED_CODECS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


@dataclass(frozen=True)
class Headers:
    """The fields of one header block in their order, names in lower case, values unfolded but not decoded."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def first(self, name: str) -> bytes:
        """The first field of that name, b"" when there is none."""
        return next((value for key, value in self.fields if key == name), b"")

    def text(self, name: str) -> str:
        """The first field of that name, decoded for people, on one line."""
        return decoded(self.first(name))

    def all(self, name: str) -> list[bytes]:
        """Every field of that name, topmost first."""
        return [value for key, value in self.fields if key == name]


@dataclass(frozen=True)
class Value:
    """A value with parameters: `text/plain; charset=utf-8`."""

    main: str = ""  # in lower case
    params: dict[str, str] = field(default_factory=dict)  # names in lower case, values decoded


def split_block(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header block at `start` and where the body begins. A line that is no header ends the block."""
    fields: list[tuple[str, list[bytes]]] = []
    at, limit = start, min(end, start + LONGEST_BLOCK)
    if data.startswith((b"From ", b">From "), at):  # the envelope line of an mbox
        at = _line(data, at, limit)[1]
    while at < limit:
        stop, after = _line(data, at, limit)
        line = data[at:stop]
        if not line.strip():
            at = after
            break
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line.rstrip())  # the blanks belong to the value: boundaries are folded too
        elif _NAME.match(line):
            name, _, value = line.partition(b":")
            fields.append((name.strip().decode("ascii", "replace").lower(), [value.strip()]))
        else:
            break
        at = after
    return Headers(tuple((name, b"".join(lines)[:LONGEST_VALUE]) for name, lines in fields)), at


def _line(data: bytes, at: int, limit: int) -> tuple[int, int]:
    """Where the line at `at` ends, and where the next one begins."""
    found = _END_OF_LINE.search(data, at, limit)
    return (found.start(), found.end()) if found else (limit, limit)


def parsed(raw: bytes) -> Value:
    """A Content-Type or Content-Disposition. RFC 2231, RFC 2047 and unquoted names with spaces are understood."""
    pieces = _pieces(as_text(raw))
    plain: dict[str, str] = {}
    numbered: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[1:]:
        name, equals, value = piece.partition("=")
        name = name.strip().lower()
        if not equals or not name:
            continue
        value = _unquoted(value.strip())
        continued = _CONTINUED.match(name)
        if continued:
            number = int(continued[2] or 0)
            encoded = continued[3] == "*" or continued[2] is None
            numbered.setdefault(continued[1], {}).setdefault(number, (value, encoded))
        else:
            plain.setdefault(name, decoded(value) if "=?" in value else value)
    # Where both are given, the RFC 2231 one is the real name and the plain one a fallback for old programs.
    params = plain | {name: _joined(parts) for name, parts in numbered.items()}
    main = re.sub(r"\s|\([^()]*\)", "", pieces[0][:200]).lower()
    return Value(main, params)


def _pieces(text: str) -> list[str]:
    """Splits at semicolons that stand outside quotes and comments."""
    pieces: list[str] = []
    piece: list[str] = []
    quoted = escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            pieces.append("".join(piece))
            piece = []
            continue
        piece.append(char)
    pieces.append("".join(piece))
    if quoted and len(pieces) == 1:  # a quote that is never closed swallows nothing
        return text.split(";")
    return pieces


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        body = value[1:]
        close = re.search(r'(?<!\\)"', body)
        return re.sub(r'\\(["\\])', r"\1", body[: close.start()] if close else body)
    return value.strip("' ") if value[:1] == value[-1:] == "'" else value


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: numbered pieces; the first names the charset when it is percent-encoded."""
    first, encoded = parts[min(parts)]
    charset = "utf-8"
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    data = b""
    for number in sorted(parts):
        value, is_encoded = (first, encoded) if number == min(parts) else parts[number]
        data += unquote_to_bytes(value) if is_encoded else value.encode("utf-8", "surrogateescape")
    return to_text(data, charset or "utf-8")


def decoded(value: bytes | str) -> str:
    """A header's value for people: encoded words decoded, control characters and line breaks as single spaces."""
    text = as_text(value) if isinstance(value, bytes) else value[:LONGEST_VALUE]
    # Blank between two encoded words is not part of the text (RFC 2047).
    text = re.sub(r"(\?=)\s{1,80}(?==\?)", r"\1", text)
    words: list[str | tuple[str, bytes]] = []
    at = 0
    for match in _ENCODED_WORD.finditer(text):
        if match.start() > at:
            words.append(text[at : match.start()])
        charset, data = match[1].split("*")[0].lower(), _word_bytes(match[2], match[3])
        last = words[-1] if words else ""
        if isinstance(last, tuple) and last[0] == charset:  # one letter may be cut in two by two encoded words
            words[-1] = (charset, last[1] + data)
        else:
            words.append((charset, data))
        at = match.end()
    words.append(text[at:])
    joined = "".join(w if isinstance(w, str) else to_text(w[1], w[0]) for w in words)
    return re.sub(r"[\x00-\x20\x7f\u2028\u2029]+", " ", joined).strip()


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(text.encode("utf-8", "surrogateescape"), header=True)
    return from_base64(text.encode("ascii", "ignore"))


def from_base64(data: bytes) -> bytes:
    """Base64 as strangers write it: line breaks, foreign characters and missing padding do no harm."""
    letters = data.translate(None, _NO_BASE64)
    for padding in (b"", b"=", b"=="):
        with contextlib.suppress(binascii.Error):
            return binascii.a2b_base64(letters + padding)
    with contextlib.suppress(binascii.Error):  # one letter too many says nothing
        return binascii.a2b_base64(letters.rstrip(b"=")[:-1])
    return b""


def as_text(raw: bytes) -> str:
    """Raw header bytes as text: UTF-8 where they are (also when cut off), else Windows-1252, as old mailers sent."""
    raw = raw[:LONGEST_VALUE]
    text = raw.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    foreign = sum(1 for c in text if c > "\x7f") - wrong if wrong else 0
    return text if wrong <= foreign else raw.decode("cp1252", "replace")


def to_text(data: bytes, charset: str) -> str:
    """Bytes in a charset that somebody claims. Never fails: a wrong claim gives UTF-8 or Windows-1252."""
    for name in (charset.strip().strip("\"'"), "utf-8"):
        try:
            known = codecs.lookup(name).name
            if known.replace("-", "_") not in _REFUSED_CODECS:
                return data.decode(_WIDER.get(known, known))
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")
