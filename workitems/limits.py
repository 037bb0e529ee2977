"""What the company decides about a step's work, as it reaches an adapter: through the environment.

The runner and `tasks/task_setup.py` set the variables from the settings' [work]; without them the defaults hold.
"""

from __future__ import annotations

import os

from workitems.database import StoreError
from workitems.states import RetryPolicy

ADAPTERS = {
    "embedded": "workitems.adapter.StoreAdapter",
    "temporal": "workitems.temporal.adapter.TemporalAdapter",
}
"""What carries the items of a step, by DESKHAND_ENGINE."""

DRIVEN = "DESKHAND_TEMPORAL_FLOW"
"""`elsewhere`: another process drives the workflows of Temporal's items; else a worker does, too. Set by the runner."""

SCHEDULED = "DESKHAND_SCHEDULED"
"""Set for a producer that schedules start: then it does not ask by itself. Set by the runner."""

RETRY = "DESKHAND_RETRY"
"""Four figures: attempts, seconds until the second one, factor, longest wait in seconds."""


def retry_from_environment() -> RetryPolicy:
    """When a failed item is tried again. Raises StoreError for a value that is none."""
    text = os.environ.get(RETRY)
    if not text:
        return RetryPolicy()
    try:
        attempts, first, factor, most = text.split()
        policy = RetryPolicy(int(attempts), float(first), float(factor), float(most))
    except (ValueError, OverflowError):
        policy = None
    if policy is None or policy.attempts < 1 or not _makes_sense(policy):
        raise StoreError(f'{RETRY} must be four figures such as "30 2 4 3600".')
    return policy


def _makes_sense(policy: RetryPolicy) -> bool:
    return policy.first_seconds > 0 and 1 <= policy.factor < float("inf") and policy.most_seconds > 0


def seconds_from_environment(name: str, default: float) -> float:
    """A number of seconds above zero. Raises StoreError for anything else."""
    text = os.environ.get(name)
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise StoreError(f"{name} must be a number of seconds above zero.")
    return seconds
