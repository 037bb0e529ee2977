"""Contracts built by hand: papers with the clauses and terms that a test is about; an office with a real register."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.contracts.checks import House
from bots.contracts.judging import ContractOffice
from bots.contracts.nouns import ContractItem
from bots.contracts.own_clauses import DESK, OwnClauses
from bots.contracts.playbook_files import load_playbook
from bots.contracts.policy import ContractPolicy
from workitems.dossiers import Dossiers
from workitems.items import Answer, Clause, Document, Mail, Paper, Reading
from workitems.ledger import Ledger
from workitems.work import Work

US, THEM = "Moselbrück Apparatebau GmbH", "Hansen Logistics Inc."
TODAY = date(2026, 11, 16)

USUAL: dict[str, str] = {
    "Governing Law": "This Agreement is governed by the laws of England and Wales.",
    "Cap On Liability": (
        "Except for wilful misconduct and gross negligence, the aggregate liability of either party under this "
        "Agreement shall not exceed one hundred percent (100%) of the fees paid or payable in the twelve (12) months "
        "before the claim arose."
    ),
    "Anti-Assignment": (
        "Neither party may assign this Agreement, in whole or in part, without the prior written consent of the other "
        "party, which shall not be unreasonably withheld."
    ),
}
"""A contract that carries no risk."""
RENEWAL = (
    "This Agreement shall renew for successive periods of twelve (12) months unless either party gives written notice "
    "of termination at least ninety (90) days before the end of the then current term."
)


def paper(clauses: Mapping[str, str] | None = None, confidence: float = 0.95, **fields: str) -> Paper:
    """A contract as the readers would give it; each clause on a page of its own, from page 2."""
    told = {
        "title": "Services Agreement",
        "contract_type": "Service",
        "parties": json.dumps([US, THEM]),
        "effective_date": "2026-01-01",
        "expires_on": "2028-12-31",
        "governing_law": "England and Wales",
    } | fields
    return Paper(
        kind="contract",
        kind_confidence=0.99,
        source="text",
        pages=5,
        language="en",
        fields={n: Reading(value=v, confidence=0.95, reader="test", page=1) for n, v in told.items() if v},
        clauses=tuple(
            Clause(
                category=name,
                start=1000 * page,
                end=1000 * page + len(text),
                page=page,
                text=text,
                confidence=confidence,
            )
            for page, (name, text) in enumerate((USUAL if clauses is None else clauses).items(), 2)
        ),
    )


def item(of: Paper, name: str = "contract.pdf", number: int = 1, answers: tuple[Answer, ...] = ()) -> ContractItem:
    """The item of a contract; `number` makes its file another one."""
    about = Document(
        sha256=f"{number:064x}", filename=name, media_type="application/pdf", id=f"doc{number}", mail=Mail()
    )
    return ContractItem(document=about, paper=of, answers=answers)


def said(field: str, value: str) -> Answer:
    """What Anna said."""
    return Answer(field=field, value=value, who="anna", at=datetime(2026, 11, 16, tzinfo=UTC))


class _NoFiles:
    files: tuple[str, ...] = ()

    def get_file(self, name: str, path: object = None) -> Path:
        raise FileNotFoundError(name)


WorkOf = Callable[..., Work]


@pytest.fixture
def work(tmp_path: Path) -> WorkOf:
    """The work of an item."""

    def make(of: ContractItem, id: str = "w1") -> Work:
        return Work(id, of.model_dump(mode="json"), _NoFiles(), tmp_path)  # type: ignore[arg-type]

    return make


def office_of(ledger: Ledger) -> ContractOffice:
    """The desk with the shipped playbook and a real register, in the database of a ledger."""
    return ContractOffice(
        house=House((US,), "DE", ContractPolicy()),
        playbook=load_playbook(),
        precedents=OwnClauses(Dossiers(ledger.database, DESK)),
        register=Dossiers(ledger.database, "contracts"),
        effects=ledger,
        today=lambda: TODAY,
    )


def office_in(folder: Path) -> tuple[ContractOffice, Ledger]:
    """The same in a database of its own."""
    ledger = Ledger.open(folder, f"sqlite:///{folder}/home.db")
    return office_of(ledger), ledger


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ContractOffice]:
    """A desk whose register is empty."""
    made, ledger = office_in(tmp_path)
    yield made
    ledger.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractOffice]:
    """A desk that many tests share: they judge, and register nothing."""
    made, ledger = office_in(tmp_path_factory.mktemp("office"))
    yield made
    ledger.close()
