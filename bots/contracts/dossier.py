"""A contract in the register: what its dossier holds, under which marks it is found, and what is learnt from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from bots.contracts.categories import TERMS as ABOUT
from bots.contracts.checks import Verdict
from bots.contracts.deviation.parties import key_of
from bots.contracts.draft import REFUSED, ContractDraft
from bots.contracts.nouns import ContractItem, Terms
from bots.contracts.ports import KnownClause, Register, parties_of
from workitems.dossiers import Dossier

ACTIVE = "active"
_SAME_TITLE = 88  # similarity, per cent


def body_of(item: ContractItem, verdict: Verdict, item_id: str) -> dict[str, Any]:
    """What the register keeps of a contract."""
    return {
        **verdict.terms.model_dump(mode="json"),
        "stated_end": _iso(
            verdict.draft.expires_on
        ),  # what the document says; an amendment, or a renewal, changes the end
        "document": item.document.filename,
        "document_id": item.document.id or item_id,
        "sha256": item.document.sha256,
        "item": item_id,
        "risks": [r.model_dump(mode="json") for r in verdict.risks],
        "expected_loss": str(verdict.expected_loss),
        "clauses": [c.model_dump(mode="json") for c in verdict.clauses],
        "playbook": item.playbook,
        "amendments": [],
    }


def marks_of(item: ContractItem, terms: Terms) -> list[str]:
    """Under what the contract is found again."""
    parties = sorted({key_of(p) for p in terms.parties})
    marks = [f"sha256:{item.document.sha256}", *(f"party:{p}" for p in parties)]
    return [*marks, f"parties:{'|'.join(parties)}"] if parties else marks


def terms_in(dossier: Dossier) -> Terms:
    """The terms that a dossier holds."""
    return Terms.model_validate({name: dossier.body[name] for name in Terms.model_fields if name in dossier.body})


def same_contract(item: ContractItem, terms: Terms, register: Register, own_key: str) -> Dossier | None:
    """The contract, where it is in the register already: the very same file, or the same title, parties and date."""
    for known in register.marked(f"sha256:{item.document.sha256}"):
        if known.key != own_key:
            return known
    begins = terms.agreement_date or terms.effective_date
    for known in _of_parties(terms.parties, register):
        other = terms_in(known)
        same_day = begins is not None and begins in (other.agreement_date, other.effective_date)
        if known.key != own_key and same_day and _alike(other.title, terms.title) >= _SAME_TITLE:
            return known
    return None


def amended(terms: Terms, register: Register) -> Dossier | None:
    """The contract that an amendment of these parties changes; None where there is none, or it is not clear which."""
    known = _of_parties(terms.parties, register)
    if len(known) < 2:
        return known[0] if known else None
    ranked = sorted(known, key=lambda d: -fuzz.partial_ratio(_plain(terms_in(d).title), _plain(terms.title)))
    first, second = (fuzz.partial_ratio(_plain(terms_in(d).title), _plain(terms.title)) for d in ranked[:2])
    return ranked[0] if first - second >= 5 else None


def _of_parties(parties: Sequence[str], register: Register) -> list[Dossier]:
    keys = sorted({key_of(p) for p in parties})
    return register.marked(f"parties:{'|'.join(keys)}") if keys else []


def with_amendment(body: Mapping[str, Any], item: ContractItem, verdict: Verdict, item_id: str) -> dict[str, Any]:
    """The dossier's body with an amendment, once: a later end takes the place of the old one."""
    own = item.document.id or item_id
    if any(a.get("document_id") == own for a in body.get("amendments", ())):
        return dict(body)
    terms = verdict.terms
    told: dict[str, Any] = {"document": item.document.filename, "document_id": own, "item": item_id}
    told |= {
        "title": terms.title,
        "date": _iso(terms.agreement_date or terms.effective_date),
        "expires_on": _iso(terms.expires_on),
    }
    made = {**body, "amendments": [*body.get("amendments", ()), told]}
    if terms.expires_on is not None:
        made |= {"expires_on": _iso(terms.expires_on), "notice_deadline": _iso(terms.notice_deadline)}
    risks = [r.model_dump(mode="json") for r in verdict.risks]
    return {**made, "risks": [*body.get("risks", ()), *risks]}


def learnt(draft: ContractDraft, dossier_id: str, name: str, least: float) -> list[KnownClause]:
    """The clauses of a registered contract as precedents."""
    made, counts = [], dict[str, int]()
    for clause in draft.clauses:
        if clause.category in ABOUT or clause.confidence < least:
            continue
        number = counts[clause.category] = counts.get(clause.category, 0) + 1
        made.append(
            KnownClause(
                clause_id=f"{dossier_id}:{clause.category}:{number}",
                document=dossier_id,
                name=name,
                category=clause.category,
                text=clause.text,
                parties=draft.parties,
                contract_type=draft.contract_type,
                accepted=True,
                page=clause.page,
            )
        )
    return made


def refused(item: ContractItem, draft: ContractDraft, document_id: str) -> Iterable[KnownClause]:
    """The clauses that a person refused, with the reason: nobody has to find the same again."""
    last = {a.field.removeprefix(REFUSED): a.value.strip() for a in item.answers if a.field.startswith(REFUSED)}
    for name, why in last.items():
        for number, clause in enumerate(draft.spans(name)[:1] if why else (), 1):
            yield KnownClause(
                clause_id=f"{document_id}:{name}:refused:{number}",
                document=document_id,
                name=item.document.filename,
                category=name,
                text=clause.text,
                parties=draft.parties,
                contract_type=draft.contract_type,
                accepted=False,
                reason=why,
                page=clause.page,
            )


def counterparties(body: Mapping[str, Any], ours: Sequence[str]) -> list[str]:
    """The parties of a dossier that are not the company."""
    own = {key_of(name) for name in ours}
    return [p for p in parties_of(body) if key_of(p) not in own]


def _alike(a: str, b: str) -> float:
    return fuzz.ratio(_plain(a), _plain(b))


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9 ]+", " ", title.casefold()).strip()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
