"""What every desk's @task functions share: a step's options for the adapter, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

from tasks.flow import STEPS
from tasks.settings import SettingsError
from workitems.store import StoreError


def options(name: str) -> dict[str, object]:
    """The queues of a step, for the adapter: it reads the running task's options."""
    return {"queue": STEPS[name].takes, "outputs": list(STEPS[name].gives)}


def run(step: Callable[[], None]) -> None:
    """What the user can mend ends the run with its sentence, not with a stack trace."""
    try:
        step()
    except (SettingsError, StoreError) as failure:
        raise SystemExit(str(failure)) from None
