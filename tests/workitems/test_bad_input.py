"""What is no input at all, and a disk without room: a sentence, nothing half-written, and the item's state is true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from robocorp import workitems
from robocorp.workitems import State

from tasks.commands import backup as backup_command
from tasks.commands import queue
from tests.workitems.conftest import MakeAdapter
from workitems.adapter import StoreAdapter
from workitems.file_errors import FilesAway
from workitems.items import Document, DocumentItem
from workitems.journal import BadPayload
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, work_through
from workitems.store import Store, StoreError

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

MB = 1_000_000
FIFTY_MB = {"text": "x" * (50 * MB)}
ITSELF: list[Any] = []
ITSELF.append(ITSELF)
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]


def document(**more: Any) -> dict[str, Any]:
    about = Document(sha256="0" * 64, filename="a.pdf", media_type="application/pdf")
    return DocumentItem(document=about).model_dump(mode="json") | more


@pytest.fixture
def as_bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a step that takes from `in` and gives to `out`."""
    for name, value in {"QUEUE_NAME": "in", "OUTPUT_QUEUE_NAME": "out"}.items():
        monkeypatch.setenv(f"RC_WORKITEM_{name}", value)
    monkeypatch.setenv("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    yield
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]


def said(capsys: pytest.CaptureFixture[str], status: int, *arguments: str) -> str:
    """What `run.py queue` says on stderr; it ends with that status, and prints no trace."""
    try:
        ended = queue.main(list(arguments))
    except SystemExit as failure:
        ended = int(failure.code or 0)
    told = capsys.readouterr()
    assert ended == status, told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    return told.err


# ---- payloads


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({1, 2}, "no JSON: Object of type set"),
        (b"bytes", "no JSON: Object of type bytes"),
        ({("a", 1): 2}, "no JSON: keys must be"),
        (float("nan"), "no valid JSON"),
        (ITSELF, "no valid JSON|nested too deeply"),
        (DEEP, "nested too deeply"),
        (FIFTY_MB, r"has 50\.0 MB; a work item carries at most 20 MB \(DESKHAND_PAYLOAD_MB\)"),
    ],
    ids=["set", "bytes", "key", "nan", "itself", "deep", "50 MB"],
)
def test_a_payload_that_is_none_is_refused_everywhere_and_changes_nothing(
    store: Store, make_adapter: MakeAdapter, payload: Any, says: str
) -> None:
    with pytest.raises(BadPayload, match=says):
        store.put("in", payload, {"a.txt": b"a"})
    assert store.find() == []
    adapter = make_adapter()
    item_id = adapter.store.put("in", {"n": 1})
    adapter.reserve_input()
    with pytest.raises(BadPayload, match=says):
        adapter.save_payload(item_id, payload)
    with pytest.raises(BadPayload, match=says):
        adapter.create_output(item_id, payload)
    assert adapter.load_payload(item_id) == {"n": 1}
    adapter.release_input(item_id, State.DONE)
    assert [(i.queue, i.state) for i in store.find()] == [("in", "done")]


def test_a_payload_of_50_mb_is_carried_where_that_is_allowed(
    store: Store, make_adapter: MakeAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PAYLOAD_MB", "60")
    store.put("in", FIFTY_MB)
    adapter = make_adapter()
    item_id = adapter.reserve_input()
    assert adapter.load_payload(item_id) == FIFTY_MB
    adapter.release_input(item_id, State.DONE)
    assert make_adapter().load_payload(item_id) == FIFTY_MB


@pytest.mark.parametrize("limit", ["many", "0", "-1", "1.5"])
def test_a_limit_that_is_none_is_refused_with_a_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setenv("DESKHAND_PAYLOAD_MB", limit)
    with pytest.raises(StoreError, match="DESKHAND_PAYLOAD_MB must be a number of megabytes"):
        store.put("in", "x" * 2 * MB)


def test_a_bot_whose_item_has_grown_too_large_hands_it_to_a_person(
    as_bot: None, home: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_PAYLOAD_MB", "1")
    ids = [store.put("in", document()) for _ in range(2)]
    texts = iter(["x" * 2 * MB, "small"])

    def handle(work: Work) -> Outcome:
        item = DocumentItem.model_validate(work.payload)
        about = item.document.model_copy(update={"filename": next(texts)})
        large = item.model_copy(update={"document": about, "route": "straight"})
        return Outcome(
            item=item.model_copy(update={"route": "straight"}), outputs=(Output(item=item), Output(item=large))
        )

    assert work_through(handle, Ledger.open(home), "step") == 2
    large, small = (store.get(i) for i in ids)
    assert large is not None
    assert small is not None
    assert (large.state, large.code, small.state) == ("review", "bad_payload", "done")
    assert "Put large content into a file" in str(large.message)
    assert len(store.find("out")) == 2


@pytest.mark.parametrize("text", ["{", "nope", "'a'", "NaN", "[1,", "[" * 100_000])
def test_queue_put_refuses_what_is_no_json(capsys: pytest.CaptureFixture[str], store: Store, text: str) -> None:
    assert "JSON" in said(capsys, 2, "put", "in", "--payload", text)
    assert store.find() == []


# ---- files


def test_a_file_name_with_a_path_is_refused(store: Store, make_adapter: MakeAdapter) -> None:
    adapter = make_adapter()
    item_id = adapter.store.put("in", 1)
    adapter.reserve_input()
    for name in ("../a.txt", "/etc/passwd", "a/b.txt", "..\\a.txt", "C:\\a.txt"):
        with pytest.raises(ValueError, match="must not be a path"):
            adapter.add_file(item_id, name, b"a")
        with pytest.raises(ValueError, match="must not be a path"):
            store.put("in", 1, {name: b"a"})
    assert adapter.list_files(item_id) == []
    assert len(store.find()) == 1
    assert store.sweep_blobs(older_than_seconds=-5) == 0


def test_two_files_of_one_name(
    capsys: pytest.CaptureFixture[str], store: Store, make_adapter: MakeAdapter, tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(folder)
    both = [f"--file={tmp_path}/{folder}/a.txt" for folder in ("one", "two")]
    assert "must not have the same name" in said(capsys, 2, "put", "in", *both)
    assert store.find() == []
    with pytest.raises(ValueError, match="must not have the same name"):
        Output(item=DocumentItem.model_validate(document()), files=("a.txt",), attach={"a.txt": b"other"})
    adapter = make_adapter()  # for robocorp's library it is a file that is written again
    item_id = adapter.store.put("in", 1, {"a.txt": b"one"})
    adapter.reserve_input()
    adapter.add_file(item_id, "a.txt", b"two")
    assert (adapter.list_files(item_id), adapter.get_file(item_id, "a.txt")) == (["a.txt"], b"two")


@pytest.mark.parametrize("place", ["missing.txt", "."])
def test_queue_put_says_which_file_cannot_be_read(
    capsys: pytest.CaptureFixture[str], store: Store, tmp_path: Path, place: str
) -> None:
    assert "cannot be read" in said(capsys, 2, "put", "in", "--file", str(tmp_path / place))
    assert store.find() == []


# ---- settings


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DESKHAND_DATABASE", "mysql://host/x", "DESKHAND_DATABASE must look like"),
        ("DESKHAND_DATABASE", "postgresql://nobody:s3cret@127.0.0.1:9/none", "cannot be opened"),
        ("DESKHAND_FILES", "ftp://host/x", "DESKHAND_FILES must be"),
        ("DESKHAND_LEASE_SECONDS", "soon", "DESKHAND_LEASE_SECONDS must be"),
        ("DESKHAND_HOME", "/dev/null", "cannot be opened"),
    ],
)
def test_an_adapter_without_usable_settings_says_which(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    if name == "DESKHAND_HOME":
        monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=says) as failure:
        StoreAdapter()
    assert "s3cret" not in str(failure.value)


def test_an_adapter_without_queues_says_what_to_set(make_adapter: MakeAdapter) -> None:
    with pytest.raises(StoreError, match="RC_WORKITEM_QUEUE_NAME"):
        make_adapter("", "").reserve_input()


# ---- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)]
    if os.name == "nt" or os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Takes all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return filler


def rests(folder: Path) -> list[str]:
    return [str(p) for p in folder.rglob("*.new")]


@pytest.fixture
def home_on_small_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(small_disk / "home"))
    return small_disk / "home"


def test_queue_put_on_a_full_disk(home_on_small_disk: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(os.urandom(3 * MB))
    store = Store.open()
    assert "is full" in said(capsys, 1, "put", "in", "--file", str(tmp_path / "large.bin"))
    assert rests(home_on_small_disk) == []
    assert store.find() == []
    filler = fill(home_on_small_disk)
    if "DESKHAND_DATABASE" not in os.environ:
        assert "full" in said(capsys, 1, "put", "in", "--payload", json.dumps("x" * 100_000))
    filler.unlink()
    assert store.find() == []
    assert queue.main(["put", "in"]) == 0
    assert len(store.find()) == 1


def test_an_adapter_on_a_full_disk_keeps_its_item_and_goes_on_when_there_is_room(
    home_on_small_disk: Path, make_adapter: MakeAdapter
) -> None:
    adapter = make_adapter()
    item_id = adapter.store.put("in", {"n": 1}, {"a.txt": b"a"})
    adapter.reserve_input()
    filler = fill(home_on_small_disk)
    with pytest.raises(FilesAway, match="is full") as failure:
        adapter.add_file(item_id, "b.txt", b"b" * 100_000)
    assert failure.value.code == "disk_full"
    if "DESKHAND_DATABASE" not in os.environ:
        for call in full_database_calls(adapter, item_id):
            with pytest.raises(StoreError, match="full"):
                call()
    assert rests(home_on_small_disk) == []
    filler.unlink()
    assert adapter.load_payload(item_id) == {"n": 1}
    assert adapter.list_files(item_id) == ["a.txt"]
    adapter.add_file(item_id, "b.txt", b"b" * 100_000)
    adapter.release_input(item_id, State.DONE)
    assert [(i.queue, i.state) for i in adapter.store.find()] == [("in", "done")]


def full_database_calls(adapter: StoreAdapter, item_id: str) -> list[Callable[[], object]]:
    text = "x" * 500_000
    return [
        lambda: adapter.save_payload(item_id, text),
        lambda: adapter.create_output(item_id, text),
        lambda: adapter.release_input(
            item_id, State.FAILED, {"type": "APPLICATION", "code": "x", "message": "x" * 2000}
        ),
    ]


def test_a_running_bot_on_a_full_disk_tries_again_when_there_is_room(
    as_bot: None, home_on_small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "DESKHAND_DATABASE" not in os.environ:  # only the files' disk is full
        monkeypatch.setenv("DESKHAND_DATABASE", f"sqlite:///{tmp_path}/elsewhere.db")
    store = Store.open()
    item_id = store.put("in", document(), {"a.pdf": b"%PDF"})
    fillers = []

    def handle(work: Work) -> Outcome:
        fillers.append(fill(home_on_small_disk))
        done = DocumentItem.model_validate(work.payload).model_copy(update={"route": "straight"})
        return Outcome(item=done, outputs=(Output(item=done, attach={"new.txt": b"n" * 100_000}),))

    assert work_through(handle, Ledger.open(), "step") == 1
    item = store.get(item_id)
    assert item is not None
    assert (item.state, item.code, item.attempts) == ("ready", "disk_full", 1)
    assert store.find("out") == []
    assert rests(home_on_small_disk) == []
    fillers[0].unlink()


def test_a_backup_on_a_full_disk_leaves_the_earlier_one(
    small_disk: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store.put("in", 1, {"a.txt": b"a"})
    assert backup_command.main([str(small_disk / "backup")]) == 0
    before = (small_disk / "backup" / "manifest.json").read_bytes()
    store.put("in", 1, {"large.bin": os.urandom(3 * MB)})
    capsys.readouterr()
    assert backup_command.main([str(small_disk / "backup")]) == 1
    assert "full" in capsys.readouterr().err
    assert (small_disk / "backup" / "manifest.json").read_bytes() == before
    assert len(list((small_disk / "backup").glob("database-*"))) == 1
    assert rests(small_disk) == []


LIMITED = """
import resource, signal, sys
from tasks.commands.queue import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit of the size of files")
def test_a_file_that_the_disk_does_not_take_whole_is_not_kept(store: Store, home: Path, tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(os.urandom(2 * MB))
    command = [sys.executable, "-c", LIMITED, "put", "in", "--file", str(tmp_path / "large.bin")]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("run.py queue: The disk of")
    assert rests(home) == []
    assert store.find() == []
