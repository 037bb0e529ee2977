"""The invoice desk's steps, as Control Room, rcc and `run.py` start them."""

from __future__ import annotations

from collections.abc import Callable

from robocorp.tasks import task

from tasks import steps
from tasks.flow import STEPS
from tasks.settings import SettingsError
from workitems.store import StoreError


def _options(name: str) -> dict[str, object]:
    """The queues of a step, for the adapter: it reads the running task's options."""
    return {"queue": STEPS[name].takes, "outputs": list(STEPS[name].gives)}


def _run(step: Callable[[], None]) -> None:
    """What the user can mend ends the run with its sentence, not with a stack trace."""
    try:
        step()
    except (SettingsError, StoreError) as failure:
        raise SystemExit(str(failure)) from None


@task(**_options("collect_mail"))
def collect_mail() -> None:
    """Takes mails and files out of the mailboxes and hands on one item per document."""
    _run(steps.collect_mail)


@task(**_options("read_documents"))
def read_documents() -> None:
    """Reads documents, checks them against the company's records, and hands on the invoices that are sure."""
    _run(steps.read_documents)


@task(**_options("post_invoices"))
def post_invoices() -> None:
    """Keys invoices into the ERP's screens, posts them and reads back what stands there."""
    _run(steps.post_invoices)


@task(**_options("reverse_invoices"))
def reverse_invoices() -> None:
    """Takes postings back that somebody asked for: cancels them in the ERP's screens and notes it on their items."""
    _run(steps.reverse_invoices)


@task(**_options("report_day"))
def report_day() -> None:
    """Writes the day's report: an Excel workbook and an HTML page."""
    _run(steps.report_day)


@task(**_options("train_models"))
def train_models() -> None:
    """Learns from what people answered, and puts those models in force that are better."""
    _run(steps.train_models)
