"""The joiners' mails and pages as they are wired: settings choose the way out; what people say on the pages goes on."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "emulators"))

from smtp.server import SmtpServer

from bots.joiners.mailbag import Mailbags
from bots.joiners.nouns import Done, Fact, Joiner
from bots.joiners.training import Session
from connectors.mail.exchange_outbox import ExchangeOutbox
from connectors.mail.folder_outbox import FolderOutbox
from connectors.mail.graph_outbox import GraphOutbox
from connectors.mail.smtp import SmtpOutbox
from tasks.desks import joiners as wired
from tasks.joiner_book import HomeBook
from tasks.joiner_calendar import HomeCalendar, ServerCalendar
from tasks.joiner_results import figures, section
from tasks.joiner_systems import calendar_of, outbox_of
from tasks.settings import SettingsError, load
from workitems.dossiers import By, Dossiers
from workitems.ledger import Ledger
from workitems.store import Store

SMALLEST = '[company]\nname = "Nordlicht GmbH"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'
ROLE = '[[joiners.roles]]\nrole = "Buyer"\ngroups = ["Staff"]\n'
BY = By("item", "bot", "test")
SENDER = "hr@nordlicht.example"
KEY = "j-5f3a91c0"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DESKHAND_SETTINGS", raising=False)
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


def settle(home: Path, joiners: str) -> None:
    (home / "settings.toml").write_text(f"{SMALLEST}{joiners}", encoding="utf-8")


def anna(home: Path) -> None:
    """A joiner who has an account from tomorrow on, and one appointment."""
    now = datetime.now(UTC)
    values = {"given_names": "Anna", "surname": "Kern", "email": "anna@post.example", "role": "Buyer"}
    values |= {"starts_on": date.today().isoformat(), "nationality": "DEU"}  # noqa: DTZ011
    facts = {n: (Fact(value=v, confidence=1.0, source="contract", document="d", at=now),) for n, v in values.items()}
    session = Session(title="Tour", starts_at=datetime(2099, 1, 5, 10), guests=("anna@post.example",))  # noqa: DTZ001
    booked = {"sequence": 0, "sessions": [session.model_dump(mode="json")]}
    done = {code: Done(by="onboard_joiners", at=now) for code in ("contract", "person", "employee")}
    done["calendar"] = Done(by="onboard_joiners", at=now, undo=booked)
    joiner = Joiner(key=KEY, facts=facts, done=done)
    with closing(Ledger.open(home)) as ledger:
        Dossiers(ledger.database, "joiners").open(KEY, joiner.model_dump(mode="json"), "open", BY)


def mails(home: Path) -> None:
    office, ledger = wired.office_of(load())
    with closing(ledger):
        wired._mails(office, ledger, BY, KEY)


def test_the_settings_choose_the_way_out_and_the_calendar(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.joiner_systems.secret", lambda _: {"login": "a", "password": "b"})
    settle(home, "")
    assert (type(outbox_of(load())), type(calendar_of(load()))) == (FolderOutbox, HomeCalendar)
    ways = {
        'kind = "smtp"\nhost = "smtp.example.com"\nsender = "hr@example.com"': SmtpOutbox,
        'kind = "graph"\naddress = "hr@example.com"\nvault = "graph"': GraphOutbox,
        'kind = "exchange"\nname = "hr"\naddress = "hr@example.com"\nvault = "x"\nauth = "basic"\n'
        'endpoint = "https://mail.example.com/EWS/Exchange.asmx"': ExchangeOutbox,
    }
    for text, expected in ways.items():
        settle(home, f"[joiners.outgoing]\n{text}\n")
        assert type(outbox_of(load())) is expected
    settle(home, '[joiners.calendar]\nkind = "caldav"\nurl = "https://calendar.example.com/hr/"\n')
    assert type(calendar_of(load())) is ServerCalendar


def test_released_mails_go_out_by_smtp_with_their_appointments(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(tmp_path) as server:
        way = f'kind = "smtp"\nhost = "localhost"\nport = {server.port}\nvault = "smtp"\nsender = "{SENDER}"'
        settle(home, f'[joiners]\nmails = "send"\n[joiners.outgoing]\n{way}\nca_file = "{server.certificate}"\n{ROLE}')
        login = {"login": server.login, "password": server.password}
        monkeypatch.setattr(SmtpOutbox.__init__, "__defaults__", (lambda _: login,))
        anna(home)
        mails(home)
        mails(home)
        found = [message_from_bytes(data) for to, data in server.mails if to == "anna@post.example"]
    assert len(found) == 2 + 1  # the missing papers, welcome, invitation
    (invitation,) = [m for m in found if m.is_multipart()]
    ics = invitation.get_payload()[1].get_payload(decode=True)  # type: ignore[union-attr]
    assert isinstance(ics, bytes)
    assert b"METHOD:REQUEST" in ics
    assert f"UID:{KEY}.0@deskhand".encode() in ics
    assert "akern" not in str(found)


def test_what_is_said_on_the_pages_is_kept_and_gives_the_bots_a_turn(home: Path) -> None:
    settle(home, ROLE)
    anna(home)
    mails(home)
    book = HomeBook()
    assert not book.done(KEY, "contract", "Hanna", "I say so")  # its paper closes it
    assert not book.done(KEY, "account", "Hanna", "")  # a bot's
    assert book.done(KEY, "laptop", "Ingo", "inventory 4711")
    assert not book.done(KEY, "laptop", "Ingo", "")
    assert book.enter_address(KEY, "anna.kern@post.example", "Hanna")
    mails(home)
    mail = book.mail(KEY, "invitation:0:joiner")
    assert mail is not None
    assert mail.letter.to == "anna.kern@post.example"
    draft = next(t for t in book.todos() if t.mail)
    seen = book.mail(KEY, draft.mail)
    assert seen is not None
    assert not book.decide_mail((KEY, draft.mail), seen.model_copy(update={"by": "x"}), "released", "Hanna")
    assert book.decide_mail((KEY, draft.mail), seen, "released", "Hanna")
    with closing(Store.open(home)) as store:
        turns = store.find("joiner_turn")
        assert {item.payload["joiner"] for item in turns} == {KEY}
    office, ledger = wired.office_of(load())
    with closing(ledger):
        dossier = office.dossiers.of_key(KEY)
        assert dossier is not None
        assert dossier.body["done"]["laptop"]["evidence"] == "Ingo: inventory 4711"
        bags = Mailbags(ledger.database)
        rows = {str(row[0]): row[1] for row in figures(office, bags).rows}
        assert rows["Times that people had to act, per joiner (mean)"] == 3.0
        assert rows["Share with an account by the first day"] == 0.0
        assert any(name.startswith("Late tasks of facilities") for name in rows)
        assert section(office, bags).rows[0][5] == "late"


def test_letters_of_the_companys_own_are_checked_when_they_are_needed(home: Path) -> None:
    (home / "letters").mkdir()
    settle(home, f'[joiners]\nletters = "letters"\n{ROLE}')
    anna(home)
    with pytest.raises(SettingsError, match="there are no letters"):
        mails(home)
    (home / "letters" / "en.yaml").write_text("language: en\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"en\.yaml"):
        mails(home)
