"""What is kept of a failure on another system's screens: a masked picture and the trace of the steps.

The trace is our own list of steps, calls and durations, not Playwright's: that one holds the values that were typed and
the answers of the server, so it cannot be kept. What is never written down cannot leak.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT_EVENTS = 400  # of the trace
KEPT_FAILURES = 100  # newest folders of evidence
MASK = """
  input, textarea, select, td, th, .alert, .completion, .modal-body, .modal-title, .badge, #user-preferences, .tab-title
  { color: transparent !important; -webkit-text-fill-color: transparent !important; text-shadow: none !important;
    background: #cfd8dc !important; }
  input::placeholder, .modal-body *, .alert *, td *, #tablist *, #user-preferences *, .dropdown-menu a
  { color: transparent !important; -webkit-text-fill-color: transparent !important; }
"""  # what stands in fields, lists, messages and titles is painted over; labels and buttons stay readable


class Recorder:
    """The trace of one session: which step did what and how long it took. It takes names and figures, no values."""

    def __init__(self) -> None:
        self.events: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)
        self.current = "start"
        self.failed: str | None = None  # the innermost step that the last exception ended
        self._cause: BaseException | None = None
        self._start = time.perf_counter()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Everything inside belongs to that step."""
        before, self.current = self.current, name
        start = time.perf_counter()
        try:
            yield
        except BaseException as error:
            if self._cause is not error:  # the outer steps see the same one
                self._cause, self.failed = error, name
            raise
        finally:
            self.add("step", seconds=round(time.perf_counter() - start, 4))
            self.current = before

    def add(self, what: str, **figures: Any) -> None:
        """One event of the current step."""
        at = round(time.perf_counter() - self._start, 4)
        self.events.append({"at": at, "step": self.current, "what": what, **figures})


def keep(folder: Path, failure: tuple[str, str], recorder: Recorder, picture: Callable[[Path], None]) -> str | None:
    """Keeps the trace and the picture of a failure below `folder`; returns the name of what was kept, if it could be.

    `failure` is the item's id, without personal data, and what happened. `picture` writes the masked screen to a file.
    """
    item, kind = failure
    place = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{item}"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        trace = [json.dumps(event) for event in (*recorder.events, {"what": "failure", "kind": kind})]
        (place / "trace.jsonl").write_text("\n".join(trace) + "\n", encoding="utf-8")
        picture(place / "screen.png")
        for old in sorted(p for p in folder.iterdir() if p.is_dir())[:-KEPT_FAILURES]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None  # a full disk must not hide the failure itself
    return place.name
