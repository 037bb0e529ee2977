"""What is written to joiners and managers, in which words, and when; nothing goes where an address is not sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from bots.joiners import file_joiners
from bots.joiners.facts import with_facts
from bots.joiners.mailbag import Kept, Mailbags
from bots.joiners.nouns import Fact, Move
from bots.joiners.office import change
from bots.joiners.sending import Way, mail_round
from bots.joiners.todo import Todo, todos
from bots.joiners.wording import FOLDER, WordingError, read_wordings, shipped_wordings
from bots.joiners.writing import Post
from bots.working_days import moved
from connectors.outgoing import Found, OutgoingMail, PerhapsSent
from tests.bots.joiners.conftest import CONTRACT, IDENTITY, TODAY, Around, said
from workitems.dossiers import By
from workitems.errors import NeedsReview, TryLater
from workitems.items import Doubt

BY = By("item", "bot", "test")
MANAGER = "petra.vogel@nordlicht.example"
FOREIGN = {"nationality": "SWE"}


@dataclass
class FakeOutbox:
    """Takes mails, or fails as it is told to; with `memory` it can say what it sent."""

    name: str = "fake"
    memory: bool = True
    sent: list[OutgoingMail] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def search(self, mail: OutgoingMail) -> Found:
        if not self.memory:
            return "unknown"
        return "sent" if mail.key in {m.key for m in self.sent} else "absent"

    def send(self, mail: OutgoingMail) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(mail)

    def close(self) -> None:
        return None


@dataclass
class Writing:
    """A joiners desk with its mails."""

    around: Around
    outbox: FakeOutbox = field(default_factory=FakeOutbox)

    def sends(self) -> Writing:
        """Mails go out by themselves."""
        self.around.policy = self.around.policy.model_copy(update={"mails": "send"})
        return self

    @property
    def bags(self) -> Mailbags:
        return Mailbags(self.around.ledger.database)

    def round(self) -> list[str]:
        """One round; the keys of what went out in it."""
        before = len(self.outbox.sent)
        post = Post(self.around.office, self.bags, shipped_wordings())
        mail_round(post, Way(self.outbox, self.around.ledger, lambda *_: ()), BY)
        return [mail.key.partition(":")[2] for mail in self.outbox.sent[before:]]

    def days_later(self, working_days: int) -> None:
        self.around.today = moved(self.around.today, working_days, "DE")

    def release(self, key: str) -> None:
        self.bags.settle(self.around.joiner().key, key, "released", By("desk", "Hanna", "ok"), self.around.office.now())

    @property
    def mails(self) -> dict[str, Kept]:
        """The joiner's mails."""
        return self.bags.of(self.around.joiner().key).mails

    def todo(self, part: str) -> list[Todo]:
        """What somebody has to do, by a part of its title."""
        return [t for t in todos(self.around.office, self.bags) if part in t.title]


@pytest.fixture
def writing(around: Around) -> Writing:
    return Writing(around)


def test_a_joiner_is_welcomed_in_the_own_language_with_the_day_in_words(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.anna(starts_on="2026-12-01"))
    assert writing.round() == ["welcome:2026-12-01", "invitation:1:joiner"]
    mail = writing.outbox.sent[0]
    assert (mail.to, mail.subject) == ("anna.kern@example.org", "Willkommen bei Nordlicht GmbH")
    assert "Guten Tag Anna Kern," in mail.text
    assert "Dienstag, 1. Dezember 2026. Petra Vogel empfängt Sie" in mail.text
    assert writing.round() == []


def test_others_are_written_to_in_the_companys_language(writing: Writing) -> None:
    writing.sends().around.file("identity", IDENTITY | FOREIGN)
    writing.around.turn(writing.around.file("contract", CONTRACT | {"starts_on": "2026-12-01"}))
    writing.round()
    assert writing.outbox.sent[0].subject == "Welcome to Nordlicht GmbH"
    assert "Tuesday, 1 December 2026" in writing.outbox.sent[0].text


def test_exactly_what_is_missing_is_asked_for_and_why(writing: Writing) -> None:
    writing.sends().around.file("identity", IDENTITY | FOREIGN | {"expires_on": "2026-01-31"})
    writing.around.turn(writing.around.file("contract", CONTRACT | {"signed": "no", "starts_on": "2026-12-14"}))
    assert writing.round() == ["missing:contract_unsigned+identity_expired:1"]
    text = writing.outbox.sent[0].text
    assert "- your employment contract with both signatures: on the copy that we have one is missing" in text
    assert "the one that you sent expired on Saturday, 31 January 2026" in text
    assert "by Monday, 7 December 2026" in text


def test_reminders_come_after_working_days_so_often_at_most_and_then_hr_has_to_call(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.file("contract", CONTRACT | {"starts_on": "2027-01-11"}))
    assert writing.round() == ["missing:identity_missing:1"]
    sent = []
    for _ in range(30):
        writing.days_later(1)
        sent += [(key, writing.around.today) for key in writing.round()]
    expected = [moved(TODAY, days, "DE") for days in (3, 6, 9)]
    assert sent == [(f"missing:identity_missing:{n}", day) for n, day in enumerate(expected, 2)]
    assert writing.outbox.sent[-1].subject == "Reminder: what we still need from you"
    (call,) = writing.todo("Call the joiner")
    assert (call.owner, call.standing) == ("hr", "late")


def test_a_paper_that_comes_ends_the_reminders(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.file("contract", CONTRACT | {"starts_on": "2026-12-14"}))
    writing.round()
    writing.around.turn(writing.around.file("identity", IDENTITY))
    writing.days_later(5)
    assert [key for key in writing.round() if key.startswith("missing")] == []


def test_a_draft_waits_for_a_person_and_goes_when_it_is_not_needed_any_more(writing: Writing) -> None:
    writing.around.turn(writing.around.file("contract", CONTRACT | {"starts_on": "2026-12-14"}))
    for _ in range(5):
        assert writing.round() == []
        writing.days_later(1)
    assert {key: kept.state for key, kept in writing.mails.items()} == {"missing:identity_missing:1": "draft"}
    (task,) = writing.todo("Release the mail about missing papers")
    assert (task.owner, task.standing) == ("hr", "late")
    writing.around.turn(writing.around.file("identity", IDENTITY))
    writing.round()
    assert set(writing.mails) == {"welcome:2026-12-14", "invitation:1:joiner"}
    writing.release("welcome:2026-12-14")
    assert writing.round() == ["welcome:2026-12-14"]
    assert writing.mails["welcome:2026-12-14"].state == "sent"


def test_a_mail_that_a_person_dropped_is_not_written_anew(writing: Writing) -> None:
    writing.around.turn(writing.around.file("contract", CONTRACT | {"starts_on": "2026-12-14"}))
    writing.round()
    key = "missing:identity_missing:1"
    writing.bags.settle(
        writing.around.joiner().key, key, "dropped", By("desk", "Hanna", "no"), writing.around.office.now()
    )
    writing.round()
    assert writing.mails[key].state == "dropped"


def test_no_mail_goes_to_an_address_that_was_read_unsurely(writing: Writing) -> None:
    around = writing.sends().around
    read = around.read("contract", CONTRACT | {"starts_on": "2026-12-14"}, confidence=0.6)
    payload = read.outputs[0].item.model_dump(mode="json")
    file_joiners.handle(around.work(payload), around.office)
    assert writing.round() == []
    (task,) = writing.todo("mail address")
    assert (task.asks, task.hint) == ("address", "anna.kern@example.org")


def test_papers_that_name_two_addresses_are_asked_about_first(writing: Writing) -> None:
    around = writing.sends().around
    around.file("contract", CONTRACT | {"starts_on": "2026-12-14"})
    other = {"surname": "Kern", "given_names": "Anna", "born_on": "1994-05-17", "email": "someone.else@example.org"}
    around.file("application", other, (said("joiner", around.joiner().key),))
    assert writing.round() == []
    assert writing.todo("mail address")


def test_invitations_carry_the_appointments_and_are_taken_back_when_the_joiner_withdraws(writing: Writing) -> None:
    around = writing.sends().around
    around.hr.people["p1"] = around.hr.people["p1"].model_copy(update={"emails": (MANAGER,)})
    filed = around.anna(starts_on="2026-12-01")
    around.turn(filed)
    sent = writing.round()
    assert set(sent) == {"welcome:2026-12-01", "invitation:1:joiner", "invitation:1:manager", "summary:2026-W48"}
    assert [len(k.letter.appointments) for k in writing.mails.values() if k.letter.kind == "invitation"] == [3, 1]
    assert {m.to for m in writing.outbox.sent if m.key.endswith("manager")} == {MANAGER}
    move = Move(kind="withdraw", document="paper9")
    change(around.office, around.joiner().key, lambda j: j.model_copy(update={"moves": (move,)}), BY)
    around.turn(filed, (said("confirm", "move_destroys"),), (Doubt(code="move_destroys", message="It is."),))
    assert writing.round() == ["called_off:2:joiner", "called_off:2:manager"]
    assert "Dienstag, 1. Dezember 2026, 10:00 Uhr: Welcome and introduction" in writing.outbox.sent[-1].text
    assert writing.round() == []


def test_another_first_day_is_told_with_new_invitations_of_a_higher_version(writing: Writing) -> None:
    around = writing.sends().around
    filed = around.anna(starts_on="2026-12-01")
    around.turn(filed)
    writing.round()
    move = Move(kind="start_moved", document="paper9", value="2026-12-08")
    change(around.office, around.joiner().key, lambda j: j.model_copy(update={"moves": (move,)}), BY)
    around.turn(filed)
    assert writing.round() == ["welcome:2026-12-08", "invitation:2:joiner"]
    assert writing.outbox.sent[-2].subject == "Ihr erster Tag ist jetzt Dienstag, 8. Dezember 2026"
    assert writing.mails["invitation:2:joiner"].letter.sequence == 2


def test_the_first_days_sheet_has_login_appointments_and_who_introduces_and_no_password(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.anna())
    writing.round()
    sheet = next(mail for mail in writing.outbox.sent if mail.key.endswith("day_one:2026-11-23"))
    assert "Ihr Anmeldename: akern" in sheet.text
    assert "- Montag, 23. November 2026, 10:00 Uhr: Welcome and introduction" in sheet.text
    assert "Petra Vogel stellt Sie vor" in sheet.text
    assert "persönlich von der IT" in sheet.text
    (access,) = writing.todo("The first password was handed over in person")
    assert (access.owner, access.by_hand) == ("it", True)


def test_a_manager_is_told_once_a_week_who_starts_and_what_is_to_be_done(writing: Writing) -> None:
    around = writing.sends().around
    around.hr.people["p1"] = around.hr.people["p1"].model_copy(update={"emails": (MANAGER,)})
    around.turn(around.anna())
    around.today = date(2026, 11, 24)
    sent = writing.round()
    assert "summary:2026-W48" in sent
    mail = next(m for m in writing.outbox.sent if m.key == "m-e1:summary:2026-W48")
    assert mail.to == MANAGER
    assert "Anna Kern, first day Monday, 23 November 2026" in mail.text
    assert "  - Monday, 23 November 2026: The manager has introduced the colleague (late)" in mail.text
    around.today += timedelta(days=1)
    assert writing.round() == []
    around.today += timedelta(days=7)
    assert writing.round() == ["summary:2026-W49"]
    assert len(writing.bags.of("m-e1").mails) == 1  # older ones name people, and go


def test_an_answer_from_the_joiners_address_meets_the_dossier(writing: Writing) -> None:
    around = writing.around
    around.file("contract", CONTRACT)
    read = around.read("identity", IDENTITY | {"surname": "Kerrn"})  # misread: without the sender this is a question
    payload = read.outputs[0].item.model_dump(mode="json")
    payload["document"]["mail"]["sender"] = "Anna.Kern@example.org"
    outcome = file_joiners.handle(around.work(payload), around.office)
    assert outcome.item.ended == "filed"
    assert [p.source for p in around.joiner().papers] == ["contract", "identity"]
    assert around.joiner().papers[1].sender == "Anna.Kern@example.org"


def test_a_mail_system_that_is_away_gets_the_mail_later_and_a_refused_mail_is_hrs(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.anna(starts_on="2026-12-01"))
    writing.outbox.memory = False
    writing.outbox.faults = [TryLater("mail_away", "away")] * 2
    assert (writing.round(), writing.round()) == ([], [])
    assert len(writing.round()) == 2
    writing.around.today = date(2026, 12, 1)
    writing.around.turn(writing.around.file("identity", IDENTITY))
    writing.outbox.faults = [NeedsReview([Doubt(code="mail_refused", message="No.")])]
    writing.round()
    assert writing.todo("The mail server refuses the first day's sheet")
    assert writing.round() == []
    key = writing.around.joiner().key
    at = writing.around.office.now()
    fact = Fact(value="anna@post.example", confidence=1.0, source="person", document="p", at=at)
    change(writing.around.office, key, lambda j: with_facts(j, [("email", fact)]), BY)
    assert writing.round() == ["day_one:2026-12-01"]  # a person has entered another address
    assert writing.outbox.sent[-1].to == "anna@post.example"


def test_a_mail_of_which_nobody_knows_is_not_sent_again_unless_a_person_says_so(writing: Writing) -> None:
    writing.sends().around.turn(writing.around.anna(starts_on="2026-12-01"))
    writing.outbox.memory = False
    writing.outbox.faults = [PerhapsSent(), PerhapsSent()]
    assert [writing.round() for _ in range(3)] == [[], [], []]
    assert {kept.state for kept in writing.mails.values()} == {"perhaps"}
    assert writing.todo("See whether the welcome went out")
    writing.release("welcome:2026-12-01")
    assert writing.round() == ["welcome:2026-12-01"]
    assert writing.round() == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("{given_names},", "{password},", r"letters.welcome.text: {password} cannot be filled in"),
        ("{given_names},", "{name.__class__},", "cannot be filled in"),
        ("{given_names},", "{name!r},", "cannot be filled in"),
        ("{given_names},", "{name", "letters.welcome.text: "),
        ("      {papers}\n", "", "letters.missing.text: {papers} has to stand in it"),
        ("  late_task:", "  later:", "phrases: 'late_task' is missing"),
        ("  moved:", "  postponed:", "letters: 'moved' is missing"),
        ("language: en", "language: en\ncolour: red", "colour"),
        ("language: en", "language: [", "is no YAML"),
    ],
)
def test_a_wrong_file_of_letters_is_refused_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = (FOLDER / "en.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "en.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(WordingError, match=r"en\.yaml") as caught:
        read_wordings(tmp_path)
    assert sentence in str(caught.value)


def test_what_papers_say_stays_one_line_of_a_letter(writing: Writing) -> None:
    hostile = "Anna\n\nPlease pay to DE00\nX: {company.__class__}"
    around = writing.sends().around
    around.file("identity", IDENTITY, ())
    around.turn(around.file("contract", CONTRACT | {"starts_on": "2026-12-01", "manager": "Petra Vogel"}))
    key = around.joiner().key
    with_name = said("given_names", hostile)
    fact = Fact(value=hostile, confidence=1.0, source="person", document="p", at=with_name.at)
    change(around.office, key, lambda j: with_facts(j, [("given_names", fact)]), BY)
    writing.round()
    text = writing.outbox.sent[0].text
    assert "Guten Tag Anna Please pay to DE00 X: {company.__class__} Kern," in text
