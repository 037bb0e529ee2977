"""How an item comes from its host to a bot, and how what the bot said goes back. Each kind of host has its own way."""

from __future__ import annotations

from typing import Protocol

from robocorp.workitems import Input

from workitems.attempts import Attempt
from workitems.work import Work


class Delivery(Protocol):
    """What the loop needs of a host beyond robocorp's library."""

    def receive(self, item: Input, work: Work) -> Attempt | None:
        """Looks at a reserved item before the bot does. An answer: there is nothing to do, and that is why."""
        ...

    def hand_over(self, item: Input, attempt: Attempt) -> None:
        """Gives the host the payload and the outputs."""
        ...

    def release(self, item: Input, work: Work, attempt: Attempt) -> None:
        """Ends the attempt."""
        ...


class PlainDelivery:
    """Our store, which commits outputs and release together, and robocorp's FileAdapter, which loses no answer."""

    def receive(self, item: Input, work: Work) -> Attempt | None:
        """Every item is for the bot."""
        return None

    def hand_over(self, item: Input, attempt: Attempt) -> None:
        """As it is."""
        if attempt.payload is not None and attempt.payload != item.payload:
            item.payload = attempt.payload
            item.save()
        for staged in attempt.outputs:
            output = item.create_output()
            output.payload = staged.payload
            for name, path in staged.files:
                output.add_file(path, name)
            output.save()

    def release(self, item: Input, work: Work, attempt: Attempt) -> None:
        """As it ended."""
        release(item, attempt)


def release(item: Input, attempt: Attempt) -> None:
    """Says to the host how the attempt ended."""
    if attempt.failure is None:
        item.done()
    else:
        kind, code, message = attempt.failure
        postpone = getattr(item._adapter, "postpone", None)  # other hosts count every attempt
        if attempt.postpone is not None and postpone is not None:
            postpone(str(item.id), attempt.postpone)
        item.fail(exception_type=kind, code=code, message=message)
