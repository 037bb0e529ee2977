"""What became of the items that were sent on from this desk, as far as the bots are."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from workitems.rows import ItemRow
from workitems.states import State
from workitems.store import Store

REMEMBERED = 50
Tone = Literal["going", "good", "back", "ended"]


@dataclass(frozen=True)
class Sent:
    """An item that a person answered or rejected here."""

    item_id: str
    document: str
    who: str


@dataclass(frozen=True)
class Standing:
    """Where it stands now: a sentence, and the item to open."""

    item_id: str
    document: str
    tone: Tone
    sentence: str


class Progress:
    """The last items that were sent on since the desk was opened; newest first, each once."""

    def __init__(self) -> None:
        self._sent: deque[Sent] = deque(maxlen=REMEMBERED)

    def add(self, sent: Sent) -> None:
        """Remembers one more."""
        for same in [s for s in self._sent if s.item_id == sent.item_id]:
            self._sent.remove(same)
        self._sent.appendleft(sent)

    def standings(self, store: Store, who: str | None, most: int) -> list[Standing]:
        """Where this person's last items stand."""
        mine = [s for s in self._sent if s.who == who][:most]
        found = [(sent, _last(store, sent.item_id)) for sent in mine]
        return [standing(sent.document, last) for sent, last in found if last is not None]


def _last(store: Store, item_id: str) -> ItemRow | None:
    """The last item that came of it: a document's invoice, where there is one."""
    family = store.lineage(item_id)
    last = next((item for item in family if item.id == item_id), None)
    while last is not None:
        child = next((item for item in reversed(family) if item.parent_id == last.id), None)
        if child is None:
            return last
        last = child
    return None


def standing(document: str, item: ItemRow) -> Standing:
    """Where one item stands, in words."""
    tone, sentence = _said(item, item.payload if isinstance(item.payload, dict) else {})
    return Standing(item.id, document, tone, sentence)


def _said(item: ItemRow, payload: Mapping[str, Any]) -> tuple[Tone, str]:
    posts, message = item.queue == "invoice", item.message or item.code or "no reason was given"
    if item.state == "ready" and item.attempts and item.not_before:
        return "going", f"{message} It is tried again at {_clock(item.not_before)}."
    sentences: dict[State, tuple[Tone, str]] = {
        "ready": ("going", f"Saved. It waits to be {'posted' if posts else 'checked'}."),
        "held": ("going", "Saved. It waits for the next step."),
        "taken": ("going", "It is being posted." if posts else "It is being checked."),
        "review": ("back", f"It waits for a person again: {message}"),
        "dead": ("back", f"The bots gave up: {message}"),
        "cancelled": ("ended", f"Rejected: {message}"),
    }
    return sentences.get(item.state) or _done(payload)


def _done(payload: Mapping[str, Any]) -> tuple[Tone, str]:
    posting = payload.get("posting")
    if isinstance(posting, dict):
        return "good", f"Posted in {str(posting.get('system')).capitalize()} as {posting.get('reference')}."
    if isinstance(payload.get("ended"), str):
        return "good", f"{payload['ended'].capitalize()}."
    return ("ended", "Rejected by the checks.") if payload.get("route") == "reject" else ("good", "Done.")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"
