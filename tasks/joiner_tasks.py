"""The joiners desk's steps, as Control Room, rcc and `run.py` start them."""

from __future__ import annotations

from robocorp.tasks import task

from tasks.desks import joiners
from tasks.entry import options, run


@task(**options("file_joiners"))
def file_joiners() -> None:
    """Puts joiners' papers into their dossiers, and asks whose a paper is where that is not clear."""
    run(joiners.file_joiners)


@task(**options("advance_joiners"))
def advance_joiners() -> None:
    """Gives the bots a turn for each joiner whose plan has something for them today, and writes the mails due."""
    run(joiners.advance_joiners)


@task(**options("onboard_joiners"))
def onboard_joiners() -> None:
    """Checks joiners, drives the HR screens as far as the plan goes today, and takes back what was called off."""
    run(joiners.onboard_joiners)
