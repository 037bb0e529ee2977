"""Writes the contract desk's demo mails: `python -m devdata.contracts.make_contracts`.

Texts, dates, ids and noise are fixed, so that the same versions of the libraries give the same bytes. One contract is
about to renew itself: its dates are those of the day on which the demo is filled (mails.py).
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devdata.contracts import deals as d
from devdata.contracts import wording as w
from devdata.contracts.sheets import as_pdf, as_text, as_word
from devdata.papers.mails import Attachment, mail
from devdata.papers.scans import Scanner, scanned

FOLDER = Path(__file__).parent
MAILBOX, SOURCE = FOLDER / "mailbox", FOLDER / "source"
FIRST = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
US = "legal@moselbrueck.example"

GERMAN = """DIENSTLEISTUNGSVERTRAG

zwischen der Moselbrück Apparatebau GmbH, Am Güterbahnhof 7, 54294 Trier (nachfolgend „Auftraggeber“ genannt)
und der Eifel Werkschutz GmbH, Bahnhofstraße 3, 54516 Wittlich (nachfolgend „Auftragnehmer“ genannt).

§ 1 Gegenstand des Vertrages
Der Auftragnehmer übernimmt die Bewachung des Betriebsgeländes des Auftraggebers nach Maßgabe der Anlage 1.

§ 2 Vergütung
Der Auftraggeber zahlt die vereinbarte Vergütung innerhalb von dreißig Tagen nach Zugang einer ordnungsgemäßen Rechnung.

§ 3 Laufzeit und Kündigung
Der Vertrag beginnt am 1. Januar 2026 und läuft bis zum 31. Dezember 2027. Er verlängert sich jeweils um ein Jahr, wenn
er nicht mit einer Frist von drei Monaten zum Ende der Laufzeit schriftlich gekündigt wird.

§ 4 Haftung
Der Auftragnehmer haftet für Vorsatz und grobe Fahrlässigkeit unbeschränkt, im Übrigen bis zur Höhe der jährlichen
Vergütung.

§ 5 Schlussbestimmungen
Es gilt das Recht der Bundesrepublik Deutschland. Änderungen dieses Vertrages bedürfen der Schriftform.

Trier, den 12. Dezember 2025

gez. Dr. Katrin Berger                                   gez. Paul Reuter
Moselbrück Apparatebau GmbH                              Eifel Werkschutz GmbH
"""
LETTER = """Dear Dr Berger,

We write about the Services Agreement between Moselbrück Apparatebau GmbH and Northgate Facility Services Ltd.

As part of a reorganisation of our group we intend to assign the agreement to our affiliate Northgate Cleaning Ltd with
effect from 1 March 2027. Please confirm by 15 December 2026 that you consent to the assignment of the agreement. The
team on your site stays the same, and so do all prices.

We hope that you had a good summer.

Kind regards
Helen Marsh
Northgate Facility Services Ltd.
"""


@dataclass(frozen=True)
class Expected:
    """What shall become of a document. `outcome`: registered, review or rejected; `also`: as good."""

    document: str
    outcome: str
    about: str
    also: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    contract_type: str | None = None
    expires_on: str | None = None


@dataclass(frozen=True)
class Case:
    """A mail and the documents in it."""

    file: str
    content: bytes
    expected: tuple[Expected, ...]


def paper_of(deal: d.Deal) -> bytes:
    """The file of a deal, by the ending of its name."""
    if deal.file.endswith(".docx"):
        return as_word(deal)
    if deal.file.endswith(".txt"):
        return as_text(deal)
    if deal is d.WAREHOUSE:
        return scanned(as_pdf(deal), Scanner(dpi=150, skew=0.4, quality=45, seed=12))
    return as_pdf(deal)


def expected_of(deal: d.Deal) -> Expected:
    """What shall become of a deal."""
    return Expected(deal.file, deal.outcome, deal.about, deal.also, deal.codes, deal.contract_type, deal.ends_on)


def cases() -> list[Case]:
    """All mails, in the order in which they come."""
    made: list[Case] = []

    def post(name: str, subject: str, sender: str, text: str, *parts: tuple[Attachment, Expected]) -> None:
        number = len(made) + 1
        at = FIRST + timedelta(hours=5 * number)
        content = mail(sender, subject, text + "\n", at, *(a for a, _ in parts))
        made.append(Case(f"c{number:02d}-{name}.eml", content, tuple(e for _, e in parts)))

    for deal in d.DEALS:
        if deal in (d.LIFTS, d.SECRET):
            continue  # one is written when the mailbox is filled; the other goes with the data processing agreement
        parts = [(Attachment(deal.file, paper_of(deal)), expected_of(deal))]
        if deal is d.PROCESSING:
            parts.append((Attachment(d.SECRET.file, paper_of(d.SECRET)), expected_of(d.SECRET)))
        post(_short(deal), deal.title, _sender(deal.them), deal.mail, *parts)
    _others(post)
    return made


def _others(post: Any) -> None:
    """What is no plain contract: tracked changes, other languages, copies, locked files, letters, foreign contracts."""
    revised = replace(
        d.ADVICE,
        file="Consulting_Agreement_Aldergate_rev.docx",
        them="Aldergate Partners LLP",
        clauses=(*d.ADVICE.clauses, w.LAW),
    )
    word = as_word(revised, tracked=("Either party may terminate", "sixty (60)", "ten (10)"))
    note = "consulting, with a tracked change that nobody has accepted: sixty days became ten"
    post(
        "aldergate-tracked",
        "Revised draft",
        "j.alder@aldergate.example",
        "Our changes are marked.",
        (
            Attachment(revised.file, word),
            Expected(
                revised.file, "review", note, ("registered",), ("tracked_changes", "deviation_number"), "Consulting"
            ),
        ),
    )
    post(
        "eifel-deutsch",
        "Bewachungsvertrag",
        "p.reuter@eifel-werkschutz.example",
        "Anbei der Vertrag.",
        (
            Attachment("Bewachungsvertrag.txt", GERMAN.encode()),
            Expected("Bewachungsvertrag.txt", "review", "a contract in German", (), ("foreign_language",)),
        ),
    )
    foreign = (SOURCE / "Maintenance_Agreement_Netzee.txt").read_bytes()
    post(
        "netzee-foreign",
        "For your library",
        US,
        "An example from a public collection.",
        (
            Attachment("Maintenance_Agreement_Netzee.txt", foreign),
            Expected(
                "Maintenance_Agreement_Netzee.txt",
                "review",
                "somebody else's contract (CUAD, CC-BY-4.0)",
                (),
                ("not_our_contract",),
                "Maintenance",
            ),
        ),
    )
    post(
        "ballinrae-again",
        "Licence, once more",
        "contracts@ballinrae.example",
        "In case you did not get it.",
        (
            Attachment("License_copy.pdf", paper_of(d.SOFTWARE)),
            Expected(
                "License_copy.pdf",
                "review",
                "the same file in a second mail",
                ("rejected",),
                ("already_registered", "duplicate_file"),
            ),
        ),
    )
    post(
        "locked",
        "Confidential",
        "office@lockhart.example",
        "The password follows by telephone.",
        (
            Attachment("Agreement_locked.pdf", _locked(paper_of(d.SECRET))),
            Expected("Agreement_locked.pdf", "review", "protected by a password", ("rejected",), ("encrypted",)),
        ),
    )
    post(
        "empty",
        "Contract",
        "office@lockhart.example",
        "See attachment.",
        (
            Attachment("Contract.pdf", b""),
            Expected("Contract.pdf", "review", "an empty file", ("rejected",), ("empty_file",)),
        ),
    )
    post("northgate-letter", "Services Agreement: assignment", "helen.marsh@northgate.example", LETTER)


def _locked(content: bytes) -> bytes:
    import pikepdf

    kept = SOURCE / "Agreement_locked.pdf"  # its salt is by chance: it is made once
    if not kept.exists():
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.save(kept, encryption=pikepdf.Encryption(owner="o", user="u", R=4))
    return kept.read_bytes()


def _short(deal: d.Deal) -> str:
    return f"{deal.them.split()[0].lower()}-{deal.title.split()[0].lower().strip('.')}"


def _sender(them: str) -> str:
    return f"contracts@{them.split()[0].lower()}.example"


def write() -> None:
    """Replaces the mails, the Word file whose dates are still to come, and expected.json."""
    for old in MAILBOX.glob("*.eml"):
        old.unlink()
    made = cases()
    for case in made:
        (MAILBOX / case.file).write_bytes(case.content)
    (SOURCE / d.LIFTS.file).write_bytes(as_word(d.LIFTS))
    rows = [{"mailbox_file": c.file, **vars(e)} for c in made for e in c.expected]
    rows.append({"mailbox_file": "c90-velbert-maintenance.eml", **vars(expected_of(d.LIFTS))})
    letter = {"document": None, "outcome": "review", "codes": ["contract_letter"], "about": "a letter about a contract"}
    rows.append({"mailbox_file": made[-1].file, **letter})
    text = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
    (FOLDER / "expected.json").write_text(text, encoding="utf-8")
    print(f"{len(made)} mails, {sum(len(c.content) for c in made) / 1e6:.1f} MB")


if __name__ == "__main__":
    write()
