"""Mails with what is no plain contract: tracked changes, other languages, copies, locked files, letters."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

from devdata.contracts import deals as d
from devdata.contracts import wording as w
from devdata.contracts.papers import Expected, paper_of
from devdata.contracts.sheets import as_word
from devdata.papers.mails import Attachment

SOURCE = Path(__file__).parent / "source"
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
class Letter:
    """A mail before it has its day: the name of its file, subject, sender, text, and the attachments."""

    name: str
    subject: str
    sender: str
    text: str
    parts: tuple[tuple[Attachment, Expected], ...] = ()


def odd_letters() -> list[Letter]:
    """All of them, in the order in which they come."""
    letter = Letter("northgate-letter", "Services Agreement: assignment", "helen.marsh@northgate.example", LETTER)
    return [_tracked(), _german(), _foreign(), _again(), _locked(), _empty(), letter]


def _tracked() -> Letter:
    revised = replace(
        d.ADVICE,
        file="Consulting_Agreement_Aldergate_rev.docx",
        them="Aldergate Partners LLP",
        clauses=(*d.ADVICE.clauses, w.LAW),
    )
    word = as_word(revised, tracked=("Either party may terminate", "sixty (60)", "ten (10)"))
    note = "consulting, with a tracked change that nobody has accepted: sixty days became ten"
    codes = ("tracked_changes", "deviation_number")
    expected = Expected(revised.file, "review", note, ("registered",), codes, "Consulting")
    parts = ((Attachment(revised.file, word), expected),)
    return Letter("aldergate-tracked", "Revised draft", "j.alder@aldergate.example", "Our changes are marked.", parts)


def _german() -> Letter:
    name = "Bewachungsvertrag.txt"
    expected = Expected(name, "review", "a contract in German", (), ("foreign_language",))
    parts = ((Attachment(name, GERMAN.encode()), expected),)
    sender = "p.reuter@eifel-werkschutz.example"
    return Letter("eifel-deutsch", "Bewachungsvertrag", sender, "Anbei der Vertrag.", parts)


def _foreign() -> Letter:
    name, about = "Maintenance_Agreement_Netzee.txt", "somebody else's contract (CUAD, CC-BY-4.0)"
    expected = Expected(name, "review", about, (), ("not_our_contract",), "Maintenance")
    parts = ((Attachment(name, (SOURCE / name).read_bytes()), expected),)
    return Letter("netzee-foreign", "For your library", US, "An example from a public collection.", parts)


def _again() -> Letter:
    name, codes = "License_copy.pdf", ("already_registered", "duplicate_file")
    expected = Expected(name, "review", "the same file in a second mail", ("rejected",), codes)
    parts = ((Attachment(name, paper_of(d.SOFTWARE)), expected),)
    sender, text = "contracts@ballinrae.example", "In case you did not get it."
    return Letter("ballinrae-again", "Licence, once more", sender, text, parts)


def _locked() -> Letter:
    name = "Agreement_locked.pdf"
    expected = Expected(name, "review", "protected by a password", ("rejected",), ("encrypted",))
    parts = ((Attachment(name, _with_password(paper_of(d.SECRET), SOURCE / name)), expected),)
    return Letter("locked", "Confidential", "office@lockhart.example", "The password follows by telephone.", parts)


def _with_password(content: bytes, kept: Path) -> bytes:
    """The file with a password. Its salt is by chance: it is made once, and kept."""
    import pikepdf

    if not kept.exists():
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.save(kept, encryption=pikepdf.Encryption(owner="o", user="u", R=4))
    return kept.read_bytes()


def _empty() -> Letter:
    expected = Expected("Contract.pdf", "review", "an empty file", ("rejected",), ("empty_file",))
    parts = ((Attachment("Contract.pdf", b""), expected),)
    return Letter("empty", "Contract", "office@lockhart.example", "See attachment.", parts)
