"""Papers by kind and number: `paper("delivery_note", 7)` is always the same one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from devdata.kinds.leaf import Leaf, recognised
from devdata.kinds.letters import contract, letter
from devdata.kinds.others import other
from devdata.kinds.people import Maker, maker
from devdata.kinds.persons import application, identity
from devdata.kinds.receipts import receipt
from devdata.kinds.trade import trade
from workitems.items import Kind, Page

MAKERS: dict[Kind, Callable[[Maker], list[Leaf]]] = {
    "invoice": partial(trade, kind="invoice"),
    "receipt": receipt,
    "credit_note": partial(trade, kind="credit_note"),
    "order": partial(trade, kind="order"),
    "delivery_note": partial(trade, kind="delivery_note"),
    "contract": contract,
    "application": application,
    "identity": identity,
    "letter": letter,
    "other": other,
}
NOISY = 0.5  # of the papers come as an OCR engine would have them


def leaves(kind: Kind, number: int) -> tuple[list[Leaf], str]:
    """The sheets of a paper and its language."""
    m = maker(f"{kind} {number}")
    return MAKERS[kind](m), m.language


def paper(kind: Kind, number: int) -> list[Page]:
    """The pages of a paper as the readers see them."""
    made, _ = leaves(kind, number)
    pages = [leaf.page(n) for n, leaf in enumerate(made, 1)]
    random = Random(f"noise {kind} {number}")  # noqa: S311 - no secret
    if random.random() < NOISY:
        errors = random.choice([0.003, 0.01, 0.02, 0.05])
        pages = [recognised(page, random, errors) for page in pages]
    return pages
