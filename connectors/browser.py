"""A browser for the screens of other systems: found, started for speed, watched, and ended where it hangs."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from connectors.evidence import MASK, Recorder, keep
from workitems.errors import TryLater

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright, ViewportSize

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
PATIENCE_SECONDS = 30.0  # for the browser itself: opening and closing pages, taking a picture


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
    return max(place.glob("chromium-[0-9]*"), default=None)


class BrowserSession:
    """One browser with one page, for a batch of items; started when it is first needed."""

    def __init__(self, evidence: Path, script: Path | None = None, recorder: Recorder | None = None) -> None:
        """`script` runs in every page before the page's own scripts."""
        self._evidence, self._script = evidence, script
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._pid: int | None = None  # of the browser
        self._control: CDPSession | None = None  # to the browser itself: it answers though a page hangs
        self._window: int | None = None
        self.recorder = recorder or Recorder()

    def fresh_page(self) -> Page:
        """A page that knows nothing of earlier ones: no login, no open form. A browser that died is started anew."""
        with self.bounded(PATIENCE_SECONDS):
            if self._context is not None and self.alive:
                self._context.close()
            else:
                self.close()
                self._start()
            self._context = self._new_context()
            self._page = self._context.new_page()
            self._window = self._window_of(self._page)
            self._show(False)
            return self._page

    def _window_of(self, page: Page) -> int | None:
        from playwright.sync_api import Error

        try:
            session = page.context.new_cdp_session(page)
            window: int = session.send("Browser.getWindowForTarget")["windowId"]
        except Error:
            return None
        return window

    def _show(self, shown: bool) -> None:
        """A minimised window is not painted, which saves a quarter of the browser's work; a picture needs it shown."""
        from playwright.sync_api import Error

        if self._control is None or self._window is None:
            return
        state = {"windowState": "normal" if shown else "minimized"}
        with contextlib.suppress(Error):  # a browser without windows is only slower
            self._control.send("Browser.setWindowBounds", {"windowId": self._window, "bounds": state})

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
        self._control = self._browser.new_browser_cdp_session()
        processes = self._control.send("SystemInfo.getProcessInfo")["processInfo"]
        self._pid = next((int(p["id"]) for p in processes if p["type"] == "browser"), None)

    @contextlib.contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Ends the browser when what is inside takes longer; the call that waits for it then fails."""
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        if self._pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

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
        return keep(self._evidence, (item, failure), self.recorder, self._screenshot)

    def _screenshot(self, file: Path) -> None:
        from playwright.sync_api import Error

        if self._page is None or self._page.is_closed():
            return
        with contextlib.suppress(Error), self.bounded(PATIENCE_SECONDS):  # a page that died has no picture
            self._show(True)
            self._page.screenshot(path=file, style=MASK, timeout=5000, animations="disabled")

    def close(self) -> None:
        """Ends the browser; one that died already is no error."""
        from playwright.sync_api import Error

        with contextlib.suppress(Error), self.bounded(PATIENCE_SECONDS):
            if self._browser is not None:
                self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = self._browser = self._context = self._page = self._control = self._pid = None
