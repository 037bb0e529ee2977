"""One clerk with a real browser and the keyboard alone: list, item, correct, next."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from tests.bots.fakes import paper
from tests.desk.conftest import TOKEN, Around


@pytest.fixture
def address(around: Around) -> Iterator[str]:
    """The desk on a real server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(around.app(), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page() -> Iterator[Any]:
    """A page of a real Chromium; faults on its console fail the test."""
    from playwright.sync_api import Error, sync_playwright

    faults: list[str] = []
    with sync_playwright() as playwright:
        own = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        try:
            browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        except Error:
            pytest.skip("no Chromium is installed")
        page = browser.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        yield page
        browser.close()
    assert faults == []


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


def test_a_clerk_works_through_the_list_with_the_keyboard(around: Around, address: str, page: Any) -> None:
    first = around.read(paper(order_number="PO-2026-0110"), "Müller & Söhne – Rechnung.pdf")
    second = around.read(paper(order_number=None, number="N-2"), "two.pdf", sha256="cd" * 32)
    page.goto(f"{address}/?token={TOKEN}")
    assert page.url == f"{address}/who"
    page.keyboard.type("Jörg Müller")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")

    page.keyboard.press("Tab")
    assert focused(page) == "To the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Start with the oldest"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/item/{first.id}")

    assert focused(page) == "order_number"  # what is in doubt comes first
    page.keyboard.press("Control+A")
    page.keyboard.type("PO-2026-0101")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/item/{second.id}")
    sent = page.locator("#sent")
    assert "Saved. It waits to be checked." in sent.inner_text()

    around.work()
    page.get_by_text("Posted in Tryton as 2026/1.").wait_for(timeout=10_000)  # without a reload
    assert list(around.records.postings) == [("7", "RE-26-0815")]

    page.locator("#why").focus()
    page.keyboard.type("nicht bestellt")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    assert "Nothing waits for a person" in page.locator("h1").inner_text()
    assert around.get(second.id).message == "nicht bestellt"


def test_a_begun_row_gets_another_below_it_and_is_saved(around: Around, address: str, page: Any) -> None:
    item = around.read(paper(order_number=None))
    page.goto(f"{address}/?token={TOKEN}")
    page.fill("#name", "anna")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/item/{item.id}")
    for number in (1, 2, 3):
        page.locator(f"input[name='lines:{number}:description']").press_sequentially(f"row {number}")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(f"{address}/")
    said = around.get(item.id).payload["answers"][0]["value"]
    assert [f"row {n}" in said for n in (1, 2, 3, 4)] == [True, True, True, False]
