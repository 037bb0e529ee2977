"""Addresses that forms ask for in parts: the street in one box, postcode and town in another."""

from __future__ import annotations

import re

from extractors.joiner.cells import Cell
from extractors.values import plain
from workitems.items import Word

_POSTCODE = re.compile(r"\b\d{4,5}\s+\w|\b[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}\b")
_TOWN = re.compile(r"(?:plz|postleitzahl|(?:wohn)?ort\b|post ?code|zip|city|town|code postal|ville)")


def with_town(text: str, words: tuple[Word, ...], cell: Cell, at: Cell) -> tuple[str, tuple[Word, ...]]:
    """A street at `at`, asked for by `cell`, with postcode and town where the form has a box of their own for them."""
    if _POSTCODE.search(text):
        return text, words
    below = cell.below.below if cell.below is not None else None
    for near in (at.right, cell.right, at.below, cell.below, below):
        if near is None or near is at or near is cell or not _TOWN.match(plain(near.text)):
            continue
        for place in (near.right, near.below):
            if near.rest and _POSTCODE.search(near.rest):
                return f"{text}, {near.rest}", (*words, *near.words)
            if place is not None and _POSTCODE.match(place.text):
                return f"{text}, {place.text}", (*words, *place.words)
    return text, words
