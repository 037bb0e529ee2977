"""A connection that is lost at any moment, and a server that is restarted: nothing half done, nothing done twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from benchmarks.servers import Postgres
from tests.postgres import PASSWORD
from workitems import database_postgresql
from workitems.database import Database, StoreError, connect
from workitems.database_postgresql import PostgresDatabase
from workitems.errors import TryLater
from workitems.ledger import Ledger
from workitems.mending import Mending
from workitems.reservations import Ending
from workitems.rows import ItemRow
from workitems.store import Store
from workitems.targets import TargetLimits, Targets


@pytest.fixture
def database(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def db(store: Store) -> PostgresDatabase:
    assert isinstance(store.database, PostgresDatabase)
    return store.database


def cut(db: PostgresDatabase) -> None:
    """The connection ends, as with a server that is stopped or a network that is unplugged."""
    with psycopg.connect(db._url, autocommit=True) as other:
        assert db._line is not None
        pid = db._line.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def cut_at(db: PostgresDatabase, monkeypatch: pytest.MonkeyPatch, number: int, after: bool) -> list[int]:
    """Cuts the connection before (or after, when nobody hears the answer) its n-th round trip from now on."""
    left = [number]
    send = database_postgresql.Line.run

    def run(line: Any, batch: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            cut(db)
        answer = send(line, batch)
        if left[0] == 0 and after:
            line.connection.close()
            raise psycopg.OperationalError("the connection is lost")
        return answer

    monkeypatch.setattr(database_postgresql.Line, "run", run)
    return left


def work(store: Store) -> None:
    """One item from its coming into being to its release, with an output, a payload and a file."""
    worker = store.reservations("tester")
    put = store.put("in", {"n": 1}, {"a.txt": b"a"})
    hold = worker.reserve("in", 60)
    assert hold is not None
    assert hold.item_id == put
    worker.create_output(hold, "output", "out", {"n": 2})
    worker.add_file("output", hold, "b.txt", b"b")
    worker.save_payload(put, hold, {"n": 3})
    assert worker.release(hold, Ending("done")) == "done"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_wherever_the_connection_is_cut_the_work_goes_on(
    postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch, after: bool, tmp_path: Any
) -> None:
    from tests.postgres import fresh_database

    for number in itertools.count(1):
        store = Store.open(tmp_path / str(number), fresh_database(postgres_server.url))
        assert isinstance(store.database, PostgresDatabase)
        store.clock()
        with monkeypatch.context() as patch:
            left = cut_at(store.database, patch, number, after)
            work(store)
        items: dict[str, ItemRow] = {item.queue: item for item in store.find()}
        assert sorted(items) == ["in", "out"]
        assert len(store.find()) == 2
        assert (items["in"].state, items["in"].payload, items["in"].lost_leases) == ("done", {"n": 3}, 0)
        assert (items["out"].state, store.file_names("output")) == ("ready", ["b.txt"])
        assert [e.to_state for e in store.events(items["in"].id)] == ["ready", "taken", "done"]
        assert {(c.queue, c.state): c.count for c in store.depth()} == {("in", "done"): 1, ("out", "ready"): 1}
        store.close()
        if left[0] > 0:  # the work took fewer round trips
            assert number > 15
            return


def decide(store: Store, item: ItemRow) -> None:
    """What people do, one after the other, with one item in review."""
    mending = Mending(store, "anna")

    def now() -> ItemRow:
        found = store.get(item.id)
        assert found is not None
        return found

    store.answer(item.id, {"n": 2}, "anna", "yes", now().version)
    mending.postpone(item.id, datetime.now(UTC) + timedelta(hours=1), "later")
    store.retry(item.id, "anna")
    mending.assign(item.id, "bert")
    mending.move(item.id, "other", "there")
    store.cancel(item.id, "anna", "not wanted")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_nobody_is_told_that_his_decision_failed_when_only_its_answer_was_lost(
    postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch, after: bool, tmp_path: Any
) -> None:
    from tests.postgres import fresh_database

    store = Store.open(tmp_path / "home", fresh_database(postgres_server.url))
    assert isinstance(store.database, PostgresDatabase)
    for number in itertools.count(1):
        worker = store.reservations("tester")
        store.put("in", {"n": 1})
        hold = worker.reserve("in", 60)
        assert hold is not None
        worker.release(hold, Ending("review", "doubt"))
        item = store.get(hold.item_id)
        assert item is not None
        with monkeypatch.context() as patch:
            left = cut_at(store.database, patch, number, after)
            decide(store, item)
        ended = store.get(hold.item_id)
        assert ended is not None
        assert (ended.state, ended.queue, ended.payload, ended.assigned_to) == ("cancelled", "other", {"n": 2}, "bert")
        told = [(e.from_state, e.to_state) for e in store.events(ended.id)][3:]
        assert told == [("review", "ready"), *[("ready", "ready")] * 4, ("ready", "cancelled")]
        if left[0] > 0:
            assert number > 12
            break
    store.close()


def test_a_turn_at_a_target_is_one_whatever_is_lost(
    store: Store, db: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets, limits = Targets(db), TargetLimits(sessions=1, failures=2, wait_seconds=0)
    for number in itertools.count(1):
        for after in (False, True):
            with monkeypatch.context() as patch:
                left = cut_at(db, patch, number, after)
                with suppress(TryLater), targets.use("erp", limits):
                    raise TryLater("away", "It is away.")
            (state,) = targets.states()
            assert (state.in_use, state.failures) == (0, 1)
            with targets.use("erp", limits):
                pass  # it went well: nothing failed in a row
        if left[0] > 0:
            assert number > 5
            return


def test_a_transaction_of_which_something_is_known_is_given_up_with_a_sentence(db: PostgresDatabase) -> None:
    def cut_half_way() -> None:
        with db.write():
            db.change("INSERT INTO locks VALUES (:a, :a, :a, 1)", {"a": "x"})
            cut(db)
            db.change("INSERT INTO locks VALUES (:a, :a, :a, 1)", {"a": "y"})

    with pytest.raises(StoreError, match="was lost"):
        cut_half_way()
    assert db.rows("SELECT * FROM locks") == []


def test_a_restarted_database_goes_on_where_it_was(
    store: Store, ledger: Ledger, postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = store.reservations("tester")
    put = store.put("in", 1)
    hold = worker.reserve("in", 60)
    assert hold is not None
    for hard in (False, True):
        postgres_server.restart("immediate" if hard else "fast")
        assert ledger.begin_effect(f"key {hard}", put, {}).fresh
        assert worker.renew(hold, 60)
    postgres_server.stop()
    monkeypatch.setattr(database_postgresql, "RECONNECT_SECONDS", 0.2)
    with pytest.raises(StoreError, match="is away"):
        worker.release(hold, Ending("done"))
    postgres_server.start()
    found = store.get(put)
    assert found is not None
    assert found.state == "taken"
    assert worker.release(hold, Ending("done")) == "done"


def test_no_message_shows_a_password(
    store: Store, db: PostgresDatabase, postgres_server: Postgres, home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = [
        db._url.replace("deskhand:", "nobody:"),
        db._url.replace("/postgres?", "/nothing?"),
        db._url.replace(f":{postgres_server.port}", ":1"),
        db._url + "&nonsense=1",
        f"postgresql://host:port:x@{PASSWORD}@/x",
        f"postgresql://127.0.0.1:1/x?user=u&password={PASSWORD}",
    ]
    for url in wrong:
        with pytest.raises(StoreError) as refused:
            connect(home, url)
        assert PASSWORD not in str(refused.value)
    for statement in ("SELECT nothing", "no SQL"):
        with pytest.raises(StoreError) as refused:
            db.rows(statement)
        assert PASSWORD not in str(refused.value)
    assert db.rows("SELECT 1")[0][0] == 1
    assert PASSWORD not in caplog.text


def test_a_statement_that_fails_undoes_the_transaction_even_if_its_failure_is_hidden(db: PostgresDatabase) -> None:
    def hide() -> None:
        with db.write():
            db.change("INSERT INTO locks VALUES (:a, :a, :a, 1)", {"a": "x"})
            with suppress(StoreError):
                db.change("INSERT INTO nowhere VALUES (1)", {})

    with pytest.raises(StoreError, match="undone"):
        hide()
    assert db.rows("SELECT * FROM locks") == []


def test_two_that_are_in_each_others_way_both_come_through(
    db: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadlock is made on purpose: the database undoes one transaction, which is run again."""
    import threading

    other, meet = db.another(), threading.Barrier(2)
    names = ["a", "b"]
    for name in names:
        with db.write():
            db.change("INSERT INTO locks VALUES (:a, :a, :a, 0)", {"a": name})
    tries: list[str] = []

    def count_both(mine: Database, order: list[str]) -> Callable[[], None]:
        def work() -> None:
            first_try = not tries or threading.current_thread().name not in tries
            tries.append(threading.current_thread().name)
            with mine.write():
                for n, name in enumerate(order):
                    if n and first_try:
                        meet.wait(20)
                    mine.change("UPDATE locks SET expires_at = expires_at + 1 WHERE name = :a", {"a": name})

        return lambda: mine.settle(work, lambda: None)

    threads = [threading.Thread(target=count_both(d, o)) for d, o in ((db, names), (other, names[::-1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(tries) >= 3
    assert [row["expires_at"] for row in db.rows("SELECT expires_at FROM locks")] == [2.0, 2.0]
    other.close()
