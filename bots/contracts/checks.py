"""One contract against the playbook, the precedents and the calendar, in one pure function: facts in, verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bots.contracts.codes import confirmable, doubt
from bots.contracts.draft import REFUSED, ContractDraft, draft_of, is_amendment
from bots.contracts.nouns import Risk, Terms
from bots.contracts.periods import current_end, notice_deadline
from bots.contracts.playbook_nouns import Position, Side
from bots.contracts.policy import ContractPolicy
from bots.contracts.readings import Compare
from bots.contracts.risks import clause_risks, renews_itself
from bots.contracts.sides import side_of
from bots.contracts.term_checks import is_foreign, term_doubts
from workitems.items import Answer, Clause, Doubt, Noun, Paper

FORM = {"missing_signature": "Signature", "missing_annex": "Annex"}
"""Doubts of the readers that are risks of the playbook's."""
SAID_HERE = frozenset(("contract_parties", "contract_language"))
"""Doubts of the readers that the checks have words of their own for."""
PositionsOf = Callable[[str, Side], Mapping[str, Position]]


@dataclass(frozen=True)
class House:
    """What the company is and wants: its names (legal one first), country (ISO 3166) and policy."""

    names: tuple[str, ...]
    country: str | None
    policy: ContractPolicy


@dataclass(frozen=True)
class Known:
    """What is known besides the contract: the playbook's positions, approved wordings to compare with, the day."""

    positions: PositionsOf
    compare: Callable[[ContractDraft], Compare]
    today: date


class Verdict(Noun):
    """What the checks say of a contract."""

    draft: ContractDraft
    terms: Terms
    risks: tuple[Risk, ...]
    doubts: tuple[Doubt, ...]
    expected_loss: Decimal
    accepted: tuple[str, ...] = ()  # rules for the audit trail: which codes who accepted

    @property
    def blocking(self) -> tuple[Doubt, ...]:
        """The doubts that keep the contract from being registered."""
        return tuple(d for d in self.doubts if d.severity == "block")

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The surest span of each category."""
        surest: dict[str, Clause] = {}
        for clause in self.draft.clauses:
            surest.setdefault(clause.category, clause)
        return tuple(surest.values())


def check_contract(
    paper: Paper, answers: Sequence[Answer], shown: Sequence[Doubt], house: House, known: Known
) -> Verdict:
    """Judges a contract. `shown`: the doubts that a person saw before answering."""
    draft, policy = draft_of(paper, answers), house.policy
    side = side_of(draft, house.names, policy.side)
    positions = known.positions(draft.contract_type, side)
    if is_amendment(draft):
        positions = _of_amendments(positions)
    terms = terms_of(draft, side, house, known.today)
    found = (
        *clause_risks(draft, positions, policy, known.compare(draft)),
        *_form(paper, positions),
        *_law(draft, positions),
    )
    if is_foreign(draft, policy):
        found = tuple(r for r in found if r.text)  # what was not found there may well be there
    risks = weighed(found, policy)
    told = (
        *_refused(answers),
        *(_grave(d) for d in draft.doubts if d.code not in FORM and d.code not in SAID_HERE),
        *term_doubts(draft, terms, policy, house.names, known.today),
        *(r.doubt for r in risks),
    )
    doubts, accepted = _accepted(sorted(told, key=lambda d: d.severity != "block"), answers, shown)
    loss = sum((r.loss for r in risks), Decimal(0))
    return Verdict(
        draft=draft, terms=terms, risks=risks, doubts=tuple(doubts), expected_loss=loss, accepted=tuple(accepted)
    )


def terms_of(draft: ContractDraft, side: Side, house: House, today: date) -> Terms:
    """The terms with the dates that follow from them: the end of the term that runs, and the last day for a notice."""
    renews = any(renews_itself(c.text) for c in draft.spans("Renewal Term") if c.confidence >= house.policy.present)
    end, deadline = draft.expires_on, None
    if end is not None:
        end = current_end(end, draft.renewal_term if renews else None, today)
        if draft.notice_period is not None:
            deadline = notice_deadline(end, draft.notice_period, house.country)
    return Terms(
        title=draft.title or "",
        contract_type=draft.contract_type,
        parties=draft.parties,
        side=side,
        agreement_date=draft.agreement_date,
        effective_date=draft.effective_date,
        expires_on=end,
        term=str(draft.term) if draft.term else None,
        renewal_term=str(draft.renewal_term) if draft.renewal_term else None,
        notice_period=str(draft.notice_period) if draft.notice_period else None,
        notice_deadline=deadline,
        renews=renews,
        governing_law=draft.governing_law,
    )


def weighed(risks: Sequence[Risk], policy: ContractPolicy) -> tuple[Risk, ...]:
    """The risks, the costliest first, each with what it does: what may cost too much keeps the contract.

    One that is above what is accepted of a single risk does; and of the others the costliest, until what is left
    together is accepted.
    """
    ranked = sorted(risks, key=lambda r: -r.loss)
    left = sum((r.loss for r in ranked), Decimal(0))
    made = []
    for risk in ranked:
        blocks = risk.loss > 0 and (risk.loss > policy.risk_accepted or left > policy.loss_accepted)
        left -= risk.loss if blocks else Decimal(0)
        made.append(risk.model_copy(update={"severity": "block" if blocks else "warn"}))
    return tuple(made)


def _grave(told: Doubt) -> Doubt:
    """What the readers say; pages of a contract that nobody has read are more than a remark."""
    return told.model_copy(update={"severity": "block"}) if told.code == "pages_skipped" else told


def _of_amendments(positions: Mapping[str, Position]) -> Mapping[str, Position]:
    """An amendment need not repeat what its contract says."""
    kept = {"required": "preferred"}
    return {
        name: p if name in FORM.values() else p.model_copy(update={"stance": kept.get(p.stance, p.stance)})
        for name, p in positions.items()
    }


def _form(paper: Paper, positions: Mapping[str, Position]) -> list[Risk]:
    """What the readers miss of the contract's form, with what the playbook says that costs."""
    made = []
    for told in paper.doubts:
        position = positions.get(FORM.get(told.code, ""))
        if position is not None and position.stance in ("required", "preferred"):
            made.append(_position_risk(told.code, f"{told.message} {position.why}".strip(), position, 1.0))
    return made


def _law(draft: ContractDraft, positions: Mapping[str, Position]) -> list[Risk]:
    position, law = positions.get("Governing Law"), draft.governing_law
    if position is None or not position.places or not law:
        return []
    if any(place.casefold() in law.casefold() for place in position.places):
        return []
    message = f"The law of {law} is chosen; the playbook accepts {', '.join(position.places)}."
    return [_position_risk("foreign_law", message, position, draft.confidence("governing_law"))]


def _position_risk(code: str, message: str, position: Position, sure: float) -> Risk:
    return Risk(
        code=code,
        category=position.category,
        message=message,
        probability=round(position.probability * sure, 4),
        impact=position.impact,
        owner=position.owner,
        approval=position.approval,
        approved=position.preferred,
    )


def _refused(answers: Sequence[Answer]) -> list[Doubt]:
    """What a person refused. It stands until the answer is taken back by an empty one."""
    last = {a.field: a for a in answers if a.field.startswith(REFUSED)}
    return [
        doubt("refused", f"{a.who} refuses the clause about {field.removeprefix(REFUSED)}: {a.value.strip()}", field)
        for field, a in last.items()
        if a.value.strip()
    ]


def _accepted(
    told: Sequence[Doubt], answers: Sequence[Answer], shown: Sequence[Doubt]
) -> tuple[list[Doubt], list[str]]:
    """Doubts that a person accepted become remarks. Only what was shown word for word counts as accepted."""
    codes = {a.value: a.who for a in answers if a.field == "confirm"}
    seen = {(d.code, d.message) for d in shown}
    made, rules = [], []
    for each in told:
        yes = each.severity == "block" and each.code in codes and (each.code, each.message) in seen
        if yes and confirmable(each.code, each.field):
            made.append(each.model_copy(update={"severity": "warn"}))
            rules.append(f"accepted:{each.code}:{codes[each.code]}")
        else:
            made.append(each)
    return sorted(made, key=lambda d: d.severity != "block"), list(dict.fromkeys(rules))
