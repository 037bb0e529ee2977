"""What the ledger says of postings that were reversed: an invoice is posted again only where a person decides so."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from bots.invoices.codes import doubt
from workitems.items import Doubt
from workitems.rows import Effect


class KnownEffects(Protocol):
    """What is needed of the ledger."""

    def effect(self, key: str) -> Effect | None:
        """What was begun under a key."""
        ...


class Place(NamedTuple):
    """Under which key the next posting of an invoice is written down, and why a person has to decide about it first."""

    key: str
    reversed: Doubt | None = None


def reversal_key(system: str, reference: str) -> str:
    """What names the reversal of one entry."""
    return f"reverse:{system}:{reference}"


def place_of(first_key: str, system: str, effects: KnownEffects) -> Place:
    """The key of the invoice's posting: the first one, or one that follows a posting that was reversed."""
    place = Place(first_key)
    while (posted := effects.effect(place.key)) is not None and posted.state == "done" and posted.result:
        reference = str(posted.result["posting"]["reference"])
        taken_back = effects.effect(reversal_key(system, reference))
        if taken_back is None or taken_back.state != "done" or not taken_back.result:
            break
        place = Place(f"{first_key}:after:{reference}", _doubt(reference, taken_back))
    return place


def _doubt(reference: str, taken_back: Effect) -> Doubt:
    told = taken_back.result or {}
    who = f" by {told['asked_by']}" if told.get("asked_by") else ""
    message = f"It was posted as {reference}, and that was reversed{who} on {told['on']}: {told['reason']}"
    return doubt("posting_reversed", message)
