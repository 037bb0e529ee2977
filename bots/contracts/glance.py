"""A registered contract in one line: with whom, about what, and which day comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from bots.contracts.dossier import ACTIVE, counterparties, terms_in
from bots.contracts.nouns import Terms
from workitems.dossiers import Dossier


class Glance(NamedTuple):
    """A contract of the register. `item`: the one it was registered by; amounts are in the company's currency."""

    dossier: str
    item: str
    document: str
    terms: Terms
    others: tuple[str, ...]  # the parties that are not the company
    active: bool
    expected_loss: Decimal
    amendments: int

    @property
    def title(self) -> str:
        """What it is called."""
        return self.terms.title or self.document

    @property
    def next_day(self) -> date | None:
        """The day by which somebody has to act, or on which it ends."""
        return self.terms.notice_deadline or self.terms.expires_on

    def tells(self, words: str) -> bool:
        """Whether each of the words stands in its title, kind, parties, law or file name; case does not matter."""
        terms = self.terms
        told = " ".join((terms.title, terms.contract_type, *terms.parties, terms.governing_law or "", self.document))
        return all(word in told.casefold() for word in words.casefold().split())


def glance(dossier: Dossier, ours: Sequence[str]) -> Glance:
    """What a dossier holds, in one line; `ours`: the company's own names."""
    body = dossier.body
    return Glance(
        dossier=dossier.id,
        item=str(body.get("item", "")),
        document=str(body.get("document", "")),
        terms=terms_in(dossier),
        others=tuple(counterparties(body, ours)),
        active=dossier.state == ACTIVE,
        expected_loss=_amount(body.get("expected_loss")),
        amendments=len(body.get("amendments") or ()),
    )


def next_first(contracts: list[Glance], today: date) -> list[Glance]:
    """In force before others, then by the day that comes next; days gone by and no day at all last."""

    def order(contract: Glance) -> tuple[bool, bool, date, str]:
        day = contract.next_day or date.max
        return (not contract.active, day < today, day, contract.title)

    return sorted(contracts, key=order)


def _amount(told: object) -> Decimal:
    try:
        return Decimal(str(told or 0))
    except InvalidOperation:
        return Decimal(0)
