"""The two families of intended failure. Anything else is a bug and says so."""

from __future__ import annotations

from collections.abc import Sequence

from workitems.items import Doubt


class NeedsReview(Exception):
    """BUSINESS: a person has to look. The item waits in state `review`; it is not retried by itself."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        if not doubts:
            raise ValueError("a review needs at least one doubt")
        self.doubts = tuple(doubts)
        super().__init__("; ".join(d.code for d in self.doubts))

    @property
    def code(self) -> str:
        """The code of the first blocking doubt: what the item waits for."""
        return next((d.code for d in self.doubts if d.severity == "block"), self.doubts[0].code)


class TryLater(Exception):
    """APPLICATION: another attempt may succeed (a server is down, a lock is held). Retried with backoff.

    With `postpone` the item is not to blame: it is taken up again after so many seconds, and that costs it no attempt.
    """

    def __init__(self, code: str, message: str, postpone: float | None = None) -> None:
        self.code, self.postpone = code, postpone
        super().__init__(message)
