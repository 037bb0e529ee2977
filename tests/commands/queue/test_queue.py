"""`run.py queue`, as docs/interface promises it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.queue.conftest import work_once
from workitems.items import Decision
from workitems.ledger import Ledger
from workitems.reservations import Ending
from workitems.store import Store


def test_put_enqueues_in_order_with_files(queue: Any, store: Store, tmp_path: Path) -> None:
    scan = tmp_path / "scan 1.pdf"
    scan.write_bytes(b"%PDF")
    first = queue("put", "document", "--payload", '{"n": 1}', "--file", str(scan), "--json")
    second = queue("put", "document", "--payload", "[2]", "--json")
    assert [list(r) for r in first.rows + second.rows] == [["id"], ["id"]]
    items = store.find("document")
    assert [i.id for i in items] == [first.rows[0]["id"], second.rows[0]["id"]]
    assert [i.payload for i in items] == [{"n": 1}, [2]]
    assert store.read_file(items[0].id, "scan 1.pdf") == b"%PDF"


def test_list_has_a_row_per_queue_and_state(queue: Any, store: Store) -> None:
    assert queue("--json").out == ""
    for n in range(3):
        store.put("document", n)
    work_once(store, Ending("review", "x", "X."))
    store.put("invoice", 1)
    for arguments in (["--json"], ["list", "--json"], ["--json", "list"]):
        rows = queue(*arguments).rows
        assert [(r["queue"], r["state"], r["count"]) for r in rows] == [
            ("document", "ready", 2),
            ("document", "review", 1),
            ("invoice", "ready", 1),
        ]
        assert all(list(r) == ["queue", "state", "count", "oldest_seconds"] for r in rows)
        assert all(0 <= r["oldest_seconds"] < 60 for r in rows)


def test_show_tells_everything_about_an_item(queue: Any, store: Store) -> None:
    root = store.put("document", {"n": 1}, {"a.pdf": b"%PDF"})
    worker = store.reservations("read_documents")
    hold = worker.reserve("document", 60)
    assert hold is not None
    worker.create_output(hold, "child", "invoice", {"n": 2})
    worker.release(hold, Ending("done"))
    Ledger.open().decide(root, Decision(step="read", input_hash="ab", route="straight", rules=("r1",)))
    (item,) = queue("show", root, "--json").rows
    assert (item["id"], item["queue"], item["state"], item["payload"]) == (root, "document", "done", {"n": 1})
    assert [(f["name"], f["size"]) for f in item["files"]] == [("a.pdf", 4)]
    assert [(r["id"], r["queue"], r["state"]) for r in item["lineage"]] == [
        (root, "document", "done"),
        ("child", "invoice", "ready"),
    ]
    assert [(e["from_state"], e["to_state"]) for e in item["events"]] == [
        (None, "ready"),
        ("ready", "taken"),
        ("taken", "done"),
    ]
    assert [(d["step"], d["route"], d["rules"]) for d in item["decisions"]] == [("read", "straight", ["r1"])]
    page = queue("show", root).out
    for word in ("document", "a.pdf", "child", "read_documents", "straight", "r1"):
        assert word in page


def test_retry_and_cancel_move_an_item_and_sign_for_it(queue: Any, store: Store) -> None:
    store.put("document", 1)
    item_id = work_once(store, Ending("review", "x", "X."))
    assert queue("cancel", item_id, "--why", "not ours", "--json").rows == [{"id": item_id, "state": "cancelled"}]
    assert queue("retry", item_id, "--json").rows == [{"id": item_id, "state": "ready"}]
    assert [e.why for e in store.events(item_id)][-2:] == ["not ours", "retry"]
    assert all(e.who.startswith("person") for e in store.events(item_id)[-2:])


def test_items_are_listed_by_queue_and_state(queue: Any, store: Store) -> None:
    ids = [store.put("document", n) for n in range(3)]
    store.put("invoice", 1)
    assert [r["id"] for r in queue("items", "document", "--limit", "2", "--json").rows] == ids[:2]
    assert queue("items", "--state", "done", "--json").rows == []
    assert ids[2] in queue("items", "document").out


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["show", "nobody"], 1, "There is no item 'nobody'."),
        (["retry", "nobody"], 1, "There is no item 'nobody'."),
        (["cancel", ""], 1, "There is no item ''."),
        (["put", "q", "--payload", "{"], 2, "--payload is no valid JSON."),
        (["put", "q", "--payload", "NaN"], 2, "The payload is no valid JSON."),
        (["put", "q", "--payload", "[" * 100_000], 2, "--payload is no valid JSON."),
        (["put", "", "--payload", "1"], 2, "The queue needs a name."),
        (["put", "q", "--file", "/does/not/exist"], 2, "The file /does/not/exist cannot be read"),
        (["put", "q", "--file", "/"], 2, "A file name must not be empty."),
        (["put", "q", "--file", "a/x", "--file", "b/x"], 2, "Two files of one item must not have the same name."),
        (["dance"], 2, "invalid choice"),
        (["items", "--state", "lost"], 2, "invalid choice"),
        (["put"], 2, "QUEUE"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    queue: Any, store: Store, arguments: list[str], status: int, sentence: str
) -> None:
    called = queue(*arguments, "--json")
    assert (called.status, called.out) == (status, "")
    assert sentence in called.err
    assert "Traceback" not in called.err
    assert store.find() == []


def test_a_done_item_is_neither_retried_nor_cancelled(queue: Any, store: Store) -> None:
    store.put("document", 1)
    item_id = work_once(store, Ending("done"))
    for command in ("retry", "cancel"):
        called = queue(command, item_id)
        assert called.status == 1
        assert f"The item {item_id} is done" in called.err


def test_people_get_tables(queue: Any, store: Store) -> None:
    assert "Nothing waits" in queue("list").out
    store.put("[red]document[/red]", {"[bold]": 1})
    assert "[red]document[/red]" in queue().out
    assert "waits in the queue" in queue("put", "q").out
    assert queue("sweep", "--json").rows == [{"swept": 0}]


def test_a_home_of_a_newer_version_is_refused_with_a_sentence(queue: Any, store: Store) -> None:
    store.database.change("PRAGMA user_version = 99", {})
    called = queue("list")
    assert called.status == 1
    assert "newer Deskhand" in called.err


def test_it_starts_at_once() -> None:
    """No heavy library is imported for a list in JSON: neither robocorp's, nor pydantic, nor rich."""
    program = (
        "import sys; from tasks.commands.queue import main; main(['list', '--json']);"
        "print([m for m in ('robocorp', 'pydantic', 'rich', 'psutil') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_payload_may_come_from_a_file(queue: Any, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text('\ufeff{"kind": "größer"}', encoding="utf-8")
    (row,) = queue("put", "in", "--payload", f"@{file}", "--json").rows
    item = store.get(row["id"])
    assert item is not None
    assert item.payload == {"kind": "größer"}
    file.write_bytes(b"\xff{")
    for wrong in (file, tmp_path / "none.json", tmp_path):
        called = queue("put", "in", "--payload", f"@{wrong}")
        assert called.status == 2
        assert str(wrong) in called.err
    assert len(store.find()) == 1
