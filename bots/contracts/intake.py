"""The contract desk's part in reading: contracts, and letters about contracts, are handed on to the register's step.

There they wait in the order in which they came, so that a contract meets the precedents of all that came before it.
"""

from __future__ import annotations

import re
from datetime import date

from bots.contracts.checks import House, Known, check_contract
from bots.contracts.draft import ContractDraft
from bots.contracts.nearest import compared
from bots.contracts.nouns import ContractItem
from bots.contracts.own_clauses import NoClauses
from bots.contracts.playbook_files import Playbook
from bots.contracts.ports import Register
from bots.contracts.readings import Compare
from bots.invoices.codes import doubt as doubt_of_all
from workitems.items import DocumentItem, Doubt, Kind, Paper, Reading, Route
from workitems.work import Outcome, Output, Work

SURE_KIND = 0.5
"""Below that it is not clear that the document is a contract."""
_TEXT = "text/plain"
_LETTERS: frozenset[Kind] = frozenset({"letter", "other"})
_MOST_TEXT = 40_000  # characters of a letter
_SPEAKS_OF_CONTRACTS = re.compile(
    r"\b(?:agreement|contract|clause|amendment|addendum|termination|notice of|renewal|vertrag|kündigung|contrat|"
    r"résiliation|avenant)\w*",
    re.IGNORECASE,
)


class ContractDesk:
    """Takes contracts, and mails whose subject speaks of a contract."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def takes(self, item: DocumentItem, kind: Kind) -> bool:
        """Whether it is a contract or, by its subject, a letter about one."""
        return kind == "contract" or self._is_letter(item, kind)

    def handle(self, work: Work, item: DocumentItem) -> Outcome:
        """Handed on to the register; to a person where it is not clear that it is a contract at all."""
        paper = item.paper or Paper(kind="other", kind_confidence=0.0)
        said = next((a.value for a in reversed(item.answers) if a.field == "kind"), None)
        if said != "contract" and paper.kind != "contract":
            return self._letter(work, item)
        if said is None and paper.kind_confidence < SURE_KIND:
            message = f"This seems to be a contract, but that is not sure ({paper.kind_confidence:.0%})."
            return _end(item, "review", (*paper.doubts, doubt_of_all("unknown_kind", message, "kind")))
        if any(d.code == "several_documents" for d in paper.doubts):
            return _end(item, "review", paper.doubts)  # whose pages are whose is said first, while it is one file
        made = ContractItem(document=item.document, answers=item.answers, paper=paper, readings=_bare(paper))
        return _handed_on(item, made)

    def _is_letter(self, item: DocumentItem, kind: Kind) -> bool:
        about = item.document
        subject = about.mail.subject or ""
        if about.media_type != _TEXT or kind not in _LETTERS or about.mail.message_key == "":
            return False
        return bool(_SPEAKS_OF_CONTRACTS.search(subject)) and bool(self._register.all())

    def _letter(self, work: Work, item: DocumentItem) -> Outcome:
        with work.path(item.document.filename).open("rb") as file:
            text = file.read(_MOST_TEXT * 4).decode("utf-8", "replace")[:_MOST_TEXT]
        made = ContractItem(document=item.document, answers=item.answers, about="letter", letter=text)
        return _handed_on(item, made)


def judge_alone(paper: Paper, house: House, playbook: Playbook, today: date) -> tuple[Route, tuple[Doubt, ...]] | None:
    """What the playbook says of a contract by itself, without precedents and register; None for other documents."""
    if paper.kind != "contract":
        return None
    least = house.policy.near_copy

    def comparer(draft: ContractDraft) -> Compare:
        return lambda clause, position: compared(clause, position, NoClauses(), draft.parties, least)

    known = Known(playbook.positions, comparer, today)
    anybody = House((), house.country, house.policy)
    verdict = check_contract(paper, (), (), anybody, known)
    return ("review" if verdict.blocking else "straight"), verdict.doubts


def _handed_on(item: DocumentItem, made: ContractItem) -> Outcome:
    outcome = _end(item, "straight", tuple(d for d in item.doubts if d.severity == "warn"))
    return outcome.model_copy(update={"outputs": (Output(item=made, files=(item.document.filename,)),)})


def _end(item: DocumentItem, route: Route, doubts: tuple[Doubt, ...]) -> Outcome:
    return Outcome(item=item.model_copy(update={"doubts": doubts, "route": route}))


def _bare(paper: Paper) -> dict[str, Reading]:
    """The readings without their reasons, which the paper has."""
    return {name: r.model_copy(update={"why": None}) for name, r in paper.fields.items()}
