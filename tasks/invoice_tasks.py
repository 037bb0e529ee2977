"""The invoice desk's steps, as Control Room, rcc and `run.py` start them."""

from __future__ import annotations

from robocorp.tasks import task

from tasks import steps
from tasks.entry import options, run


@task(**options("collect_mail"))
def collect_mail() -> None:
    """Takes mails and files out of the mailboxes and hands on one item per document."""
    run(steps.collect_mail)


@task(**options("read_documents"))
def read_documents() -> None:
    """Reads documents, checks them against the company's records, and hands on the invoices that are sure."""
    run(steps.read_documents)


@task(**options("post_invoices"))
def post_invoices() -> None:
    """Keys invoices into the ERP's screens, posts them and reads back what stands there."""
    run(steps.post_invoices)


@task(**options("reverse_invoices"))
def reverse_invoices() -> None:
    """Takes postings back that somebody asked for: cancels them in the ERP's screens and notes it on their items."""
    run(steps.reverse_invoices)


@task(**options("report_day"))
def report_day() -> None:
    """Writes the day's report: an Excel workbook and an HTML page."""
    run(steps.report_day)


@task(**options("train_models"))
def train_models() -> None:
    """Learns from what people answered, and puts those models in force that are better."""
    run(steps.train_models)
