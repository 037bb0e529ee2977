"""What became of a document, from the items of its lineage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bots.outcomes import DocumentOutcome, Row, outcomes

AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
POSTING = {
    "system": "tryton",
    "reference": "12",
    "state": "posted",
    "posted_at": "2026-09-01T08:05:00Z",
    "supplier": "Hansen",
    "number": "RE-1",
    "total": "119.00",
    "currency": "EUR",
}
DOUBT = {"code": "unknown_supplier", "message": "The supplier is not in the ERP."}


def row(id: str, queue: str, state: str, parent: str | None = None, **payload: Any) -> Row:
    about = {"kind": queue, "document": {"filename": "bill.pdf", "part": None}}
    code, message = payload.pop("code", None), payload.pop("message", None)
    return Row(
        id=id,
        queue=queue,
        state=state,
        payload=about | payload,
        parent_id=parent,
        code=code,
        message=message,
        created_at=AT,
        updated_at=AT,
    )


def only(*rows: Row) -> DocumentOutcome:
    (found,) = outcomes(rows)
    return found


@pytest.mark.parametrize(
    ("rows", "state", "codes"),
    [
        pytest.param([row("d", "document", "ready")], "waiting", [], id="not read yet"),
        pytest.param([row("d", "document", "taken")], "waiting", [], id="being read"),
        pytest.param(
            [row("d", "document", "review", doubts=[DOUBT])], "review", ["unknown_supplier"], id="a doubt while reading"
        ),
        pytest.param(
            [row("d", "document", "review", code="bad_payload", message="It is no item.")],
            "review",
            ["bad_payload"],
            id="in review without doubts of its own",
        ),
        pytest.param(
            [row("d", "document", "dead", code="poison", message="Five lost leases.", doubts=[DOUBT])],
            "review",
            ["poison", "unknown_supplier"],
            id="given up",
        ),
        pytest.param(
            [row("d", "document", "done", route="reject", doubts=[DOUBT])],
            "rejected",
            ["unknown_supplier"],
            id="rejected",
        ),
        pytest.param(
            [row("d", "document", "cancelled", code="cancelled", message="Not ours.")],
            "rejected",
            ["cancelled"],
            id="cancelled",
        ),
        pytest.param(
            [row("d", "document", "done"), row("i", "invoice", "ready", "d")], "waiting", [], id="read, not posted yet"
        ),
        pytest.param(
            [row("d", "document", "done"), row("i", "invoice", "ready", "d", code="erp_away", message="Away.")],
            "waiting",
            [],
            id="tried, and tried again later",
        ),
        pytest.param(
            [row("d", "document", "done"), row("i", "invoice", "review", "d", doubts=[DOUBT])],
            "review",
            ["unknown_supplier"],
            id="a doubt while posting",
        ),
        pytest.param(
            [row("d", "document", "done"), row("i", "invoice", "done", "d", posting=POSTING)], "posted", [], id="posted"
        ),
    ],
)
def test_the_last_item_of_a_lineage_says_what_became_of_the_document(
    rows: list[Row], state: str, codes: list[str]
) -> None:
    found = only(*rows)
    assert (found.state, [d.code for d in found.doubts]) == (state, codes)
    assert (found.document, found.document_id, found.item_id) == ("bill.pdf", "d", rows[-1].id)


def test_there_is_one_outcome_a_document_in_the_order_they_came() -> None:
    found = outcomes([row("b", "document", "ready"), row("a", "document", "review"), row("i", "invoice", "done", "b")])
    assert [o.document_id for o in found] == ["b", "a"]


def test_a_posted_one_bears_what_stands_in_the_erp() -> None:
    found = only(
        row("d", "document", "done"), row("i", "invoice", "done", "d", posting=POSTING, answers=[{"field": "x"}])
    )
    assert (found.supplier, str(found.total), found.currency, found.touched) == ("Hansen", "119.00", "EUR", True)


@pytest.mark.parametrize("payload", [None, "text", [], {"document": "x"}, {"document": None}, {"paper": 7}])
def test_a_payload_that_is_no_item_has_an_outcome_too(payload: Any) -> None:
    found = only(Row(id="d", queue="document", state="review", payload=payload, parent_id=None, code="bad_payload"))
    assert (found.document, found.state, found.kind) == ("d", "review", "other")
    assert found.doubts[0].message


@pytest.mark.parametrize("doubts", ["no list", [{"no": "doubt"}], [None]])
def test_doubts_that_are_none_do_not_hide_the_document(doubts: Any) -> None:
    found = only(row("d", "document", "review", code="bad_payload", message="It is no item.", doubts=doubts))
    assert [d.code for d in found.doubts] == ["bad_payload"]


@pytest.mark.parametrize("total", ["NaN", "twelve", None])
def test_an_amount_that_is_none_is_left_out(total: Any) -> None:
    reading = {"confidence": 0.9, "reader": "fake"}
    fields = {"total": reading | {"value": total}, "supplier_name": reading | {"value": "Hansen"}}
    paper = {"kind": "invoice", "fields": fields}
    found = only(row("d", "document", "review", doubts=[DOUBT], paper=paper))
    assert (found.total, found.supplier, found.kind) == (None, "Hansen", "invoice")
