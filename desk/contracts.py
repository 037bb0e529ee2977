"""The contract desk's page: terms, each clause beside the approved wording, letters with the clause, reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bots.contracts.categories import CUAD, TERMS
from bots.contracts.codes import confirmable, reason
from bots.contracts.draft import CLAUSE, REFUSED
from bots.contracts.nouns import ContractItem, Excerpt, Reminder, Risk
from bots.contracts.periods import period
from bots.contracts.readings import how_sure, is_there
from desk.choices import Offers
from desk.contract_pages import ClauseBook, ClausePages, NoClauseBook
from desk.contract_words import Piece, differences
from desk.items import Codes, FieldView, ItemView, Preview, Spec, one, view_of
from desk.register_page import NoRegister, Registered, RegisterPage
from desk.sheets import Summary
from workitems.items import Answer, Clause
from workitems.rows import ItemRow

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from desk.app import Desk

QUEUES = ("contract", "reminder")
CODES = Codes(reason, confirmable)
LONGEST = 20_000  # characters of a clause that a person enters
ADDED = tuple(sorted((*(name for name in CUAD if name not in TERMS), "Expiration Date")))
"""Categories of clauses that may have been overlooked; the other terms are fields."""

FIELDS = (
    Spec("title", "Title"),
    Spec("contract_type", "Kind of contract"),
    Spec("parties", "Parties (with ; between)"),
    Spec("side", "We are (buyer, seller)"),
    Spec("agreement_date", "Date", "date"),
    Spec("effective_date", "In force from", "date"),
    Spec("expires_on", "Ends on", "date"),
    Spec("term", "Term"),
    Spec("renewal_term", "Renews for"),
    Spec("notice_period", "Notice period"),
    Spec("governing_law", "Governing law"),
)


@dataclass(frozen=True)
class ClauseRow:
    """A category that something is said about: the words on the page, what is approved, what differs, the risks."""

    category: str
    text: str
    page: int | None
    sure: str  # in words; "" of what a risk alone tells
    risks: tuple[Risk, ...]
    approved: str | None
    source: str | None
    pieces: tuple[Piece, ...] = ()
    refused: str = ""

    @property
    def words(self) -> str:
        """The text in one piece: where the paper's lines end says nothing."""
        return " ".join(self.text.split())

    @property
    def blocks(self) -> bool:
        """Whether a risk of it keeps the contract."""
        return any(r.severity == "block" for r in self.risks)

    @property
    def exact(self) -> bool:
        """Whether it was compared word by word: the approved wording is near."""
        return any(r.changes for r in self.risks)


@dataclass(frozen=True)
class ContractView(ItemView):
    """A contract, a letter about one, or a reminder."""

    contract: ContractItem | None = None
    reminder: Reminder | None = None
    rows: tuple[ClauseRow, ...] = ()
    missing: tuple[Risk, ...] = ()
    categories: tuple[str, ...] = ADDED

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """The clauses that a letter is about."""
        return self.contract.excerpts if self.contract else ()

    @property
    def values(self) -> Mapping[str, str]:
        """The terms as a person reads them, and what sort of item it is."""
        kind = "reminder" if self.reminder else ""
        if self.contract:
            kind = "letter" if self.contract.about == "letter" else self.contract.terms.contract_type or "contract"
        return {**super().values, "kind": kind}

    @property
    def preview(self) -> Preview:
        """What there is to look at: a calendar entry is for calendars."""
        return "none" if self.reminder else super().preview

    @property
    def filename(self) -> str:
        """What it is called: a reminder by the contract that it is of."""
        return self.reminder.title if self.reminder else super().filename


class ContractSheet:
    """The page of contracts, of letters about them, and of reminders."""

    desk = "contracts"
    form = "contracts/form.html"
    pages = (("/contracts", "Contracts"), ("/clauses", "Clauses"))

    def __init__(self, clauses: ClauseBook | None = None, register: Registered | None = None) -> None:
        """`clauses` and `register`: the company's own; without them their pages are empty."""
        self._clauses, self._register = clauses or NoClauseBook(), register or NoRegister()

    def routes(self, desk: Desk) -> list[BaseRoute]:
        """The pages of the company's clauses and contracts."""
        return [*ClausePages(desk, self._clauses).routes(), *RegisterPage(desk, self._register).routes()]

    def shows(self, item: ItemRow) -> bool:
        """Whether it waits in one of the desk's queues."""
        return item.queue in QUEUES

    def view(self, item: ItemRow) -> ContractView:
        """The item as the page shows it; never raises."""
        payload = item.payload if isinstance(item.payload, dict) else {}
        contract = one(ContractItem, payload) if item.queue == "contract" else None
        reminder = one(Reminder, payload) if item.queue == "reminder" else None
        shown = view_of(item, FIELDS, CODES)
        known = dict(vars(shown))
        if contract is None or contract.about == "letter" or not contract.paper:
            known["fields"] = ()
        else:
            known["fields"] = tuple(_with_semicolons(f, contract) for f in shown.fields)
        rows = _rows(contract, shown.answers) if contract and contract.about == "contract" else ()
        missing = tuple(r for r in contract.risks if not r.text) if contract else ()
        return ContractView(**known, contract=contract, reminder=reminder, rows=rows, missing=missing)

    def summary(self, shown: ItemView) -> Summary:
        """The parties, and the date that matters next."""
        if isinstance(shown, ContractView) and shown.reminder:
            return Summary("; ".join(shown.reminder.parties), shown.reminder.due_on.isoformat())
        if not isinstance(shown, ContractView) or shown.contract is None:
            return Summary("")
        terms = shown.contract.terms
        due = terms.notice_deadline if terms.renews else terms.expires_on
        others = shown.contract.others or terms.parties
        return Summary("; ".join(others), due.isoformat() if due else "")

    def answers(
        self, shown: ItemView, form: Mapping[str, str], offers: Offers, by: tuple[str, datetime]
    ) -> tuple[Answer, ...]:
        """Corrected terms and spans, refused clauses, accepted doubts. Raises NotUnderstood."""
        if not isinstance(shown, ContractView):
            raise TypeError(type(shown))
        said = [(f.spec.name, _typed(f, form)) for f in shown.fields if _changed(f, form)]
        said += _clauses(shown, form)
        everything = form.get("action") == "approve"
        said += [
            ("confirm", d.code) for d in shown.doubts if d.accept and (everything or form.get(f"confirm:{d.code}"))
        ]
        who, at = by
        return tuple(Answer(field=name, value=value, who=who, at=at) for name, value in said)

    def orders(self, shown: ItemView) -> Sequence[str]:
        """None: contracts name no orders."""
        return ()


def _rows(contract: ContractItem, answers: Sequence[Answer]) -> tuple[ClauseRow, ...]:
    """What has a risk first, the costliest on top; then what was found besides."""
    texts: dict[str, Clause] = {}
    for clause in contract.clauses:
        if is_there(clause) and clause.category not in TERMS:
            texts.setdefault(clause.category, clause)
    risks: dict[str, list[Risk]] = {}
    for risk in contract.risks:
        if risk.text:
            risks.setdefault(risk.category, []).append(risk)
    refused = {a.field.removeprefix(REFUSED): a.value for a in answers if a.field.startswith(REFUSED)}
    names = [*risks, *(name for name in texts if name not in risks)]
    rows = [_row(name, texts.get(name), risks.get(name, []), refused.get(name, "")) for name in names]
    return tuple(sorted(rows, key=lambda r: (not r.blocks, not r.risks)))


def _row(name: str, clause: Clause | None, risks: Sequence[Risk], refused: str) -> ClauseRow:
    compared = next((r for r in risks if r.changes), None)
    worst = compared or (risks[0] if risks else None)
    text = worst.text if worst else clause.text if clause else ""
    approved = worst.approved if worst else None
    pieces = differences(approved, text) if compared and approved else ()
    return ClauseRow(
        category=name,
        text=text,
        page=worst.page if worst else clause.page if clause else None,
        sure=how_sure(clause) if clause else "",
        risks=tuple(risks),
        approved=approved,
        source=worst.source if worst else None,
        pieces=pieces,
        refused=refused,
    )


def _with_semicolons(field: FieldView, contract: ContractItem) -> FieldView:
    """The parties as the form shows them: a name may have commas of its own."""
    if field.spec.name != "parties" or field.by:
        return field
    return replace(field, value="; ".join(contract.terms.parties))


def _changed(field: FieldView, form: Mapping[str, str]) -> bool:
    return field.spec.name in form and form[field.spec.name].strip() != field.value


def _typed(field: FieldView, form: Mapping[str, str]) -> str:
    from desk.answers import NotUnderstood

    value, name = form[field.spec.name].strip(), field.spec.name
    try:
        if value and field.spec.looks == "date":
            date.fromisoformat(value)
    except ValueError:
        raise NotUnderstood(f"{field.spec.label}: “{value}” is not a date; write 2027-03-31.", name) from None
    if value and name in ("term", "renewal_term", "notice_period") and period(value) is None:
        raise NotUnderstood(f"{field.spec.label}: “{value}” is no period; write 90 days or 12 months.", name)
    if value and name == "side" and value not in ("buyer", "seller"):
        raise NotUnderstood(f"{field.spec.label}: write buyer or seller.", name)
    return value


def _clauses(shown: ContractView, form: Mapping[str, str]) -> list[tuple[str, str]]:
    """Spans that were corrected or added, and clauses that were refused with a reason."""
    said = []
    for row in shown.rows:
        typed = form.get(CLAUSE + row.category)
        if typed is not None and " ".join(typed.split()) != " ".join(row.text.split()):
            said.append((CLAUSE + row.category, typed.strip()[:LONGEST]))
        why = " ".join(form.get(REFUSED + row.category, "").split())
        if why != row.refused:
            said.append((REFUSED + row.category, why))
    name, text = form.get("new-category", ""), form.get("new-clause", "").strip()
    if name in CUAD and text:
        said.append((CLAUSE + name, text[:LONGEST]))
    return said
