"""The desks: what each adds to the suite, beside its rows in tasks/flow.py and its steps.

A desk is a module here with a `DESK`. Reading asks the desks in this order who takes a document; the review desk who
shows an item; the demo and the day's report what they have to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console

    from bots.desks import DocumentDesk, JudgeAlone
    from bots.report.section import Section
    from desk.sheets import Sheet
    from tasks.settings import Settings
    from workitems.ledger import Ledger
    from workitems.store import Store

NAMES = ("joiners", "contracts", "invoices")
"""Who is asked first stands first."""

LOOKS = ("tasks.contract_looks", "tasks.joiner_looks")
"""Modules whose `looks` names what `run.py check` looks at for a desk: it need not load the desks themselves."""

Rows = dict[str, list[dict[str, Any]]]
Look = Callable[[], tuple[Literal["ok", "warn", "fail"], str]]
"""How one part of a deployment stands, in a sentence that says what to do where it does not work."""


def _nothing_to_report(store: Store, settings: Settings) -> tuple[Section, ...]:
    return ()


def _nothing_comes_later(home: Path) -> int:
    return 0


def _nothing_to_tell(store: Store) -> Rows:
    return {}


def _nothing_to_show(console: Console, outcome: Rows) -> None:
    return None


@dataclass(frozen=True)
class Desk:
    """What one desk adds."""

    name: str
    reading: Callable[[Settings, Ledger], DocumentDesk]  # its part in read_documents
    sheet: Callable[[], Sheet]  # its page of the review desk
    fill: Callable[[Path], int]  # puts the demo's mails into the mailbox of a home, once; how many there are
    later: Callable[[Path], int] = _nothing_comes_later  # puts mails there that come when the first were worked on
    judge: Callable[[Settings], JudgeAlone] | None = None  # what `run.py read` says of a document; None: the usual
    report: Callable[[Store, Settings], tuple[Section, ...]] = _nothing_to_report
    result: Callable[[Store], Rows] = _nothing_to_tell  # its lists in the demo's result
    show: Callable[[Console, Rows], None] = _nothing_to_show  # the same for a person at a terminal


@cache
def desk(name: str) -> Desk:
    """The desk of that name."""
    found: Desk = import_module(f"tasks.desks.{name}").DESK
    return found


def judges(settings: Settings) -> tuple[JudgeAlone, ...]:
    """What the desks say of a document by itself."""
    return tuple(each.judge(settings) for each in desks() if each.judge is not None)


def looks(settings: Settings) -> Mapping[str, Look]:
    """What `run.py check` looks at for the desks."""
    return {name: look for module in LOOKS for name, look in import_module(module).looks(settings).items()}


def desks() -> tuple[Desk, ...]:
    """All desks, in the order in which they are asked."""
    return tuple(desk(name) for name in NAMES)
