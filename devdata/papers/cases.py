"""What a case of the demo is: a file in the mailbox and what shall become of each document in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from devdata.papers.bills import Bill, Company
from devdata.papers.mails import Attachment, mail

Outcome = Literal["posted", "review", "rejected"]
_SUMMER = timezone(timedelta(hours=2))


@dataclass(frozen=True)
class Expected:
    """What shall become of one document. `codes`: a doubt of one of them says why; `also`: outcomes as good."""

    document: str | None  # None: the mail itself
    outcome: Outcome
    about: str
    codes: tuple[str, ...] = ()
    also: tuple[Outcome, ...] = ()
    bill: Bill | None = None

    def row(self, file: str) -> dict[str, Any]:
        """As it stands in expected.json; `total` is negative on credit notes, as the demo's result has it."""
        told: dict[str, Any] = {"mailbox_file": file, "document": self.document, "outcome": self.outcome}
        if self.also:
            told["also"] = list(self.also)
        if self.codes:
            told["codes"] = list(self.codes)
        if self.bill is not None:
            total = -self.bill.total if self.bill.credit else self.bill.total
            told |= {"supplier": self.bill.supplier["name"], "number": self.bill.number}
            told |= {"total": str(total), "currency": self.bill.currency}
        return told | {"about": self.about}


@dataclass(frozen=True)
class Case:
    """One file of the mailbox."""

    file: str
    content: bytes
    expected: tuple[Expected, ...]


@dataclass
class Post:
    """The mailbox as it fills: every mail comes some hours after the one before."""

    company: Company
    cases: list[Case] = field(default_factory=list)
    _at: datetime = datetime(2026, 9, 1, 7, 42, tzinfo=_SUMMER)

    def by_mail(
        self,
        slug: str,
        sender: str,
        subject: str,
        text: str,
        *parts: Attachment,
        expected: Sequence[Expected],
        html: str | None = None,
    ) -> None:
        """Adds a mail. `slug` names its file."""
        self._at += timedelta(hours=19, minutes=37)
        content = mail(sender, subject, text, self._at, *parts, html=html)
        self.cases.append(Case(f"{len(self.cases) + 1:02d}-{slug}.eml", content, tuple(expected)))

    def dropped(self, name: str, content: bytes, expected: Expected) -> None:
        """Adds a bare file, as a scanner or a person drops it."""
        file = f"{len(self.cases) + 1:02d}-{name}"
        self.cases.append(Case(file, content, (_renamed(expected, file),)))

    def from_supplier(self, slug: str, bill: Bill, text: str, part: Attachment, expected: Expected) -> None:
        """Adds a mail in which a supplier sends one document."""
        kind = _KINDS[bill.language][bill.credit].replace("_", " ")
        sender = f"{_quoted(bill.supplier['name'])} <{bill.supplier['email']}>"
        subject = f"{kind} {bill.number}"
        body = f"{text}\n\n{bill.supplier['contact']}\n{bill.supplier['name']}\n{bill.supplier['phone']}\n"
        self.by_mail(slug, sender, subject, body, part, expected=[expected])


_FRAMES = {
    "de": ("Sehr geehrte Damen und Herren,", "anbei erhalten Sie unsere Rechnung.", "Mit freundlichen Grüßen"),
    "fr": ("Bonjour,", "ci-joint notre facture.", "Cordialement"),
    "en": ("Dear Sir or Madam,", "please find our invoice attached.", "Kind regards"),
}
_KINDS = {"de": ("Rechnung", "Gutschrift"), "fr": ("Facture", "Avoir"), "en": ("Invoice", "Credit_note")}


def letter(bill: Bill, text: str = "") -> str:
    """What the supplier writes in the mail; `text` instead of the usual sentence."""
    hello, usual, greetings = _FRAMES[bill.language]
    return f"{hello}\n\n{text or usual}\n\n{greetings}"


def file_name(bill: Bill) -> str:
    """What the supplier calls the bill's PDF."""
    return f"{_KINDS[bill.language][bill.credit]}_{bill.number.replace('/', '-')}.pdf"


def _quoted(name: str) -> str:
    return f'"{name}"' if any(c in name for c in ',.&"') else name


def _renamed(expected: Expected, file: str) -> Expected:
    return Expected(file, expected.outcome, expected.about, expected.codes, expected.also, expected.bill)


def posted(document: str, bill: Bill, about: str, *also: Outcome) -> Expected:
    """A document that is sure enough to be posted; `also`: what a careful desk may do with it instead."""
    return Expected(document, "posted", about, also=also, bill=bill)


def review(document: str, bill: Bill | None, about: str, *codes: str) -> Expected:
    """A document that a person has to see, for one of the codes."""
    return Expected(document, "review", about, codes, bill=bill)


def refused(document: str | None, about: str, *codes: str) -> Expected:
    """Something that no bot can work on: rejected, or shown to a person."""
    return Expected(document, "rejected", about, codes, ("review",))
