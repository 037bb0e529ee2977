"""A step for the benchmark with two machines: it enters papers into a book at the hub, and hands on a receipt."""

from __future__ import annotations

from robocorp.tasks import task

from benchmarks.two_machines_book import enter_paper
from tasks.settings import home
from tasks.task_setup import prepare, take_leave  # noqa: F401 - what every worker begins and ends with
from workitems.ledger import Ledger
from workitems.loop import work_through


@task(queue="paper", outputs=["receipt"])
def enter_papers() -> None:
    """Enters the papers of the queue, each once."""
    ledger = Ledger.open(home())
    work_through(lambda work: enter_paper(work, ledger), ledger, "enter_papers")
