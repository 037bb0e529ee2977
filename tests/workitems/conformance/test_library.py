"""Robocorp's own library over every host: what a bot that knows only `inputs` and `outputs` may rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from robocorp.workitems import (
    ApplicationException,
    BusinessException,
    EmptyQueue,
    ExceptionType,
    Input,
    Output,
    State,
    inputs,
    outputs,
)

from tests.workitems.conformance.hosts import Host

DONE = ("DONE", None, None)


def test_the_first_input_is_there_at_once(two: Host) -> None:
    assert isinstance(inputs.current, Input)
    assert inputs.current is inputs.current
    assert inputs.current.payload == {"user": "first"}
    assert not inputs.current.released
    assert inputs.current.state is None


def test_an_input_is_reserved_when_the_one_before_is_released(two: Host) -> None:
    first = inputs.current
    with pytest.raises(RuntimeError):
        inputs.reserve()
    first.done()
    assert first.released
    assert first.state is State.DONE
    with inputs.reserve() as second:
        assert second.payload == {"user": "second"}
        assert second is inputs.current
        assert second != first
    assert second.released
    with pytest.raises(EmptyQueue):
        inputs.reserve()
    assert two.ends() == [DONE, DONE]


def test_a_loop_releases_what_it_has_seen(two: Host) -> None:
    seen = [item.payload["user"] for item in inputs]
    assert seen == ["first", "second"]
    assert [item.state for item in inputs.released] == [State.DONE, State.DONE]
    assert two.ends() == [DONE, DONE]


def test_a_loop_goes_on_after_an_item_that_was_released_by_hand(two: Host) -> None:
    inputs.current.done()
    (rest,) = list(inputs)
    assert rest.payload == {"user": "second"}
    assert len(inputs.released) == 2


def test_a_loop_may_release_by_hand(two: Host) -> None:
    for item in inputs:
        item.done()
    assert two.ends() == [DONE, DONE]


def test_an_item_is_released_once(two: Host) -> None:
    item = inputs.current
    item.done()
    with pytest.raises(RuntimeError):
        item.done()
    with pytest.raises(RuntimeError):
        item.fail()
    assert two.ends() == [DONE]


@pytest.mark.parametrize(
    ("how", "kind", "code", "message"),
    [
        ({}, "APPLICATION", None, None),
        ({"exception_type": "BUSINESS"}, "BUSINESS", None, None),
        ({"exception_type": ExceptionType.BUSINESS, "code": "X", "message": "y"}, "BUSINESS", "X", "y"),
        ({"exception_type": "application", "code": "X", "message": "It is odd."}, "APPLICATION", "X", "It is odd."),
        ({"exception_type": "APPLICATION", "code": None, "message": "y"}, "APPLICATION", None, "y"),
        ({"code": "X", "message": None}, "APPLICATION", "X", None),
        ({"code": "", "message": "y"}, "APPLICATION", "", "y"),
        ({"message": " "}, "APPLICATION", None, " "),
    ],
)
def test_an_item_fails_with_a_reason(two: Host, how: dict[str, Any], kind: str, code: str, message: str) -> None:
    item = inputs.current
    item.fail(**how)
    assert item.state is State.FAILED
    assert item.exception is not None
    assert item.exception["type"] == kind
    ((said, its_code, its_message),) = two.ends()
    # Control Room is not told what is empty.
    assert (said, its_code or "", (its_message or "").strip()) == (kind, code or "", (message or "").strip())


def test_exceptions_of_the_library_fail_the_item_and_end_there(two: Host) -> None:
    class Odd(ApplicationException):
        """One of the bot's own."""

    for item, error in zip(inputs, (BusinessException("It is wrong.", code="WRONG"), Odd("Later.")), strict=False):
        with item:
            raise error
    assert two.ends() == [("BUSINESS", "WRONG", "It is wrong."), ("APPLICATION", None, "Later.")]


def test_any_other_exception_fails_the_item_and_goes_on_upwards(two: Host) -> None:
    with pytest.raises(ValueError, match="a bug"), inputs.current:
        raise ValueError("a bug")
    assert two.ends() == [("APPLICATION", None, "a bug")]
    assert inputs.reserve().payload == {"user": "second"}


def test_an_output_is_a_child_of_the_current_input(two: Host) -> None:
    assert outputs.last is None
    made = [outputs.create(payload={"n": n}) for n in range(3)]
    assert all(isinstance(o, Output) and o.saved for o in made)
    assert (len(outputs), outputs[1], outputs.last) == (3, made[1], made[2])
    assert list(outputs) == made
    assert list(reversed(outputs)) == made[::-1]
    assert [o.parent_id for o in made] == [inputs.current.id] * 3
    assert inputs.current.outputs == made
    inputs.current.done()
    assert two.payloads("out") == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_an_output_is_made_when_it_is_saved_and_may_be_saved_again(two: Host) -> None:
    item = outputs.create(payload={"n": 1}, save=False)
    never = inputs.current.create_output()
    assert (item.saved, item.id, never.id) == (False, None, None)
    item.save()
    item.payload = {"n": 2}
    assert not item.saved
    item.save()
    assert item.saved
    inputs.current.done()
    assert two.payloads("out") == [{"n": 2}]


def test_an_outputs_files_come_from_the_machine(two: Host, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt", "three.png"):
        (tmp_path / name).write_text(name)
    item = outputs.create(payload={}, files=str(tmp_path / "*.txt"), save=False)
    item.add_file(tmp_path / "three.png", name="renamed.png")
    with pytest.raises(FileNotFoundError):
        item.add_file(tmp_path / "nothing.txt")
    item.save()
    assert item.files == ["one.txt", "renamed.png", "two.txt"]
    inputs.current.done()
    assert two.output_files() == [{"one.txt": b"one.txt", "two.txt": b"two.txt", "renamed.png": b"three.png"}]


def test_an_inputs_files_are_written_where_one_wants_them(two: Host, tmp_path: Path) -> None:
    item = inputs.current
    assert item.files == ["file1.txt", "file2.txt", "file3.png"]
    assert item.get_file("file2.txt", tmp_path / "mine.txt").read_bytes() == b"data2"
    paths = item.get_files("*.txt", tmp_path / "folder")
    assert [p.name for p in paths] == ["file1.txt", "file2.txt"]
    assert [p.read_bytes() for p in paths] == [b"data1", b"data2"]
    assert item.get_files("*.pdf", tmp_path / "folder") == []
    with pytest.raises(FileNotFoundError):
        item.get_file("file5.txt")


def test_an_inputs_files_are_removed_when_it_is_saved(two: Host) -> None:
    item = inputs.current
    with pytest.raises(FileNotFoundError):
        item.remove_file("nothing.txt")
    item.remove_file("nothing.txt", missing_ok=True)
    assert item.remove_files("*.txt") == ["file1.txt", "file2.txt"]
    assert "file1.txt" in item.files
    item.save()
    item.load()
    assert item.files == ["file3.png"]


def test_an_inputs_payload_and_files_are_changed_when_it_is_saved(two: Host, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("note")
    item = inputs.current
    assert item.saved
    item.payload = {"changed": 1}
    item.add_file(tmp_path / "note.txt", name="seen.txt")
    assert not item.saved
    item.save()
    assert item.saved
    item.load()
    assert item.payload == {"changed": 1}
    assert item.files == ["file1.txt", "file2.txt", "file3.png", "seen.txt"]
    item.done()
    assert two.payloads("in")[0] == {"changed": 1}


def test_a_reporter_saves_its_output_when_all_inputs_were_seen(two: Host) -> None:
    if not two.finishes_late:
        pytest.skip("an output is on its own from its parent's release on")
    report = outputs.create()
    report.payload = [item.payload["user"] for item in inputs]
    report.save()
    assert two.payloads("out") == [["first", "second"]]


def test_without_a_reserved_input_there_is_no_output(two: Host) -> None:
    for item in inputs:
        item.done()
    with pytest.raises((*two.refuses, RuntimeError)):
        outputs.create(payload={})
    assert two.payloads("out") == []


def test_a_mail_that_control_room_took_apart_is_read(host: Host) -> None:
    mail = {"from": {"address": "anna@example.test", "name": "Anna"}, "subject": "Invoice", "body": "Hello"}
    mail |= {"to": [], "cc": [], "bcc": [], "date": "2026-01-02T03:04:05Z", "messageId": "<1@example.test>"}
    host.put({"email": mail}, {"__mail.html": b"<p>Hello</p>"})
    read = inputs.current.email()
    assert read is not None
    assert (read.subject, read.html) == ("Invoice", "<p>Hello</p>")
