"""A browser for the screens of other systems: found, started for speed, watched, and its evidence kept on failure.

Evidence is a masked screenshot and the trace of the steps. The trace is our own list of steps, calls and durations,
not Playwright's: that one holds the values that were typed and the answers of the server, so it cannot be kept.
What is never written down cannot leak.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workitems.errors import TryLater

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (  # where macOS and Windows put it, outside of PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = (  # nothing of its own over the network, nothing drawn that nobody looks at
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-remote-fonts",
    "--blink-settings=imagesEnabled=false",
    "--no-first-run",
)
WINDOW: ViewportSize = {"width": 1280, "height": 900}
PATIENCE_MS = 15_000  # for an element that should be there already
KEPT_EVENTS = 400  # of the trace
KEPT_FAILURES = 100  # newest folders of evidence
MASK = """
  input, textarea, select, td, th, .alert, .completion, .modal-body, .modal-title, .badge, #user-preferences, .tab-title
  { color: transparent !important; -webkit-text-fill-color: transparent !important; text-shadow: none !important;
    background: #cfd8dc !important; }
  input::placeholder, .modal-body *, .alert *, td *, #tablist *, #user-preferences *, .dropdown-menu a
  { color: transparent !important; -webkit-text-fill-color: transparent !important; }
"""  # what stands in fields, lists, messages and titles is painted over; labels and buttons stay readable


class FoundBrowser(NamedTuple):
    """The browser that is used: `path` is None for the one that Playwright installed."""

    path: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.path})" if self.path else self.name


def find_browser() -> FoundBrowser:
    """An installed Chromium, else Chrome or Edge, else Playwright's own. DESKHAND_BROWSER names another.

    Raises TryLater where there is none.
    """
    named = os.environ.get("DESKHAND_BROWSER")
    for candidate in (named,) if named else (*NAMES, *PLACES):
        if path := shutil.which(candidate):
            return FoundBrowser(path, "Chrome" if "rom" in path and "google" in path.lower() else Path(path).stem)
    if own := _playwrights_own():
        return FoundBrowser(None, f"Playwright's own Chromium in {own}")
    raise TryLater("no_browser", "No Chromium or Chrome is installed, and Playwright has none of its own.")


def _playwrights_own() -> Path | None:
    """The newest Chromium that `playwright install` left behind."""
    default = {
        "win32": Path.home() / "AppData/Local/ms-playwright",
        "darwin": Path.home() / "Library/Caches/ms-playwright",
    }.get(sys.platform, Path.home() / ".cache/ms-playwright")
    place = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    return max(place.glob("chromium*-*"), default=None)


class Recorder:
    """The trace of one session: which step did what and how long it took. It takes names and figures, no values."""

    def __init__(self) -> None:
        self.events: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)
        self.current = "start"
        self.failed: str | None = None  # the innermost step that the last exception ended
        self._cause: BaseException | None = None
        self._start = time.perf_counter()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Everything inside belongs to that step."""
        before, self.current = self.current, name
        start = time.perf_counter()
        try:
            yield
        except BaseException as error:
            if self._cause is not error:  # the outer steps see the same one
                self._cause, self.failed = error, name
            raise
        finally:
            self.add("step", seconds=round(time.perf_counter() - start, 4))
            self.current = before

    def add(self, what: str, **figures: Any) -> None:
        """One event of the current step."""
        at = round(time.perf_counter() - self._start, 4)
        self.events.append({"at": at, "step": self.current, "what": what, **figures})


class BrowserSession:
    """One browser with one page, for a batch of items; started when it is first needed."""

    def __init__(self, evidence: Path, script: Path | None = None, recorder: Recorder | None = None) -> None:
        """`script` runs in every page before the page's own scripts."""
        self._evidence, self._script = evidence, script
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self.recorder = recorder or Recorder()

    def fresh_page(self) -> Page:
        """A page that knows nothing of earlier ones: no login, no open form. A browser that died is started anew."""
        if self._context is not None and self.alive:
            self._context.close()
        else:
            self.close()
            self._start()
        self._context = self._new_context()
        self._page = self._context.new_page()
        self._show(False)
        return self._page

    def _show(self, shown: bool) -> None:
        """A minimised window is not painted, which saves a quarter of the browser's work; a picture needs it shown."""
        if self._context is None or self._page is None:
            return
        session = self._context.new_cdp_session(self._page)
        window = session.send("Browser.getWindowForTarget")["windowId"]
        state = {"windowState": "normal" if shown else "minimized"}
        session.send("Browser.setWindowBounds", {"windowId": window, "bounds": state})
        session.detach()

    @property
    def page(self) -> Page | None:
        """The page that is in use."""
        return self._page

    @property
    def alive(self) -> bool:
        """Whether the browser is there and answers."""
        return self._browser is not None and self._browser.is_connected()

    def _start(self) -> None:
        from playwright.sync_api import sync_playwright

        found = find_browser()
        self._playwright = sync_playwright().start()
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        arguments = [*QUIET, *(("--no-sandbox",) if as_root else ())]  # Chromium refuses its sandbox to root
        self._browser = self._playwright.chromium.launch(executable_path=found.path, args=arguments)

    def _new_context(self) -> BrowserContext:
        assert self._browser is not None  # noqa: S101  started before
        context = self._browser.new_context(
            viewport=WINDOW,
            locale="en-US",
            reduced_motion="reduce",
            service_workers="block",
        )
        context.set_default_timeout(PATIENCE_MS)
        if self._script is not None:
            context.add_init_script(path=str(self._script))
        return context

    def keep_evidence(self, item: str, failure: str) -> str | None:
        """Keeps the masked screen and the trace of a failure; the folder's name, or None where nothing could be kept.

        `item` is an id without personal data, `failure` the name of what happened.
        """
        folder = self._evidence / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{item}"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            trace = [json.dumps(e) for e in (*self.recorder.events, {"what": "failure", "kind": failure})]
            (folder / "trace.jsonl").write_text("\n".join(trace) + "\n", encoding="utf-8")
            self._screenshot(folder / "screen.png")
            self._forget_old()
        except OSError:
            return None  # a full disk must not hide the failure itself
        return folder.name

    def _screenshot(self, file: Path) -> None:
        from playwright.sync_api import Error

        if self._page is None or self._page.is_closed():
            return
        with contextlib.suppress(Error):  # a page that died has no picture
            self._show(True)
            self._page.screenshot(path=file, style=MASK, timeout=5000, animations="disabled")

    def _forget_old(self) -> None:
        folders = sorted(p for p in self._evidence.iterdir() if p.is_dir())
        for old in folders[:-KEPT_FAILURES]:
            shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Ends the browser; one that died already is no error."""
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            if self._browser is not None:
                self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = self._browser = self._context = self._page = None
