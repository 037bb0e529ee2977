"""A robot's side of Control Room, where an answer can get lost on its way and robocorp's client then asks again.

- Asked twice for an output, Control Room makes two. Each output carries a key (envelopes.py), and the ledger, which all
  robots share, knows which item of a key is worked on: the first that arrives. The others end as done, and say why.
- Files are added after an output was made, so of two outputs one has none. An output with files therefore begins as
  a stub and gets its payload last; a stub that a robot meets is nobody's document.
- A second release is refused, so a refusal means that the first was heard.

What goes to a person is shown to the review desk before it is released: docs/control-room.md.
"""

from __future__ import annotations

import logging
import os

from robocorp.tasks import get_current_task
from robocorp.workitems import ExceptionType, Input

from workitems.attempts import Attempt, Staged
from workitems.database import StoreError, home_folder
from workitems.deliveries import release
from workitems.envelopes import Envelope, seal, unseal
from workitems.files import open_files
from workitems.items import Decision
from workitems.journal import to_json
from workitems.ledger import Ledger
from workitems.projection import Projected, Projection
from workitems.rows import FileRow
from workitems.states import State
from workitems.work import Work

log = logging.getLogger(__name__)

REFUSED = (400, 404, 409)
"""What Control Room may answer to a release that it has carried out before."""

NO_DATABASE = (
    "In Control Room the record of what was done must outlive the machine: set DESKHAND_DATABASE to a database that "
    "all workers reach (docs/control-room.md)."
)
DUPLICATE = "The same output arrived before as item {first}; this one was made by a request that was sent twice."
STUB = "The making of this output was never finished; it was made again under the same key."


class HostAway(StoreError):
    """The host does not answer, or refuses this robot. What is reserved stays so until the run ends."""


class ControlRoomDelivery:
    """For one step run. Raises StoreError where no database outlives the machine."""

    def __init__(self, ledger: Ledger, step: str) -> None:
        if not os.environ.get("DESKHAND_DATABASE"):
            if not os.environ.get("DESKHAND_HOME"):
                raise StoreError(NO_DATABASE)
            log.warning("%s It is kept in %s, which must outlive this run.", NO_DATABASE, home_folder())
        self._ledger, self._step = ledger, step
        task = get_current_task()
        self._queue = str(((task.options if task else None) or {}).get("queue") or step)
        self._projection = Projection(ledger.database, "control_room")
        self._files = open_files(home_folder())
        self._envelope: Envelope | None = None

    # ---- what arrives

    def receive(self, item: Input, work: Work) -> Attempt | None:
        """Takes the envelope off. What another item stands for already, or a stub, is done without the bot."""
        work.payload, self._envelope = unseal(item.payload)
        if self._envelope is None:
            return None
        if self._envelope.unfinished and not self._was_finished(item, work):
            return self._nothing_to_do(work, "unfinished_output", STUB)
        key = f"arrival:{self._envelope.key}"
        first = self._ledger.begin_effect(key, work.id, {"host": "control_room", "step": self._step}).item_id
        if first == work.id:
            return None
        return self._nothing_to_do(work, "duplicate_output", DUPLICATE.format(first=first))

    def _was_finished(self, item: Input, work: Work) -> bool:
        """Who says the first word about a stub decides: its maker that it is finished, or we that it is nothing."""
        if self._word(work.id, "dropped") == "dropped":
            return False
        item.load()
        work.payload, self._envelope = unseal(item.payload)
        return self._envelope is not None and not self._envelope.unfinished

    def _word(self, output_id: str, word: str) -> str:
        return str(self._ledger.begin_effect(f"output:{output_id}", output_id, {"word": word}).intent["word"])

    def _nothing_to_do(self, work: Work, code: str, why: str) -> Attempt:
        key = self._envelope.key if self._envelope else ""
        log.warning("item %s: %s", work.id, why)
        doubt = {"code": code, "field": None, "message": why, "severity": "warn"}
        payload = (work.payload or {}) | {"route": "reject", "doubts": [doubt]}
        decision = Decision(step=self._step, input_hash=key, rules=(code,), route="reject")
        return Attempt(payload, decision=decision)

    # ---- what is handed over

    def hand_over(self, item: Input, attempt: Attempt) -> None:
        """The payload in its envelope; each output under its key."""
        if attempt.payload is not None:
            payload = seal(attempt.payload, self._envelope)
            if payload != item.payload:
                item.payload = payload
                item.save()
        for n, staged in enumerate(attempt.outputs):
            key = staged.key or f"{item.id}:{n}"
            while not self._make(item, staged, key):
                log.warning("an output of item %s was taken for unfinished, and is made again", item.id)

    def _make(self, item: Input, staged: Staged, key: str) -> bool:
        """Makes one output. False: somebody has dropped it before it had its payload."""
        output = item.create_output()
        if not staged.files:
            output.payload = seal(staged.payload, Envelope(key))
            output.save()
            return True
        output.payload = seal({}, Envelope(key, unfinished=True))
        for name, path in staged.files:
            output.add_file(path, name)
        output.save()
        output.payload = seal(staged.payload, Envelope(key))
        output.save()
        return self._word(str(output.id), "finished") == "finished"

    # ---- how it ends

    def release(self, item: Input, work: Work, attempt: Attempt) -> None:
        """Ends the attempt. A person's work is shown to the desk first: afterwards this process may be gone."""
        failure = attempt.failure
        if failure is not None and failure.kind == ExceptionType.BUSINESS:
            self._show(work, attempt, "review")
        try:
            release(item, attempt)
        except OSError as error:
            if getattr(error, "status_code", None) not in REFUSED:
                raise
            log.warning("item %s: Control Room refuses the release, so an unanswered one was heard", item.id)
            said_so(item, attempt)
        if failure is None and self._projection.shows(work.id):
            self._show(work, attempt, "done")
        elif failure is not None and failure.kind == ExceptionType.APPLICATION and self._projection.shows(work.id):
            self._show(work, attempt, "dead")

    def _show(self, work: Work, attempt: Attempt, state: State) -> None:
        """The row of the review desk, with everything that a person needs to see."""
        payload = work.payload if attempt.payload is None else attempt.payload
        files = [self._keep(name, work) for name in work.names()] if state == "review" else None
        code, message = (attempt.failure.code, attempt.failure.message) if attempt.failure else (None, None)
        row = Projected(work.id, self._queue, state, to_json(payload), code=code, message=message, files=files)
        self._projection.show([row], self._step, code or state, durable=True)

    def _keep(self, name: str, work: Work) -> FileRow:
        content = work.path(name).read_bytes()
        return FileRow(name, self._files.keep(content), len(content))


def said_so(item: Input, attempt: Attempt) -> None:
    """The item is released; robocorp's library has no word for what it was not told."""
    from robocorp.workitems import State as Release

    item._state = Release.DONE if attempt.failure is None else Release.FAILED
