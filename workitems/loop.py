"""The only loops: `work_through` for steps that take items, `produce` for steps that a trigger starts.

Both work with our StoreAdapter, robocorp's FileAdapter and Control Room (deliveries.py says what differs). Nothing is
handed to the host before the bot has returned; our store then commits an item's outputs and its release together.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from requests import RequestException
from robocorp import workitems
from robocorp.workitems import EmptyQueue, ExceptionType, Input, State

from workitems.adapter import StoreAdapter
from workitems.attempts import Attempt, Failure, ask_for_outputs, handle_item
from workitems.control_room_run import HostAway
from workitems.deliveries import Delivery
from workitems.errors import TryLater
from workitems.hosts import delivery, store_adapter
from workitems.journal import BadPayload
from workitems.limits import SCHEDULED
from workitems.reservations import NotHeld
from workitems.scratch import private_folder
from workitems.waiting import Asked, Patience, ends_when_asked
from workitems.work import Handle, Make, Outcome, Output, Work

if TYPE_CHECKING:
    from workitems.ledger import Ledger

log = logging.getLogger(__name__)

__all__ = ["Handle", "Make", "Outcome", "Output", "Work", "produce", "work_through"]

Try = Callable[[Work], Attempt]


def work_through(handle: Handle, ledger: Ledger, step: str) -> int:
    """Handles the items of the step's queue, one after the other, until it is empty. Returns how many there were.

    An item that fails does not end the loop: it goes to a person (NeedsReview), to a later attempt (TryLater), or,
    as a bug, to a later attempt with its traceback in the log.
    """
    count, way = 0, delivery(ledger, step)
    with ExitStack() as stack:
        ours = _ours(stack)
        for item in _inputs(ours, stack.enter_context(ends_when_asked())):
            _work_on(item, ledger, step, way, lambda work: handle_item(handle, work))
            count += 1
    return count


def produce(make: Make, ledger: Ledger, step: str, every_seconds: float = 60.0) -> int:
    """Runs a producer: `make(parent_id, work)` gives outputs of a trigger item. Returns how many there were.

    With our store a trigger is put where none waits, unless schedules do that (DESKHAND_SCHEDULED). A batch is
    committed with its trigger, and as long as `make` gives something, another trigger follows. Other hosts bring their
    own items; there one item takes all batches. A long-lived worker asks again `every_seconds`.
    """
    count, way = 0, delivery(ledger, step)
    with ExitStack() as stack:
        ours = _ours(stack)
        trigger = None if ours is None else lambda: _trigger(ours, step)
        wake = None if os.environ.get(SCHEDULED) else trigger
        if wake is not None:
            wake()
        for item in _inputs(ours, stack.enter_context(ends_when_asked()), wake, every_seconds):
            if ours is not None:
                ours.store.mark_batch(str(item.id))
            made = _work_on(item, ledger, step, way, lambda work: ask_for_outputs(make, work, once=ours is not None))
            count += made
            if trigger is not None and made:
                trigger()
            if ours is None:
                _settle_claims(ledger, item)
    return count


def _ours(stack: ExitStack) -> StoreAdapter | None:
    ours = store_adapter()
    if ours is not None:
        stack.callback(ours.close)
    return ours


def _trigger(ours: StoreAdapter, step: str) -> None:
    ours.store.trigger(ours.queue or step, who=step)


def _settle_claims(ledger: Ledger, item: Input) -> None:
    """Another host keeps the item, so its release cannot settle the mail claims in the same transaction."""
    settle = ledger.confirm_mails if item.state == State.DONE else ledger.drop_mails
    settle(str(item.id))


def _inputs(
    ours: StoreAdapter | None, asked: Asked, wake: Callable[[], None] | None = None, every_seconds: float = 60.0
) -> Iterator[Input]:
    """The reserved items, one after the other, until the queue is empty or the process is asked to end."""
    patience = Patience(ours.store, ours.queue, wake, every_seconds) if ours is not None and ours.queue else None
    while not asked:
        try:
            # The first look reserves the first item, and raises EmptyQueue where there is none.
            current = workitems.inputs.current
            yield current if current is not None and not current.released else workitems.inputs.reserve()
        except RequestException as error:
            raise HostAway(_away(error)) from error
        except EmptyQueue:
            if patience is None or not patience.more_comes(asked):
                return


def _work_on(item: Input, ledger: Ledger, step: str, way: Delivery, try_it: Try) -> int:
    """One attempt at one item, from its payload to its release. Returns how many outputs were released."""
    with private_folder() as folder:
        work = Work(str(item.id), item.payload, item, folder)
        try:
            with item:  # an interrupt, or what the host raises: the item is released as failed
                attempt = way.receive(item, work) or try_it(work)
                attempt = _handed_over(way, item, attempt)
                if attempt.decision is not None:
                    ledger.decide(work.id, attempt.decision)
                way.release(item, work, attempt)
        except NotHeld:
            # Somebody else works on it by now; the store has refused everything, and the next item is ours again.
            log.error("step %s lost the lease of item %s; the attempt is void", step, item.id)
            item._state = State.FAILED  # robocorp's library has no word for it, and reserves nothing before
            return 0
        except RequestException as error:  # at the release, after many tries
            if not item.released:
                raise HostAway(_away(error)) from error
            log.error("step %s: item %s has failed: %s", step, item.id, _away(error))
            return 0
    count = len(attempt.outputs) if attempt.failure is None else 0
    _let_go(item)
    return count


def _handed_over(way: Delivery, item: Input, attempt: Attempt) -> Attempt:
    """Gives the host the payload and the outputs; where it cannot take them, the attempt ends with that reason."""
    try:
        way.hand_over(item, attempt)
    except TryLater as later:  # the store of files is away, or its disk full
        log.warning("item %s: %s, another attempt follows", item.id, later)
        return Attempt(failure=Failure(ExceptionType.APPLICATION, later.code, str(later)))
    except BadPayload as bad:
        log.error("item %s: %s", item.id, bad)
        return Attempt(failure=Failure(ExceptionType.BUSINESS, bad.code, str(bad)))
    except RequestException as error:
        log.error("item %s: %s", item.id, _away(error))
        return Attempt(failure=Failure(ExceptionType.APPLICATION, "host_away", _away(error)))
    return attempt


def _away(error: RequestException) -> str:
    """A sentence without the address, which carries ids and, for files, signatures."""
    status = getattr(error, "status_code", None)
    return f"Control Room {f'answers {status}' if status else 'does not answer'} ({type(error).__name__})."


def _let_go(item: Input) -> None:
    """Robocorp's library keeps every item until the run ends; a worker that runs for weeks cannot keep the payloads."""
    item._payload = None
    item._outputs.clear()
