"""docs/interface, "The adapter", line by line; and what robocorp's own FileAdapter does where one can see it."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest
from robocorp.workitems import BaseAdapter, EmptyQueue, FileAdapter, State

from tests.workitems.conftest import MakeAdapter
from workitems.adapter import StoreAdapter
from workitems.reservations import NotHeld
from workitems.store import Store, StoreError

BUSINESS = {"type": "BUSINESS", "code": "total_mismatch", "message": "The total is not the sum."}
APPLICATION = {"type": "APPLICATION", "code": None, "message": None}


def test_it_has_robocorps_methods_with_their_parameter_names() -> None:
    for name in BaseAdapter.__abstractmethods__:
        theirs, ours = (inspect.signature(getattr(kind, name)) for kind in (BaseAdapter, StoreAdapter))
        assert list(theirs.parameters) == list(ours.parameters), name
        defaults = [p.default for p in theirs.parameters.values()]
        assert defaults == [p.default for p in ours.parameters.values()], name


def test_an_item_goes_from_queue_to_queue(make_adapter: MakeAdapter) -> None:
    adapter = make_adapter("document", "invoice")
    adapter.store.put("document", {"n": 1}, {"a.pdf": b"%PDF"})
    item_id = adapter.reserve_input()
    assert adapter.load_payload(item_id) == {"n": 1}
    assert adapter.list_files(item_id) == ["a.pdf"]
    assert adapter.get_file(item_id, "a.pdf") == b"%PDF"
    output = adapter.create_output(parent_id=item_id, payload={"n": 2})
    adapter.add_file(item_id=output, name="b.txt", content=b"b")
    adapter.release_input(item_id=item_id, state=State.DONE, exception=None)

    following = make_adapter("invoice", "posted")
    assert following.reserve_input() == output
    assert following.load_payload(output) == {"n": 2}
    assert following.get_file(output, "b.txt") == b"b"


def test_an_empty_queue_says_so(make_adapter: MakeAdapter) -> None:
    with pytest.raises(EmptyQueue):
        make_adapter("nothing").reserve_input()


def test_without_a_queue_name_it_reads_but_says_what_is_missing_to_reserve(
    make_adapter: MakeAdapter, store: Store
) -> None:
    item_id = store.put("q", {"a": 1})
    adapter = make_adapter("", "")
    assert adapter.load_payload(item_id) == {"a": 1}
    with pytest.raises(StoreError, match="RC_WORKITEM_QUEUE_NAME"):
        adapter.reserve_input()
    nameless = make_adapter("q", "")
    with pytest.raises(StoreError, match="RC_WORKITEM_OUTPUT_QUEUE_NAME"):
        nameless.create_output(nameless.reserve_input(), {})


@pytest.mark.parametrize("name", ["päper 1", "a/b", "../x", "q;DROP TABLE items", "'", "%s", "🧾" * 50])
def test_any_queue_names_do(make_adapter: MakeAdapter, name: str) -> None:
    adapter = make_adapter(name, name + "2")
    adapter.store.put(name, 1)
    item_id = adapter.reserve_input()
    adapter.create_output(item_id, 2)
    adapter.release_input(item_id, State.DONE)
    assert make_adapter(name + "2").reserve_input()


@pytest.mark.parametrize("payload", [None, {}, [], "text", 0, False, 1.5, {"a": [1, {"b": None}]}, "\0\ud83d"])
def test_payloads_are_any_json_as_with_the_file_adapter(make_adapter: MakeAdapter, payload: object) -> None:
    adapter = make_adapter()
    adapter.store.put("in", payload)
    item_id = adapter.reserve_input()
    assert adapter.load_payload(item_id) == payload
    adapter.save_payload(item_id, [payload])
    assert adapter.load_payload(item_id) == [payload]
    output = adapter.create_output(item_id, payload)
    assert adapter.load_payload(output) == payload
    assert adapter.load_payload(adapter.create_output(item_id)) is None


def test_files_are_listed_and_replaced_as_with_the_file_adapter(
    make_adapter: MakeAdapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps([{"payload": None, "files": {}}]))
    monkeypatch.setenv("RC_WORKITEM_INPUT_PATH", str(inputs))
    adapter = make_adapter()
    adapter.store.put("in", None)
    seen = []
    for each in (FileAdapter(), adapter):
        item_id = each.reserve_input()
        for name in ("z.txt", "a.txt", "m.txt"):
            each.add_file(item_id, name, b"1")
        each.add_file(item_id, "z.txt", b"2")
        each.remove_file(item_id, "a.txt")
        seen.append((each.list_files(item_id), each.get_file(item_id, "z.txt"), each.load_payload(item_id)))
        each.release_input(item_id, State.FAILED, {"type": "BUSINESS", "code": "x", "message": "y"})
        with pytest.raises(ValueError, match="released"):
            each.release_input(item_id, State.DONE)
    assert seen[0] == seen[1] == (["z.txt", "m.txt"], b"2", None)


def test_unknown_files_and_refused_names(make_adapter: MakeAdapter) -> None:
    adapter = make_adapter()
    adapter.store.put("in", None)
    item_id = adapter.reserve_input()
    for method in (adapter.get_file, adapter.remove_file):
        with pytest.raises(FileNotFoundError):
            method(item_id, "nothing.txt")
    for name in ("", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "a\0b", "ü" * 128, "C:x", "\ud800"):
        with pytest.raises(ValueError, match="file name"):
            adapter.add_file(item_id, name, b"")
    assert adapter.list_files(item_id) == []
    for name in ("x" * 255, "ünï cödé.pdf", "...", "a b", "-rf", "~", "CON"):
        adapter.add_file(item_id, name, name.encode())
        assert adapter.get_file(item_id, name) == name.encode()


def test_an_unknown_item_is_a_value_error_as_with_the_file_adapter(make_adapter: MakeAdapter) -> None:
    adapter = make_adapter()
    for call in (
        lambda: adapter.load_payload("nobody"),
        lambda: adapter.save_payload("nobody", 1),
        lambda: adapter.list_files("nobody"),
        lambda: adapter.get_file("nobody", "a"),
        lambda: adapter.add_file("nobody", "a", b""),
        lambda: adapter.create_output("nobody", 1),
        lambda: adapter.release_input("nobody", State.DONE),
    ):
        with pytest.raises(ValueError, match="There is no item"):
            call()


def test_everybody_reads_but_only_the_holder_writes(make_adapter: MakeAdapter) -> None:
    holder, other = make_adapter(), make_adapter()
    holder.store.put("in", 1, {"a.txt": b"a"})
    item_id = holder.reserve_input()
    output = holder.create_output(item_id, 2)
    holder.add_file(output, "b.txt", b"b")
    assert [other.load_payload(i) for i in (item_id, output)] == [1, 2]
    assert other.get_file(output, "b.txt") == b"b"
    for target in (item_id, output):
        for call in (
            lambda i: other.save_payload(i, 0),
            lambda i: other.add_file(i, "x", b""),
            lambda i: other.remove_file(i, "b.txt"),
            lambda i: other.create_output(i, 0),
            lambda i: other.release_input(i, State.DONE),
        ):
            with pytest.raises(NotHeld):
                call(target)
    holder.save_payload(output, 3)
    holder.release_input(item_id, State.DONE)
    with pytest.raises(NotHeld):
        holder.save_payload(item_id, 4)
    with pytest.raises(NotHeld):
        other.save_payload(output, 4)
    assert other.load_payload(output) == 3


def test_who_made_an_output_may_finish_it_until_somebody_takes_it(make_adapter: MakeAdapter) -> None:
    """Robocorp's reporters do: they make an output first, work through all inputs, and save it then."""
    maker, consumer = make_adapter("in", "out"), make_adapter("out", "end")
    maker.store.put("in", 1)
    item_id = maker.reserve_input()
    output = maker.create_output(item_id, 2)
    maker.release_input(item_id, State.DONE)
    maker.save_payload(output, 3)
    maker.add_file(output, "b.txt", b"b")
    maker.remove_file(output, "b.txt")
    assert consumer.reserve_input() == output
    assert consumer.load_payload(output) == 3
    for call in (
        lambda: maker.save_payload(output, 4),
        lambda: maker.add_file(output, "b.txt", b""),
        lambda: maker.create_output(output, 0),
        lambda: maker.release_input(output, State.DONE),
    ):
        with pytest.raises(NotHeld):
            call()
    consumer.release_input(output, State.FAILED, APPLICATION)  # ready again, but no longer as it was made
    with pytest.raises(NotHeld):
        maker.save_payload(output, 4)


def test_an_output_is_no_parent_and_is_not_released(make_adapter: MakeAdapter) -> None:
    adapter = make_adapter()
    adapter.store.put("in", 1)
    output = adapter.create_output(adapter.reserve_input(), 2)
    with pytest.raises(NotHeld):
        adapter.create_output(output, 3)
    with pytest.raises(NotHeld):
        adapter.release_input(output, State.DONE)


@pytest.mark.parametrize(
    ("exception", "state", "code"),
    [
        (BUSINESS, "review", "total_mismatch"),
        (APPLICATION, "ready", None),
        (None, "ready", None),
        ({}, "ready", None),
        ({"type": None, "code": 7, "message": 8}, "ready", "7"),
    ],
)
def test_a_failure_goes_to_a_person_or_to_a_later_attempt(
    make_adapter: MakeAdapter, exception: dict[str, object] | None, state: str, code: str | None
) -> None:
    adapter = make_adapter()
    item_id = adapter.store.put("in", 1)
    adapter.release_input(adapter.reserve_input(), State.FAILED, exception)
    item = adapter.store.get(item_id)
    assert item is not None
    assert (item.state, item.code) == (state, code)
    with pytest.raises(EmptyQueue):
        adapter.reserve_input()


def test_an_expired_lease_is_taken_over_and_the_first_worker_is_refused(make_adapter: MakeAdapter) -> None:
    slow, quick = make_adapter(DESKHAND_LEASE_SECONDS="600"), make_adapter()
    slow.store.put("in", 1)
    item_id = slow.reserve_input()
    slow._heartbeat.stop()  # it hangs, heartbeat and all
    with pytest.raises(EmptyQueue):
        quick.reserve_input()
    quick.store.database.change("UPDATE items SET lease_until = lease_until - 600 WHERE id = :id", {"id": item_id})
    assert quick.reserve_input() == item_id
    with pytest.raises(NotHeld):
        slow.release_input(item_id, State.DONE)
    quick.release_input(item_id, State.DONE)
    with pytest.raises(NotHeld):
        quick.release_input(item_id, State.DONE)


def test_one_process_works_on_several_homes(make_adapter: MakeAdapter, tmp_path: Path) -> None:
    here = make_adapter(DESKHAND_HOME=str(tmp_path / "here"), DESKHAND_DATABASE="")
    there = make_adapter(DESKHAND_HOME=str(tmp_path / "there"), DESKHAND_DATABASE="")
    elsewhere = make_adapter(DESKHAND_DATABASE=f"sqlite:///{tmp_path}/elsewhere.db")
    for n, adapter in enumerate((here, there, elsewhere)):
        adapter.store.put("in", n, {"n.txt": str(n).encode()})
    for n, adapter in enumerate((here, there, elsewhere)):
        item_id = adapter.reserve_input()
        assert adapter.load_payload(item_id) == n
        assert adapter.get_file(item_id, "n.txt") == str(n).encode()
        adapter.release_input(item_id, State.DONE)
        with pytest.raises(EmptyQueue):
            adapter.reserve_input()
    assert (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf"])
def test_a_lease_that_is_no_length_of_time_is_refused_with_a_sentence(make_adapter: MakeAdapter, seconds: str) -> None:
    with pytest.raises(StoreError, match="DESKHAND_LEASE_SECONDS must be a number"):
        make_adapter(DESKHAND_LEASE_SECONDS=seconds)
