"""The browser of the screens: found, bounded, and its evidence without values."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from connectors.browser import BrowserSession, FoundBrowser, find_browser
from connectors.evidence import KEPT_FAILURES, Recorder
from workitems.errors import TryLater


@pytest.fixture
def session(tmp_path: Path) -> Iterator[BrowserSession]:
    opened = BrowserSession(tmp_path / "evidence")
    yield opened
    opened.close()


def test_a_named_browser_is_taken_and_a_missing_one_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "chromium-of-ours"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("DESKHAND_BROWSER", str(own))
    assert find_browser() == FoundBrowser(str(own), "chromium-of-ours")
    monkeypatch.setenv("DESKHAND_BROWSER", str(tmp_path / "nothing"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    with pytest.raises(TryLater) as failure:
        find_browser()
    assert failure.value.code == "no_browser"


def test_playwrights_own_browser_is_the_last_resort(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "chromium-1200").mkdir()
    monkeypatch.setenv("DESKHAND_BROWSER", "no-such-browser")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_browser().path is None


def test_the_recorder_names_the_innermost_step_that_failed() -> None:
    recorder = Recorder()

    def fail() -> None:
        with recorder.step("lines"), recorder.step("product"):
            raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        fail()
    assert recorder.failed == "product"
    assert [event["step"] for event in recorder.events] == ["product", "lines"]


@pytest.mark.erp
def test_evidence_shows_the_form_but_no_values(session: BrowserSession, tmp_path: Path) -> None:
    page = session.fresh_page()
    page.set_content(
        '<body style="margin:0;background:#fff"><input value="DE89370400440532013000" style="width:400px">'
    )
    session.recorder.add("action", seconds=0.1)
    name = session.keep_evidence("0123abcd", "TimeoutError")
    assert name is not None
    folder = tmp_path / "evidence" / name
    trace = [json.loads(line) for line in (folder / "trace.jsonl").read_text().splitlines()]
    assert trace[-1] == {"what": "failure", "kind": "TimeoutError"}
    with Image.open(folder / "screen.png") as image:
        field = image.convert("RGB").crop((6, 6, 390, 16))  # where the digits stand
        assert field.getcolors() == [(field.width * field.height, (0xCF, 0xD8, 0xDC))]


@pytest.mark.erp
def test_a_page_that_hangs_is_ended_and_the_next_one_works(session: BrowserSession) -> None:
    from playwright.sync_api import Error

    page = session.fresh_page()
    start = time.monotonic()
    with pytest.raises(Error), session.bounded(1.0):
        page.evaluate("() => { for (;;); }")
    assert time.monotonic() - start < 20
    assert not session.alive
    assert session.fresh_page().evaluate("() => 1 + 1") == 2


def test_only_the_newest_evidence_is_kept(session: BrowserSession, tmp_path: Path) -> None:
    for number in range(KEPT_FAILURES + 5):
        (tmp_path / "evidence" / f"20200101-{number:06d}-x").mkdir(parents=True)
    session.keep_evidence("0123abcd", "Error")
    kept = sorted(p.name for p in (tmp_path / "evidence").iterdir())
    assert len(kept) == KEPT_FAILURES
    assert kept[-1].endswith("-0123abcd")
