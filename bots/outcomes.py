"""What became of every document: one row each, for the demo's table, the day's report and the review desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from bots.invoices.values import is_sensible
from workitems.items import Doubt, Noun, Posting, Reading

N = TypeVar("N", bound=Noun)
State = Literal["waiting", "posted", "filed", "review", "rejected"]
"""filed: a desk has done what was to be done, without a posting: a contract is registered, a joiner's paper is kept."""


class DocumentOutcome(Noun):
    """Where one document stands. `item_id` is the item that a person would open: the last one of its lineage."""

    item_id: str
    document_id: str
    document: str  # file name
    part: str | None = None
    kind: str = "other"
    state: State
    doubts: tuple[Doubt, ...] = ()
    posting: Posting | None = None
    supplier: str | None = None
    total: Decimal | None = None
    currency: str | None = None
    received_at: datetime | None = None
    decided_at: datetime | None = None
    touched: bool = False  # a person answered


class Row(Noun):
    """What an outcome needs of a work item."""

    id: str
    queue: str
    state: str
    payload: Any
    parent_id: str | None
    code: str | None = None
    message: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


def outcomes(rows: Iterable[Row]) -> list[DocumentOutcome]:
    """One outcome per document among the items, in the order in which the documents came."""
    items = list(rows)
    children: dict[str, list[Row]] = {}
    for row in items:
        if row.parent_id:
            children.setdefault(row.parent_id, []).append(row)
    return [_outcome(row, children) for row in items if row.queue == "document"]


def _outcome(document: Row, children: Mapping[str, list[Row]]) -> DocumentOutcome:
    last = document
    while children.get(last.id) and not _has_ended(last):
        last = children[last.id][-1]
    payload = last.payload if isinstance(last.payload, dict) else {}
    state, posting = _state(last, payload)
    return DocumentOutcome(
        item_id=last.id,
        document_id=document.id,
        document=_file_name(document),
        part=_text(_about(payload).get("part")),
        kind=_kind(payload),
        state=state,
        doubts=() if state in ("posted", "filed", "waiting") else _doubts(last, payload),
        posting=posting,
        received_at=document.created_at,
        decided_at=last.updated_at if state != "waiting" else None,
        touched=bool(payload.get("answers")),
        **_money(payload, posting),
    )


def _has_ended(row: Row) -> bool:
    """What follows an item that a desk has filed is no longer about this document."""
    return isinstance(row.payload, dict) and isinstance(row.payload.get("ended"), str)


def _state(last: Row, payload: Mapping[str, Any]) -> tuple[State, Posting | None]:
    if last.state == "cancelled":
        return "rejected", None
    if last.state in ("review", "dead"):
        return "review", None
    if last.state == "done":
        posting = _valid(Posting, payload.get("posting"))
        if posting:
            return "posted", posting
        if payload.get("route") == "reject":
            return "rejected", None
        if isinstance(payload.get("ended"), str):
            return "filed", None
    return "waiting", None


def _doubts(last: Row, payload: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """The item's own doubts; where it has none (a person cancelled, a machine gave up), the reason it ended with."""
    told = payload.get("doubts")
    own = tuple(d for d in (_valid(Doubt, each) for each in (told if isinstance(told, list) else ())) if d)
    reason = Doubt(code=last.code or last.state, message=last.message or f"The item is {last.state}.")
    if last.state in ("cancelled", "dead"):
        return (reason, *(d for d in own if d.code != reason.code))
    return own or (reason,)


def _about(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    about = payload.get("document")
    return about if isinstance(about, dict) else {}


def _file_name(row: Row) -> str:
    payload = row.payload if isinstance(row.payload, dict) else {}
    return str(_about(payload).get("filename") or row.id)


def _text(told: Any) -> str | None:
    return told if isinstance(told, str) else None


def _kind(payload: Mapping[str, Any]) -> str:
    paper = payload.get("paper")
    return str(paper.get("kind") or "other") if isinstance(paper, dict) else "other"


def _money(payload: Mapping[str, Any], posting: Posting | None) -> dict[str, Any]:
    if posting:
        return {"supplier": posting.supplier, "total": posting.total, "currency": posting.currency}
    paper = payload.get("paper")
    fields = paper.get("fields") if isinstance(paper, dict) else None
    readings = {name: _valid(Reading, each) for name, each in fields.items()} if isinstance(fields, dict) else {}
    value = {name: reading.value for name, reading in readings.items() if reading}
    return {"supplier": value.get("supplier_name"), "total": _amount(value), "currency": value.get("currency")}


def _amount(value: Mapping[str, str]) -> Decimal | None:
    try:
        amount = Decimal(value.get("total", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and is_sensible(amount) else None


def _valid(noun: type[N], told: Any) -> N | None:
    """What an item says as a noun; None where it says something else. Anybody may put an item into the queue."""
    try:
        return noun.model_validate(told)
    except ValidationError:
        return None
