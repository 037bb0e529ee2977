"""`run.py queue postpone | reassign | redrive | dead`, and many items at once."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.commands.queue_times import length, moment
from tests.commands.queue.conftest import work_once
from workitems.reservations import Ending
from workitems.states import RetryPolicy
from workitems.store import Store


def die(store: Store, code: str = "erp_away", queue: str = "document") -> str:
    """A new item of the queue is given up after its first attempt."""
    store.put(queue, 1)
    worker = store.reservations("reader")
    worker.retry = RetryPolicy(attempts=1)
    hold = worker.reserve(queue, 60)
    assert hold is not None
    worker.release(hold, Ending("failed", code, "It is away."))
    return hold.item_id


def get(store: Store, item_id: str) -> Any:
    item = store.get(item_id)
    assert item is not None
    return item


def counted(store: Store) -> dict[tuple[str, str], int]:
    return {(c.queue, c.state): c.count for c in store.depth()}


def test_what_is_postponed_is_not_taken_before(queue: Any, store: Store) -> None:
    first, second = store.put("document", 1), store.put("document", 2)
    (row,) = queue("postpone", first, "--for", "2h", "--why", "month end", "--who", "anna", "--json").rows
    until = datetime.fromisoformat(row["not_before"])
    assert abs(until - datetime.now(UTC) - timedelta(hours=2)) < timedelta(minutes=1)
    item = get(store, first)
    assert (item.state, item.code, item.message, item.not_before, item.attempts) == (
        "ready", "postponed", "month end", until, 0,
    )  # fmt: skip
    assert work_once(store, Ending("done")) == second
    assert store.reservations("reader").reserve("document", 60) is None
    event = store.events(first)[-1]
    assert (event.from_state, event.to_state, event.who, event.why) == ("ready", "ready", "person:anna", "month end")
    assert queue("retry", first).status == 0
    assert work_once(store, Ending("done")) == first


def test_only_what_is_ready_can_be_postponed(queue: Any, store: Store) -> None:
    store.put("document", 1)
    item_id = work_once(store, Ending("done"))
    called = queue("postpone", item_id, "--for", "1d")
    assert (called.status, called.out) == (1, "")
    assert f"The item {item_id} is done; only what is ready can be postponed." in called.err


def test_a_person_looks_at_it(queue: Any, store: Store) -> None:
    store.put("document", 1)
    item_id = work_once(store, Ending("review", "x", "X."))
    version = get(store, item_id).version
    assert queue("reassign", item_id, "--to", "anna", "--json").rows == [{"id": item_id, "assigned_to": "anna"}]
    assert [r["id"] for r in queue("items", "--assigned", "anna", "--json").rows] == [item_id]
    assert queue("items", "--assigned", "nobody", "--json").rows == []
    assert "anna" in queue("items").out
    assert "anna" in queue("show", item_id).out
    # Who is answering is not overtaken by that.
    assert get(store, item_id).version == version
    assert queue("reassign", "--queue", "document", "--to", "nobody", "--json").rows[0]["assigned_to"] is None
    assert [e.why for e in store.events(item_id)][-2:] == ["assigned to anna", "assigned to nobody"]


def test_an_item_goes_to_another_queue_and_the_counts_with_it(queue: Any, store: Store) -> None:
    item_id = store.put("document", 1)
    assert queue("reassign", item_id, "--to-queue", "special", "--json").rows == [{"id": item_id, "queue": "special"}]
    assert counted(store) == {("special", "ready"): 1}
    hold = store.reservations("reader").reserve("special", 60)
    assert hold is not None
    assert hold.item_id == item_id


def test_dead_letters_are_listed_with_their_reason(queue: Any, store: Store) -> None:
    assert "no dead letters" in queue("dead").out
    away, bug = die(store), die(store, "bug")
    rows = queue("dead", "--json").rows
    assert [(r["id"], r["code"], r["attempts"]) for r in rows] == [(away, "erp_away", 1), (bug, "bug", 1)]
    assert all(0 <= r["dead_seconds"] < 60 for r in rows)
    assert [r["id"] for r in queue("dead", "--code", "bug", "--json").rows] == [bug]
    page = queue("dead").out
    for word in (away, "It is away.", "1 in document: bug"):
        assert word in page


def test_dead_letters_are_redriven_at_a_pace(queue: Any, store: Store) -> None:
    ids = [die(store) for _ in range(3)]
    other = die(store, "bug")
    rows = queue("redrive", "--queue", "document", "--code", "erp_away", "--per-minute", "2", "--json").rows
    assert [r["id"] for r in rows] == ids
    assert rows[0]["not_before"] is None
    gaps = [datetime.fromisoformat(r["not_before"]) for r in rows[1:]]
    assert gaps[1] - gaps[0] == timedelta(seconds=30)
    assert [get(store, i).attempts for i in ids] == [0, 0, 0]
    assert get(store, other).state == "dead"
    assert work_once(store, Ending("done")) == ids[0]
    assert store.reservations("reader").reserve("document", 60) is None
    assert counted(store) == {("document", "ready"): 2, ("document", "done"): 1, ("document", "dead"): 1}


def test_many_at_once_and_who_is_refused_stops_nobody(queue: Any, store: Store) -> None:
    ids = [die(store) for _ in range(2)]
    done = die(store)
    store.retry(done)
    called = queue("redrive", ids[0], "nobody", done, ids[1], ids[0], "--json")
    assert [r["id"] for r in called.rows] == ids
    assert called.status == 1
    assert "There is no item 'nobody'." in called.err
    assert f"The item {done} is ready; only a dead letter can be redriven." in called.err
    assert "2 of 4 items were left as they are." in called.err


def test_of_very_many_a_person_gets_the_first_and_a_count(queue: Any, store: Store) -> None:
    for n in range(25):
        store.put("document", n)
    out = queue("cancel", "--queue", "document", "--state", "ready").out.splitlines()
    assert len(out) == 21
    assert "5 more, 25 in all" in out[-1]
    assert counted(store) == {("document", "cancelled"): 25}
    assert queue("cancel", "--queue", "document", "--state", "ready").out == "No item is meant by that.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["redrive"], "Say which items"),
        (["retry"], "Say which items"),
        (["cancel", "--queue", "document"], "Say also which --state."),
        (["redrive", "x", "--queue", "document"], "not by both"),
        (["redrive", "--queue", "document", "--per-minute", "0"], "from 1 to 60000"),
        (["redrive", "--queue", "document", "--limit", "-1"], "no whole number"),
        (["postpone", "x"], "required"),
        (["postpone", "x", "--for", "soon"], "no length of time"),
        (["postpone", "x", "--for", "99999d"], "at most ten years"),
        (["postpone", "x", "--until", "32:00"], "no moment"),
        (["postpone", "x", "--until", "0001-01-01"], "no moment"),
        (["postpone", "x", "--until", "2020-01-01"], "has passed"),
        (["reassign", "x"], "Say --to PERSON"),
        (["reassign", "x", "--to", "a", "--to-queue", "b"], "Say --to PERSON"),
        (["reassign", "x", "--to", " "], "need a name"),
        (["put", "q", "--priority", "99999999999999999999"], "priority"),
    ],
)
def test_wrong_usage_is_a_sentence(queue: Any, store: Store, arguments: list[str], sentence: str) -> None:
    called = queue(*arguments, "--json")
    assert (called.status, called.out) == (2, "")
    assert sentence in called.err
    assert "Traceback" not in called.err


def test_priority_moment_and_deadline_are_put(queue: Any, store: Store) -> None:
    low = queue("put", "document", "--json").rows[0]["id"]
    high = queue("put", "document", "--priority", "5", "--deadline", "2030-01-02T03:04+00:00", "--json").rows[0]["id"]
    later = queue("put", "document", "--not-before", "2999-01-01", "--json").rows[0]["id"]
    assert [work_once(store, Ending("done")) for _ in range(2)] == [high, low]
    assert get(store, later).state == "ready"
    assert get(store, high).deadline == datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


def test_lengths_and_moments_as_people_type_them() -> None:
    assert length("1d12h") == timedelta(hours=36)
    assert length("90s") == timedelta(seconds=90)
    assert length("10 min") == timedelta(minutes=10)
    for text in ("", "0s", "1", "1h1d", "-1h"):
        with pytest.raises(argparse.ArgumentTypeError):
            length(text)
    now = datetime(2026, 11, 21, 10, 0).astimezone()
    assert moment("10:30", now) == now + timedelta(minutes=30)
    assert moment("09:30", now) == now + timedelta(hours=23, minutes=30)
    assert moment("2026-11-23T08:00+02:00") == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
