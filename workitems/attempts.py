"""One attempt at one item, as a value: what the bot said or what went wrong, before any host hears of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ConfigDict, ValidationError
from robocorp.workitems import ExceptionType

from workitems.errors import NeedsReview, TryLater
from workitems.files import check_name
from workitems.items import Decision, Doubt, Item
from workitems.work import Handle, Make, Outcome, Output, Work

log = logging.getLogger(__name__)

MOST_BATCHES = 1000


class Failure(NamedTuple):
    """Why an item is released as failed: BUSINESS waits for a person, APPLICATION for a later attempt."""

    kind: ExceptionType
    code: str
    message: str


@dataclass(frozen=True)
class Staged:
    """An output that is complete: its payload, its files as (name, local file), and its key where it has one."""

    payload: dict[str, Any]
    files: tuple[tuple[str, Path], ...]
    key: str = ""


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended. `payload` None leaves the item's payload as it is.

    `postpone`: it failed, and the item is not to blame: it is taken up again after so many seconds (TryLater says so).
    """

    payload: dict[str, Any] | None = None
    outputs: tuple[Staged, ...] = ()
    decision: Decision | None = None
    failure: Failure | None = None
    postpone: float | None = None


class _AnyItem(Item):
    """What every payload has, whatever its kind adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def handle_item(handle: Handle, work: Work) -> Attempt:
    """Lets the bot handle an item. Whatever it raises becomes a failure of the item, never of the run."""
    wrong = _what_is_wrong(work.payload)
    if wrong is not None:
        return Attempt(failure=Failure(ExceptionType.BUSINESS, "bad_payload", wrong))
    try:
        return _said(handle(work), work)
    except NeedsReview as review:
        return _for_review(review.doubts, work.payload)
    except ValidationError as error:
        if _is_about(error, work.payload):
            return Attempt(failure=Failure(ExceptionType.BUSINESS, "bad_payload", _sentence(error)))
        return _went_wrong(error, work)
    except Exception as error:  # noqa: BLE001 - the one place where a bug of one item is kept from the others
        return _went_wrong(error, work)


def ask_for_outputs(make: Make, work: Work, once: bool) -> Attempt:
    """Asks a producer for its outputs: once, or until it gives nothing more."""
    staged: list[Staged] = []
    if not isinstance(work.payload, dict):
        work.payload = {}  # a trigger may carry anything
    try:
        for _ in range(1 if once else MOST_BATCHES):
            outputs = make(work.id, work)
            if not outputs:
                break
            staged += _stage(outputs, work)
    except NeedsReview as review:
        first = _first(review.doubts)
        return Attempt(failure=Failure(ExceptionType.BUSINESS, first.code, first.message))
    except Exception as error:  # noqa: BLE001 - as above
        return _went_wrong(error, work)
    return Attempt(outputs=tuple(staged))


def _went_wrong(error: Exception, work: Work) -> Attempt:
    if isinstance(error, TryLater):
        log.warning("item %s: %s, another attempt follows", work.id, error.code)
        return Attempt(failure=Failure(ExceptionType.APPLICATION, error.code, str(error)), postpone=error.postpone)
    log.error("item %s: a bug", work.id, exc_info=error)
    # The class alone: a message may quote what it failed on, and items are seen by more people than logs.
    return Attempt(
        failure=Failure(ExceptionType.APPLICATION, "bug", f"A fault in the program: {type(error).__name__}.")
    )


def _said(outcome: Outcome, work: Work) -> Attempt:
    payload = outcome.item.model_dump(mode="json")
    if outcome.item.route == "review":
        first = _first(outcome.item.doubts)
        failure = Failure(ExceptionType.BUSINESS, first.code, first.message)
        return Attempt(payload, decision=outcome.decision, failure=failure)
    return Attempt(payload, tuple(_stage(outcome.outputs, work)), outcome.decision)


def _for_review(doubts: Sequence[Doubt], payload: dict[str, Any]) -> Attempt:
    """The item as it came, with the doubts of this attempt."""
    first = _first(doubts)
    doubted = payload | {"doubts": [d.model_dump(mode="json") for d in doubts], "route": "review"}
    return Attempt(doubted, failure=Failure(ExceptionType.BUSINESS, first.code, first.message))


def _first(doubts: Sequence[Doubt]) -> Doubt:
    """The first doubt that blocks, else the first: what the item waits for."""
    blocking = [d for d in doubts if d.severity == "block"]
    nameless = Doubt(code="review", message="A person has to look at this.")
    return (blocking or list(doubts) or [nameless])[0]


def _stage(outputs: Sequence[Output], work: Work) -> list[Staged]:
    """Puts every file of the outputs on the disk. Raises FileNotFoundError or ValueError for a bad name."""
    staged = []
    for output in outputs:
        files = [(check_name(name), work.path(name)) for name in output.files]
        files += [(check_name(name), work.scratch(content)) for name, content in output.attach.items()]
        staged.append(Staged(output.item.model_dump(mode="json"), tuple(files), output.key))
    return staged


def _what_is_wrong(payload: Any) -> str | None:
    """Why the payload is no item at all, as a sentence without any of its values."""
    if not isinstance(payload, dict):
        return "The payload is no object."
    try:
        _shape_of(payload.get("kind")).model_validate(payload)
    except ValidationError as error:
        return _sentence(error)
    return None


def _shape_of(kind: object) -> type[Item]:
    """What a payload must have: what every item has, or the kind itself where that may come without a document."""
    known = (k for k in _below(Item) if k.model_fields["kind"].default == kind)
    return next((k for k in known if not k.model_fields["document"].is_required()), _AnyItem)


def _is_about(error: ValidationError, payload: dict[str, Any]) -> bool:
    """Whether the payload itself was refused as an item of its kind, and not something that the bot made."""
    for kind in _below(Item):
        if kind.__name__ == error.title and kind.model_fields["kind"].default == payload.get("kind"):
            try:
                kind.model_validate(payload)
            except ValidationError:
                return True
    return False


def _below(kind: type[Item]) -> list[type[Item]]:
    return [c for child in kind.__subclasses__() for c in (child, *_below(child))]


def _sentence(error: ValidationError) -> str:
    """Which fields are wrong in which way, without values."""
    faults = [f"{'.'.join(str(p) for p in e['loc'])[:80]} ({e['type']})" for e in error.errors(include_input=False)]
    return f"The payload is no valid item: {', '.join(faults[:5])}{' and more' if len(faults) > 5 else ''}."
