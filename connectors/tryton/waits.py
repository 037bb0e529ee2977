"""The one place that waits for sao, Tryton's web client.

`client.js` counts sao's calls, timers and file reads inside the page, so idle is observed and not guessed: an action
is sent to the page, and the answer comes when sao has nothing more to do for it. Every answer also says whether a
dialog is shown, so no action goes past one unseen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workitems.items import Noun

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CLIENT = Path(__file__).with_name("client.js")
LIMIT_MS = 60_000  # a report or a slow server may take long; longer than this it counts as away

Action = Literal["click", "open", "enter", "date", "choose"]


class Dialog(Noun):
    """A dialog of sao. `title` and `body` are the ERP's own sentences and may name parties: never log them."""

    kind: str
    title: str
    body: str
    secret: bool = False  # it asks for a password
    warning: str | None = None  # the name of the ERP's warning

    @property
    def sentence(self) -> str:
        """What the ERP says, for a person."""
        return " ".join(part for part in (self.title, self.body) if part)


class Offer(Noun):
    """One completion: the record's id and its name."""

    id: int
    name: str


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
    """One call of sao to the server. `seconds` as the page saw it; `status` is HTTP's."""

    method: str
    seconds: float
    status: int


class Waited(Noun):
    """What one action cost: wall time at the driver, of which no call was on its way, and the calls themselves."""

    seconds: float
    held: float
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

    def __init__(self, page: Page, on_wait: Callable[[Waited], None] = lambda waited: None) -> None:
        self.page = page
        self._on_wait = on_wait

    def click(self, target: Locator, expect: str | None = None) -> Dialog | None:
        """Clicks and waits. Returns the dialog where one of the kind `expect` opens."""
        return self._act(target, "click", None, expect)

    def open(self, row: Locator) -> None:
        """Opens a row of a list."""
        self._act(row, "open", None, None)

    def enter(
        self,
        target: Locator,
        value: str,
        action: Literal["enter", "date", "choose"] = "enter",
        inside: str | None = None,
    ) -> None:
        """Puts a value into a field and leaves it; dates in ISO format, selections by their key.

        `inside` is the kind of the dialog that the field stands in.
        """
        self._act(target, action, value, inside)

    def complete(self, target: Locator, typed: str, wanted: Wanted) -> Completion:
        """Types into a field with completion and takes the one offer that is wanted."""
        script = "(el, [typed, wanted, limit]) => deskhand.complete(el, typed, wanted, limit)"
        arguments = [typed, wanted.model_dump(exclude_none=True), LIMIT_MS]
        report = self._run(lambda: target.evaluate(script, arguments), target)
        taken = report.get("taken")
        return Completion(
            offers=tuple(Offer(id=o["id"], name=o["name"]) for o in report.get("offers", ())),
            taken=Offer(id=taken["id"], name=taken["name"]) if taken else None,
        )

    def read(self, root: Locator, fields: dict[str, str]) -> dict[str, str | None]:
        """The values that fields (name -> CSS below `root`) hold: numbers with a point, selections by their key."""
        values: dict[str, str | None] = root.evaluate("(el, fields) => deskhand.read(el, fields)", fields)
        return values

    def settle(self, expect: str | None = None) -> Dialog | None:
        """Waits until sao is idle."""
        report = self._run(lambda: self.page.evaluate("limit => deskhand.settle(limit)", LIMIT_MS), None, expect)
        return _expected(report, expect)

    def _act(self, target: Locator, action: Action, value: str | None, expect: str | None) -> Dialog | None:
        script = "(el, [name, value, limit]) => deskhand.act(el, name, value, limit)"
        report = self._run(lambda: target.evaluate(script, [action, value, LIMIT_MS]), target, expect)
        return _expected(report, expect)

    def _run(self, act: Callable[[], Any], target: Locator | None, expect: str | None = None) -> dict[str, Any]:
        start = time.perf_counter()
        report: dict[str, Any] = act()
        if "problem" in report:
            raise ScreenChanged(f"{target} is {report['problem']}")
        calls = tuple(Call(method=m, seconds=ms / 1000, status=s) for m, ms, s in report["calls"])
        waited = Waited(seconds=time.perf_counter() - start, held=report["held"] / 1000, calls=calls)
        self._on_wait(waited)
        _refuse(report, expect)
        return report


def _refuse(report: dict[str, Any], expect: str | None) -> None:
    if report["lost"] is not None or report["stuck"]:
        raise ServerAway("the ERP does not answer" if report["stuck"] else f"the ERP answered {report['lost']}")
    dialog = report["dialog"]
    if dialog and dialog["kind"] != expect:
        raise DialogShown(Dialog(**dialog))
    if report["alerts"]:
        raise FormRefused(" ".join(report["alerts"]))


def _expected(report: dict[str, Any], expect: str | None) -> Dialog | None:
    dialog = report["dialog"]
    return Dialog(**dialog) if dialog and dialog["kind"] == expect else None
