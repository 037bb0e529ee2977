"""What sao says about people, as doubts for a clerk or as a reason to try again.

The system's own sentences may name people: they go into the doubt's message and into no exception's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from connectors.tryton.refusals import review
from connectors.tryton.waits import Completion, DialogShown, FormRefused
from workitems.errors import NeedsReview, TryLater

CLOSING = "× \n"  # the button in front of the sentence
TOLD = {"user-warning-dialog": "hr_warning", "warning-dialog": "hr_refused"}


@contextlib.contextmanager
def refusals_as_doubts() -> Iterator[None]:
    """Turns refusals into NeedsReview; what says nothing about the entry is the session's matter."""
    try:
        yield
    except FormRefused as shown:
        raise review("hr_refused", f"The HR system does not take the entry: {shown.sentence.lstrip(CLOSING)}") from None
    except DialogShown as shown:
        if "ConcurrencyException" in shown.dialog.refused:
            raise TryLater("hr_concurrent", "Somebody else changed the record at the same time.") from None
        code = TOLD.get(shown.dialog.kind)
        if code is None or shown.dialog.secret:
            raise
        raise review(code, f"The HR system refuses: {shown.dialog.sentence}") from None


def taken(found: Completion, what: str, code: str) -> None:
    """Raises NeedsReview where the screen did not offer what the records say is there: not to this login."""
    if found.taken is None:
        raise review(code, f"The HR system's screens do not offer the {what}; may the bot's login see it?")


def unknown(what: str, value: str, code: str, field: str | None = None) -> NeedsReview:
    """The system has no such thing."""
    return review(code, f"The HR system has no {what} {value!r}.", field)
