"""The contract desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bots.contracts import register_contracts as registering
from bots.contracts import remind_people as reminding
from bots.contracts.checks import House
from bots.contracts.intake import ContractDesk, judge_alone
from bots.contracts.judging import ContractOffice
from bots.contracts.own_clauses import DESK as CLAUSES
from bots.contracts.own_clauses import OwnClauses
from bots.contracts.playbook_files import Playbook, PlaybookError, load_playbook
from bots.contracts.watch_contracts import reminders
from tasks.contract_clauses import IndexedClauses
from tasks.contract_register import contracts_of, result, section, show, write_register
from tasks.desks import Desk
from tasks.settings import Settings, SettingsError, home, load
from workitems.dossiers import Dossiers
from workitems.ledger import Ledger
from workitems.loop import produce, work_through
from workitems.store import Store
from workitems.work import Output

if TYPE_CHECKING:
    from bots.desks import JudgeAlone
    from desk.sheets import Sheet
    from workitems.work import Work

DESK_NAME = "contracts"


def register_contracts() -> None:
    """Runs the step register_contracts until its queue is empty, and writes the register where anything was done."""
    office, ledger = office_of(load())
    if work_through(lambda work: registering.handle(work, office), ledger, registering.STEP):
        with_store(lambda store: write_register(store, contracts_of(office.register), home()))


def watch_contracts() -> None:
    """Raises the reminders that are due, and writes the register."""
    office, ledger = office_of(load())

    def make(parent: str, work: Work) -> list[Output]:
        made = reminders(parent, office)
        if not made:  # the last batch of a run: the register is written once
            with_store(lambda store: write_register(store, contracts_of(office.register), home()))
        return made

    produce(make, ledger, "watch_contracts")


def remind_people() -> None:
    """Runs the step remind_people until its queue is empty."""
    work_through(reminding.handle, Ledger.open(home()), reminding.STEP)


def office_of(settings: Settings, ledger: Ledger | None = None) -> tuple[ContractOffice, Ledger]:
    """What the contract bots work with, and their ledger. Raises SettingsError for a playbook that is not valid."""
    ledger = ledger or Ledger.open(home())
    register, house = Dossiers(ledger.database, DESK_NAME), house_of(settings)
    office = ContractOffice(
        house=house,
        playbook=playbook_of(settings),
        precedents=IndexedClauses(OwnClauses(Dossiers(ledger.database, CLAUSES)), home(), house.names),
        register=register,
        effects=ledger,
        today=today,
    )
    return office, ledger


def house_of(settings: Settings) -> House:
    """The company as the contract desk knows it."""
    about = settings.company
    return House((about.name, *about.aliases), about.country, settings.contracts)


def playbook_of(settings: Settings) -> Playbook:
    """The playbook in force. Raises SettingsError."""
    try:
        return load_playbook(settings.contracts.playbook)
    except (PlaybookError, OSError) as error:
        raise SettingsError(f"contracts.playbook: {error}") from None


def today() -> date:
    """The day, where the company is."""
    return datetime.now(UTC).astimezone().date()


def with_store(do: Callable[[Store], None]) -> None:
    """With the store of the home."""
    store = Store.open(home())
    try:
        do(store)
    finally:
        store.close()


def _reading(settings: Settings, ledger: Ledger) -> ContractDesk:
    return ContractDesk(Dossiers(ledger.database, DESK_NAME))


def _judge(settings: Settings) -> JudgeAlone:
    house, playbook = house_of(settings), playbook_of(settings)
    return lambda paper: judge_alone(paper, house, playbook, today())


def _sheet() -> Sheet:
    from desk.contracts import ContractSheet
    from tasks.contract_list import HomeRegister
    from tasks.contract_search import SearchedClauses

    return ContractSheet(SearchedClauses(home()), HomeRegister(home(), DESK_NAME, lambda: house_of(load()).names))


def _fill(at: Path) -> int:
    from devdata.contracts.mails import mails
    from tasks.demo.mailbox import fill

    return fill(at, DESK_NAME, lambda: mails(today()))


DESK = Desk(
    DESK_NAME, reading=_reading, sheet=_sheet, fill=_fill, judge=_judge, report=section, result=result, show=show
)
