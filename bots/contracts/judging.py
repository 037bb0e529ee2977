"""What the contract bots work with, and one judgement of a contract with all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from bots.contracts.checks import House, Known, Verdict, check_contract
from bots.contracts.draft import ContractDraft
from bots.contracts.nearest import Comparison, compared
from bots.contracts.playbook_files import Playbook
from bots.contracts.playbook_nouns import Position
from bots.contracts.ports import Precedents, Register
from bots.contracts.readings import Compare
from workitems.items import Answer, Clause, Decision, Doubt, Item, Paper
from workitems.rows import Effect


class Effects(Protocol):
    """What the desk needs of the ledger."""

    def begin_effect(self, key: str, item_id: str, intent: dict[str, Any]) -> Effect:
        """Writes down what is about to be done."""
        ...

    def finish_effect(self, key: str, result: dict[str, Any]) -> None:
        """Writes down what came of it."""
        ...

    def claim_mail(
        self, message_key: str, mailbox: str, parent_id: str, details: dict[str, Any]
    ) -> Literal["new", "known", "claimed"]:
        """Claims what an attempt makes, for good once the attempt is released."""
        ...

    def lock(self, name: str, owner_seconds: float) -> AbstractContextManager[None]:
        """Holds a named lock. Raises TryLater when somebody else has it."""
        ...


@dataclass(frozen=True)
class ContractOffice:
    """The company, its playbook, its own clauses, its register, its ledger, and the day."""

    house: House
    playbook: Playbook
    precedents: Precedents
    register: Register
    effects: Effects
    today: Callable[[], date]


def judge(paper: Paper, answers: Sequence[Answer], shown: Sequence[Doubt], office: ContractOffice) -> Verdict:
    """The verdict with the playbook and the precedents."""
    known = Known(office.playbook.positions, lambda draft: _comparer(draft, office), office.today())
    return check_contract(paper, answers, shown, office.house, known)


def _comparer(draft: ContractDraft, office: ContractOffice) -> Compare:
    least = office.house.policy.near_copy

    def compare(clause: Clause, position: Position | None) -> Comparison:
        return compared(clause, position, office.precedents, draft.parties, least)

    return compare


def decision(step: str, item: Item, verdict: Verdict, office: ContractOffice) -> Decision:
    """The audit row: what went in, what was scored, which rules spoke, what it may cost."""
    paper = getattr(item, "paper", None)
    said = "\n".join(f"{a.field}={a.value}" for a in item.answers)
    scores = {name: r.confidence for name, r in verdict.draft.readings.items()}
    scores |= {c.category: c.confidence for c in verdict.clauses}
    return Decision(
        step=step,
        input_hash=hashlib.sha256(f"{item.document.sha256}\n{said}".encode()).hexdigest(),
        models=(paper.models if paper else {}) | {"playbook": office.playbook.version},
        scores=scores,
        rules=verdict.accepted + tuple(dict.fromkeys(d.code for d in verdict.doubts)),
        route=item.route or "review",
        cost=float(verdict.expected_loss),
    )
