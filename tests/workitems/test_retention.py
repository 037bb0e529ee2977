"""What has ended for long enough is deleted as a whole; what must never be done twice stays by its key alone."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tasks.commands import retain as retain_command
from tasks.settings import Settings
from tests.workitems.conftest import Clock
from workitems.items import Decision
from workitems.ledger import Ledger
from workitems.projection import Projected, Projection
from workitems.reservations import Ending, Reservations
from workitems.retention import Deleted, delete_ended
from workitems.states import State
from workitems.store import Store

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

DAY = 86400.0
OF_DESKS = {"identity_papers": 0, "joiners": 0, "contracts": 0}
BOX = {"kind": "folder", "name": "in", "path": "inbox"}
ANNA = "anna@example.com"
SETTINGS = """
[company]
name = "X"
[[mailboxes]]
kind = "folder"
name = "in"
path = "inbox"
[retention]
done_days = 30
evidence_days = 10
"""


def work(worker: Reservations, queue: str, result: Any = "done", *outputs: str) -> str:
    """Takes the next item and ends it; its outputs go into the queues that are named."""
    hold = worker.reserve(queue, 60)
    assert hold is not None
    for n, name in enumerate(outputs):
        output = f"{hold.item_id}-{n}"
        worker.create_output(hold, output, name, {"from": ANNA})
        worker.add_file(output, hold, "b.txt", f"{ANNA} {output}".encode())
    worker.release(hold, Ending(result, "code", ANNA))
    return hold.item_id


def delete(store: Store, clock: Clock, *states: State, days: float = 30, apply: bool = True) -> Deleted:
    return delete_ended(store.database, dict.fromkeys(states, clock() - days * DAY), clock(), apply)


def test_a_lineage_goes_when_all_of_it_has_ended_for_long_enough(
    store: Store, worker: Reservations, clock: Clock
) -> None:
    old = store.put("document", {"from": ANNA}, {"a.txt": b"old"})
    work(worker, "document", "done", "invoice", "invoice")
    store.put("document", {"from": ANNA})
    waits = work(worker, "document", "done", "letter")
    for _ in range(2):
        work(worker, "invoice")
    clock.turn(29 * DAY)
    young = store.put("document", 1)
    work(worker, "document")
    clock.turn(2 * DAY)
    assert delete(store, clock, "done", apply=False) == Deleted(lineages=1, items=3, files=3)
    assert store.get(old) is not None
    assert delete(store, clock, "done") == Deleted(lineages=1, items=3, files=3)
    assert delete(store, clock, "done") == Deleted()
    assert {i.root_id for i in store.find()} == {waits, young}
    assert (store.lineage(old), store.events(old), store.file_names(old)) == ([], [], [])
    assert len(store.lineage(waits)) == 2
    assert {(c.queue, c.state): c.count for c in store.depth()} == {("document", "done"): 2, ("letter", "ready"): 1}


@pytest.mark.parametrize("result", ["review", "failed"])
def test_what_somebody_waits_for_is_never_deleted(
    store: Store, worker: Reservations, clock: Clock, result: str
) -> None:
    item_id = store.put("document", 1)
    work(worker, "document", result)
    clock.turn(10_000 * DAY)
    assert delete(store, clock, "done", "cancelled", "dead") == Deleted()
    assert store.get(item_id) is not None
    with pytest.raises(ValueError, match="never deleted"):
        delete(store, clock, "review")


def test_a_state_without_a_figure_is_kept(store: Store, worker: Reservations, clock: Clock) -> None:
    store.put("document", 1)
    work(worker, "document")
    cancelled = store.put("document", 1)
    store.cancel(cancelled)
    clock.turn(100 * DAY)
    assert delete(store, clock) == Deleted()
    assert delete(store, clock, "cancelled") == Deleted(lineages=1, items=1)
    assert [i.state for i in store.find()] == ["done"]


def test_keys_stay_and_what_was_said_goes(
    store: Store, ledger: Ledger, worker: Reservations, clock: Clock, home: Path
) -> None:
    item_id = store.put("document", {"from": ANNA}, {f"{ANNA}.pdf": ANNA.encode()})
    ledger.begin_effect("post:1", item_id, {"supplier": ANNA})
    ledger.finish_effect("post:1", {"posted_for": ANNA})
    ledger.begin_effect("post:2", item_id, {"supplier": ANNA})
    ledger.remember(item_id, "document", {"sha256": "ab"}, f"{ANNA}.pdf")
    ledger.decide(item_id, Decision(step=ANNA, input_hash="0" * 64, route="straight"))
    hold = worker.reserve("document", 60)
    assert hold is not None
    assert ledger.claim_mail("mail:1", "box", item_id, {"subject": ANNA}) == "new"
    worker.release(hold, Ending("done", None, ANNA))
    clock.turn(40 * DAY)
    assert delete(store, clock, "done").items == 1
    effects = [ledger.effect(key) for key in ("post:1", "post:2")]
    assert [(e.state, e.intent, e.result) for e in effects if e] == [("done", {}, {}), ("intent", {}, None)]
    assert not ledger.begin_effect("post:1", "other", {}).fresh
    assert ledger.mail_state("mail:1") == "known"
    assert [t.filename for t in ledger.twins({"sha256": "ab"})] == [""]
    store.sweep_blobs(older_than_seconds=-5)
    assert ANNA not in everything(store)
    store.close()
    ledger.close()
    left = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert ANNA.encode() not in left


def everything(store: Store) -> str:
    tables = ("items", "item_files", "events", "decisions", "effects", "mails", "fingerprints", "rates", "counters")
    return str([tuple(row) for table in tables for row in store.database.rows(f"SELECT * FROM {table}")])  # noqa: S608


def test_the_command_says_what_it_would_delete_and_deletes_it_with_apply(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(SETTINGS)
    store = Store.open(clock=lambda: time.time() - 40 * DAY)
    store.put("document", 1, {"a.txt": b"a"})
    work(store.reservations("tester"), "document")
    os.utime(next((home / "files").glob("??/??/*")), (0, 0))
    old, young = home / "evidence" / "one" / "old.png", home / "evidence" / "one" / "young.png"
    for path in (old, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"png")
    os.utime(old, (0, 0))

    def call(*arguments: str) -> dict[str, Any]:
        assert retain_command.main(["--json", *arguments]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    counts = {"lineages": 1, "items": 1, "files": 1, "others": 1} | OF_DESKS
    assert call() == {"applied": False, **counts}
    assert old.exists()
    assert len(store.find()) == 1
    assert call("--apply") == {"applied": True, **counts}
    assert (old.exists(), young.exists()) == (False, True)
    assert store.find() == []
    assert list((home / "files").glob("??/??/*")) == []
    assert call("--apply") == {"applied": True, **dict.fromkeys(counts, 0)}


def test_what_another_host_has_pinned_for_an_item_goes_with_it(store: Store, clock: Clock) -> None:
    shown = Projection(store.database, "temporal", clock)
    for name in ("old", "young"):
        shown.show([Projected(name, "document", "done", "{}", 1, files=[], pins=["a" * 64])], "temporal", "done")
        clock.turn(31 * DAY)
    assert delete(store, clock, "done", days=40).items == 1
    rows = store.database.rows("SELECT item_id FROM item_files")
    assert [row["item_id"] for row in rows] == ["young#pins"]


def test_without_settings_everything_is_kept(store: Store, worker: Reservations, home: Path) -> None:
    store.put("document", 1)
    work(worker, "document")
    company = Settings.model_validate({"company": {"name": "X"}, "mailboxes": [BOX]})
    told = retain_command.retain(home, company, apply=True)
    assert told == {"applied": True, "lineages": 0, "items": 0, "files": 0, "others": 0} | OF_DESKS
    assert len(store.find()) == 1
