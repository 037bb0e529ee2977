"""A contract in the making: what was read, overlaid with what a person said, typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pydantic import Field, ValidationError

from bots.contracts.categories import category
from bots.contracts.periods import Period, period
from bots.contracts.playbook_nouns import Side
from bots.several import listed
from workitems.items import Answer, Clause, Doubt, Noun, Paper, Reading

TERMS = (
    "title",
    "contract_type",
    "parties",
    "agreement_date",
    "effective_date",
    "expires_on",
    "term",
    "renewal_term",
    "notice_period",
    "governing_law",
    "side",
)
CLAUSE = "clause:"
"""An answer about a clause: `clause:Exclusivity` with the words that are it ("" where there is none)."""
REFUSED = "refuse:"
"""An answer that a clause is not acceptable: `refuse:Exclusivity` with the reason."""
_AMENDS = re.compile(
    r"\b(?:amendment|amend(?:ed|ing)|addendum|supplement(?:al)?|extension agreement|nachtrag|avenant)\b", re.I
)


class ContractDraft(Noun):
    """A contract's terms, each None while nobody knows it. `clauses` are all spans, the surest of a category first."""

    readings: dict[str, Reading] = Field(default_factory=dict)
    title: str | None = None
    contract_type: str = ""
    parties: tuple[str, ...] = ()
    agreement_date: date | None = None
    effective_date: date | None = None
    expires_on: date | None = None
    term: Period | None = None
    renewal_term: Period | None = None
    notice_period: Period | None = None
    governing_law: str | None = None
    side: Side | None = None
    roles: tuple[str, ...] = ()  # what the contract calls the parties, in their order; "" where it does not say
    clauses: tuple[Clause, ...] = ()
    language: str | None = None
    doubts: tuple[Doubt, ...] = ()

    def spans(self, name: str) -> tuple[Clause, ...]:
        """The spans of a category, the surest first."""
        return tuple(c for c in self.clauses if c.category == name)

    def chance(self, name: str) -> float:
        """How sure it is that there is such a clause."""
        return max((c.confidence for c in self.spans(name)), default=0.0)

    def confidence(self, field: str) -> float:
        """How sure a term is; 0 where it was not found."""
        return self.readings[field].confidence if field in self.readings else 0.0


def draft_of(paper: Paper, answers: Sequence[Answer] = ()) -> ContractDraft:
    """The draft of a contract. Never raises: what cannot be understood becomes a doubt."""
    readings = _overlaid(paper.fields, answers)
    faults: list[Doubt] = []
    value = {name: reading.value.strip() for name, reading in readings.items()}
    dates = {f: _date(f, value.get(f), faults) for f in ("agreement_date", "effective_date", "expires_on")}
    side = value.get("side", "")
    return ContractDraft(
        readings=readings,
        title=value.get("title"),
        contract_type=value.get("contract_type", ""),
        parties=_names(value.get("parties")),
        roles=_roles(value.get("roles")),
        term=period(value.get("term")),
        renewal_term=period(value.get("renewal_term")),
        notice_period=period(value.get("notice_period")),
        governing_law=value.get("governing_law"),
        side="buyer" if side == "buyer" else "seller" if side == "seller" else None,
        clauses=_clauses(paper, answers),
        language=paper.language,
        doubts=(*paper.doubts, *faults),
        **dates,
    )


def is_amendment(draft: ContractDraft) -> bool:
    """Whether a contract changes another one: the readers say so, or its title does."""
    return "amendment_of" in draft.readings or bool(_AMENDS.search(draft.title or ""))


def _overlaid(read: dict[str, Reading], answers: Sequence[Answer]) -> dict[str, Reading]:
    """The last answer about a term holds, an empty one removes it."""
    made = dict(read)
    for answer in answers:
        if answer.field in TERMS:
            made.pop(answer.field, None)
            if answer.value.strip():
                reader = f"person:{answer.who}"
                made[answer.field] = Reading(value=answer.value.strip(), confidence=1.0, reader=reader)
    return made


def _clauses(paper: Paper, answers: Sequence[Answer]) -> tuple[Clause, ...]:
    """The spans under known names; a person's word about a category takes the place of all that was read of it."""
    found = [c.model_copy(update={"category": name}) for c in paper.clauses if (name := category(c.category))]
    for answer in answers:
        name = category(answer.field.removeprefix(CLAUSE)) if answer.field.startswith(CLAUSE) else None
        if name is None:
            continue
        page = next((c.page for c in found if c.category == name), 1)
        found = [c for c in found if c.category != name]
        text = answer.value.strip()
        if text:
            found.append(Clause(category=name, start=0, end=len(text), page=page, text=text, confidence=1.0))
    return tuple(sorted(found, key=lambda c: (c.category, -c.confidence, c.start)))


def _names(told: str | None) -> tuple[str, ...]:
    """A JSON array of names, as readings have it; or names with semicolons between, as a person may write them."""
    if not told:
        return ()
    found = listed(told)
    names = told.split(";") if found is None else found
    return tuple(dict.fromkeys(str(n).strip() for n in names if str(n).strip()))


def _roles(told: str | None) -> tuple[str, ...]:
    """A JSON array in the order of the parties; () for anything else."""
    return tuple(str(r).strip() for r in listed(told or "") or ())


def _date(field: str, told: str | None, faults: list[Doubt]) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told)
    except (ValueError, ValidationError):
        label = field.replace("_", " ")
        faults.append(
            Doubt(code="bad_answer", field=field, message=f"The {label} has to be a date such as 2027-03-31.")
        )
        return None
