"""The desk offers what else a doubtful value could be."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from tests.bots.fakes import paper, reading
from tests.desk.conftest import Around
from workitems.items import Alternative, Paper, Why

WHY = Why(
    engine="text layer",
    signs=(("rival", -1.2), ("note repeated", 0.4)),
    alternatives=(Alternative(value="R-<77>", score=0.6, page=1), Alternative(value="4711", score=0.3, page=2)),
)


def doubtful() -> Paper:
    fields = paper().fields
    return paper().model_copy(
        update={"fields": fields | {"number": reading("N-1", 0.5).model_copy(update={"why": WHY, "page": 1})}}
    )


def test_alternatives_of_a_doubtful_field_can_be_clicked_and_are_escaped(around: Around, client: TestClient) -> None:
    html = client.get(f"/item/{around.read(doubtful()).id}").text
    assert 'data-fill="f-number"' in html
    assert "R-&lt;77&gt;" in html
    assert "page 1, text layer; rival -1.2, note repeated +0.4" in html


def test_what_the_checks_propose_can_be_clicked(around: Around, client: TestClient) -> None:
    """`Did you mean ...?` and `Likely: ...` are not typed again."""
    near = client.get(f"/item/{around.read(paper(order_number='PO-2026-0110')).id}").text
    assert re.search(r'data-fill="f-order_number"[^>]*>PO-2026-0101<', near)
    item = around.read(paper(order_number=None, number="N-2"), "two.pdf", sha256="cd" * 32)
    likely = [value for d in item.payload["doubts"] for field, value in d["proposed"] if field == "account"]
    text = client.get(f"/item/{item.id}").text
    assert likely
    assert all(re.search(rf'data-fill="f-account"[^>]*>{code}<', text) for code in likely)
    assert text.index('id="f-account"') < text.index("Everything else that was read")


def test_what_a_person_entered_has_no_alternatives(around: Around, client: TestClient) -> None:
    item = around.read(doubtful())
    client.post(f"/item/{item.id}/answer", data={"version": str(item.version), "action": "save", "number": "N-9"})
    around.work()
    assert 'data-fill="f-number"' not in client.get(f"/item/{item.id}").text


def test_the_decision_keeps_where_a_value_came_from_but_no_values(around: Around) -> None:
    item = around.read(doubtful())
    trace = around.store.decisions(item.id)[-1].body["traces"]["number"]
    assert trace["engine"] == "text layer"
    assert trace["rivals"] == [0.6, 0.3]
    assert "R-<77>" not in str(around.store.decisions(item.id)[-1].body)
    assert item.payload["readings"]["number"]["why"] is None
