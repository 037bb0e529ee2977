"""Registers contracts: checked against playbook and precedents, filed once, learnt from; or left to a person.

The effect is exactly once though an item may come twice: an intent row, a dossier that is one of a kind by its key,
precedents that take their own place, a done row. All under a lock, so that two copies of one contract see each other.
"""

from __future__ import annotations

import logging
from decimal import Decimal

from bots.contracts import dossier as filed
from bots.contracts.checks import Verdict
from bots.contracts.codes import doubt
from bots.contracts.draft import is_amendment
from bots.contracts.judging import ContractOffice, decision, judge
from bots.contracts.letters import answer_letter
from bots.contracts.nouns import ContractItem
from bots.contracts.ports import KnownClause
from bots.contracts.sides import is_ours
from workitems.dossiers import By, Changed, Dossier
from workitems.errors import TryLater
from workitems.items import Doubt, Paper
from workitems.work import Outcome, Work

log = logging.getLogger(__name__)

STEP = "register_contracts"
LOCK, LOCK_SECONDS = "contracts", 120.0


def handle(work: Work, office: ContractOffice) -> Outcome:
    """One contract into the register, or to a person; a letter to a person with the clause that it is about."""
    item = ContractItem.model_validate(work.payload)
    if item.about == "letter":
        return answer_letter(item, office)
    with office.effects.lock(LOCK, LOCK_SECONDS):
        return _handle(work, item, office)


def key_of_contract(item: ContractItem, item_id: str) -> str:
    """What names a contract in the register: the document that it came as."""
    return f"contract:{item.document.id or item_id}"


def _handle(work: Work, item: ContractItem, office: ContractOffice) -> Outcome:
    verdict = judge(item.paper or Paper(kind="contract", kind_confidence=0.0), item.answers, item.doubts, office)
    key = key_of_contract(item, work.id)
    office.precedents.add(filed.refused(item, verdict.draft, item.document.id or work.id))
    amends = is_amendment(verdict.draft)
    base = filed.amended(verdict.terms, office.register) if amends else None
    verdict = _with_register(item, verdict, office, _beside(item, verdict, office, key, amends and base is None))
    item = _told(item, verdict, office)
    if verdict.blocking:
        return _outcome(item.model_copy(update={"route": "review"}), verdict, office)
    office.effects.begin_effect(f"register:{key}", work.id, {"document": key, "sha256": item.document.sha256})
    dossier = _amend(work, item, verdict, office, base) if base else _open(work, item, verdict, office, key)
    office.precedents.add(_learnt(item, verdict, _origin(key, dossier), office))
    office.effects.finish_effect(f"register:{key}", {"dossier": dossier.id})
    log.info("item %s registered as %s", work.id, dossier.id)
    done = item.model_copy(update={"route": "straight", "ended": "registered", "dossier": dossier.id})
    return _outcome(done, verdict, office)


def _learnt(item: ContractItem, verdict: Verdict, origin: str, office: ContractOffice) -> list[KnownClause]:
    return filed.learnt(verdict.draft, origin, item.document.filename, office.house.policy.present)


def _origin(key: str, dossier: Dossier) -> str:
    """Whose clauses they are: an amendment's do not take the place of the contract's own."""
    return dossier.id if dossier.key == key else f"{dossier.id}+{key.removeprefix('contract:')[:12]}"


def _beside(item: ContractItem, verdict: Verdict, office: ContractOffice, key: str, alone: bool) -> Doubt | None:
    """What the register says against it."""
    twin = filed.same_contract(item, verdict.terms, office.register, key)
    if twin is not None:
        title = twin.body.get("title") or twin.body.get("document")
        return doubt(
            "already_registered", f"The same contract is in the register: {title} ({twin.body.get('document')})."
        )
    if alone:
        return doubt("amendment_alone", "No registered contract of these parties is there that it could amend.")
    return None


def _with_register(item: ContractItem, verdict: Verdict, office: ContractOffice, more: Doubt | None) -> Verdict:
    """The verdict with what the register says, unless a person accepted that."""
    if more is None:
        return verdict
    seen = {(d.code, d.message) for d in item.doubts}
    accepted = any(a.field == "confirm" and a.value == more.code for a in item.answers)
    if accepted and (more.code, more.message) in seen:
        return verdict.model_copy(update={"doubts": (*verdict.doubts, more.model_copy(update={"severity": "warn"}))})
    return verdict.model_copy(update={"doubts": (more, *verdict.doubts)})


def _told(item: ContractItem, verdict: Verdict, office: ContractOffice) -> ContractItem:
    readings = {name: r.model_copy(update={"why": None}) for name, r in verdict.draft.readings.items()}
    return item.model_copy(
        update={
            "terms": verdict.terms,
            "risks": verdict.risks,
            "others": tuple(p for p in verdict.terms.parties if not is_ours(p, office.house.names)),
            "clauses": verdict.clauses,
            "expected_loss": verdict.expected_loss,
            "playbook": office.playbook.version,
            "doubts": verdict.doubts,
            "readings": readings,
        }
    )


def _open(work: Work, item: ContractItem, verdict: Verdict, office: ContractOffice, key: str) -> Dossier:
    body = filed.body_of(item, verdict, work.id)
    by = By(work.id, STEP, f"Registered with an expected loss of {_plain(verdict.expected_loss)}.")
    return office.register.open(key, body, filed.ACTIVE, by, filed.marks_of(item, verdict.terms))


def _amend(work: Work, item: ContractItem, verdict: Verdict, office: ContractOffice, base: Dossier) -> Dossier:
    body = filed.with_amendment(base.body, item, verdict, work.id)
    if body == base.body:
        return base
    try:
        return office.register.save(base, body, base.state, By(work.id, STEP, f"Amended by {item.document.filename}."))
    except Changed:
        raise TryLater("changed", "The dossier was changed meanwhile.") from None


def _outcome(item: ContractItem, verdict: Verdict, office: ContractOffice) -> Outcome:
    return Outcome(item=item, decision=decision(STEP, item, verdict, office))


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"
