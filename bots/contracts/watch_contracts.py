"""Watches the dates of registered contracts: until when notice can be given, when they end, when they have renewed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from bots.contracts.calendar_entry import calendar_entry
from bots.contracts.checks import House
from bots.contracts.dossier import counterparties, terms_in
from bots.contracts.judging import ContractOffice
from bots.contracts.nouns import Reminder, Terms
from bots.contracts.periods import current_end, notice_deadline, period
from workitems.dossiers import Dossier
from workitems.items import Noun
from workitems.work import Output

CLAIMS = "contracts"
_RENEWED_DAYS = 60  # for so long after a renewal it is told
_TOGETHER = 200  # reminders of one batch

What = Literal["notice", "expiry", "renewal"]


class Due(Noun):
    """A date of a contract that people have to know of, and since when."""

    what: What
    on: date
    since: date
    sentence: str


def reminders(parent_id: str, office: ContractOffice) -> list[Output]:
    """The reminders that are due and were not raised yet, each once: a claim lives and dies with its attempt."""
    made: list[Output] = []
    today = office.today()
    for dossier in office.register.all("active"):
        for due in dates_of(terms_in(dossier), office.house, today):
            key = f"{dossier.id}:{due.what}:{due.on}:{due.since}"
            if len(made) < _TOGETHER and _is_new(key, parent_id, office):
                made.append(_output(dossier, due, key, office.house.names))
    return made


def _is_new(key: str, parent_id: str, office: ContractOffice) -> bool:
    return office.effects.claim_mail(f"reminder:{key}", CLAIMS, parent_id, {}) == "new"


def dates_of(terms: Terms, house: House, today: date) -> Iterator[Due]:
    """What there is to remind of today."""
    if terms.expires_on is None:
        return
    renewal = period(terms.renewal_term) if terms.renews else None
    end = current_end(terms.expires_on, renewal, today)
    notice = period(terms.notice_period)
    if terms.renews and notice is not None:
        deadline = notice_deadline(end, notice, house.country)
        sentence = f"Notice can be given until {deadline}; else the contract goes on after {end}."
        yield from _reminded("notice", deadline, sentence, house.policy.remind_days, today)
    if not terms.renews:
        yield from _reminded("expiry", end, f"The contract ends on {end}.", house.policy.remind_days, today)
    if end > terms.expires_on and renewal is not None:
        began = _last_renewal(terms.expires_on, end, renewal.days)
        if began <= today <= began + timedelta(days=_RENEWED_DAYS):
            yield Due(what="renewal", on=began, since=began, sentence=f"The contract renewed itself; it ends on {end}.")


def _last_renewal(first: date, end: date, days: int) -> date:
    """About when the term that runs began; the first end where it renewed once."""
    return max(first, end - timedelta(days=days))


def _reminded(what: What, on: date, sentence: str, before: Sequence[int], today: date) -> Iterator[Due]:
    """The nearest of the days on which it is to be told, where that has come."""
    if today > on:
        return
    since = max((on - timedelta(days=n) for n in before if on - timedelta(days=n) <= today), default=None)
    if since is not None:
        yield Due(what=what, on=on, since=since, sentence=sentence)


def _output(dossier: Dossier, due: Due, key: str, ours: Sequence[str]) -> Output:
    title = str(dossier.body.get("title") or dossier.body.get("document") or "Contract")
    others = tuple(counterparties(dossier.body, ours))
    item = Reminder(
        dossier=dossier.id, title=title, parties=others, what=due.what, due_on=due.on, sentence=due.sentence
    )
    name = f"{due.what}-{due.on}.ics"
    return Output(item=item, attach={name: calendar_entry(item)}, key=f"reminder:{key}")
