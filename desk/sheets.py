"""A desk's page: how its items are shown, and what a form says. One page frame, one sheet per desk in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from desk.choices import Offers
from desk.items import ItemView
from workitems.items import Answer
from workitems.rows import ItemRow

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from desk.app import Desk


class Summary(NamedTuple):
    """An item in the list: whom it is about (supplier, party, joiner), and an amount or a date."""

    who: str
    what: str = ""
    unit: str = ""


class Sheet(Protocol):
    """One desk's part of the review page. The sheets are asked in turn; the first that shows an item has it."""

    desk: str
    """What the list calls its items: a person who works for one desk sees that one's alone."""

    form: str
    """The template of the form: what was read, and what is asked. It gets `view`, `offers`, `open`, `typed`."""

    def shows(self, item: ItemRow) -> bool:
        """Whether the item is this desk's."""
        ...

    def view(self, item: ItemRow) -> ItemView:
        """The item as the page shows it; never raises, whatever the payload is."""
        ...

    def summary(self, shown: ItemView) -> Summary:
        """The item as the list shows it."""
        ...

    def answers(
        self, shown: ItemView, form: Mapping[str, str], offers: Offers, by: tuple[str, datetime]
    ) -> tuple[Answer, ...]:
        """What the form says beyond what was shown; `by`: who, and when. Raises desk.answers.NotUnderstood."""
        ...

    def orders(self, shown: ItemView) -> Sequence[str]:
        """The orders that the ERP's records are asked for, so that the form can offer their lines."""
        ...


@runtime_checkable
class HasPages(Protocol):
    """A sheet whose desk has pages of its own, beside those of items."""

    pages: Sequence[tuple[str, str]]
    """Addresses and names of those that the head of every page leads to."""

    def routes(self, desk: Desk) -> list[BaseRoute]:
        """All of them, in the desk's frame."""
        ...


class Sheets:
    """All sheets, in the order in which they are asked; the last one shows everything."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = tuple(sheets)

    def of(self, item: ItemRow) -> Sheet:
        """Who shows the item."""
        return next((s for s in self._sheets if s.shows(item)), self._sheets[-1])

    def view(self, item: ItemRow) -> ItemView:
        """The item as its desk shows it."""
        return self.of(item).view(item)
