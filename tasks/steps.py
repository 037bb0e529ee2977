"""The steps as they run: bots, ports and loops put together. What stands behind each port says wiring.py."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from bots.invoices import post_invoices as posting
from bots.invoices import reverse_invoices as reversing
from bots.invoices.facts import House
from bots.invoices.look_up import Office
from bots.invoices.policy import Company
from bots.mail.collect_mail import CollectLimits, MailCollector, collect_all
from bots.reading import read_documents as reading
from bots.training.train_models import training_decision
from tasks.bounded import Bounded, OverMemory, OverTime, Stopped
from tasks.desks import desks
from tasks.lessons import learn_from
from tasks.settings import Settings, home, load
from tasks.wiring import erp, mailbox, records
from workitems.errors import NeedsReview
from workitems.items import Doubt, Paper
from workitems.ledger import Ledger
from workitems.loop import produce, work_through
from workitems.targets import Targets
from workitems.work import Handle, Outcome, Work

if TYPE_CHECKING:
    from connectors import Unpacked

log = logging.getLogger(__name__)

ERP_TROUBLE = frozenset({"erp_away", "erp_error", "erp_login", "erp_session"})
"""Failures that say that the ERP does not work, not that a document or this machine is at fault."""


def collect_mail() -> None:
    """Runs the step collect_mail until its mailboxes hold nothing new."""
    settings = load()
    limits = settings.limits
    with ExitStack() as stack:
        child = stack.enter_context(Bounded("connectors.mail.mime:unpack", limits.seconds, limits.memory_mb))
        ledger = Ledger.open(home())
        boxes = [stack.enter_context(closing(mailbox(box))) for box in settings.mailboxes]
        bounds = CollectLimits(mails=limits.mails_per_run, mail_bytes=limits.mail_bytes)
        collectors = [
            MailCollector(box, lambda data, name: _unpack(child, data, name), ledger, bounds) for box in boxes
        ]
        produce(lambda parent, _: collect_all(collectors, parent), ledger, "collect_mail")
        for collector in collectors:
            collector.settle()


def read_documents() -> None:
    """Runs the step read_documents until its queue is empty."""
    settings = load()
    limits = (settings.reading.seconds, settings.reading.memory_mb)
    with (
        Bounded("extractors.cascade:read_document", *limits) as child,
        Bounded("extractors.pdf_cut:cut", *limits) as knife,
    ):
        ledger = Ledger.open(home())
        office = office_of(settings, ledger)
        takers = [desk.reading(settings, ledger) for desk in desks()]

        def read(path: str, filename: str, media_type: str | None) -> Paper:
            return _read(child, settings, path, filename, media_type)

        def cut(path: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
            return _cut(knife, path, ranges)

        def handle(work: Work) -> Outcome:
            outcome = reading.handle(work, office, read, cut if _takes_parts() else None, takers)
            learn_from(work, outcome, settings, home())
            return outcome

        work_through(handle, ledger, "read_documents")


def post_invoices() -> None:
    """Runs the step post_invoices until its queue is empty, in one session of the ERP's screens."""
    settings = load()
    ledger = Ledger.open(home())
    with closing(erp(settings)) as screens:
        desk = posting.Desk(office_of(settings, ledger), screens, ledger)
        handle = on_target("erp", settings, ledger, lambda work: posting.handle(work, desk))
        work_through(handle, ledger, "post_invoices")


def reverse_invoices() -> None:
    """Runs the step reverse_invoices until its queue is empty, in one session of the ERP's screens."""
    settings = load()
    ledger = Ledger.open(home())
    with closing(erp(settings)) as screens:
        desk = reversing.Desk(screens, ledger, _today)
        handle = on_target("erp", settings, ledger, lambda work: reversing.handle(work, desk))
        work_through(handle, ledger, "reverse_invoices")


def report_day() -> None:
    """Writes the report of the day into the home."""
    from tasks.reports import write_report

    ledger = Ledger.open(home())

    def make(parent: str, work: object) -> list[Any]:
        write_report(home(), load())
        return []

    produce(make, ledger, "report_day")


def train_models() -> None:
    """Trains models from what people answered."""
    from tasks.training import train_all

    settings, ledger = load(), Ledger.open(home())

    def make(parent: str, work: object) -> list[Any]:
        for trained in train_all(home(), settings, f"train_models {parent}", log.info):
            log.info("%s: %s. %s", trained.name, trained.state, trained.message)
            ledger.decide(parent, training_decision(trained))
        return []

    produce(make, ledger, "train_models")


def office_of(settings: Settings, ledger: Ledger) -> Office:
    """What the invoice bots work with."""
    about = settings.company
    company = Company(
        names=(about.name, *about.aliases), vat_ids=(about.vat_id,) if about.vat_id else (), country=about.country
    )
    house = House(company=company, policy=settings.invoices)
    return Office(records=records(settings), memory=ledger, house=house, today=_today)


def on_target(name: Literal["erp", "hr"], settings: Settings, ledger: Ledger, handle: Handle) -> Handle:
    """The same within the target's limits. Without an ERP there is nothing to limit."""
    if settings.erp is None:
        return handle
    targets, limits = Targets(ledger.database), getattr(settings.targets, name)

    def within(work: Work) -> Outcome:
        with targets.use(name, limits, lambda failure: failure.code in ERP_TROUBLE):
            return handle(work)

    return within


def _unpack(child: Bounded, data: bytes, filename: str | None) -> Unpacked:
    try:
        unpacked: Unpacked = child.call(data, filename)
        return unpacked
    except Stopped as stopped:
        raise NeedsReview([_stopped(stopped, "mail")]) from None


def _read(child: Bounded, settings: Settings, path: str, filename: str, media_type: str | None) -> Paper:
    try:
        paper: Paper = child.call(path, filename, media_type, settings.reading)
        return paper
    except Stopped as stopped:
        raise NeedsReview([_stopped(stopped, "document")]) from None


def _cut(knife: Bounded, path: str, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    try:
        parts: list[bytes] = knife.call(path, list(ranges))
        return parts
    except Stopped:
        return []


def _takes_parts() -> bool:
    """Whether the host puts parts of documents back into the queue of documents: one queue for all outputs cannot."""
    ours = os.environ.get("RC_WORKITEM_ADAPTER", "").startswith("workitems.")
    return ours and not os.environ.get("RC_WORKITEM_OUTPUT_QUEUE_NAME")


def _stopped(stopped: Stopped, what: str) -> Doubt:
    if isinstance(stopped, OverTime):
        return Doubt(code="timeout", message=f"The {what} took longer to open than is allowed; look at it by hand.")
    if isinstance(stopped, OverMemory):
        return Doubt(code="memory", message=f"The {what} needs more memory than is allowed; look at it by hand.")
    return Doubt(code="unreadable", message=f"The {what} breaks the program that opens it; look at it by hand.")


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
