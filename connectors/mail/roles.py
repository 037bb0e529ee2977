"""What a leaf of a mail is there for: the body, a document, an attached mail, or nothing that anybody files."""

from __future__ import annotations

import re

from connectors.mail import media
from connectors.mail.structure import Entity
from workitems.items import Noun

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|docm|xlsx?|tiff?|jpe?g|png)$", re.IGNORECASE)
_ATTACHED_BODY = re.compile(r"(?i)\AATT\d{5,6}\.(txt|html?)\Z")  # how Exchange names pieces of the body
_REPORTS = {"message/delivery-status", "message/disposition-notification", "message/feedback-report"}
_REPORTS |= {"text/rfc822-headers", "message/rfc822-headers", "message/global-delivery-status"}
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_WORDS = {media.TEXT, media.HTML, media.XML, media.MAIL, media.UNKNOWN, media.EMPTY}


class Role(Noun):
    """One of: the body, ignored for a reason, an attached mail; else a document. `media_type` is the real one."""

    media_type: str
    is_body: bool = False
    is_message: bool = False
    why_ignored: str | None = None


def role_of(leaf: Entity) -> Role:
    """Judges by what the leaf holds; what the sender claims decides only between kinds of text."""
    claimed = leaf.type.main
    kind = media.media_type(leaf.content)
    if claimed in ("message/rfc822", "message/global") and kind in _WORDS:
        return Role(media_type=kind, is_message=True)
    why = _why_ignored(leaf, kind)
    if why:
        return Role(media_type=kind, why_ignored=why)
    return Role(media_type=kind, is_body=_is_body(leaf, kind))


def _is_body(leaf: Entity, kind: str) -> bool:
    claimed = leaf.type.main
    if kind not in _WORDS or (kind == media.XML and leaf.content.lstrip()[:5] == b"<?xml" and claimed != "text/html"):
        return False
    if claimed.startswith("multipart/"):  # a multipart that has no parts
        return True
    if not claimed.startswith("text/") and claimed not in ("text", "message/partial"):
        return False
    name = leaf.filename
    if "multipart/alternative" in leaf.within[-2:] and not (name and claimed != "text/html"):
        return leaf.disposition.main != "attachment"
    if name:
        return bool(_ATTACHED_BODY.match(name))
    return leaf.disposition.main != "attachment" and claimed not in ("text/csv", "text/xml")


def _why_ignored(leaf: Entity, kind: str) -> str | None:
    """A reason that a person understands, or None for what has to be looked at."""
    claimed = leaf.type.main
    start = leaf.content[:200].lstrip().upper()
    words = kind in _WORDS
    reasons = (
        ("an empty part", not start and _says_nothing(leaf, kind)),
        ("a calendar entry", start.startswith(b"BEGIN:VCALENDAR")),
        ("a business card", start.startswith(b"BEGIN:VCARD")),
        ("an electronic signature", start.startswith((b"-----BEGIN PGP SIGNATURE", b"-----BEGIN PGP PUBLIC KEY"))),
        ("an electronic signature", claimed in _SIGNATURES and (words or kind == media.SMIME)),
        ("a note of the encryption program", claimed == "application/pgp-encrypted" and start.startswith(b"VERSION:")),
        ("a delivery report", claimed in _REPORTS and words),
        ("a pointer to a file elsewhere", claimed == "message/external-body" and words),
        ("a technical twin of another file", kind == media.APPLE_DOUBLE),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _says_nothing(leaf: Entity, kind: str) -> bool:
    if not leaf.content and _DOCUMENT.search(leaf.filename or ""):
        return False  # its sender meant a document: somebody has to ask for it again
    if kind == media.EMPTY or not leaf.filename:
        return not leaf.content.strip()
    return leaf.type.main.startswith("text/") and not leaf.content.strip()
