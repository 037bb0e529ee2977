"""Licences: a pool per product. A seat is a joiner's as long as the dossier says so; an empty pool has to be filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from bots.joiners.nouns import Joiner
from workitems.items import Noun


class Pool(Noun):
    """The seats of one product: who owns them, how many there are, what one costs a month."""

    product: str
    owner: str
    seats: Annotated[int, Field(ge=0)]
    cost: Decimal = Decimal(0)
    currency: str = "EUR"


class Seats(NamedTuple):
    """What a joiner gets: seats of pools, and products that have to be bought first."""

    assigned: tuple[str, ...]
    to_buy: tuple[str, ...]


TASK = "licences"


def taken(joiners: Iterable[Joiner]) -> dict[str, int]:
    """Seats in use by product."""
    used: dict[str, int] = {}
    for joiner in joiners:
        done = joiner.done.get(TASK)
        for product in done.undo.get("assigned", ()) if done else ():
            used[product] = used.get(product, 0) + 1
    return used


def allot(tools: Iterable[str], pools: Iterable[Pool], used: Mapping[str, int]) -> Seats:
    """Seats for the tools of a role; a tool without a pool has to be bought."""
    free = {pool.product: pool.seats - used.get(pool.product, 0) for pool in pools}
    wanted = tuple(dict.fromkeys(tools))
    assigned = tuple(tool for tool in wanted if free.get(tool, 0) > 0)
    return Seats(assigned, tuple(tool for tool in wanted if tool not in assigned))
