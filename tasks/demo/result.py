"""What the demo came to, as docs/interface says it: every document that was ever in the mailbox of the home."""

from __future__ import annotations

from typing import Any

from bots.outcomes import DocumentOutcome
from tasks import demo_erp
from tasks.desks import desks
from tasks.outcomes import all_outcomes
from workitems.metrics import stage_seconds
from workitems.store import Store


def result(store: Store, erp: demo_erp.ErpInfo, seconds: dict[str, float]) -> dict[str, Any]:
    """The demo's result; `seconds`: what this run took, beside what the stages have worked in the home's life."""
    rows = all_outcomes(store)
    stages = {f"{name}_work": value for name, value in stage_seconds(store).items()}
    return {
        "posted": [_posted(o) for o in rows if o.state == "posted"],
        "review": [_held(o) for o in rows if o.state in ("review", "waiting")],
        "rejected": [_held(o) for o in rows if o.state == "rejected"],
        **{name: told for desk in desks() for name, told in desk.result(store).items()},
        "seconds": {name: round(value, 1) for name, value in (seconds | stages).items()},
        "erp": {"url": erp.url, "database": erp.database, "login": erp.login, "password": erp.password},
    }


def _posted(outcome: DocumentOutcome) -> dict[str, Any]:
    posting = outcome.posting
    assert posting is not None  # noqa: S101 - the state says so
    return {
        "document": outcome.document,
        "supplier": posting.supplier,
        "number": posting.number,
        "total": None if posting.total is None else f"{posting.total:f}",
        "currency": posting.currency,
        "system": posting.system,
        "reference": posting.reference,
    }


def _held(outcome: DocumentOutcome) -> dict[str, Any]:
    doubts = [d.model_dump() for d in outcome.doubts]
    if outcome.state == "waiting":
        doubts = [{"code": "waiting", "field": None, "message": "The document waits for its turn.", "severity": "warn"}]
    return {"document": outcome.document, "kind": outcome.kind, "doubts": doubts}
