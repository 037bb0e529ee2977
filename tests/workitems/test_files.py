"""Blobs: whole or not there, kept once, and swept only when nobody has them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tests.workitems.conftest import place_of
from workitems.file_keys import Keyring
from workitems.files import Blobs, check_name, open_files
from workitems.reservations import Ending, Reservations
from workitems.store import Store


def all_files(home: Path) -> list[Path]:
    return [p for p in (home / "files").glob("??/??/*") if p.is_file()]


def contents(home: Path) -> list[bytes]:
    return [open_files(home).read(p.name) for p in all_files(home)]


def make_old(home: Path, seconds: float = 7200) -> None:
    for path in all_files(home):
        os.utime(path, (time.time() - seconds,) * 2)


def test_the_same_content_is_kept_once(store: Store, home: Path) -> None:
    ids = [store.put("q", n, {f"{n}.pdf": b"same"}) for n in range(3)]
    assert len(all_files(home)) == 1
    assert {store.read_file(i, f"{n}.pdf") for n, i in enumerate(ids)} == {b"same"}


def test_a_blob_that_was_cut_short_is_written_again(store: Store, home: Path) -> None:
    store.put("q", 1, {"a": b"content"})
    all_files(home)[0].write_bytes(b"con")
    item_id = store.put("q", 2, {"a": b"content"})
    assert store.read_file(item_id, "a") == b"content"


def test_a_sweep_deletes_what_nobody_has_and_nothing_else(store: Store, home: Path, worker: Reservations) -> None:
    kept = store.put("q", 1, {"a": b"kept"})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.create_output(hold, "output", "out", 1)
    worker.add_file("output", hold, "b", b"of a failed attempt")
    worker.add_file("output", hold, "c", b"kept")
    worker.release(hold, Ending("failed"))
    (place_of(store, kept, "a").parent / "abc.new").write_bytes(b"the rest of a write that was cut short")
    assert store.sweep_blobs() == 0  # too young: somebody may be about to name it
    make_old(home)
    assert store.sweep_blobs() == 2
    assert contents(home) == [b"kept"]
    assert store.sweep_blobs() == 0


def test_a_blob_that_is_swept_before_its_row_is_written_is_written_again(store: Store, home: Path) -> None:
    class SweptInBetween(Blobs):
        def keep(self, content: bytes) -> str:
            sha256 = super().keep(content)
            make_old(home)
            store.sweep_blobs()
            return sha256

    store._blobs = SweptInBetween(home / "files", Keyring(home))
    item_id = store.put("q", 1, {"a": b"content"})
    assert store.read_file(item_id, "a") == b"content"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_sweep_waits_for_who_is_about_to_name_the_same_blob(store: Store, home: Path) -> None:
    store._blobs.keep(b"content")
    make_old(home)
    swept: list[int] = []
    sweeper = threading.Thread(target=lambda: swept.append(Store.open(home).sweep_blobs(older_than_seconds=-5)))

    class SweptMeanwhile(Blobs):
        calls = 0

        def ensure(self, sha256: str, content: bytes) -> None:
            super().ensure(sha256, content)
            self.calls += 1
            if self.calls == 2:  # inside the transaction, where it was found to be there
                sweeper.start()
                sweeper.join(1.0)

    store._blobs = SweptMeanwhile(home / "files", Keyring(home))
    item_id = store.put("q", 1, {"a": b"content"})
    sweeper.join(60)
    assert swept == [0]
    assert store.read_file(item_id, "a") == b"content"


def test_a_sweep_that_has_no_time_goes_on_with_the_next_call(store: Store, home: Path) -> None:
    for n in range(5):
        store._blobs.keep(str(n).encode())
    make_old(home)
    calls, swept = 0, 0
    while swept < 5:
        swept += store.sweep_blobs(most_seconds=0)
        calls += 1
        assert calls <= 256
    assert all_files(home) == []
    assert calls > 2


def test_a_replaced_or_removed_file_leaves_an_orphan_for_the_sweep(
    store: Store, home: Path, worker: Reservations
) -> None:
    item_id = store.put("q", 1, {"a": b"one", "b": b"two"})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.add_file(item_id, hold, "a", b"three")
    worker.remove_file(item_id, hold, "b")
    make_old(home)
    assert store.sweep_blobs() == 2
    assert contents(home) == [b"three"]


def test_refused_names_leave_nothing_behind(store: Store) -> None:
    with pytest.raises(ValueError, match="path"):
        store.put("q", 1, {"ok": b"", "../x": b""})
    assert store.find() == []


@pytest.mark.parametrize("name", ["a", "a.b", "...", " ", "ä" * 127 + "x", "New Text.txt", "1:2", "ab:c"])
def test_plain_names_pass(name: str) -> None:
    assert check_name(name) == name
