"""Mails as .eml files with fixed dates, ids and boundaries."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO

MAILBOX = "rechnungen@moselbrueck.example"
_TYPES = {
    "pdf": ("application", "pdf"),
    "xml": ("application", "xml"),
    "jpg": ("image", "jpeg"),
    "zip": ("application", "zip"),
}


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes


def mail(
    sender: str, subject: str, text: str, at: datetime, *attachments: Attachment, html: str | None = None
) -> bytes:
    """A whole message; `sender` is an address with or without a name, `at` an aware time."""
    seed = hashlib.sha256(f"{sender}|{subject}|{at.isoformat()}".encode()).hexdigest()
    message = EmailMessage()
    message["From"] = sender
    message["To"] = MAILBOX
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{seed[:24]}@{sender.rstrip('>').rsplit('@', 1)[-1]}>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for part in attachments:
        kind, subtype = _TYPES.get(part.name.rsplit(".", 1)[-1].lower(), ("application", "octet-stream"))
        message.add_attachment(part.content, maintype=kind, subtype=subtype, filename=part.name)
    for number, section in enumerate(p for p in message.walk() if p.is_multipart()):
        section.set_boundary(f"=_{seed[24:44]}_{number}")
    return message.as_bytes()


def archive(files: Sequence[Attachment]) -> bytes:
    """A zip of files, all dated the same."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in files:
            entry = zipfile.ZipInfo(part.name, (2026, 9, 24, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, part.content)
    return out.getvalue()
