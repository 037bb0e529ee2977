"""Backup while others work, and restore into an empty home: of the same kind of database or of the other."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tasks.commands import backup as backup_command
from tasks.commands import restore as restore_command
from tests.postgres import drop_database, fresh_database
from tests.workitems.conftest import Clock, place_of
from workitems.backup import back_up, restore
from workitems.database import StoreError
from workitems.errors import TryLater
from workitems.files import open_files
from workitems.items import Decision
from workitems.ledger import Ledger
from workitems.reservations import Ending
from workitems.store import Store
from workitems.sweep import BACKUP

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys lie beside the homes: no backup has them."""
    monkeypatch.setenv("DESKHAND_KEYS", str(tmp_path / "keys" / "files.key"))
    return tmp_path / "keys" / "files.key"


def fill(store: Store) -> dict[str, str]:
    """A store with an item in every state and a row in every table that is kept."""
    worker, ledger = store.reservations("tester"), Ledger(store.database)
    ids = {"ready": "", "done": "", "review": "", "dead": "", "cancelled": "", "taken": ""}
    for name in ids:
        ids[name] = store.put(name, {"n": name}, {"a.txt": name.encode(), "same.txt": b"same"})
    for name in ("done", "review", "taken"):
        hold = worker.reserve(name, 60)
        assert hold is not None
        worker.create_output(hold, f"output of {name}", "out", {"of": name})
        worker.add_file(f"output of {name}", hold, "o.txt", b"output")
        if name != "taken":
            worker.release(hold, Ending("done" if name == "done" else "review", "code", "A sentence."))
    store.cancel(ids["cancelled"])
    ledger.begin_effect("post:1", ids["done"], {"amount": "1.00"})
    ledger.finish_effect("post:1", {"reference": "INV/1"})
    assert ledger.claim_mail("mail:1", "box", "nobody", {"subject": "secret"}) == "new"
    ledger.confirm_mails("nobody")
    ledger.remember(ids["done"], "document", {"sha256": "ab"}, "a.pdf")
    ledger.decide(ids["done"], Decision(step="s", input_hash="0" * 64, route="straight"))
    return ids


def everything(store: Store) -> Any:
    """What a person and a worker could see."""
    items = [
        (i.id, i.queue, i.payload, i.priority, i.parent_id, i.root_id, i.created_at, store.files(i.id))
        for i in store.find()
    ]
    ledger = Ledger(store.database)
    return (
        items,
        [store.read_file(i[0], f.name) for i in items for f in i[-1]],
        {i[0]: store.decisions(i[0]) for i in items},
        ledger.effect("post:1"),
        ledger.mail_state("mail:1"),
        ledger.twins({"sha256": "ab"}),
    )


def open_in(home: Path, monkeypatch: pytest.MonkeyPatch, url: str | None, clock: Clock) -> Store:
    monkeypatch.setenv("DESKHAND_HOME", str(home))
    if url is None:
        monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    else:
        monkeypatch.setenv("DESKHAND_DATABASE", url)
    return Store.open(clock=clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The database into which is restored."""
    url = None
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres_server").url)
    yield url
    if url is not None:
        drop_database(url)


@ON_BOTH
def test_what_was_backed_up_is_restored_whichever_databases_they_are(
    store: Store, home: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, other_url: str | None
) -> None:
    ids = fill(store)
    saved = back_up(home, home.parent / "backup")
    assert (saved.items, saved.files, saved.missing) == (8, 8, ())
    before = everything(store)
    other = home.parent / "other home"
    with monkeypatch.context() as patch:
        open_in(other, patch, other_url, clock).close()
        restore(other, home.parent / "backup")
        again = open_in(other, patch, other_url, clock)
        items, *rest = everything(again)
        assert [i for i in before[0] if i[0] != "output of taken"] == items
        assert rest[1:] == [{i: d for i, d in before[2].items() if i != "output of taken"}, *before[3:]]
        taken = again.get(ids["taken"])
        assert taken is not None
        assert (taken.state, taken.lost_leases) == ("ready", 0)
        counted = {(c.queue, c.state): c.count for c in again.depth()}
        assert counted == {(n, "ready" if n == "taken" else n): 1 for n in ids if n != "dead"} | {
            ("dead", "ready"): 1,
            ("out", "ready"): 1,
        }
        hold = again.reservations("tester").reserve("taken", 60)
        assert hold is not None
        assert hold.item_id == ids["taken"]
        new = again.put("ready", "new")
        assert [i.id for i in again.find("ready")][-1] == new
        again.close()


def test_a_backup_while_others_write_is_of_one_moment(store: Store, home: Path, tmp_path: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        other = Store.open(home)
        while not ended.is_set():
            other.put("q", {"x": "y" * 1000}, {"a.txt": os.urandom(100)})
        other.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            saved = back_up(home, tmp_path / "backup")
    finally:
        ended.set()
        thread.join()
    restore(tmp_path / "again", tmp_path / "backup")
    again = Store.open(tmp_path / "again")
    items = again.find(limit=10**6)
    assert len(items) == saved.items
    assert sum(c.count for c in again.depth()) == saved.items
    assert all(again.read_file(i.id, "a.txt") for i in items)


def test_the_second_backup_copies_what_is_new_and_forgets_what_is_gone(
    store: Store, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    item_id = store.put("q", 1, {"a.txt": b"first"})
    back_up(home, folder)
    before = {p: p.stat().st_mtime_ns for p in (folder / "files").rglob("*") if p.is_file()}
    store.put("q", 2, {"b.txt": b"second"})
    back_up(home, folder)
    after = {p: p.stat().st_mtime_ns for p in (folder / "files").rglob("*") if p.is_file()}
    assert before.items() < after.items()
    worker = store.reservations("tester")
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.remove_file(item_id, hold, "a.txt")
    back_up(home, folder)
    left = [p for p in (folder / "files").rglob("*") if p.is_file()]
    assert [open_files(home).unsealed(p.name, p.read_bytes()) for p in left] == [b"second"]
    assert len(list(folder.glob("database-*"))) == 1


def test_no_file_is_swept_while_it_is_copied(store: Store, home: Path, ledger: Ledger) -> None:
    worker = store.reservations("tester")
    item_id = store.put("q", 1, {"a.txt": b"a"})
    hold = worker.reserve("q", 60)
    assert hold is not None
    worker.remove_file(item_id, hold, "a.txt")
    with Ledger(store.database).lock(BACKUP, 60):
        assert store.sweep_blobs(older_than_seconds=-5) == 0
        with pytest.raises(TryLater, match="busy with backup"):
            back_up(home, home.parent / "backup")
    assert store.sweep_blobs(older_than_seconds=-5) == 1


def test_settings_come_along_and_secrets_do_not(store: Store, home: Path, tmp_path: Path) -> None:
    (home / "settings.toml").write_text("[company]\n")
    (home / "vault.json").write_text("{}")
    back_up(home, tmp_path / "backup")
    restore(tmp_path / "again", tmp_path / "backup")
    assert (tmp_path / "again" / "settings.toml").read_text() == "[company]\n"
    assert not list((tmp_path / "backup").rglob("vault.json"))


def test_a_home_in_use_is_not_overwritten(store: Store, home: Path, tmp_path: Path) -> None:
    store.put("q", 1)
    back_up(home, tmp_path / "backup")
    store.put("q", 2)
    with pytest.raises(StoreError, match="is in use"):
        restore(home, tmp_path / "backup")
    assert [i.payload for i in store.find()] == [1, 2]


@pytest.mark.parametrize("damage", ["database", "file", "file gone", "manifest", "all"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_restored(
    store: Store, home: Path, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "backup"
    store.put("q", 1, {"a.txt": b"content"})
    back_up(home, folder)
    file = next(p for p in (folder / "files").rglob("*") if p.is_file())
    if damage == "database":
        next(folder.glob("database-*")).write_bytes(b"nothing")
    elif damage == "file":
        file.write_bytes(b"c0ntent")
    elif damage == "file gone":
        file.unlink()
    elif damage == "manifest":
        (folder / "manifest.json").write_text("[]")
    else:
        folder = tmp_path / "nowhere"
    with pytest.raises(StoreError, match=r"damaged|not whole|no backup"):
        restore(tmp_path / "again", folder)
    assert not (tmp_path / "again" / "deskhand.db").exists()


def test_a_file_that_the_store_has_lost_is_told_and_the_rest_is_saved(
    store: Store, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item_id = store.put("q", 1, {"a.txt": b"a", "b.txt": b"b"})
    place_of(store, item_id, "a.txt").unlink()
    assert backup_command.main([str(tmp_path / "backup"), "--json"]) == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)["missing"]) == 1
    assert "1 contents" in told.err
    restore(tmp_path / "again", tmp_path / "backup")
    assert Store.open(tmp_path / "again").read_file(item_id, "b.txt") == b"b"


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_a_backup_may_be_one_file(
    store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    item_id = store.put("q", 1, {"a.txt": b"a"})
    assert backup_command.main([str(tmp_path / name)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "home", "keys"])
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "again"))
    assert restore_command.main([str(tmp_path / name), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["items"] == 1
    assert Store.open().read_file(item_id, "a.txt") == b"a"
    assert sorted(p.name for p in (tmp_path / "again").iterdir() if "db" not in p.name) == ["files"]


def test_a_tar_file_writes_nothing_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for name in ("../../escaped", "home/../../escaped", "/tmp/escaped", "elsewhere/escaped"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"evil"))
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "again"))
    assert restore_command.main([str(tmp_path / "b.tar")]) == 1
    assert "holds no backup" in capsys.readouterr().err
    assert not list(tmp_path.rglob("escaped"))
    (tmp_path / "c.tar").write_bytes(b"no tar")
    assert restore_command.main([str(tmp_path / "c.tar")]) == 1
    assert "no tar file" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["home", "full", "/proc/nowhere"])
def test_a_place_for_a_backup_that_is_none_is_refused(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other.txt").write_text("not to be lost")
    assert backup_command.main([str(tmp_path / target)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("run.py backup: ")
    assert told.out == ""
    assert (tmp_path / "full" / "other.txt").exists()


KILLED = """
import os, sys
from pathlib import Path
from workitems import backup
def killed(*_): os.kill(os.getpid(), 9)
setattr(backup, sys.argv[1], killed)
what = backup.back_up if sys.argv[4] == "backup" else backup.restore
what(Path(sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("point", ["blobs_of", "copy_home", "asdict", "_forget_the_old", "prepare_snapshot"])
def test_killed_half_way_the_earlier_backup_is_good_and_the_next_call_completes(
    store: Store, home: Path, tmp_path: Path, point: str
) -> None:
    folder, again = tmp_path / "backup", tmp_path / "again"
    store.put("q", 1, {"a.txt": b"a"})
    (home / "letters").mkdir()
    (home / "letters" / "de.yaml").write_text("Hallo")
    first = back_up(home, folder)
    store.put("q", 2, {"b.txt": b"b"})
    (home / "letters" / "de.yaml").write_text("Guten Tag")
    what = "restore" if point == "prepare_snapshot" else "backup"
    command = [sys.executable, "-c", KILLED, point, str(home if what == "backup" else again), str(folder), what]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(command, env=environment, timeout=60, check=False).returncode == -9
    restore(again, folder)
    second = point == "_forget_the_old"
    assert len(Store.open(again).find()) == (2 if second else first.items)
    assert (again / "letters" / "de.yaml").read_text() == ("Guten Tag" if second else "Hallo")
    assert back_up(home, folder).items == 2
    assert [len(list(folder.glob(f"{name}*"))) for name in ("database-", "home")] == [1, 1]


def test_no_backup_holds_a_key_and_restore_without_it_says_what_to_do(
    store: Store, home: Path, tmp_path: Path, keys: Path
) -> None:
    item_id = store.put("q", 1, {"a.txt": b"MUELLER<<JUERGEN"})
    back_up(home, tmp_path / "backup")
    saved = b"".join(p.read_bytes() for p in (tmp_path / "backup").rglob("*") if p.is_file())
    assert keys.read_text().strip().encode() not in saved
    assert b"MUELLER<<JUERGEN" not in saved
    keys.rename(tmp_path / "kept elsewhere")
    with pytest.raises(StoreError, match=r"sealed with the key [0-9a-f]{16}.*put the copy of the keys there"):
        restore(tmp_path / "again", tmp_path / "backup")
    assert not (tmp_path / "again").exists()
    (tmp_path / "kept elsewhere").rename(keys)
    restore(tmp_path / "again", tmp_path / "backup")
    assert Store.open(tmp_path / "again").read_file(item_id, "a.txt") == b"MUELLER<<JUERGEN"


def test_a_backup_of_files_that_were_not_sealed_is_restored(store: Store, home: Path, tmp_path: Path) -> None:
    item_id = store.put("q", 1, {"a.txt": b"content"})
    back_up(home, tmp_path / "backup")
    sha256 = hashlib.sha256(b"content").hexdigest()
    old = next(p for p in (tmp_path / "backup" / "files").rglob("*") if p.is_file())
    place = tmp_path / "backup" / "files" / sha256[:2] / sha256[2:4] / sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    old.unlink()
    place.write_bytes(b"content")
    told = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    database = tmp_path / "backup" / told["database"]
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE item_files SET sha256 = ?", (sha256,))
    told |= {"format": 1, "database_sha256": hashlib.sha256(database.read_bytes()).hexdigest()}
    del told["keys"]
    (tmp_path / "backup" / "manifest.json").write_text(json.dumps(told))
    restore(tmp_path / "again", tmp_path / "backup")
    assert Store.open(tmp_path / "again").read_file(item_id, "a.txt") == b"content"


def test_what_the_desks_keep_in_folders_is_saved_verified_and_restored(
    store: Store, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {
        "joiners/calendar/j-1.ics": "appointment",
        "joiners/sent/j-1-welcome.eml": "mail",
        "precedents/segments/ab/texts": "clauses",
        "precedents/current": "ab",
        "playbook/liability.yaml": "our playbook",
        "letters/de.yaml": "our letters",
    }
    left = {"keys/models.key": "secret", "vault.json": "secret", "training/1.json.gz": "pages", "evidence/1.png": "x"}
    for name, text in (kept | left).items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    store.put("q", 1, {"a.txt": b"a"})
    folder = tmp_path / "backup"
    assert backup_command.main([str(folder)]) == 0
    assert backup_command.main([str(folder), "--verify"]) == 0
    assert "are whole" in capsys.readouterr().out
    restore(tmp_path / "again", folder)
    there = {p.relative_to(tmp_path / "again").as_posix(): p for p in (tmp_path / "again").rglob("*") if p.is_file()}
    assert {name: there[name].read_text() for name in kept} == kept
    assert not set(left) & set(there)
    (saved,) = folder.glob("home-*")
    (saved / "joiners" / "calendar" / "j-1.ics").write_text("another appointment")
    assert backup_command.main([str(folder), "--verify"]) == 1
    assert "its file joiners/calendar/j-1.ics is missing or damaged" in capsys.readouterr().err
    with pytest.raises(StoreError, match="not whole"):
        restore(tmp_path / "third", folder)


def test_a_folder_that_changes_while_it_is_copied_is_copied_as_of_one_moment(
    store: Store, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "precedents").mkdir(parents=True)
    (home / "precedents" / "current").write_text("old")
    copy, changes = shutil.copytree, iter(["new"])

    def meanwhile(source: Path, target: Path) -> None:
        copy(source, target)
        for text in changes:
            (home / "precedents" / "current").write_text(f"{text}er")

    monkeypatch.setattr("workitems.home_parts.shutil.copytree", meanwhile)
    saved = back_up(home, tmp_path / "backup").home_folder
    assert (tmp_path / "backup" / saved / "precedents" / "current").read_text() == "newer"
