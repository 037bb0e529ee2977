"""Dossiers: one of a kind by its key, changed by who has read it last, found under marks, with a history."""

from __future__ import annotations

import pytest

from workitems.dossiers import By, Changed, Dossiers
from workitems.ledger import Ledger

BOT = By("item1", "register_contracts", "registered")


@pytest.fixture
def contracts(ledger: Ledger) -> Dossiers:
    return Dossiers(ledger.database, "contracts")


def test_a_dossier_is_begun_once_however_often_it_is_opened(contracts: Dossiers) -> None:
    first = contracts.open("acme:2026", {"title": "Lease"}, "active", BOT, ["party:acme"])
    again = contracts.open("acme:2026", {"title": "Other"}, "ended", By("item2", "x", "y"), ["party:other"])
    assert again == first
    assert (first.version, first.state, first.body) == (1, "active", {"title": "Lease"})
    assert contracts.marked("party:other") == []
    assert [c.item_id for c in contracts.changes(first.id)] == ["item1"]


def test_of_two_changes_to_the_same_reading_the_second_is_told(contracts: Dossiers) -> None:
    read = contracts.open("k", {"n": 1}, "active", BOT)
    saved = contracts.save(read, {"n": 2}, "active", By("item2", "person:anna", "corrected"))
    with pytest.raises(Changed):
        contracts.save(read, {"n": 3}, "ended", BOT)
    assert contracts.of_key("k") == saved == contracts.get(read.id)
    assert [(c.version, c.who, c.why) for c in contracts.changes(read.id)] == [
        (1, "register_contracts", "registered"),
        (2, "person:anna", "corrected"),
    ]


def test_marks_are_replaced_where_a_change_names_them_and_else_stay(contracts: Dossiers) -> None:
    read = contracts.open("k", {}, "active", BOT, ["a", "b"])
    kept = contracts.save(read, {"x": 1}, "active", BOT)
    assert [d.id for d in contracts.marked("a")] == [read.id]
    contracts.save(kept, {"x": 1}, "active", BOT, ["c"])
    assert contracts.marked("a") == []
    assert [d.id for d in contracts.marked("c")] == [read.id]


def test_a_desk_sees_its_own_dossiers_alone(contracts: Dossiers, ledger: Ledger) -> None:
    joiners = Dossiers(ledger.database, "joiners")
    own = contracts.open("k", {}, "active", BOT, ["m"])
    other = joiners.open("k", {}, "waiting", BOT, ["m"])
    assert own.id != other.id
    assert contracts.all() == [own]
    assert contracts.all("waiting") == []
    assert joiners.marked("m") == [other]
    assert contracts.get(other.id) is None


def test_many_are_listed_in_parts(contracts: Dossiers) -> None:
    made = sorted(contracts.open(f"k{n}", {}, "active", BOT).id for n in range(5))
    first = contracts.all(most=3)
    assert [d.id for d in first + contracts.all(after=first[-1].id, most=3)] == made


def test_what_is_forgotten_leaves_nothing(contracts: Dossiers) -> None:
    read = contracts.open("k", {}, "active", BOT, ["m"])
    assert contracts.forget(read.id)
    assert not contracts.forget(read.id)
    assert (contracts.of_key("k"), contracts.marked("m"), contracts.changes(read.id)) == (None, [], [])
