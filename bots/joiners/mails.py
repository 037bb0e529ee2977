"""What is written to joiners, and when: welcome, what is missing, reminders, the first day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bots.joiners.facts import day
from bots.joiners.judging import HrFacts, judge
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office, values_of
from bots.joiners.plan import Step
from workitems.items import Doubt, Noun

PAPER_NAMES = {
    "contract_missing": "the employment contract with your signature",
    "identity_missing": "a copy of your passport or identity card, with the two or three lines of letters at its foot",
    "identity_expired": "a copy of a valid passport or identity card: the one that we have has expired",
}
"""What a joiner has to send, by the doubt that asks for it."""


class Letter(Noun):
    """A mail. `key` names it for ever: under it the mail goes out once."""

    key: str
    to: str
    subject: str
    text: str


def due_mails(joiner: Joiner, steps: Sequence[Step], office: Office) -> list[Letter]:
    """What has to be written today and has not been written yet."""
    values = values_of(joiner)
    to = values.get("email")
    starts = day(values.get("starts_on"))
    found = judge(joiner, HrFacts(today=office.today), office.company, office.policy)
    letters = []
    if to and starts and "employee" in joiner.done:
        letters.append(_welcome(values, starts, to, office))
    if to:
        letters += _missing(joiner, values, [d for d in found if d.code in PAPER_NAMES], office)
    if starts and starts == office.today and to:
        letters.append(_day_one(values, steps, to, office))
    return [letter for letter in letters if letter.key not in joiner.said]


def _welcome(values: dict[str, str], starts: date, to: str, office: Office) -> Letter:
    text = (
        f"Hello {values.get('given_names', '')},\n\nwe look forward to your first day at {office.company.names[0]}, "
        f"{starts:%A, %d %B %Y}. {values.get('manager', 'Your manager')} will meet you there.\n\n"
        "Your trainings come as invitations. If something changes, simply answer this mail.\n"
    )
    return Letter(key="welcome", to=to, subject=f"Welcome to {office.company.names[0]}", text=text)


def _missing(joiner: Joiner, values: dict[str, str], doubts: Sequence[Doubt], office: Office) -> list[Letter]:
    """Exactly which papers, and why; a reminder every few days, so many times at most."""
    if not doubts:
        return []
    codes = "+".join(sorted(d.code for d in doubts))
    sent = sorted(at for key, at in joiner.said.items() if key.startswith(f"missing:{codes}:"))
    wait = timedelta(days=office.policy.reminder_days)
    if len(sent) > office.policy.reminders or (sent and office.now() - sent[-1] < wait):
        return []
    listed = "\n".join(f"- {PAPER_NAMES[d.code]}" for d in doubts)
    need = f"for your first day we still need:\n\n{listed}\n\nPlease answer this mail with it."
    text = f"Hello {values.get('given_names', '')},\n\n{need}\n"
    subject = "What we still need from you" if not sent else "Reminder: what we still need from you"
    return [Letter(key=f"missing:{codes}:{len(sent) + 1}", to=values["email"], subject=subject, text=text)]


def _day_one(values: dict[str, str], steps: Sequence[Step], to: str, office: Office) -> Letter:
    login = next((s.done.undo.get("login") for s in steps if s.task.code == "account" and s.done), None)
    account = (
        f"Your login is {login}; IT gives you the first password in person." if login else "Your login follows today."
    )
    text = f"Hello {values.get('given_names', '')},\n\ntoday is your first day. {account}\n"
    return Letter(key="day_one", to=to, subject="Your first day", text=text)
