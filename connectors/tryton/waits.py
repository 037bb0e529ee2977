"""The one place that waits for sao, Tryton's web client.

`client.js` counts sao's calls, timers and file reads inside the page, so idle is observed and not guessed: an action
is sent to the page, and the answer comes when sao has nothing more to do for it. Every action is followed by a look for
dialogs, so none goes past one unseen. Elements are acted on by the events that sao listens to, after the checks that a
person's hand makes (shown, enabled, not covered): a click of Playwright's own waits for two frames besides.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workitems.items import Noun

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLIENT = Path(__file__).with_name("client.js")
LIMIT_MS = 60_000  # what an action may take; longer than that the server counts as away
GRACE = 30.0  # seconds, after which a page that does not even say so is ended


class Dialog(Noun):
    """A dialog of sao. `title` and `body` are the ERP's own sentences and may name parties: never log them."""

    kind: str
    title: str
    body: str
    secret: bool = False  # it asks for a password
    refused: tuple[str, ...] = ()  # the kind of the ERP's refusal and, of a warning, its name

    @property
    def sentence(self) -> str:
        """What the ERP says, for a person."""
        return " ".join(part for part in (self.title, self.body) if part)


class Offer(Noun):
    """One completion: the record's id and its name."""

    id: int
    name: str


class Act(Noun):
    """One thing that a person does on a screen.

    `at` is CSS below the last shown element that fits `within`, in stages like "ul @1 >> li @0" (numbers count what is
    shown, from 0; without one the first is meant). `value` is what is entered, typed or chosen: dates in ISO format,
    selections by their key. `expect` is the kind of dialog that the act opens or happens in; one that is `optional` is
    left out where its element is not shown.
    """

    what: Literal["click", "open", "enter", "date", "choose", "complete"]
    at: str
    within: str
    value: str = ""
    wanted: Wanted | None = None
    expect: str | None = None
    optional: bool = False


class Wanted(Noun):
    """Which offer is meant: by the record's id, by its exact name, or by a pattern of the name."""

    id: int | None = None
    name: str | None = None
    pattern: str | None = None


class Completion(Noun):
    """What a field with completion offered, and the one offer that was taken."""

    offers: tuple[Offer, ...]
    taken: Offer | None


class Call(Noun):
    """One call of sao to the server. `seconds` as the page saw it; `blocking`: the page stood still."""

    method: str
    seconds: float
    status: int
    blocking: bool


class Waited(Noun):
    """What one action cost: wall time at the driver, and the calls that sao made for it."""

    seconds: float
    calls: tuple[Call, ...]


class DialogShown(Exception):
    """sao asks or tells something that the action did not expect."""

    def __init__(self, dialog: Dialog) -> None:
        self.dialog = dialog
        super().__init__(dialog.kind)


class FormRefused(Exception):
    """sao marks the form as not valid. `sentence` says which field, for a person."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__("the form is not valid")


class ServerAway(Exception):
    """A call got no proper answer, or sao did not come to rest."""


class ScreenChanged(Exception):
    """A screen is not as the page objects know it. The message names the place, never a value."""


class Client:
    """One sao page, driven action by action."""

    def __init__(
        self,
        page: Page,
        on_wait: Callable[[Waited], None] = lambda waited: None,
        bounded: Callable[[float], AbstractContextManager[None]] = lambda seconds: contextlib.nullcontext(),
    ) -> None:
        """`bounded` ends the browser when what is inside takes longer: a page that waits in a synchronous call cannot
        be asked anything, and its evaluation has no limit of its own.
        """
        self.page = page
        self._on_wait, self._bounded = on_wait, bounded

    def perform(self, *acts: Act) -> list[Completion]:
        """Does one act after the other in a single round trip and waits for each. Returns what completions offered.

        It ends early where an offer cannot be taken: then the last completion has none. Raises DialogShown,
        FormRefused, ServerAway or ScreenChanged at the first act that goes wrong.
        """
        arguments = [[act.model_dump(exclude_none=True) for act in acts], LIMIT_MS]
        report = self._run("([acts, limit]) => deskhand.perform(acts, limit)", arguments)
        if report["problem"]:
            raise ScreenChanged(report["problem"])
        _refuse(report, report.get("surprise", False))
        return [Completion.model_validate(found) for found in report["completions"]]

    def read(self, within: str, fields: dict[str, str]) -> dict[str, str | None]:
        """The values that fields (name -> CSS) hold: numbers with a point, selections by their key."""
        script = "([within, fields]) => deskhand.read(within, fields)"
        values: dict[str, str | None] = self.page.evaluate(script, [within, fields])
        return values

    def texts(self, within: str, at: str) -> list[str]:
        """The texts of all elements that are shown there."""
        found: list[str] = self.page.evaluate("([within, at]) => deskhand.texts(within, at)", [within, at])
        return found

    def settle(self, expect: str | None = None) -> None:
        """Waits until sao is idle."""
        report = self._run("limit => deskhand.settle(limit)", LIMIT_MS)
        dialog = report["dialog"]
        _refuse(report, bool(dialog) and dialog["kind"] != expect)

    def _run(self, script: str, arguments: Any) -> dict[str, Any]:
        start = time.perf_counter()
        with self._bounded(LIMIT_MS / 1000 + GRACE):
            report: dict[str, Any] = self.page.evaluate(script, arguments)
        calls = tuple(Call(method=m, seconds=ms / 1000, status=s, blocking=b) for m, ms, s, b in report["calls"])
        self._on_wait(Waited(seconds=time.perf_counter() - start, calls=calls))
        return report


def _refuse(report: dict[str, Any], surprise: bool) -> None:
    if report.get("stuck") or report.get("lost") is not None:
        raise ServerAway("The ERP does not answer." if report["stuck"] else f"The ERP answered {report['lost']}.")
    if surprise:
        raise DialogShown(Dialog(**report["dialog"]))
    if report.get("alerts"):
        raise FormRefused(" ".join(report["alerts"]))
