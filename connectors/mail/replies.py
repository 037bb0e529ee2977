"""A reply as a mail. Everything that comes from the answered mail is treated as hostile."""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime

from connectors import Reply
from connectors.mail.envelope import address
from connectors.mail.headers import split_block

KEY_HEADER = "X-Deskhand-Key"
_MESSAGE_ID = re.compile(r"<[^\s<>]{1,300}>")


def reply_mail(reply: Reply, key: str, answered: bytes = b"", sender: str | None = None) -> bytes:
    """The reply as RFC 5322 bytes, marked with `key`. `answered` is the mail that it answers, or its header block.

    Without an address to answer to, the draft has no recipient: a person fills it in.
    """
    message = EmailMessage(policy=SMTP)
    headers = split_block(answered, 0, len(answered))[0]
    to = _ascii_address(reply.to or address(headers.first("reply-to")) or address(headers.first("from")))
    answers = _MESSAGE_ID.search(reply.in_reply_to or headers.text("message-id"))
    if sender:
        message["From"] = sender
    if to:
        message["To"] = to
    message["Subject"] = one_line(reply.subject)
    message["Date"] = format_datetime(localtime())
    message[KEY_HEADER] = header_key(key)
    if answers:
        message["In-Reply-To"] = message["References"] = answers[0]
    message.set_content(reply.text.encode("utf-8", "replace").decode())
    return message.as_bytes()


def one_line(text: str) -> str:
    """A subject without line breaks, which would begin a header of their own."""
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()[:500]


def header_key(key: str) -> str:
    """The key as the header carries it. Hashed, because servers search headers for parts of words."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:40]


def _ascii_address(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", text) else None
