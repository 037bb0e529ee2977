"""The states of an item, the transitions that are allowed, and when a failed item is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["held", "ready", "taken", "done", "review", "dead", "cancelled"]

TRANSITIONS: dict[State | None, frozenset[State]] = {
    None: frozenset({"held", "ready"}),
    "held": frozenset({"ready"}),  # with its parent's release; a failed attempt's outputs are deleted
    "ready": frozenset({"taken", "cancelled", "ready"}),  # ready again: a person does not want to wait for the backoff
    "taken": frozenset({"done", "review", "ready", "dead", "cancelled"}),
    "review": frozenset({"ready", "cancelled"}),
    "dead": frozenset({"ready", "cancelled"}),
    "cancelled": frozenset({"ready"}),
    "done": frozenset(),
}
"""From a state (None: not there yet) to the states that may follow. The statements in sql.py keep to it."""

LOST_LEASES_MAX = 5
"""An item whose fifth worker ended without a word is poison: it is `dead` until a person looks."""


@dataclass(frozen=True)
class RetryPolicy:
    """When an item that failed (APPLICATION) is tried again: 2, 8, 32 seconds ... up to an hour; thirty attempts,
    so that what waits outlives a night and a day in which the ERP is down."""

    attempts: int = 30
    first_seconds: float = 2.0
    factor: float = 4.0
    most_seconds: float = 3600.0

    def delay(self, attempts: int, chance: float) -> float | None:
        """Seconds until the next attempt after the `attempts`-th failure, or None: no further attempt.

        `chance` (0 to 1) spreads the delay by a quarter to both sides, so that what failed together does not come
        back together.
        """
        if attempts >= self.attempts:
            return None
        # The exponent is bounded first: a large power is an OverflowError, not infinity.
        steps = min(attempts - 1, 40)
        return min(self.most_seconds, self.first_seconds * self.factor**steps) * (0.75 + chance / 2)
