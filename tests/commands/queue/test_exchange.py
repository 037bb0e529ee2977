"""`run.py queue export | import`: everything comes along, nothing comes twice, and a hostile file is a sentence."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.queue.conftest import work_once
from tests.workitems.conftest import place_of
from workitems import exchange_format
from workitems.items import Decision
from workitems.ledger import Ledger
from workitems.reservations import Ending
from workitems.store import Store


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Store]:
    """From its call on, the commands work on another home."""

    def change() -> Store:
        monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "other"))
        return Store.open()

    return change


def office(store: Store) -> dict[str, str]:
    """An item in each state, by state; the first has an output, a file, a decision and a posting."""
    ids = {"done": store.put("document", {"n": 1, "text": "ü\ud800\0", "big": 10**30}, {"a.pdf": b"%PDF"})}
    worker = store.reservations("reader")
    hold = worker.reserve("document", 60)
    assert hold is not None
    worker.create_output(hold, "child", "invoice", {"n": 2})
    worker.add_file("child", hold, "scan.pdf", b"%PDF")
    worker.release(hold, Ending("done"))
    ledger = Ledger.open()
    ledger.decide(ids["done"], Decision(step="read", input_hash="ab", route="straight"))
    ledger.begin_effect("post:1", "child", {"amount": "1.00"})
    ledger.finish_effect("post:1", {"reference": "SI-1"})
    ledger.begin_effect("post:2", "child", {"amount": "2.00"})
    ledger.remember(ids["done"], "doc-1", {"sha256": "abc"}, "a.pdf")
    ledger.close()
    ids["ready"] = "child"
    for state, ending in (("review", Ending("review", "x", "X.")), ("cancelled", Ending("review", "x", "X."))):
        store.put("document", state)
        ids[state] = work_once(store, ending)
    store.cancel(ids["cancelled"])
    store.put("document", "taken")
    hold = worker.reserve("document", 600)
    assert hold is not None
    worker.create_output(hold, "unborn", "invoice", 1)
    ids["taken"] = hold.item_id
    return ids


def test_everything_that_belongs_to_an_item_comes_along(
    queue: Any, store: Store, other: Callable[[], Store], tmp_path: Path
) -> None:
    ids, file = office(store), tmp_path / "all.zip"
    (row,) = queue("export", "--all", "--to", str(file), "--json").rows
    assert (row["items"], row["files"]) == (5, 1)
    assert file.stat().st_mode & 0o077 == 0
    there = other()
    assert queue("import", str(file), "--who", "anna", "--json").rows == [
        {"file": str(file), "imported": 5, "known": 0}
    ]  # fmt: skip
    for state, item_id in ids.items():
        was, now = store.get(item_id), there.get(item_id)
        assert was is not None
        assert now is not None
        same = ("queue", "payload", "priority", "attempts", "parent_id", "root_id", "created_at")
        assert [getattr(now, n) for n in same] == [getattr(was, n) for n in same]
        # Whoever has it in hand there may still finish it.
        assert now.state == ("review" if state == "taken" else state)
        assert there.events(item_id)[:-1] == store.events(item_id)
        last = there.events(item_id)[-1]
        assert (last.to_state, last.who, last.why) == (now.state, "person:anna", "imported from all.zip")
    assert there.get("unborn") is None
    assert [i.id for i in there.lineage("child")] == [ids["done"], "child"]
    assert there.read_file("child", "scan.pdf") == b"%PDF"
    assert there.decisions(ids["done"])[0].body["step"] == "read"
    assert {(c.queue, c.state): c.count for c in there.depth()} == {
        ("document", "done"): 1,
        ("document", "review"): 2,
        ("document", "cancelled"): 1,
        ("invoice", "ready"): 1,
    }
    ledger = Ledger.open()
    effect, begun = ledger.begin_effect("post:1", "child", {}), ledger.begin_effect("post:2", "child", {})
    assert (effect.state, effect.result, effect.fresh) == ("done", {"reference": "SI-1"}, False)
    assert (begun.state, begun.fresh) == ("intent", False)
    assert [t.filename for t in ledger.twins({"sha256": "abc"})] == ["a.pdf"]


def test_imported_twice_or_at_home_nothing_comes_twice(
    queue: Any, store: Store, other: Callable[[], Store], tmp_path: Path
) -> None:
    office(store)
    file = str(tmp_path / "all.zip")
    queue("export", "--all", "--to", file)
    before = store.depth()
    assert queue("import", file, "--json").rows[0] == {"file": file, "imported": 0, "known": 5}
    assert [(c.queue, c.state, c.count) for c in store.depth()] == [(c.queue, c.state, c.count) for c in before]
    there = other()
    queue("import", file)
    there.retry("child")
    there.cancel("child")
    events = there.events("child")
    assert queue("import", file, file, "--json").rows[1]["known"] == 5
    assert there.events("child") == events


def test_what_is_ready_can_be_held_back(queue: Any, store: Store, other: Callable[[], Store], tmp_path: Path) -> None:
    item_id = store.put("document", 1)
    queue("export", item_id, "--to", str(tmp_path / "one.zip"))
    there = other()
    queue("import", str(tmp_path / "one.zip"), "--hold")
    item = there.get(item_id)
    assert item is not None
    assert (item.state, item.code) == ("review", "imported")
    assert not there.has_work("document")


def test_a_posting_that_is_known_here_stays_known(
    queue: Any, store: Store, other: Callable[[], Store], tmp_path: Path
) -> None:
    item_id = store.put("document", 1)
    ledger = Ledger.open()
    ledger.begin_effect("post:1", item_id, {"n": 1})
    queue("export", item_id, "--to", str(tmp_path / "one.zip"))
    other()
    here = Ledger.open()
    here.begin_effect("post:1", "mine", {"n": 1})
    here.finish_effect("post:1", {"reference": "SI-1"})
    queue("import", str(tmp_path / "one.zip"))
    effect = here.effect("post:1")
    assert effect is not None
    assert (effect.state, effect.result, effect.item_id) == ("done", {"reference": "SI-1"}, "mine")


def test_a_lineage_is_exported_whole_and_a_queue_alone(queue: Any, store: Store, tmp_path: Path) -> None:
    ids = office(store)
    exported = queue("export", "child", "--lineage", "--to", str(tmp_path / "a.zip"), "--json").rows[0]
    assert exported["items"] == 2
    assert queue("export", "--queue", "invoice", "--to", str(tmp_path / "b.zip"), "--json").rows[0]["items"] == 1
    assert queue("export", "--state", "done", "--to", str(tmp_path / "c.zip"), "--json").rows[0]["items"] == 1
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        (line,) = archive.read("items.jsonl").splitlines()
    assert json.loads(line)["id"] == ids["done"]


def test_no_file_is_written_over_or_left_half_written(queue: Any, store: Store, tmp_path: Path) -> None:
    item_id, file = store.put("document", 1, {"a": b"a"}), tmp_path / "a.zip"
    file.write_bytes(b"mine")
    assert "is there already" in queue("export", item_id, "--to", str(file)).err
    assert queue("export", item_id, "nobody", "--to", str(tmp_path / "b.zip")).status == 1
    assert queue("export", item_id, "--to", str(tmp_path / "no" / "b.zip")).status == 1
    place_of(store, item_id, "a").unlink()
    called = queue("export", item_id, "--to", str(file), "--replace")
    assert "is missing in the store" in called.err
    assert file.read_bytes() == b"mine"
    assert [p.name for p in tmp_path.iterdir() if "zip" in p.name] == ["a.zip"]


# ---- files that nobody exported


def packed(tmp_path: Path, change: Callable[[dict[str, Any]], Any], **entries: bytes | None) -> Path:
    """The export of an item with a file, changed: its line, and whole entries (None: left out)."""
    import hashlib

    sha256 = hashlib.sha256(b"%PDF").hexdigest()
    item: dict[str, Any] = {
        "id": "a1", "queue": "document", "state": "ready", "payload": {"n": 1}, "code": None, "message": None,
        "priority": 0, "not_before": None, "deadline": None, "attempts": 0, "lost_leases": 0, "parent_id": None,
        "root_id": "a1", "is_batch": 0, "version": 1, "created_at": 1.0, "updated_at": 1.0, "assigned_to": None,
        "files": [{"name": "a.pdf", "sha256": sha256, "size": 4}], "events": [], "decisions": [], "effects": [],
        "fingerprints": [],
    }  # fmt: skip
    changed = change(item) or item
    manifest = {"format": "deskhand-items", "version": 1, "exported_at": 1.0, "items": 1, "files": 1}
    contents: dict[str, bytes | None] = {
        "manifest.json": json.dumps(manifest).encode(),
        "items.jsonl": changed if isinstance(changed, bytes) else json.dumps(changed).encode(),
        f"files/{sha256}": b"%PDF",
    }
    contents |= {name.replace("__", "."): content for name, content in entries.items()}
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def manifest(**values: Any) -> bytes:
    return json.dumps(
        {"format": "deskhand-items", "version": 1, "exported_at": 1, "items": 1, "files": 1} | values
    ).encode()


CHANGES: list[tuple[str, Any, dict[str, bytes | None], str]] = [
    ("path in a file's name", lambda i: i["files"][0].update(name="../../evil"), {}, "item 1 is not valid"),
    ("a wrong content", lambda i: i["files"][0].update(sha256="0" * 64), {}, "is missing in the file"),
    ("a wrong size", lambda i: i["files"][0].update(size=3), {}, "is missing in the file"),
    ("a hash that is a path", lambda i: i["files"][0].update(sha256="../../../etc/passwd"), {}, "item 1 is not valid"),
    ("an unknown state", lambda i: i.update(state="posted"), {}, "state (literal_error)"),
    ("an unborn item", lambda i: i.update(state="held"), {}, "state (literal_error)"),
    ("an unknown field", lambda i: i.update(evil=1), {}, "evil (extra_forbidden)"),
    ("no id", lambda i: i.update(id=""), {}, "id (string_too_short)"),
    ("a NUL in the queue", lambda i: i.update(queue="a\0b"), {}, "queue (string_pattern_mismatch)"),
    ("an endless number", lambda i: i.update(priority=10**30), {}, "priority"),
    ("no number", lambda i: i.update(payload=float("nan")), {}, "item 1 is not valid"),
    ("no time", lambda i: i.update(created_at=float("inf")), {}, "created_at"),
    ("no object", lambda i: b"[1]", {}, "item 1 is not valid"),
    ("no JSON", lambda i: b"{", {}, "item 1 is not valid"),
    ("no UTF-8", lambda i: b"\xff\xfe\xff", {}, "item 1 is not valid"),
    ("too deep", lambda i: b"[" * 100_000, {}, "item 1 is not valid"),
    ("no manifest", lambda i: None, {"manifest__json": None}, "is no export of Deskhand"),
    ("no items", lambda i: None, {"items__jsonl": None}, "is no export of Deskhand"),
    ("another format", lambda i: None, {"manifest__json": manifest(format="x")}, "is no export of Deskhand"),
    ("a newer format", lambda i: None, {"manifest__json": manifest(version=2, new=1)}, "by a newer Deskhand (format 2"),
    ("items that are missing", lambda i: None, {"manifest__json": manifest(items=7)}, "says that it has 7 items"),
]


@pytest.mark.parametrize("case", CHANGES, ids=[c[0] for c in CHANGES])
def test_a_hostile_file_is_a_sentence(queue: Any, store: Store, tmp_path: Path, case: Any) -> None:
    _, change, entries, sentence = case
    called = queue("import", str(packed(tmp_path, change, **entries)), "--json")
    assert (called.status, called.out) == (1, "")
    assert sentence in called.err
    assert "Traceback" not in called.err
    if "says that it has" not in sentence:
        assert store.find() == []


def test_what_is_no_archive_is_a_sentence(queue: Any, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    for content in (b"", b"PK", b"x" * 1000):
        file.write_bytes(content)
        assert "is damaged, or no export" in queue("import", str(file)).err
    assert "cannot be read" in queue("import", str(tmp_path / "nothing")).err
    assert "cannot be read" in queue("import", str(tmp_path)).err
    whole = packed(tmp_path, lambda i: i.update(payload=list(range(5000))))
    content = bytearray(whole.read_bytes())
    content[600:700] = bytes(100)
    whole.write_bytes(content)
    assert "is damaged, or no export" in queue("import", str(whole)).err


def test_a_bomb_is_not_unpacked(queue: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_format, "TOTAL_BYTES", 1_000_000)
    path = packed(tmp_path, lambda i: b" " * 2_000_000)
    assert path.stat().st_size < 10_000
    assert "would unpack to more than 1000000 bytes" in queue("import", str(path)).err


def test_a_line_has_a_bound(queue: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_format, "LINE_BYTES", 1000)
    assert "item 1 is not valid" in queue("import", str(packed(tmp_path, lambda i: i.update(payload="x" * 2000)))).err
    assert store.find() == []
