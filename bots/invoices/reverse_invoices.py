"""Takes postings back: looked for in the ERP, cancelled there once, read back, and noted on the item that was posted.

Only what a bot posted is reversed. The effect is exactly once, as that of posting: an intent row, a search, the
cancellation, a done row.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from bots.invoices.codes import doubt
from bots.invoices.post_invoices import LOCK_SECONDS
from bots.invoices.reversals import reversal_key
from connectors import ErpSystem
from workitems.errors import NeedsReview
from workitems.items import Decision, PostedEntry, Posting, Reversal
from workitems.rows import Effect
from workitems.work import Outcome, Work

log = logging.getLogger(__name__)

STEP = "reverse_invoices"


class Effects(Protocol):
    """What reversing needs of the ledger."""

    def begin_effect(self, key: str, item_id: str, intent: dict[str, Any]) -> Effect:
        """Writes down what is about to be done."""
        ...

    def finish_effect(self, key: str, result: dict[str, Any], noted: tuple[str, Decision] | None = None) -> None:
        """Writes down what came of it, and a decision about the item that it touches."""
        ...

    def effects_naming(self, prefix: str, text: str) -> list[Effect]:
        """What was done under keys with a prefix, by a text of the result."""
        ...

    def lock(self, name: str, owner_seconds: float) -> AbstractContextManager[None]:
        """Holds a named lock. Raises TryLater when somebody else has it."""
        ...


@dataclass(frozen=True)
class Desk:
    """The ERP's screens and the ledger of effects. `today` is the date where the company is."""

    erp: ErpSystem
    effects: Effects
    today: Callable[[], date]


def handle(work: Work, desk: Desk) -> Outcome:
    """One reversal: done, or to a person. Raises NeedsReview; TryLater when the ERP is away or another bot is busy."""
    item = Reversal.model_validate(work.payload)
    with desk.effects.lock(f"erp:{desk.erp.name}", LOCK_SECONDS):
        return _reverse(work, item, desk)


def _reverse(work: Work, item: Reversal, desk: Desk) -> Outcome:
    posted = _posted(item.posting, desk)
    entry = PostedEntry.model_validate((posted.result or {})["posting"])
    _must_be_meant(item.posting, entry)
    key = reversal_key(desk.erp.name, entry.reference)
    intent = {"posting": posted.key, "item": posted.item_id, "reason": item.reason, "asked_by": item.asked_by}
    begun = desk.effects.begin_effect(key, work.id, intent)
    if begun.state == "done" and begun.result:
        return _done(item, Posting.model_validate(begun.result["posting"]))
    found = desk.erp.reverse(entry)
    result = {"posting": found.model_dump(mode="json"), "on": desk.today().isoformat(), "reason": item.reason}
    done = _done(item, found)
    assert done.decision is not None  # noqa: S101 - as _done makes it
    noted = done.decision.model_copy(update={"rules": (f"reversed:{entry.reference}",)})
    desk.effects.finish_effect(key, result | {"asked_by": item.asked_by}, (posted.item_id, noted))
    log.info("item %s reversed %s", work.id, entry.reference)
    return done


def _posted(named: PostedEntry, desk: Desk) -> Effect:
    """The effect record of the posting. Raises NeedsReview where no bot posted it."""
    found = [
        effect
        for effect in desk.effects.effects_naming(f"post:{desk.erp.name}:", named.reference)
        if (effect.result or {}).get("posting", {}).get("reference") == named.reference
    ]
    if named.system != desk.erp.name or len(found) != 1:
        message = f"No bot posted an entry {named.reference} in {named.system}; reverse it there by hand."
        raise NeedsReview([doubt("reversal_unknown", message)])
    return found[0]


def _must_be_meant(named: PostedEntry, entry: PostedEntry) -> None:
    """Who names an entry by more than its reference means that very one."""
    for field in ("supplier", "number", "total", "currency"):
        said, was = getattr(named, field), getattr(entry, field)
        if said is not None and said != was:
            message = f"{entry.reference} was posted with {field} {was}; the reversal names {said}."
            raise NeedsReview([doubt("reversal_differs", message, field)])


def _done(item: Reversal, found: Posting) -> Outcome:
    done = item.model_copy(update={"reversed_as": found, "route": "straight", "doubts": ()})
    named = f"{item.posting.system}\n{item.posting.reference}\n{item.reason}"
    decision = Decision(
        step=STEP,
        input_hash=hashlib.sha256(named.encode()).hexdigest(),
        rules=("reversed",),
        route="straight",
        who=item.asked_by or "bot",
    )
    return Outcome(item=done, decision=decision)
