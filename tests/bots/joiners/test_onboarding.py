"""From papers to a working first day: what is created, when, in which order, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tests.bots.joiners.conftest import CONTRACT, IDENTITY, Around, said
from workitems.errors import NeedsReview
from workitems.items import Doubt


def at(day: int, hour: int) -> datetime:
    """A moment of December, where the company is."""
    return datetime.combine(date(2026, 12, day), time(hour))


def codes(doubts: tuple[Doubt, ...]) -> list[str]:
    return [d.code for d in doubts]


def test_a_clean_joiner_is_ready_on_the_first_day(around: Around) -> None:
    outcome = around.turn(around.anna())
    assert around.hr.calls == ["person", "employee", "account"]
    (account,) = around.hr.users
    assert (account.login, account.groups, account.active) == ("akern", ("Sales",), True)
    employee = around.hr.own_job()
    assert (employee.supervisor_id, employee.department, str(employee.weekly_hours)) == ("e1", "Sales", "38.5")
    assert set(around.joiner().done) == {
        "contract",
        "identity",
        "person",
        "employee",
        "licences",
        "calendar",
        "account",
    }
    assert outcome.item.ended == "waiting"  # facilities, IT and the manager have not said that they are done


def test_no_account_before_the_first_day_and_one_on_it(around: Around) -> None:
    filed = around.anna(starts_on="2026-12-01")
    around.turn(filed)
    assert around.hr.calls == ["person", "employee"]
    around.today = date(2026, 12, 1)
    around.turn(filed)
    assert around.hr.calls == ["person", "employee", "account"]


def test_a_turn_taken_again_does_nothing_more(around: Around) -> None:
    filed = around.anna()
    around.turn(filed)
    before = list(around.hr.calls)
    around.turn(filed)
    assert around.hr.calls == before


@pytest.mark.parametrize("verb", [1, 2, 3])
def test_a_bot_that_dies_after_a_verb_finds_it_done(around: Around, verb: int) -> None:
    filed = around.anna()
    around.hr.dies_at = verb
    with pytest.raises(KeyboardInterrupt):
        around.turn(filed)
    around.turn(filed)
    assert (len(around.hr.people), len(around.hr.jobs), len(around.hr.users)) == (3, 3, 1)


@pytest.mark.parametrize(("papers", "code"), [("identity", "contract_missing"), ("contract", "identity_missing")])
def test_nothing_is_created_before_contract_and_identity_are_there(around: Around, papers: str, code: str) -> None:
    filed = around.file("identity", IDENTITY) if papers == "identity" else around.file("contract", CONTRACT)
    outcome = around.turn(filed)
    assert codes(outcome.item.doubts) == [code]
    assert (outcome.item.ended, around.hr.calls) == ("waiting", [])


def test_an_unsigned_contract_creates_nothing(around: Around) -> None:
    outcome = around.turn(around.anna(signed="no"))
    assert (codes(outcome.item.doubts), around.hr.calls) == (["contract_missing"], [])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("manager", "Karl Brandt", "manager_left"),
        ("manager", "Nobody Known", "unknown_manager"),
        ("role", "Astronaut", "unknown_role"),
        ("department", "Space", "unknown_department"),
        ("starts_on", "2025-11-03", "starts_long_ago"),
        ("employer", "Somebody Else Ltd", "other_employer"),
        ("born_on", "1995-05-17", "papers_differ"),
        ("surname", "Kernova", "name_differs"),
    ],
)
def test_a_doubt_creates_nothing_and_says_why(around: Around, field: str, value: str, code: str) -> None:
    around.file("identity", IDENTITY)
    filed = around.file("contract", CONTRACT | {field: value}, (said("joiner", around.joiner().key),))
    assert codes(around.asked(filed)) == [code]
    assert around.hr.calls == []


@pytest.mark.parametrize(
    ("field", "value", "code"), [("nationality", "USA", "right_to_work"), ("born_on", "2012-05-17", "too_young")]
)
def test_what_an_identity_paper_shows_may_be_a_doubt(around: Around, field: str, value: str, code: str) -> None:
    around.file("identity", IDENTITY | {field: value})
    filed = around.file("contract", CONTRACT | ({field: value} if field in CONTRACT else {}))
    assert codes(around.asked(filed)) == [code]


def test_an_expired_paper_is_asked_for_anew(around: Around) -> None:
    around.file("identity", IDENTITY | {"expires_on": "2026-01-31"})
    outcome = around.turn(around.file("contract", CONTRACT))
    assert (codes(outcome.item.doubts), around.hr.calls) == (["identity_expired"], [])
    around.turn(around.file("identity", IDENTITY))
    assert around.hr.calls == ["person", "employee", "account"]


def test_what_a_person_accepts_or_enters_lets_it_go_on(around: Around) -> None:
    filed = around.anna(employer="Nordlicht Holding AG", role="Assistant in Sales")
    doubts = around.asked(filed)
    assert set(codes(doubts)) == {"other_employer", "unknown_role"}
    around.turn(filed, (said("confirm", "other_employer"), said("role", "Sales Assistant")), doubts)
    assert around.hr.calls == ["person", "employee", "account"]


def test_only_a_doubt_that_was_shown_can_be_accepted(around: Around) -> None:
    filed = around.anna(employer="Nordlicht Holding AG")
    assert codes(around.asked(filed, (said("confirm", "other_employer"),))) == ["other_employer"]


def test_a_newer_question_takes_the_place_of_an_older_one(around: Around) -> None:
    around.asked(around.anna(role="Astronaut"))
    older = around.joiner().turn
    around.asked(around.file("application", {**CONTRACT, "role": "Astronaut"}))
    assert around.retired == [older]


def test_a_public_holiday_moves_the_account_to_the_next_working_day(around: Around) -> None:
    around.today = date(2027, 1, 1)
    filed = around.anna(starts_on="2027-01-01")
    around.turn(filed)
    assert "account" not in around.hr.calls
    around.today = date(2027, 1, 4)
    around.turn(filed)
    assert "account" in around.hr.calls


def test_an_empty_pool_raises_one_request(around: Around) -> None:
    around.policy = around.policy.model_copy(update={"licences": ()})
    filed = around.anna()
    around.turn(filed)
    around.turn(filed)
    assert [o.key for o in around.hr.orders.values()] == [f"{around.joiner().key}:CRM"]
    assert around.joiner().done["licences"].evidence == "CRM requested"


def test_trainings_avoid_holidays_and_other_appointments(around: Around) -> None:
    around.calendar.taken = [(at(24, 10), at(24, 12))]
    around.today = date(2026, 12, 24)
    around.turn(around.anna(starts_on="2026-12-24"))
    (sessions,) = around.calendar.booked.values()
    assert [s.starts_at for s in sessions] == [
        at(24, 12),
        at(28, 10),
        at(29, 10),
    ]


def test_sensitive_rights_need_training_and_another_persons_approval(around: Around) -> None:
    filed = around.anna(role="Accountant", department="Finance")
    around.turn(filed)
    around.turn(filed, (said("approve", "Payments", "Hanna"),))
    around.turn(filed, (said("done", "training", "Hanna"),))
    assert around.hr.users[0].groups == ("Accounting",)
    around.turn(filed, (said("approve", "Payments", "Otto"),))
    assert around.hr.users[0].groups == ("Accounting", "Payments")


def move(around: Around, kind: str, **values: str) -> tuple[Doubt, ...]:
    """A change of mind comes; returns what a person is asked, and agrees to it."""
    anna = {"surname": "Kern", "given_names": "Anna", "born_on": "1994-05-17"}
    filed = around.file("application", anna | values | {"request": kind})
    try:
        around.turn(filed)
    except NeedsReview as asked:
        shown = tuple(asked.doubts)
        around.turn(filed, (said("confirm", "move_destroys"),), shown)
        return shown
    return ()


def test_a_withdrawal_takes_everything_back_in_reverse_after_a_person_has_seen_it(around: Around) -> None:
    around.turn(around.anna())
    around.hr.calls.clear()
    shown = move(around, "withdraw")
    assert codes(shown) == ["move_destroys"]
    assert around.hr.calls == ["close account", "end employment", "withdraw person"]
    assert around.calendar.booked == {}
    assert around.dossiers.all()[0].state == "withdrawn"
    assert [a.active for a in around.hr.users] == [False]


def test_a_start_that_moves_closes_the_account_until_then(around: Around) -> None:
    around.turn(around.anna())
    move(around, "start_moved", starts_on="2026-12-14")
    assert [a.active for a in around.hr.users] == [False]
    assert around.hr.own_job().starts_on == date(2026, 12, 14)
    around.today = date(2026, 12, 14)
    last = around.file("application", {**CONTRACT, "starts_on": "2026-12-14"})
    around.turn(last)
    assert [(a.login, a.active) for a in around.hr.users] == [("akern", True)]


def test_another_role_changes_the_groups_and_the_licences(around: Around) -> None:
    around.turn(around.anna())
    move(around, "role_changed", role="Accountant")
    assert [(a.groups, a.active) for a in around.hr.users] == [(("Accounting",), True)]
    assert around.hr.own_job().role == "Accountant"
    assert around.joiner().done["licences"].evidence == "none needed"


def test_a_role_that_nobody_knows_changes_nothing(around: Around) -> None:
    around.turn(around.anna())
    before = around.hr.own_job()
    asked = around.asked(around.file("application", CONTRACT | {"role": "Astronaut", "request": "role_changed"}))
    assert codes(asked) == ["unknown_role"]
    assert around.hr.own_job() == before


def test_a_second_colleague_of_that_name_gets_another_login(around: Around) -> None:
    around.turn(around.anna())
    other = {"born_on": "1980-01-02", "email": "a.kern@example.org"}
    around.file("identity", IDENTITY | other | {"document_number": "L0000"})
    last = around.file("contract", CONTRACT | other)
    doubts = around.asked(last)
    assert codes(doubts) == ["already_employed"]
    around.turn(last, (said("confirm", "already_employed"),), doubts)
    assert sorted(a.login for a in around.hr.users) == ["akern", "akern2"]


def test_the_store_keeps_who_changed_what(around: Around) -> None:
    around.turn(around.anna())
    (dossier,) = around.dossiers.all()
    why = [c.why for c in around.dossiers.changes(dossier.id)]
    assert why[:2] == ["identity filed", "identity filed"]
    assert {"person", "employee", "account", "papers checked"} <= set(why)


def test_the_fake_keeps_the_accounts_promise(around: Around) -> None:
    """The verbs rely on it: an account is never opened before the first day."""
    filed = around.anna(starts_on="2026-12-01")
    around.turn(filed)
    assert replace(around).hr.users == []
