"""The contract desk's items: a contract (or a letter about one) on its way into the register, and a reminder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from bots.contracts.deviation import Change
from bots.contracts.playbook_nouns import Approval, Side
from workitems.items import Clause, Document, Doubt, Item, Noun, Paper, Severity


class Risk(Noun):
    """One thing that a contract manager should know, with what it may cost: `loss` is probability x impact."""

    code: str
    category: str
    message: str
    page: int | None = None
    text: str = ""  # the clause; "" where it is missing
    probability: float = 0.0
    impact: Decimal = Decimal(0)
    owner: str = ""
    approval: Approval = "manager"
    severity: Severity = "warn"
    approved: str | None = None  # the nearest approved wording
    source: str | None = None  # playbook, or the precedent's clause id
    changes: tuple[Change, ...] = ()

    @property
    def loss(self) -> Decimal:
        """The expected loss, in the company's currency."""
        return (Decimal(str(self.probability)) * self.impact).quantize(Decimal(1))

    @property
    def doubt(self) -> Doubt:
        """The risk as a doubt on the item."""
        message = f"{self.message} {self.decides}" if self.severity == "block" and self.decides else self.message
        return Doubt(code=self.code, message=message, field=self.category, severity=self.severity)

    @property
    def decides(self) -> str:
        """Whom it waits for, as a sentence; "" where nobody has to agree."""
        if self.approval == "manager":
            return f"The manager of {self.owner} decides." if self.owner else ""
        return {"legal": "Legal decides.", "board": "The board decides."}.get(self.approval, "")


class Terms(Noun):
    """What a contract says of itself and its dates."""

    title: str = ""
    contract_type: str = ""
    parties: tuple[str, ...] = ()
    side: Side = "any"
    agreement_date: date | None = None
    effective_date: date | None = None
    expires_on: date | None = None
    term: str | None = None
    renewal_term: str | None = None
    notice_period: str | None = None
    notice_deadline: date | None = None
    renews: bool = False  # by itself
    governing_law: str | None = None


class Excerpt(Noun):
    """A clause of a registered contract that a letter is about."""

    dossier: str
    title: str
    category: str
    text: str
    page: int | None = None


class ContractItem(Item):
    """A contract that was read and checked, or a letter about one (`about`), and waits for the register."""

    kind: str = "contract"
    about: Literal["contract", "letter"] = "contract"
    terms: Terms = Terms()
    risks: tuple[Risk, ...] = ()
    clauses: tuple[Clause, ...] = ()  # the surest of each category
    expected_loss: Decimal = Decimal(0)
    playbook: str = ""  # its version
    paper: Paper | None = None
    others: tuple[str, ...] = ()  # the parties that are not the company
    dossier: str | None = None  # where it stands in the register
    letter: str = ""  # the words of the letter, shortened
    summary: tuple[str, ...] = ()  # sentences of the letter that say most
    excerpts: tuple[Excerpt, ...] = ()


class Reminder(Item):
    """A date of a registered contract that somebody has to know of. The item's file is the date as a calendar entry."""

    kind: str = "reminder"
    document: Document = Document(sha256="", filename="", media_type="")
    dossier: str
    title: str
    parties: tuple[str, ...] = ()
    what: Literal["notice", "expiry", "renewal"]
    due_on: date
    sentence: str
