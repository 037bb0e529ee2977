"""A bot that dies: it posts the invoice that it reads from stdin, or takes an entry back, and kills itself at a point.

python dying_bot.py POINT < {"site": {...}, "invoice": {...}, "scan": path, "evidence": path, "entry": {...} or null}
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.evidence import Recorder
from connectors.tryton.erp import TrytonErp
from connectors.tryton.session import Session, TrytonSite
from connectors.tryton.waits import Client
from workitems.items import Invoice, PostedEntry

if TYPE_CHECKING:
    from playwright.sync_api import Route


def die() -> None:
    """As a power cut would end it: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


class Dying(Recorder):
    """Dies after an action of a step, or at its end."""

    def __init__(self, point: str) -> None:
        super().__init__()
        self._point = point

    def add(self, what: str, **figures: Any) -> None:
        super().add(what, **figures)
        if what == "action" and self._point == f"in {self.current}":
            die()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        with super().step(name):
            yield
        if self._point == f"after {name}":
            die()


class DyingErp(TrytonErp):
    """Dies when a call of the screens leaves for the server, or right before."""

    def __init__(self, site: TrytonSite, evidence: Path, point: str) -> None:
        super().__init__(site, evidence, recorder=Dying(point))
        self.session = DyingSession(site, evidence, self.recorder, point)


class DyingSession(Session):
    """See DyingErp."""

    def __init__(self, site: TrytonSite, evidence: Path, recorder: Recorder, point: str) -> None:
        super().__init__(site, evidence, recorder)
        self._when, _, self._method = point.partition(" call ")

    def log_in(self) -> Client:
        client = super().log_in()
        if self._method:
            client.page.route("**/rpc/**", self._pass)
        return client

    def _pass(self, route: Route) -> None:
        method = json.loads(route.request.post_data or "{}").get("method", "")
        if not method.endswith(self._method):
            route.continue_()
            return
        if self._when == "during":
            route.continue_()  # the server gets it, nobody hears the answer
        die()


def main() -> None:
    """Posts or takes back, unless it dies."""
    given = json.load(sys.stdin)
    site = TrytonSite.model_validate(given["site"])
    erp = DyingErp(site, Path(given["evidence"]), sys.argv[1])
    if given["entry"]:
        erp.reverse(PostedEntry.model_validate(given["entry"]))
    else:
        erp.post_invoice(Invoice.model_validate(given["invoice"]), Path(given["scan"]))
    erp.close()


if __name__ == "__main__":
    main()
