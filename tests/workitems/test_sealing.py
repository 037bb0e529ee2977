"""Files are sealed: nothing is read, changed, cut or swapped without the key, and keys are neither lost nor doubled."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.commands import check_looks
from tasks.commands import keys as keys_command
from tests.conftest import WriteVault
from tests.workitems.conftest import place_of
from workitems.database import StoreError
from workitems.file_errors import FilesAway
from workitems.file_keys import Keyring
from workitems.files import Blobs, open_files
from workitems.scratch import private_folder
from workitems.sealing import HEAD_BYTES, PART_BYTES, TAG_BYTES, Damaged, key_of, seal, sealed_size, unseal
from workitems.store import Store

PICTURE = b"P<D<<MUELLER<<JUERGEN" * 50
PART = PART_BYTES + TAG_BYTES
SECOND, THIRD = HEAD_BYTES + PART, HEAD_BYTES + 2 * PART


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 2 * PART_BYTES + 7])
def test_what_is_sealed_comes_back_and_has_the_size_that_was_foretold(home: Path, size: int) -> None:
    keys, content = Keyring(home), os.urandom(size)
    key = keys.make()
    raw = b"".join(seal(content, key.address(content), key))
    assert len(raw) == sealed_size(size)
    assert unseal(raw, key.address(content), keys) == content
    assert b"".join(seal(content, key.address(content), key)) != raw


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: HEAD_BYTES + PART],  # a whole part is missing at the end
        lambda raw: raw[:HEAD_BYTES],
        lambda raw: raw[:20],
        lambda raw: raw + raw[-PART:],
        lambda raw: raw[:HEAD_BYTES] + raw[SECOND:THIRD] + raw[HEAD_BYTES:SECOND] + raw[THIRD:],
        lambda raw: raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:],
        lambda raw: raw[:20] + bytes([raw[20] ^ 1]) + raw[21:],  # of what the file's own key is made of
        lambda raw: b"",
    ],
)  # fmt: skip
def test_nothing_can_be_cut_off_added_swapped_or_changed(home: Path, damage: object) -> None:
    keys, content = Keyring(home), os.urandom(2 * PART_BYTES + 7)
    key = keys.make()
    raw = b"".join(seal(content, "a" * 64, key))
    assert callable(damage)
    with pytest.raises(Damaged):
        unseal(damage(raw), "a" * 64, keys)


def test_one_document_cannot_be_put_in_the_place_of_another(store: Store) -> None:
    first, second = (store.put("q", 1, {"a": content}) for content in (b"first", b"other"))
    shutil.copy(place_of(store, first, "a"), place_of(store, second, "a"))
    with pytest.raises(FilesAway, match="damaged") as failure:
        store.read_file(second, "a")
    assert failure.value.code == "file_damaged"


def test_nothing_of_a_document_lies_on_the_disk_neither_its_bytes_nor_its_hash(store: Store, home: Path) -> None:
    item_id = store.put("q", 1, {"a.jpg": PICTURE})
    wanted = (PICTURE[:30], base64.b64encode(PICTURE)[:30], hashlib.sha256(PICTURE).hexdigest().encode())
    for file in (f for f in home.rglob("*") if f.is_file()):
        assert not any(part in file.read_bytes() + file.name.encode() for part in wanted), file
    with store.opened(item_id, "a.jpg") as path:
        assert path.read_bytes() == PICTURE
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


def test_the_key_is_its_owners_alone_and_shown_nowhere(
    store: Store, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.put("q", 1, {"a": b"content"})
    file = home / "keys" / "files.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys_command.main([]) == 0
    assert keys_command.main(["rotate", "--json"]) == 0
    said = capsys.readouterr()
    assert not any(line in said.out + said.err + repr(Keyring(home).newest()) for line in file.read_text().split())


def test_processes_that_begin_at_once_make_one_key(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: open_files(home).keep(b"content"), range(16)))
    assert len(set(kept)) == 1
    assert len((home / "keys" / "files.key").read_text().split()) == 1
    assert [p.name for p in (home / "keys").iterdir()] == ["files.key"]


def test_a_key_that_is_gone_is_told_and_never_replaced_in_silence(store: Store, home: Path) -> None:
    item_id = store.put("q", 1, {"a": b"content"})
    (home / "keys" / "files.key").rename(home / "away")
    other = Store.open(home)
    with pytest.raises(FilesAway, match="put a copy of the keys there") as reading:
        other.read_file(item_id, "a")
    with pytest.raises(FilesAway, match="put a copy of the keys there"):
        other.put("q", 2, {"b": b"more"})
    assert reading.value.code == "files_key"
    assert not (home / "keys" / "files.key").exists()
    (home / "away").rename(home / "keys" / "files.key")
    assert other.read_file(item_id, "a") == b"content"


def test_another_machine_with_a_key_of_its_own_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_FILES", str(tmp_path / "share"))
    address = open_files(home).keep(b"content")
    second = tmp_path / "second"
    Keyring(second).make()
    with pytest.raises(FilesAway, match="another machine"):
        open_files(second).keep(b"more")
    shutil.copy(home / "keys" / "files.key", second / "keys" / "files.key")
    assert open_files(second).read(address) == b"content"
    assert open_files(second).keep(b"content") == address


def test_a_new_key_seals_everything_anew_while_others_go_on(
    store: Store, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [store.put("q", n, {"a": str(n).encode()}) for n in range(5)]
    old, worker = Keyring(home).newest(), open_files(home)
    worker.keep(b"its process has read the keys")
    assert keys_command.main(["rotate", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sealed_anew"], len(told["keys"]), told["documents"]) == (6, 2, {told["keys"][-1]: 6})
    assert [store.read_file(i, "a") for i in ids] == [str(n).encode() for n in range(5)]
    late = worker.keep(b"sealed with the old key")
    assert old is not None
    assert key_of(worker.beginning(late)) == old.id
    assert open_files(home).read(late) == b"sealed with the old key"
    assert keys_command.main(["seal", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sealed_anew"] == 1


def test_files_of_a_deskhand_that_did_not_seal_are_read_and_sealed_when_asked(
    store: Store, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item_id = store.put("q", 1, {"a": b"x"})
    address = hashlib.sha256(PICTURE).hexdigest()
    place = home / "files" / address[:2] / address[2:4] / address
    place.parent.mkdir(parents=True)
    place.write_bytes(PICTURE)
    with store.database.write():
        store.database.change("UPDATE item_files SET sha256 = :a, size = :s", {"a": address, "s": len(PICTURE)})
    assert store.read_file(item_id, "a") == PICTURE
    assert keys_command.main([]) == 0
    assert "1 documents are not sealed" in capsys.readouterr().out
    assert keys_command.main(["seal"]) == 0
    assert PICTURE not in place.read_bytes()
    assert store.read_file(item_id, "a") == PICTURE
    place.write_bytes(PICTURE + b"!")
    with pytest.raises(FilesAway, match="damaged"):
        store.read_file(item_id, "a")


def test_keys_may_be_the_vaults(home: Path, write_vault: WriteVault, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vault({"files": {"keys": "ab" * 32}, "none": {"keys": "tell me"}})
    monkeypatch.setenv("DESKHAND_KEYS", "vault:files")
    assert open_files(home).read(open_files(home).keep(b"content")) == b"content"
    assert not (home / "keys").exists()
    with pytest.raises(StoreError, match="made there"):
        Keyring(home).add()
    for name, says in (("none", "are no keys"), ("nowhere", "does not give the secret")):
        monkeypatch.setenv("DESKHAND_KEYS", f"vault:{name}")
        with pytest.raises(StoreError, match=says) as failure:
            Blobs(home / "other", Keyring(home)).keep(b"x")
        assert "tell me" not in str(failure.value)


def test_what_a_killed_process_had_open_is_deleted_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKHAND_SCRATCH", str(tmp_path))
    code = (
        "import os, signal\nfrom workitems.scratch import private_file\n"
        "with private_file(b'MUELLER'):\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert [f.read_bytes() for f in tmp_path.rglob("file")] == [b"MUELLER"]
    with private_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder]
        with private_folder() as another:  # who lives keeps what is his
            assert folder.exists()
            assert another.exists()
    assert list(tmp_path.iterdir()) == []


def test_check_tells_of_a_key_that_is_lost_or_open_to_others(store: Store, home: Path) -> None:
    assert check_looks._keys()[0] == "ok"
    assert not (home / "keys").exists()
    store.put("q", 1, {"a": b"content"})
    assert check_looks._keys()[0] == "ok"
    file = home / "keys" / "files.key"
    file.chmod(0o644)
    assert check_looks._keys()[0] == "warn"
    file.unlink()
    state, told = check_looks._keys()
    assert (state, "put a copy of the keys there" in told) == ("fail", True)
