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
from bots.joiners.advance_joiners import turns
from bots.joiners.checklist import ChecklistError, read_checklists, shipped
from bots.joiners.intake import JoinerDesk, judge_alone
from bots.joiners.judging import Company
from bots.joiners.mailbag import Mailbags
from bots.joiners.nouns import JOINERS
from bots.joiners.office import Office, joiner_of
from bots.joiners.sending import Way, mail_round
from bots.joiners.verbs import STEP, Hands
from bots.joiners.wording import WordingError, read_wordings, shipped_wordings
from bots.joiners.writing import Post
from tasks.desks import Desk
from tasks.joiner_results import figures, result, section, show
from tasks.joiner_systems import calendar_of, outbox_of, tells_guests
from tasks.settings import Settings, SettingsError, home, load
from tasks.steps import on_target
from tasks.wiring import hr, hr_records
from workitems.dossiers import By, Dossiers
from workitems.errors import NeedsReview
from workitems.ledger import Ledger
from workitems.loop import produce, work_through
from workitems.store import NotAllowed, Store

if TYPE_CHECKING:
    from bots.desks import JudgeAlone
    from bots.joiners.checklist import Checklist
    from bots.joiners.mailbag import Letter
    from bots.report.section import Section
    from connectors.calendar.ics import Method
    from connectors.outgoing import MailFile
    from desk.sheets import Sheet
    from workitems.work import Outcome, Output, Work


def file_joiners() -> None:
    """Runs the step file_joiners until its queue is empty."""
    office, ledger = office_of(load())
    work_through(lambda work: filing.handle(work, office), ledger, filing.STEP)


def advance_joiners() -> None:
    """A turn for everybody whose plan has something for the bots today, and the mails that are due."""
    office, ledger = office_of(load())

    def make(parent: str, work: Work) -> list[Output]:
        _mails(office, ledger, By(parent, "advance_joiners", "letters of the day"))
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

        turn = on_target("hr", settings, ledger, lambda work: onboarding.handle(work, hands, retire))

        def handle(work: Work) -> Outcome:
            """What a turn has changed may have to be told; a turn that waits for a person holds no mail back."""
            by = By(work.id, STEP, "letters after a turn")
            only = str(work.payload["joiner"]) if isinstance(work.payload, dict) and "joiner" in work.payload else None
            try:
                outcome = turn(work)
            except NeedsReview:
                _mails(office, ledger, by, only)
                raise
            _mails(office, ledger, by, only)
            return outcome

        work_through(handle, ledger, STEP)


def _mails(office: Office, ledger: Ledger, by: By, only: str | None = None) -> None:
    """Writes the letters that are due (`only`: about one joiner), and sends what is released."""
    settings = load()
    files = partial(_files, settings.joiners.sender)
    with closing(outbox_of(settings)) as outbox:
        mail_round(post_of(office, ledger, settings), Way(outbox, ledger, files), by, only)


def post_of(office: Office, ledger: Ledger, settings: Settings) -> Post:
    """What letters are written with. Raises SettingsError for letters that are not valid."""
    folder = settings.joiners.letters
    try:
        wordings = read_wordings(folder) if folder else shipped_wordings()
    except WordingError as error:
        raise SettingsError(f"joiners.letters: {error}") from None
    if not wordings:
        raise SettingsError(f"joiners.letters: there are no letters in {folder}.")
    return Post(office, Mailbags(ledger.database), wordings, tells_guests(settings))


def _files(sender: str, joiner: str, letter: Letter) -> tuple[MailFile, ...]:
    """The appointments of an invitation, as calendar programs take them."""
    if not letter.appointments:
        return ()
    from connectors.outgoing import MailFile
    from tasks.joiner_calendar import file_of

    method: Method = "CANCEL" if letter.kind == "called_off" else "REQUEST"
    data = file_of(joiner, letter.appointments, (letter.sequence, sender), method)
    return (MailFile(name="appointments.ics", data=data, media_type=f"text/calendar; method={method}"),)


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


def _checklists(settings: Settings) -> Mapping[str, Checklist]:
    folder = settings.joiners.checklists
    try:
        return read_checklists(folder) if folder else shipped()
    except ChecklistError as error:
        raise SettingsError(f"joiners.checklists: {error}") from None


def _reading(settings: Settings, ledger: Ledger) -> JoinerDesk:
    return JoinerDesk(settings.joiners, datetime.now(UTC).astimezone().date())


def _judge(settings: Settings) -> JudgeAlone:
    today = datetime.now(UTC).astimezone().date()
    return lambda paper: judge_alone(paper, settings.joiners, today)


def _sheet() -> Sheet:
    from bots.joiners.onboard_joiners import steps_of
    from bots.joiners.verbs import case_of
    from desk.joiners import JoinerSheet, Plan
    from tasks.joiner_book import HomeBook

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

    return JoinerSheet(look, HomeBook())


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
        bags = Mailbags(ledger.database)
        return section(office, bags), figures(office, bags)


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
