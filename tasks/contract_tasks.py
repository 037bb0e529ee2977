"""The contract desk's steps, as Control Room, rcc and `run.py` start them."""

from __future__ import annotations

from robocorp.tasks import task

from tasks.desks import contracts
from tasks.entry import options, run


@task(**options("register_contracts"))
def register_contracts() -> None:
    """Checks contracts against playbook and precedents, and registers those that carry no risk."""
    run(contracts.register_contracts)


@task(**options("watch_contracts"))
def watch_contracts() -> None:
    """Raises reminders of notice deadlines, expiries and renewals, and writes the register."""
    run(contracts.watch_contracts)


@task(**options("remind_people"))
def remind_people() -> None:
    """Puts reminders before a person."""
    run(contracts.remind_people)
