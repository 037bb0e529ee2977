"""What is to be written to joiners and managers today. Pure: what went out before is given.

What stands in nobody's books yet is recomputed each day: a draft that is no longer needed goes, one whose facts have
changed is written anew, and what went out counts for reminders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.joiners.appointments import called_off, invitations, listed, sessions_of
from bots.joiners.facts import day
from bots.joiners.judging import PAPERS, HrFacts, judge
from bots.joiners.mailbag import Kept, Letter
from bots.joiners.mailing import Mailing
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office
from bots.joiners.wording import Kind, filled
from bots.working_days import moved

PAPERS_BEFORE = -5
"""Working days before the first day by which papers have to be there: the checklist's employment needs them."""
DAY_ONE_FOR = 2
"""So many working days after the first day its sheet is still of use."""


def due_letters(mailing: Mailing) -> list[Letter]:
    """What has to be written to a joiner who comes, as of today."""
    found = [*_first_words(mailing), *_missing(mailing), *_day_one(mailing), *invitations(mailing)]
    return [letter for letter in found if mailing.is_open(letter)] + called_off(mailing)


def _first_words(mailing: Mailing) -> list[Letter]:
    """Welcome, and later each other first day."""
    to, first = mailing.to, mailing.first_day
    if not to or first is None or first < mailing.office.today or "employee" not in mailing.joiner.done:
        return []
    told = [kept for kept in mailing.settled.values() if kept.letter.kind in ("welcome", "moved")]
    key = f"welcome:{first}"
    kind: Kind = "moved" if any(kept.letter.key != key for kept in told) else "welcome"
    return [mailing.letter(key, kind, to, {})]


def missing_papers(joiner: Joiner, office: Office) -> list[str]:
    """The papers that the joiner has to send, by their reason."""
    found = judge(joiner, HrFacts(today=office.today), office.company, office.policy)
    codes = [d.code for d in found if d.code in PAPERS and d.severity == "block"]
    unsigned = any(p.source == "contract" for p in joiner.papers)
    return ["contract_unsigned" if code == "contract_missing" and unsigned else code for code in codes]


def asked_before(codes: Sequence[str], settled: Mapping[str, Kept]) -> list[Kept]:
    """The mails that asked for one of these papers, oldest first."""
    asking = [k for k in settled.values() if k.letter.kind in ("missing", "reminder") and k.state != "refused"]
    return sorted((k for k in asking if set(codes) & _codes(k.letter)), key=lambda kept: kept.at)


def in_vain(codes: Sequence[str], settled: Mapping[str, Kept], office: Office) -> bool:
    """Whether the joiner was reminded as often as may be, and time enough to answer has passed."""
    asked = asked_before(codes, settled)
    return len(asked) > office.policy.reminders and _waited(asked[-1], office)


def _codes(letter: Letter) -> set[str]:
    return set(letter.key.split(":")[1].split("+"))


def _waited(last: Kept, office: Office) -> bool:
    return moved(last.at.date(), office.policy.reminder_days, office.company.country) <= office.today


def _missing(mailing: Mailing) -> list[Letter]:
    """Exactly which papers, and why; a reminder every few working days, so many times at most."""
    office, wording, to = mailing.office, mailing.wording, mailing.to
    codes = missing_papers(mailing.joiner, office)
    if not codes or not to:
        return []
    asked = asked_before(codes, mailing.settled)
    if asked and (len(asked) > office.policy.reminders or not _waited(asked[-1], office)):
        return []
    expires = day(mailing.values.get("expires_on"))
    about = {"expires_on": wording.day(expires) if expires else "?"}
    papers = "\n".join(f"- {filled(wording.papers[code], about)}" for code in codes)
    kind: Kind = "reminder" if asked else "missing"
    values = {"papers": papers, "until": _until(mailing), "number": str(len(asked))}
    return [mailing.letter(f"missing:{'+'.join(sorted(codes))}:{len(asked) + 1}", kind, to, values)]


def _until(mailing: Mailing) -> str:
    """A day that leaves time enough, or at once."""
    office, first = mailing.office, mailing.first_day
    by = moved(first, PAPERS_BEFORE, office.company.country) if first else None
    if by is None or by <= office.today:
        return mailing.wording.phrase("at_once")
    return mailing.wording.phrase("by_date", date=mailing.wording.day(by))


def _day_one(mailing: Mailing) -> list[Letter]:
    """The sheet of the first day, once the account is open: login and appointments, never a password."""
    to, first, done = mailing.to, mailing.first_day, mailing.joiner.done
    office = mailing.office
    if not to or first is None or "account" not in done:
        return []
    last = moved(first, DAY_ONE_FOR, office.company.country)
    if not moved(first, 0, office.company.country) <= office.today <= last:
        return []
    login = str(done["account"].undo.get("login", ""))
    appointments = listed(sessions_of(mailing.joiner), mailing.wording)
    return [mailing.letter(f"day_one:{first}", "day_one", to, {"login": login, "appointments": appointments})]
