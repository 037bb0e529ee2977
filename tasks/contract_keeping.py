"""The contract desk's part of `run.py retain`: contracts that ended long ago, with documents and precedents."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import Any

from bots.contracts.dossier import terms_in
from bots.contracts.own_clauses import DESK as CLAUSES
from bots.contracts.policy import ContractPolicy
from workitems.dossiers import Dossier, Dossiers
from workitems.retention import delete_lineages
from workitems.store import Store


def keep_contracts(store: Store, policy: ContractPolicy, now: datetime, apply: bool) -> dict[str, int]:
    """Deletes (or, without `apply`, counts) contracts whose end is longer ago than [contracts] keeps them."""
    count = 0
    dossiers = Dossiers(store.database, "contracts")
    for dossier in dossiers.all() if policy.keep_days is not None else ():
        terms = terms_in(dossier)
        if terms.renews or terms.expires_on is None:
            continue  # it has no end yet
        if terms.expires_on + timedelta(days=policy.keep_days or 0) >= now.date():
            continue
        _, all_gone = delete_lineages(store.database, _roots(store, dossier.body), now.timestamp(), apply)
        if apply and all_gone:
            _forget_copies(store, dossier)
            dossiers.forget(dossier.id)
        count += all_gone
    return {"contracts": count}


def _roots(store: Store, body: dict[str, Any]) -> list[str]:
    """The lineages of the contract's document and its amendments, as far as they are still there."""
    items = [body.get("item"), *(a.get("item") for a in body.get("amendments", ()))]
    found = [store.get(str(item)) for item in items if item]
    return sorted({item.root_id for item in found if item is not None})


def _forget_copies(store: Store, dossier: Dossier) -> None:
    """Its clauses among the precedents, and the copies beside the register in the reports."""
    clauses = Dossiers(store.database, CLAUSES)
    learnt = [d for d in clauses.all() if d.body.get("document") == dossier.id]
    if learnt:
        from extractors.precedents import Precedents

        Precedents.open(store.home).remove([d.key for d in learnt])
    for each in learnt:
        clauses.forget(each.id)
    shutil.rmtree(store.home / "reports" / "contracts" / dossier.id, ignore_errors=True)
