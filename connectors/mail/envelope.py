"""Who sent a mail and when, and the key by which the very same mail is known again."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.mail.bodies import plain_text
from connectors.mail.headers import as_text
from connectors.mail.structure import Entity, TooComplex, entity, leaves
from workitems.items import Mail

_ADDRESS = re.compile(r"([^\s<>\"(),:;@]{1,64}@[^\s<>\"(),:;@]{1,253})")
_IN_BRACKETS = re.compile(r"<\s*([^\s<>\"(),:;@]{1,64}@[^\s<>\"(),:;@]{1,253})\s*>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ENCODED_WORD = re.compile(r"=\?[^\s>]*\?=")
_COMMENT = re.compile(r"\([^()]*\)")


def mail_of(root: Entity, containers_deep: int) -> Mail:
    """What the headers say. `received_at` is the receiving server's word, else the sender's."""
    headers = root.headers
    return Mail(
        message_key=mail_key(root, containers_deep),
        message_id=headers.text("message-id")[:500] or None,
        sender=address(headers.first("from")) or address(headers.first("sender")),
        subject=headers.text("subject")[:500] or None,
        received_at=_received(headers.all("received")) or moment(headers.text("date")),
    )


def address(raw: bytes) -> str | None:
    """The first mail address of a raw header value, without the name.

    Names are thrown away before they are decoded: a name may be an address itself, of somebody else.
    """
    text = as_text(raw[:2000])
    for name in (_QUOTED, _ENCODED_WORD, _COMMENT):
        text = name.sub(" ", text)
    match = _IN_BRACKETS.search(text) or _ADDRESS.search(text)
    return match[1] if match else None


def moment(text: str) -> datetime | None:
    """A header's date in UTC; None when it is none, or lies outside the years that computers mailed in."""
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        found = parsedate_to_datetime(text[:200])
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        return found if 1970 <= found.year <= 2200 else None
    return None


def mail_key(root: Entity, containers_deep: int) -> str:
    """sha256 over Message-ID, From, Date, Subject and the decoded parts.

    Never over the raw mail: servers add fields and encode parts anew. Of real mails a quarter had no Message-ID,
    and some shared one with a different mail, so none of these is enough alone.
    """
    headers = root.headers
    date = moment(headers.text("date"))
    digest = hashlib.sha256()
    for value in (
        headers.text("message-id"),
        headers.text("from"),
        date.isoformat() if date else headers.text("date"),
        headers.text("subject"),
    ):
        digest.update(re.sub(r"\s+", " ", value).strip().encode("utf-8", "replace") + b"\n")
    try:
        for part in sorted(_part_hashes(root, containers_deep)):
            digest.update(part)
    except TooComplex:
        digest.update(hashlib.sha256(root.body).digest())
    return digest.hexdigest()


def file_key(filename: str, data: bytes) -> str:
    """The key of a bare file: the same name with the same content is the same delivery."""
    content = hashlib.sha256(data).hexdigest()
    return hashlib.sha256(f"file\n{filename}\n{content}".encode("utf-8", "replace")).hexdigest()


def _part_hashes(root: Entity, deep: int) -> Iterator[bytes]:
    for leaf in leaves(root):
        claimed = leaf.type.main
        if claimed == "message/rfc822" and deep > 0:
            yield from _part_hashes(entity(leaf.content), deep - 1)
        elif claimed.startswith("text/"):
            # Servers change line ends, trailing blanks and charsets of texts.
            text = plain_text(leaf.content, leaf.type.params.get("charset"))
            yield hashlib.sha256(re.sub(r"\s+", " ", text).strip().encode("utf-8", "replace")).digest()
        else:
            yield hashlib.sha256(leaf.content).digest()


def _received(lines: list[bytes]) -> datetime | None:
    """The topmost Received field is the own server's; the date stands after its last semicolon."""
    return moment(lines[0].rpartition(b";")[2].decode("ascii", "replace").strip()) if lines else None
