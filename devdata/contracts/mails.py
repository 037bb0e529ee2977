"""The contract desk's mails for the demo. All lie here as they are, but for the one that is about to renew itself.

Its dates are counted from the day on which the mailbox is filled, so that its last day for a notice is always near.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from devdata.papers.mails import Attachment, mail

MAILBOX = Path(__file__).parent / "mailbox"
SOURCE = Path(__file__).parent / "source"
LIFTS = "Maintenance_Agreement_Velbert.docx"
NOTICE_DAYS, LEFT_DAYS = 90, 21
"""How long before its end notice has to be given, and how far away that day is."""


def mails(today: date) -> Iterator[tuple[str, bytes]]:
    """The demo's mails, by name."""
    for file in sorted(MAILBOX.glob("*.eml")):
        yield file.name, file.read_bytes()
    yield "c90-velbert-maintenance.eml", renewing(today)


def ends_on(today: date) -> date:
    """The end of the contract that is about to renew itself."""
    return today + timedelta(days=NOTICE_DAYS + LEFT_DAYS)


def renewing(today: date) -> bytes:
    """The mail with the contract that is about to renew itself."""
    from devdata.contracts.sheets import restamped

    ends = ends_on(today)
    begins = ends - timedelta(days=364)
    words = {"@begins@": _spelt(begins), "@ends@": _spelt(ends)}
    content = restamped((SOURCE / LIFTS).read_bytes(), words)
    at = datetime.combine(today, time(7, 30), UTC)
    text = "Attached is our maintenance agreement, for your files.\n"
    return mail("service@velbert-lift.example", "Maintenance Agreement", text, at, Attachment(LIFTS, content))


def _spelt(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
