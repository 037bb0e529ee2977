"""A reminder waits for a person until they take note of it."""

from __future__ import annotations

from bots.contracts.codes import doubt
from bots.contracts.nouns import Reminder
from workitems.items import Decision
from workitems.work import Outcome, Work

STEP = "remind_people"
CODES = {"notice": "notice_due", "expiry": "expiry_due", "renewal": "renewal_due"}


def handle(work: Work) -> Outcome:
    """To a person; done once somebody has accepted it."""
    item = Reminder.model_validate(work.payload)
    code = CODES[item.what]
    noted = any(a.field == "confirm" and a.value == code for a in item.answers)
    others = f" with {'; '.join(item.parties)}" if item.parties else ""
    told = doubt(code, f"“{item.title}”{others}: {item.sentence}", severity="warn" if noted else "block")
    update = {"doubts": (told,), "route": "straight" if noted else "review", "ended": "noted" if noted else None}
    row = Decision(step=STEP, input_hash=item.dossier, rules=(code,), route="straight" if noted else "review")
    return Outcome(item=item.model_copy(update=update), decision=row)
