"""Writes the contract desk's demo mails: `python -m devdata.contracts.make_contracts`.

Texts, dates, ids and noise are fixed, so that the same versions of the libraries give the same bytes. One contract is
about to renew itself: its dates are those of the day on which the demo is filled (mails.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devdata.contracts import deals as d
from devdata.contracts.odd import SOURCE, Letter, odd_letters
from devdata.contracts.papers import Expected, expected_of, paper_of
from devdata.contracts.sheets import as_word
from devdata.papers.mails import Attachment, mail

FOLDER = Path(__file__).parent
MAILBOX = FOLDER / "mailbox"
FIRST = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A mail and the documents in it."""

    file: str
    content: bytes
    expected: tuple[Expected, ...]


def cases() -> list[Case]:
    """All mails, in the order in which they come."""
    made: list[Case] = []

    def post(letter: Letter) -> None:
        number = len(made) + 1
        at = FIRST + timedelta(hours=5 * number)
        content = mail(letter.sender, letter.subject, letter.text + "\n", at, *(a for a, _ in letter.parts))
        made.append(Case(f"c{number:02d}-{letter.name}.eml", content, tuple(e for _, e in letter.parts)))

    for deal in d.DEALS:
        if deal in (d.LIFTS, d.SECRET):
            continue  # one is written when the mailbox is filled; the other goes with the data processing agreement
        parts = [(Attachment(deal.file, paper_of(deal)), expected_of(deal))]
        if deal is d.PROCESSING:
            parts.append((Attachment(d.SECRET.file, paper_of(d.SECRET)), expected_of(d.SECRET)))
        post(Letter(_short(deal), deal.title, _sender(deal.them), deal.mail, tuple(parts)))
    for letter in odd_letters():
        post(letter)
    return made


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
