"""The joiners desk."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bots.joiners import file_joiners as filing
from bots.joiners import onboard_joiners as onboarding
from bots.joiners.advance_joiners import letters, turns
from bots.joiners.checklist import ChecklistError, read_checklists, shipped
from bots.joiners.intake import JoinerDesk, judge_alone
from bots.joiners.judging import Company
from bots.joiners.nouns import JOINERS, Joiner
from bots.joiners.office import Office, change, joiner_of
from bots.joiners.verbs import STEP, Hands
from tasks.desks import Desk
from tasks.joiner_calendar import HomeCalendar
from tasks.joiner_results import figures, result, section, show
from tasks.settings import Settings, SettingsError, home, load
from tasks.steps import on_target
from tasks.wiring import hr, hr_records
from workitems.dossiers import By, Dossiers
from workitems.ledger import Ledger
from workitems.loop import produce, work_through
from workitems.store import NotAllowed, Store

if TYPE_CHECKING:
    from bots.desks import JudgeAlone
    from bots.joiners.checklist import Checklist
    from bots.joiners.mails import Letter
    from bots.report.section import Section
    from desk.sheets import Sheet
    from workitems.work import Output, Work


def file_joiners() -> None:
    """Runs the step file_joiners until its queue is empty."""
    office, ledger = office_of(load())
    work_through(lambda work: filing.handle(work, office), ledger, filing.STEP)


def advance_joiners() -> None:
    """A turn for everybody whose plan has something for the bots today, and the mails that are due."""
    office, ledger = office_of(load())

    def make(parent: str, work: Work) -> list[Output]:
        for key, letter in letters(office):
            _write(key, letter.key, _draft(letter))
            change(office, key, partial(_said, key=letter.key, office=office), By(parent, "advance_joiners", "written"))
        return turns(office, lambda key: ledger.claim_mail(key, JOINERS, parent, {}) == "new")

    produce(make, ledger, "advance_joiners")


def onboard_joiners() -> None:
    """Runs the step onboard_joiners until its queue is empty, in one session of the HR screens."""
    settings = load()
    office, ledger = office_of(settings)
    with ExitStack() as stack:
        screens = stack.enter_context(closing(hr(settings)))
        store = stack.enter_context(closing(Store.open(home())))
        hands = Hands(office, screens, calendar_of(settings))

        def retire(item_id: str) -> None:
            try:
                store.cancel(item_id, STEP, "A newer paper came: a newer item asks all there is to ask.")
            except (NotAllowed, KeyError):
                return  # it does not wait any more

        handle = on_target("hr", settings, ledger, lambda work: onboarding.handle(work, hands, retire))
        work_through(handle, ledger, STEP)


def office_of(settings: Settings, ledger: Ledger | None = None) -> tuple[Office, Ledger]:
    """What the joiners' bots work with, and their ledger. Raises SettingsError for a checklist that is not valid."""
    ledger = ledger or Ledger.open(home())
    about = settings.company
    office = Office(
        dossiers=Dossiers(ledger.database, JOINERS),
        records=hr_records(settings),
        locks=ledger,
        policy=settings.joiners,
        company=Company(names=(about.name, *about.aliases), country=about.country),
        checklists=_checklists(settings),
        now=lambda: datetime.now(UTC).astimezone(),
    )
    return office, ledger


def calendar_of(settings: Settings) -> HomeCalendar:
    """The calendar in the home."""
    return HomeCalendar(home() / "joiners" / "calendar", settings.joiners.sender)


def _checklists(settings: Settings) -> Mapping[str, Checklist]:
    folder = settings.joiners.checklists
    try:
        return read_checklists(folder) if folder else shipped()
    except ChecklistError as error:
        raise SettingsError(f"joiners.checklists: {error}") from None


def _said(joiner: Joiner, key: str, office: Office) -> Joiner:
    return joiner.model_copy(update={"said": {key: office.now(), **joiner.said}})


def _draft(letter: Letter) -> bytes:
    from connectors import Reply
    from connectors.mail.replies import reply_mail

    return reply_mail(Reply(subject=letter.subject, text=letter.text, to=letter.to), letter.key)


def _write(joiner: str, key: str, mail: bytes) -> None:
    """A draft in the home's outbox, once under its key: a person looks at it and sends it."""
    from extractors.atomic import write_file

    folder = home() / "joiners" / "outbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{joiner}-{key.replace(':', '-').replace('+', '-')}.eml"
    if not file.exists():
        write_file(file, mail, mode=0o600)


def _reading(settings: Settings, ledger: Ledger) -> JoinerDesk:
    return JoinerDesk(settings.joiners, datetime.now(UTC).astimezone().date())


def _judge(settings: Settings) -> JudgeAlone:
    today = datetime.now(UTC).astimezone().date()
    return lambda paper: judge_alone(paper, settings.joiners, today)


def _sheet() -> Sheet:
    from bots.joiners.onboard_joiners import steps_of
    from bots.joiners.verbs import case_of
    from desk.joiners import JoinerSheet, Plan

    def look(key: str) -> Plan | None:
        office, ledger = office_of(load())
        with closing(ledger):
            dossier = office.dossiers.of_key(key)
            if dossier is None:
                return None
            joiner = joiner_of(dossier)
            case = case_of(joiner, office)
            groups = case.rights.sensitive_groups if case and "training" in joiner.done else ()
            return Plan(joiner, steps_of(joiner, office), groups)

    return JoinerSheet(look)


def _fill(at: Path) -> int:
    from devdata.joiners.papers import papers
    from tasks.demo.mailbox import fill

    return fill(at, JOINERS, lambda: papers(datetime.now(UTC).astimezone().date()))


def _later(at: Path) -> int:
    from devdata.joiners.papers import later
    from tasks.demo.mailbox import fill

    return fill(at, f"{JOINERS}-later", lambda: later(datetime.now(UTC).astimezone().date()))


def _result(store: Store) -> dict[str, list[dict[str, Any]]]:
    office, ledger = office_of(load())
    with closing(ledger):
        return result(store, office)


def _report(store: Store, settings: Settings) -> tuple[Section, ...]:
    office, ledger = office_of(settings)
    with closing(ledger):
        return section(office), figures(office)


DESK = Desk(
    JOINERS,
    reading=_reading,
    sheet=_sheet,
    fill=_fill,
    later=_later,
    judge=_judge,
    report=_report,
    result=_result,
    show=show,
)
