"""[work]: how many workers each step has, how long they may take, and when what failed is tried again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from tasks.flow import STEPS
from workitems.items import Noun
from workitems.states import RetryPolicy

Seconds = Annotated[float, Field(gt=0, le=86400)]
DEFAULT = RetryPolicy()


class RetrySettings(Noun):
    """When an item that failed is tried again: after `first_seconds`, then `factor` times as long, and so on."""

    attempts: Annotated[int, Field(ge=1, le=1000)] = DEFAULT.attempts  # then it is given up (dead)
    first_seconds: Seconds = DEFAULT.first_seconds
    factor: Annotated[float, Field(ge=1, le=100)] = DEFAULT.factor
    most_seconds: Seconds = DEFAULT.most_seconds  # the longest wait

    def policy(self) -> RetryPolicy:
        """The same for the store."""
        return RetryPolicy(self.attempts, self.first_seconds, self.factor, self.most_seconds)


class StepSettings(Noun):
    """What is different for one step; what is left out is as [work] says for all."""

    workers: Annotated[int, Field(ge=1, le=64)] = 1  # processes of one machine
    lease_seconds: Seconds | None = None
    most_seconds: Seconds | None = None
    retry: RetrySettings | None = None


class WorkSettings(Noun):
    """The runner: leases, limits and retries of all steps, and each step's own."""

    lease_seconds: Annotated[float, Field(ge=1, le=86400)] = (
        60.0  # a worker that says nothing for so long loses its item
    )
    most_seconds: Seconds = 900.0  # one item may take so long; then its worker is killed
    stop_seconds: Annotated[float, Field(ge=0, le=3600)] = 60.0  # asked to end, workers get so long to finish an item
    retry: RetrySettings = RetrySettings()
    steps: dict[str, StepSettings] = Field(default_factory=dict)

    @field_validator("steps")
    @classmethod
    def _known(cls, steps: dict[str, StepSettings]) -> dict[str, StepSettings]:
        unknown = [name for name in steps if name not in STEPS]
        if unknown:
            raise ValueError(f"there is no step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
        return steps

    @model_validator(mode="after")
    def _a_heart_beats_in_between(self) -> WorkSettings:
        for name in ("", *self.steps):
            if self.of(name).lease_seconds > self.of(name).most_seconds:
                raise ValueError(f"lease_seconds is more than most_seconds{' of ' + name if name else ''}")
        return self

    def of(self, step: str) -> StepRules:
        """What holds for one step."""
        own = self.steps.get(step, StepSettings())
        return StepRules(
            workers=own.workers,
            lease_seconds=own.lease_seconds or self.lease_seconds,
            most_seconds=own.most_seconds or self.most_seconds,
            retry=own.retry or self.retry,
        )


class StepRules(Noun):
    """What holds for one step, everything decided."""

    workers: int
    lease_seconds: float
    most_seconds: float
    retry: RetrySettings

    def environment(self) -> dict[str, str]:
        """The same as variables, from which the adapter of any host reads it."""
        retry = self.retry
        figures = (retry.attempts, retry.first_seconds, retry.factor, retry.most_seconds)
        return {
            "DESKHAND_LEASE_SECONDS": f"{self.lease_seconds:g}",
            "DESKHAND_MOST_SECONDS": f"{self.most_seconds:g}",
            "DESKHAND_RETRY": " ".join(f"{figure:g}" for figure in figures),
        }
