"""Who gets in, and what every page carries. The routes are walked, so that a new one is tested at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from desk.access import MOST_BYTES
from tests.bots.fakes import paper, reading
from tests.desk.conftest import BASE, TOKEN, Around, form_of, visitor


def addresses(app: object) -> Iterator[tuple[str, str]]:
    """(method, path) of every route, with an item's id left open."""
    assert isinstance(app, Starlette)
    for route in app.routes:
        if isinstance(route, Mount):
            yield "GET", f"{route.path}/desk.css"
            continue
        assert isinstance(route, Route)
        path = route.path.replace("{number:int}", "1").replace("{name:path}", "invoice.pdf")
        yield from ((method, path) for method in sorted(route.methods or ()))


def test_every_route_is_closed_without_the_key(around: Around) -> None:
    item = around.read(paper(order_number=None))
    app = around.app()
    walked = list(addresses(app.app))
    assert len(walked) > 12
    for method, path in walked:
        for cookies in ({}, {app.cookie: "guess"}, {app.cookie: ""}):
            browser = visitor(app)
            browser.cookies.update(cookies)
            reply = browser.request(method, path.replace("{id}", item.id), headers={"origin": BASE})
            assert reply.status_code == 403, (method, path)
            assert "invoice" not in reply.text


def test_no_get_changes_anything(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    before = around.store.events(item.id), around.get(item.id)
    for method, path in addresses(around.app().app):
        if method in ("GET", "HEAD"):
            for query in ({}, form_of(item, confirm__no_order="1", total="1", why="x")):
                reply = client.request(method, path.replace("{id}", item.id), params=query)
                assert reply.status_code in (200, 303), (method, path)
    for path in (f"/item/{item.id}/answer", f"/item/{item.id}/reject"):
        assert client.get(path, params=form_of(item, why="x")).status_code == 405
    assert (around.store.events(item.id), around.get(item.id)) == before


def test_every_page_carries_the_headers(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    for path in (
        "/",
        f"/item/{item.id}",
        "/nowhere",
        f"/item/{item.id}/file/invoice.pdf",
        f"/item/{item.id}/page/1.png",
    ):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers.get_list("cache-control")) == 1


def test_the_pages_hold_no_inline_script_or_style(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    for path in ("/", "/who", f"/item/{item.id}"):
        text = client.get(path).text
        assert "style=" not in text
        assert " on" + "click" not in text
        assert text.count("<script") == text.count('<script src="/static/desk.js"') == 1


def test_the_key_opens_the_door_once_and_leaves_the_address(around: Around) -> None:
    browser = visitor(around.app())
    reply = browser.get("/", params={"token": TOKEN})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert browser.get("//evil.example/", params={"token": TOKEN}).headers.get("location") != "//evil.example/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8765", "", "[::2]:8765", "0.0.0.0:8765"])
def test_a_foreign_host_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:9999", "http://localhost:8765"]
)
def test_a_form_of_another_page_is_refused(around: Around, client: TestClient, origin: str | None) -> None:
    item = around.read(paper(order_number=None))
    del client.headers["origin"]
    headers = {"origin": origin} if origin else {}
    for path in ("/who", f"/item/{item.id}/answer", f"/item/{item.id}/reject"):
        assert client.post(path, data=form_of(item, why="x", name="x"), headers=headers).status_code == 403
    assert around.get(item.id).state == "review"


def test_a_form_may_not_be_huge(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    for path in ("/who", f"/item/{item.id}/answer", f"/item/{item.id}/reject"):
        reply = client.post(path, data={"name": "x" * (MOST_BYTES + 1)})
        assert reply.status_code == 413
        assert "one form" in reply.text


def test_everybody_is_asked_for_a_name_before_anything_is_shown(around: Around) -> None:
    item = around.read(paper(order_number=None))
    browser = visitor(around.app())
    browser.get("/", params={"token": TOKEN})
    for path in ("/", f"/item/{item.id}"):
        assert browser.get(path).headers["location"] == "/who"
    for path in ("answer", "reject"):
        reply = browser.post(f"/item/{item.id}/{path}", data=form_of(item, why="x"), headers={"origin": BASE})
        assert reply.headers["location"] == "/who"
    assert browser.post("/who", data={"name": " \x00\n "}, headers={"origin": BASE}).status_code == 422
    assert around.get(item.id).state == "review"


def test_faults_are_sentences(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    for path in ("/item/none", "/nowhere", f"/item/{item.id}/file/other.pdf", f"/item/{item.id}/file/../../desk.key"):
        reply = client.get(path)
        assert reply.status_code == 404
        assert "Back to the list" in reply.text
    around.gone = True
    assert client.get("/").status_code == 503
    assert "set up anew" in client.get("/").text


def test_a_fault_of_the_program_shows_nothing_of_it(around: Around, client: TestClient) -> None:
    item = around.read(paper(order_number=None))
    around.ask = lambda numbers: 1 / 0  # type: ignore[assignment, method-assign, return-value]
    browser = visitor(around.app())
    browser.cookies.update(client.cookies)
    reply = browser.get(f"/item/{item.id}")
    assert reply.status_code == 500
    assert "Traceback" not in reply.text
    assert "ZeroDivision" not in reply.text
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_hostile_values_are_text(around: Around, client: TestClient) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    name = "a'\"><b onload=x>\u202eü.pdf"
    item = around.read(paper(supplier_name=reading(evil), number=evil, order_number=None), name, part=f"<i>/{evil}")
    for path in ("/", f"/item/{item.id}"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b onload" not in text
    reply = client.get(f"/item/{item.id}/file/{name}")
    assert reply.headers["content-disposition"].startswith("attachment;")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert "\n" not in reply.headers["content-disposition"]
