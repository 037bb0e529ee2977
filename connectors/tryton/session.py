"""One login at sao for a batch: opened when it is first needed, opened anew after anything went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from connectors.browser import BrowserSession
from connectors.evidence import Recorder
from connectors.tryton.pages import InvoiceTab, LoginPage, WarningQuestion
from connectors.tryton.refusals import SessionLost, refusal
from connectors.tryton.waits import CLIENT, Client, DialogShown, FormRefused, ScreenChanged, ServerAway, Waited
from workitems.errors import NeedsReview, TryLater
from workitems.items import Noun

BATCH = 60  # invoices on one page: sao keeps a thousand nodes of each, 4 MB; a fresh page costs some seconds
Made = TypeVar("Made")

OURS = (NeedsReview, TryLater, DialogShown, FormRefused, ScreenChanged, ServerAway)


class TrytonSite(Noun):
    """Where a Tryton stands and who keys there; `url` without the database's name."""

    url: str
    database: str
    login: str
    password: SecretStr


class Session:
    """A browser that is logged in, for screens of any kind; for invoices with their list open."""

    def __init__(self, site: TrytonSite, evidence: Path, recorder: Recorder) -> None:
        """`evidence`: folder for masked screenshots and traces of failures."""
        self._site = site
        self.recorder = recorder
        self.browser = BrowserSession(evidence, CLIENT, recorder)
        self._tab: InvoiceTab | None = None
        self._client: Client | None = None
        self._usable = False  # the client's page is as the last action left it, and nothing went wrong there
        self._served = 0  # invoices, or people, on this page

    @property
    def database(self) -> str:
        """The name with which the addresses of the screens begin."""
        return self._site.database

    def client(self) -> Client:
        """A page that is logged in. Raises TryLater where the ERP does not let us in."""
        if self._client is None or not self._usable or not self.browser.alive:
            with self.recorder.step("login"):
                self._tab, self._client = None, self.log_in()
            self._usable, self._served = True, 0
        return self._client

    def tab(self) -> InvoiceTab:
        """The invoice list. Raises TryLater where the ERP does not let us in."""
        client = self.client()
        if self._tab is None:
            with self.recorder.step("login"):
                tab = InvoiceTab(client, self.database)
                tab.open()
            self._tab = tab
        return self._tab

    def log_in(self) -> Client:
        """A fresh page on which the login worked."""
        from playwright.sync_api import Error

        client = Client(self.browser.fresh_page(), self._note, self.browser.bounded)
        try:
            client.page.goto(f"{self._site.url.rstrip('/')}/#{self._site.database}")
        except Error as failure:
            raise ServerAway("The ERP's address does not answer.") from failure
        client.settle(expect="login-dialog")
        try:
            LoginPage(client).enter(self._site.database, self._site.login, self._site.password.get_secret_value())
        except DialogShown as shown:
            raise TryLater("erp_login", f"The ERP refuses the login ({shown.dialog.kind}).") from None
        return client

    def decline(self, shown: DialogShown | FormRefused) -> None:
        """Answers No where the ERP warned and asks whether to go on all the same."""
        if isinstance(shown, DialogShown) and shown.dialog.kind == "user-warning-dialog" and self._client is not None:
            WarningQuestion(self._client).decline()

    def accept(self) -> None:
        """Answers Yes to the ERP's warning."""
        if self._client is not None:
            WarningQuestion(self._client).accept()

    def attempt(self, item: str, act: Callable[[], Made]) -> Made:
        """Does it, guarded; where the ERP has ended the session once more, from the search on, with a new login."""
        with contextlib.suppress(SessionLost), self.guarded(item):
            return act()
        try:
            with self.guarded(item):
                return act()
        except SessionLost:
            raise TryLater("erp_session", "The ERP ended the session twice.") from None

    @contextlib.contextmanager
    def guarded(self, item: str) -> Iterator[None]:
        """Turns what goes wrong into the two intended failures, keeps evidence, and forgets the screen.

        `item` names the evidence: an id without personal data. A lost session is raised as SessionLost.
        """
        from playwright.sync_api import Error

        self._served += 1
        if self._served > BATCH:
            self._usable = False
        try:
            yield
        except (NeedsReview, TryLater) as failure:
            self.forget(item, failure)
            raise
        except (DialogShown, FormRefused) as shown:
            self.forget(item, shown)
            raise refusal(shown) from None
        except ServerAway as away:
            self.forget(item, away)
            raise TryLater("erp_away", str(away)) from None
        except Error as lost:
            alive = self.browser.alive
            self.forget(item, lost)
            if alive:
                raise ScreenChanged(f"no answer from the screen in step {self.recorder.failed!r}") from lost
            self.browser.close()
            raise TryLater("browser_ended", "The browser ended, or the ERP kept it waiting for too long.") from None
        except ScreenChanged as changed:
            self.forget(item, changed)
            raise

    def forget(self, item: str, failure: Exception) -> None:
        """Keeps the evidence of a failure; the next invoice begins on a fresh page. What was kept is not kept twice."""
        lost = isinstance(failure, DialogShown) and isinstance(refusal(failure), SessionLost)
        if not lost and (self._usable or not isinstance(failure, NeedsReview)):
            said = f": {failure}" if isinstance(failure, OURS) else ""  # other messages may hold values
            self.browser.keep_evidence(item, type(failure).__name__ + said)
        self._usable = False

    def close(self) -> None:
        """Ends the session."""
        self._tab = self._client = None
        self._usable = False
        self.browser.close()

    def _note(self, waited: Waited) -> None:
        calls = [[c.method, round(c.seconds, 4), c.status, c.blocking] for c in waited.calls]
        self.recorder.add("action", seconds=round(waited.seconds, 4), calls=calls)
