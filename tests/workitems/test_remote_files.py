"""Files in an S3 store, over its own protocol (moto's server, s3fs unmodified): whole, verified, and swept."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from robocorp import workitems
from robocorp.workitems import State

from tests.workitems.conftest import MakeAdapter
from workitems.file_cache import Cache
from workitems.file_errors import FilesAway
from workitems.file_keys import Keyring
from workitems.files import Blobs, open_files
from workitems.items import Document, DocumentItem
from workitems.ledger import Ledger
from workitems.loop import Outcome, Output, Work, work_through
from workitems.remote_files import RemoteBlobs
from workitems.sealing import key_of, unseal
from workitems.store import Store, StoreError

SECRET = "wJalrXUtnFEMI/K7MDENG"
NOTHING_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of an S3 server of this module's own."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel("ERROR")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """An empty bucket's filesystem; DESKHAND_FILES names a prefix in it."""
    import s3fs

    for name in [n for n in os.environ if n.startswith(("AWS_", "FSSPEC_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    name = "deskhand-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:16]
    monkeypatch.setenv("DESKHAND_FILES", f"s3://{name}/files")
    there = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    there.mkdir(name)
    return _Bucket(there, name)


class _Bucket:
    """What lies in the bucket, seen past our code."""

    def __init__(self, there: Any, name: str) -> None:
        self._there, self.name = there, name

    def places(self) -> list[str]:
        """The files; what says whose they are, and which keys they have, is none."""
        return [name for name in self._there.find(self.name) if "/deskhand-" not in name]

    def contents(self, home: Path) -> list[bytes]:
        """The files' contents, unsealed with the keys of a home."""
        keys = Keyring(home)
        raws = [(name.rpartition("/")[2], self._there.cat_file(name)) for name in self.places()]
        return sorted(unseal(raw, name, keys) if key_of(raw) else raw for name, raw in raws)

    def put(self, place: str, content: bytes) -> None:
        self._there.pipe_file(place, content)


def cached(home: Path) -> list[Path]:
    return [p for p in (home / "cache").rglob("*") if p.is_file()]


def test_a_file_lies_in_the_bucket_and_comes_back(bucket: Any, store: Store, home: Path) -> None:
    item_id = store.put("q", 1, {"a.txt": b"content", "b.txt": b"content"})
    assert bucket.contents(home) == [b"content"]
    assert not (home / "files").exists()
    assert b"content" not in b"".join(p.read_bytes() for p in cached(home))
    for path in cached(home):
        path.unlink()
    assert store.read_file(item_id, "b.txt") == b"content"
    assert len(cached(home)) == 1


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_two_machines_read_each_others_files(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_adapter: MakeAdapter, database: str | None
) -> None:
    if database is None:
        monkeypatch.setenv("DESKHAND_DATABASE", f"sqlite:///{tmp_path}/shared.db")
    monkeypatch.setenv("DESKHAND_KEYS", str(tmp_path / "files.key"))
    first = make_adapter(DESKHAND_HOME=str(tmp_path / "one"))
    second = make_adapter("out", "end", DESKHAND_HOME=str(tmp_path / "two"))
    first.store.put("in", 1, {"a.txt": b"of the first"})
    item_id = first.reserve_input()
    output = first.create_output(item_id, 2)
    first.add_file(output, "b.txt", b"of its output")
    first.release_input(item_id, State.DONE)
    assert second.get_file(item_id, "a.txt") == b"of the first"
    assert second.reserve_input() == output
    assert second.get_file(output, "b.txt") == b"of its output"
    second.add_file(output, "c.txt", b"of the second")
    assert first.get_file(output, "c.txt") == b"of the second"


def test_two_machines_share_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_adapter: MakeAdapter
) -> None:
    monkeypatch.setenv("DESKHAND_DATABASE", f"sqlite:///{tmp_path}/shared.db")
    monkeypatch.setenv("DESKHAND_FILES", str(tmp_path / "shared files"))
    monkeypatch.setenv("DESKHAND_KEYS", str(tmp_path / "files.key"))
    first, second = (make_adapter(DESKHAND_HOME=str(tmp_path / name)) for name in ("one", "two"))
    item_id = first.store.put("in", 1, {"a.txt": b"of the first"})
    assert second.get_file(item_id, "a.txt") == b"of the first"
    assert list((tmp_path / "shared files").glob("??/??/*"))


def test_an_object_that_is_not_what_was_kept_is_never_handed_out(bucket: Any, store: Store, home: Path) -> None:
    item_id = store.put("q", 1, {"a.txt": b"content"})
    for path in cached(home):
        path.unlink()
    bucket.put(bucket.places()[0], b"c0ntent")
    with pytest.raises(FilesAway, match="damaged") as failure:
        store.read_file(item_id, "a.txt")
    assert failure.value.code == "file_damaged"
    assert cached(home) == []


def test_an_object_that_is_gone_is_a_file_not_found(bucket: Any, home: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no object"):
        open_files(home).read("0" * 64)


def no_bucket(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("DESKHAND_FILES", "s3://no-such-bucket/x")


def no_credentials(patch: pytest.MonkeyPatch) -> None:
    patch.delenv("AWS_ACCESS_KEY_ID")
    patch.delenv("AWS_SECRET_ACCESS_KEY")


def server_away(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("AWS_ENDPOINT_URL", NOTHING_LISTENS)


def no_server_at_all(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("AWS_ENDPOINT_URL", "not a url")


@pytest.mark.parametrize(
    ("disaster", "told"),
    [
        (no_bucket, ("files_refused", "There is no bucket for s3://no-such-bucket/x")),
        (no_credentials, ("files_refused", "There are no credentials for s3://")),
        (server_away, ("files_away", "does not answer")),
        (no_server_at_all, ("files_away", "does not answer")),
    ],
)
def test_a_store_that_cannot_be_used_is_told_in_a_sentence_and_leaves_nothing(
    bucket: Any,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    disaster: Callable[[pytest.MonkeyPatch], None],
    told: tuple[str, str],
) -> None:
    disaster(monkeypatch)
    store = Store.open(home)
    with pytest.raises(StoreError, match=told[1]) as failure:
        store.put("q", 1, {"a.txt": b"content"})
    assert isinstance(failure.value, FilesAway)
    assert failure.value.code == told[0]
    assert SECRET not in str(failure.value)
    assert "AKIDEXAMPLE" not in str(failure.value)
    assert store.find() == []
    assert cached(home) == []
    with pytest.raises(FilesAway):
        store.sweep_blobs()


def test_an_item_whose_files_cannot_be_kept_now_is_tried_again_later(
    bucket: Any, home: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = DocumentItem(document=Document(sha256="0" * 64, filename="a.pdf", media_type="application/pdf"))
    ids = [store.put("in", item.model_dump(mode="json"), {"a.pdf": b"%PDF"}) for _ in range(2)]
    for name, value in {"RC_WORKITEM_QUEUE_NAME": "in", "RC_WORKITEM_OUTPUT_QUEUE_NAME": "out"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
    monkeypatch.setenv("DESKHAND_RETRY", "30 600 4 3600")  # not within this test
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    away = iter([True, False])

    def handle(work: Work) -> Outcome:
        if next(away):
            monkeypatch.setattr(RemoteBlobs, "_store", _Away())
        else:
            monkeypatch.undo()
        done = DocumentItem.model_validate(work.payload).model_copy(update={"route": "straight"})
        return Outcome(item=done, outputs=(Output(item=done, attach={"new.txt": b"new"}),))

    with monkeypatch.context() as patch:
        monkeypatch = patch
        assert work_through(handle, Ledger.open(home), "step") == 2
    workitems._ctx.clear_cache()  # type: ignore[attr-defined]
    states = [(i.state, i.code) for i in map(store.get, ids) if i is not None]
    assert states == [("ready", "files_away"), ("done", None)]
    assert len(store.find("out")) == 1


class _Away:
    def __getattr__(self, name: str) -> Any:
        raise ConnectionError(f"no {name} today, AKIDEXAMPLE")


def test_a_sweep_deletes_objects_of_nobody_and_nothing_else(bucket: Any, store: Store) -> None:
    worker = store.reservations("tester")
    store.put("q", 1, {"a.txt": b"kept"})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.add_file(hold.item_id, hold, "b.txt", b"removed")
    worker.remove_file(hold.item_id, hold, "b.txt")
    bucket.put(f"{bucket.name}/files/ab/cd/readme", b"not ours")
    assert store.sweep_blobs() == 0  # too young
    assert store.sweep_blobs(older_than_seconds=-5) == 1
    assert bucket.contents(store.home) == [b"kept", b"not ours"]


def test_the_files_of_another_database_are_not_swept(bucket: Any, tmp_path: Path) -> None:
    ours, theirs = (Store.open(tmp_path / name) for name in ("ours", "theirs"))
    ours.put("q", 1, {"a.txt": b"ours"})
    assert ours.sweep_blobs(older_than_seconds=-5) == 0
    with pytest.raises(StoreError, match="belong to another database"):
        theirs.sweep_blobs(older_than_seconds=-5)
    assert bucket.contents(ours.home) == [b"ours"]


def test_the_cache_forgets_the_oldest_and_never_what_is_in_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most_bytes=1000)

    def add(name: str, idle_seconds: float) -> Path:
        new = cache.begin(name)
        new.write_bytes(b"x" * 400)
        copy = cache.add(name, new)
        os.utime(copy, (time.time() - idle_seconds,) * 2)
        return copy

    oldest, old, week = add("aa1", 9000), add("bb2", 5000), add("cc3", 8 * 86400)
    left_over = cache.begin("dd4")
    left_over.write_bytes(b"cut short")
    os.utime(left_over, (time.time() - 7200,) * 2)
    young = [add(f"ee{n}", 0) for n in range(2)]
    cache.shrink()
    assert [p.exists() for p in (oldest, old, week, left_over, *young)] == [False, False, False, False, True, True]
    assert cache.find("ee0") == young[0]
    assert cache.find("aa1") is None


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("ftp://host/x", "must be a folder or an object store"),
        ("s3://", "must look like"),
        ("s3://key:word@bucket/x", "without credentials"),
    ],
)
def test_a_place_that_is_none_is_refused_with_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, named: str, says: str
) -> None:
    monkeypatch.setenv("DESKHAND_FILES", named)
    with pytest.raises(StoreError, match=says) as failure:
        Store.open(home)
    assert "word" not in str(failure.value)


def test_a_store_whose_package_is_missing_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_FILES", "gs://bucket/x")
    with pytest.raises(FilesAway, match="package"):
        open_files(home).keep(b"x")


def test_a_relative_folder_lies_in_the_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_FILES", "elsewhere")
    assert isinstance(open_files(home), Blobs)
    assert open_files(home).folder == home / "elsewhere"


def test_a_cache_of_no_size_is_refused_with_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_FILES", "s3://bucket/x")
    monkeypatch.setenv("DESKHAND_CACHE_MB", "plenty")
    with pytest.raises(StoreError, match="DESKHAND_CACHE_MB"):
        open_files(home)
