"""What robocorp's BaseAdapter promises, method by method, on every host."""

from __future__ import annotations

from typing import Any

import pytest
from robocorp.workitems import EmptyQueue, State

from tests.workitems.conformance.hosts import FileHost, Host


def test_inputs_are_reserved_in_the_order_in_which_they_came(host: Host) -> None:
    for n in range(5):
        host.put({"n": n})
    adapter, seen = host.adapter(), []
    for _ in range(5):
        item_id = adapter.reserve_input()
        assert isinstance(item_id, str)
        seen.append(adapter.load_payload(item_id))
        adapter.release_input(item_id, State.DONE)
    assert seen == [{"n": n} for n in range(5)]
    for _ in range(2):
        with pytest.raises(EmptyQueue):
            adapter.reserve_input()
    assert host.ends() == [("DONE", None, None)] * 5


@pytest.mark.parametrize("payload", [None, {}, [], "text", 0, False, 1.5, {"ä": [1, {"b": None}], "big": 2**60}])
def test_a_payload_is_any_json(host: Host, payload: Any) -> None:
    host.put(payload)
    adapter = host.adapter()
    item_id = adapter.reserve_input()
    assert adapter.load_payload(item_id) == payload
    output = adapter.create_output(item_id, payload)
    assert adapter.load_payload(output) == payload
    adapter.save_payload(item_id, [payload])
    adapter.save_payload(output, {"was": payload})
    assert adapter.load_payload(item_id) == [payload]
    assert adapter.load_payload(output) == {"was": payload}
    adapter.release_input(item_id, State.DONE)
    assert host.payloads("out") == [{"was": payload}]


def test_an_output_without_a_payload_has_none(host: Host) -> None:
    host.put({})
    adapter = host.adapter()
    item_id = adapter.reserve_input()
    assert adapter.load_payload(adapter.create_output(item_id)) is None
    assert adapter.list_files(adapter.create_output(parent_id=item_id, payload=None)) == []


def test_an_inputs_files_are_listed_and_read(two: Host) -> None:
    adapter = two.adapter()
    first = adapter.reserve_input()
    assert adapter.list_files(first) == ["file1.txt", "file2.txt", "file3.png"]
    assert [adapter.get_file(first, f"file{n}.txt") for n in (1, 2)] == [b"data1", b"data2"]
    adapter.release_input(first, State.DONE)
    assert adapter.list_files(adapter.reserve_input()) == []


def test_a_file_that_is_not_there_is_missed(two: Host) -> None:
    adapter = two.adapter()
    for _ in range(2):  # an item with files, and one without
        item_id = adapter.reserve_input()
        for method in (adapter.get_file, adapter.remove_file):
            with pytest.raises(two.misses):
                method(item_id, "nothing.txt")
        adapter.release_input(item_id, State.DONE)


def test_files_are_added_and_removed(two: Host) -> None:
    adapter = two.adapter()
    item_id = adapter.reserve_input()
    output = adapter.create_output(item_id, {})
    for target in (item_id, output):
        adapter.add_file(target, "ünï cödé.txt", b"\0\xff" * 1000)
        adapter.add_file(item_id=target, name="empty", content=b"")
    adapter.remove_file(item_id, "file1.txt")
    assert adapter.list_files(item_id) == ["file2.txt", "file3.png", "ünï cödé.txt", "empty"]
    assert adapter.get_file(item_id, "ünï cödé.txt") == b"\0\xff" * 1000
    adapter.remove_file(output, "empty")
    adapter.release_input(item_id, State.DONE)
    assert two.output_files() == [{"ünï cödé.txt": b"\0\xff" * 1000}]


def test_outputs_keep_their_order_and_their_files_apart(host: Host) -> None:
    host.put({})
    adapter = host.adapter()
    item_id = adapter.reserve_input()
    outputs = [adapter.create_output(item_id, {"n": n}) for n in range(3)]
    assert len(set(outputs)) == 3
    # Of two files of one name FileAdapter keeps the last: it writes them all into one folder.
    names = ["a.txt", "b.txt", "c.txt"] if isinstance(host, FileHost) else ["a.txt"] * 3
    for output, name in zip(outputs, names, strict=True):
        adapter.add_file(output, name, output.encode())
    adapter.release_input(item_id, State.DONE)
    assert host.payloads("out") == [{"n": n} for n in range(3)]
    assert host.output_files() == [{name: o.encode()} for o, name in zip(outputs, names, strict=True)]


@pytest.mark.parametrize(
    ("exception", "end"),
    [
        ({"type": "BUSINESS", "code": "INVALID", "message": "It is wrong."}, ("BUSINESS", "INVALID", "It is wrong.")),
        ({"type": "APPLICATION", "code": "AWAY", "message": "Later."}, ("APPLICATION", "AWAY", "Later.")),
        ({"type": "APPLICATION", "code": None, "message": None}, ("APPLICATION", None, None)),
    ],
)
def test_a_failed_item_says_why(host: Host, exception: dict[str, Any], end: tuple[str, str, str]) -> None:
    host.put({})
    adapter = host.adapter()
    adapter.release_input(item_id=adapter.reserve_input(), state=State.FAILED, exception=exception)
    assert host.ends() == [end]


def test_a_second_release_is_refused(host: Host) -> None:
    host.put({})
    adapter = host.adapter()
    item_id = adapter.reserve_input()
    adapter.release_input(item_id, State.DONE)
    for state in (State.DONE, State.FAILED):
        with pytest.raises(host.refuses):
            adapter.release_input(item_id, state, {"type": "APPLICATION", "code": None, "message": None})
    assert host.ends() == [("DONE", None, None)]


def test_a_released_item_has_no_further_outputs(host: Host) -> None:
    host.put({})
    adapter = host.adapter()
    item_id = adapter.reserve_input()
    adapter.release_input(item_id, State.DONE)
    with pytest.raises(host.refuses):
        adapter.create_output(item_id, {"late": True})
    assert host.payloads("out") == []


def test_an_output_may_be_finished_after_its_parent(host: Host) -> None:
    """Robocorp's reporters: one output, made first and saved when all inputs were worked through."""
    if not host.finishes_late:
        pytest.skip("an output is on its own from its parent's release on")
    for n in range(3):
        host.put({"n": n})
    adapter = host.adapter()
    first = adapter.reserve_input()
    output = adapter.create_output(first, None)
    seen = [adapter.load_payload(first)]
    adapter.release_input(first, State.DONE)
    for _ in range(2):
        item_id = adapter.reserve_input()
        seen.append(adapter.load_payload(item_id))
        adapter.release_input(item_id, State.DONE)
    adapter.save_payload(output, {"results": seen})
    adapter.add_file(output, "report.txt", b"3")
    assert host.payloads("out") == [{"results": [{"n": 0}, {"n": 1}, {"n": 2}]}]
    assert host.output_files() == [{"report.txt": b"3"}]
