"""A joiners desk on a real store; the HR system and the calendar are fakes that keep the port's promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bots.joiners import file_joiners, onboard_joiners
from bots.joiners.checklist import shipped
from bots.joiners.intake import JoinerDesk
from bots.joiners.judging import Company
from bots.joiners.nouns import Joiner
from bots.joiners.office import Office, joiner_of
from bots.joiners.policy import JoinersPolicy, RoleRights
from bots.joiners.seats import Pool
from bots.joiners.verbs import Hands
from tests.bots.joiners.fakes import FakeCalendar, WatchedHr
from workitems.dossiers import Dossiers
from workitems.errors import NeedsReview
from workitems.items import Answer, Document, DocumentItem, Doubt, Kind, Mail, Paper, Reading
from workitems.ledger import Ledger
from workitems.work import Outcome, Work

TODAY = date(2026, 11, 23)  # a Monday
POLICY = JoinersPolicy(
    roles=(
        RoleRights(role="Sales Assistant", groups=("Sales",), tools=("CRM",), training=("Safety", "CRM basics")),
        RoleRights(role="Accountant", groups=("Accounting",), sensitive_groups=("Payments",), training=("Safety",)),
    ),
    licences=(Pool(product="CRM", owner="Sales", seats=1),),
)
ANNA = {"surname": "Kern", "given_names": "Anna", "born_on": "1994-05-17"}
IDENTITY = {**ANNA, "nationality": "DEU", "document_number": "C01X00T47", "expires_on": "2031-01-31"}
CONTRACT = {
    **ANNA,
    "starts_on": "2026-11-23",
    "role": "Sales Assistant",
    "department": "Sales",
    "manager": "Petra Vogel",
    "employer": "Nordlicht GmbH",
    "weekly_hours": "38.5",
    "address": "Lindenweg 4, 20095 Hamburg",
    "email": "anna.kern@example.org",
    "signed": "yes",
}


class NoFiles:
    """A work item without files."""

    files: list[str] = []  # noqa: RUF012 - the port has a plain list

    def get_file(self, name: str, path: Any = None) -> Path:
        raise FileNotFoundError(name)


@dataclass
class Around:
    """The desk: papers go in, turns are taken, the HR system shows what came of it."""

    home: Path
    today: date = TODAY
    policy: JoinersPolicy = POLICY
    calendar: FakeCalendar = field(default_factory=FakeCalendar)
    retired: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger.open(self.home)
        self.dossiers = Dossiers(self.ledger.database, "joiners")
        self.hr = WatchedHr(self.today)

    @property
    def office(self) -> Office:
        self.hr.today = self.today
        company = Company(names=("Nordlicht GmbH",), country="DE")
        now: Callable[[], datetime] = lambda: datetime.combine(self.today, datetime.min.time(), UTC)  # noqa: E731
        return Office(self.dossiers, self.hr, self.ledger, self.policy, company, shipped(), now)

    def work(self, payload: Any, number: str = "") -> Work:
        self.count += 1
        return Work(number or f"item{self.count}", payload, NoFiles(), self.home)

    def read(self, kind: Kind, values: dict[str, str], confidence: float = 0.999, **more: Any) -> Outcome:
        """A paper that was read goes to the desk."""
        fields = {n: Reading(value=v, confidence=confidence, reader="test", page=1) for n, v in values.items()}
        paper = Paper(kind=kind, kind_confidence=0.99, source="ocr", pages=1, fields=fields)
        name = f"paper{self.count}"
        about = Document(sha256=f"{self.count:064d}", filename=f"{name}.pdf", media_type="application/pdf", id=name)
        mail = Mail(received_at=datetime.combine(self.today, datetime.min.time(), UTC))
        item = DocumentItem(document=about.model_copy(update={"mail": mail}), paper=paper, **more)
        return JoinerDesk(self.policy, self.today).handle(self.work(item.model_dump(mode="json")), item)

    def file(self, kind: Kind, values: dict[str, str], answers: tuple[Answer, ...] = ()) -> Outcome:
        """A paper is read and filed."""
        read = self.read(kind, values)
        assert read.item.route == "straight", read.item.doubts
        payload = read.outputs[0].item.model_copy(update={"answers": answers}).model_dump(mode="json")
        return file_joiners.handle(self.work(payload), self.office)

    def turn(self, filed: Outcome, answers: tuple[Answer, ...] = (), shown: tuple[Doubt, ...] = ()) -> Outcome:
        """The bots' turn that follows a paper."""
        item = filed.outputs[0].item.model_copy(update={"answers": answers, "doubts": shown})
        hands = Hands(self.office, self.hr, self.calendar)
        return onboard_joiners.handle(self.work(item.model_dump(mode="json")), hands, self.retired.append)

    def asked(self, filed: Outcome, answers: tuple[Answer, ...] = ()) -> tuple[Doubt, ...]:
        """The doubts that keep a turn."""
        with pytest.raises(NeedsReview) as caught:
            self.turn(filed, answers)
        return tuple(d for d in caught.value.doubts if d.severity == "block")

    def joiner(self) -> Joiner:
        """The only joiner."""
        (only,) = self.dossiers.all()
        return joiner_of(only)

    def anna(self, **changed: str) -> Outcome:
        """Anna's papers come; returns the filing of the last one."""
        self.file("identity", IDENTITY)
        return self.file("contract", CONTRACT | changed)


def said(field_name: str, value: str, who: str = "Hanna") -> Answer:
    """What a person answers."""
    return Answer(field=field_name, value=value, who=who, at=datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def around(tmp_path: Path) -> Around:
    return Around(tmp_path / "home")
