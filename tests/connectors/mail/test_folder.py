"""A folder as a mailbox: what is collected, what is left alone, and that nothing is ever overwritten."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from connectors import Reply
from connectors.mail.folder import FolderMailbox, FolderSettings
from workitems.errors import TryLater


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def mailbox(inbox: Path) -> FolderMailbox:
    return FolderMailbox(FolderSettings(name="scans", path=inbox))


def put(folder: Path, name: str, content: bytes = b"x", at: int = 1_770_000_000) -> Path:
    file = folder / name
    file.write_bytes(content)
    os.utime(file, (at, at))
    return file


def listed(mailbox: FolderMailbox) -> list[str | None]:
    raws = [mailbox.fetch(ref, 1000) for ref in mailbox.list_inbox(99)]
    return [raw.filename for raw in raws if raw]


def test_files_come_by_time_then_name(inbox: Path, mailbox: FolderMailbox) -> None:
    put(inbox, "b.pdf", at=2_000)
    put(inbox, "c.pdf", at=1_000)
    put(inbox, "a.pdf", at=2_000)
    assert listed(mailbox) == ["c.pdf", "a.pdf", "b.pdf"]


def test_hidden_unfinished_and_foreign_files_are_left_alone(
    inbox: Path, mailbox: FolderMailbox, tmp_path: Path
) -> None:
    names = (".hidden", "~$doc.docx", "a.tmp", "b.PART", "c.pdf.crdownload", "d~", "Thumbs.db", "e.pdf.filepart")
    for name in names:
        put(inbox, name)
    (inbox / "done").mkdir()
    put(inbox / "done", "old.pdf")
    put(tmp_path, "secret.pdf")
    (inbox / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(inbox / "pipe.pdf")
    put(inbox, "real.pdf")
    assert listed(mailbox) == ["real.pdf"]


def test_a_file_that_still_grows_waits_for_the_next_round(inbox: Path, mailbox: FolderMailbox) -> None:
    ended = threading.Event()

    def write() -> None:
        with (inbox / "slow.pdf").open("wb", buffering=0) as file:
            while not ended.wait(0.02):
                file.write(b"more")

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.1)
    try:
        assert mailbox.list_inbox(9) == []
    finally:
        ended.set()
        writer.join()
    assert listed(mailbox) == ["slow.pdf"]


def test_a_file_that_was_replaced_after_listing_is_a_new_mail(inbox: Path, mailbox: FolderMailbox) -> None:
    put(inbox, "a.pdf", b"torn")
    (ref,) = mailbox.list_inbox(9)
    put(inbox, "a.pdf", b"complete", at=1_770_000_009)
    assert mailbox.fetch(ref, 1000) is None
    mailbox.move(ref, "done")
    assert (inbox / "a.pdf").read_bytes() == b"complete"
    assert listed(mailbox) == ["a.pdf"]


def test_a_link_that_takes_the_place_of_a_file_is_not_followed(
    inbox: Path, mailbox: FolderMailbox, tmp_path: Path
) -> None:
    secret = put(tmp_path, "secret", b"x")
    file = put(inbox, "a.pdf", b"x")
    (ref,) = mailbox.list_inbox(9)
    file.unlink()
    file.symlink_to(secret)
    assert mailbox.fetch(ref, 1000) is None


def test_files_of_one_name_are_kept_side_by_side_when_moved(inbox: Path, mailbox: FolderMailbox) -> None:
    for content in (b"1", b"2", b"3"):
        put(inbox, "scan.pdf", content)
        mailbox.move(mailbox.list_inbox(9)[0], "review")
    found = {p.name: p.read_bytes() for p in (inbox / "review").iterdir()}
    assert found == {"scan.pdf": b"1", "scan-2.pdf": b"2", "scan-3.pdf": b"3"}


def test_a_name_of_full_length_can_be_moved_twice(inbox: Path, mailbox: FolderMailbox) -> None:
    name = "ü" * 125 + ".pdf"
    for content in (b"1", b"2"):
        put(inbox, name, content)
        mailbox.move(mailbox.list_inbox(9)[0], "done")
    assert sorted(p.read_bytes() for p in (inbox / "done").iterdir()) == [b"1", b"2"]


def test_names_that_no_system_should_see_come_out_safe(inbox: Path, mailbox: FolderMailbox) -> None:
    (inbox / os.fsdecode(b"r\xe9sum\xe9\n.pdf")).write_bytes(b"x")
    (ref,) = mailbox.list_inbox(9)
    raw = mailbox.fetch(ref, 1000)
    assert raw is not None
    assert raw.filename == "rsum_.pdf"
    mailbox.move(ref, "done")
    assert len(list((inbox / "done").iterdir())) == 1


def test_a_bare_file_that_is_too_large_comes_truncated(inbox: Path, mailbox: FolderMailbox) -> None:
    put(inbox, "big.tif", b"x" * 5000)
    raw = mailbox.fetch(mailbox.list_inbox(9)[0], 1000)
    assert raw is not None
    assert (raw.truncated, len(raw.data), raw.filename) == (True, 1000, "big.tif")


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    mailbox = FolderMailbox(FolderSettings(name="scans", path=tmp_path / "missing"))
    with pytest.raises(TryLater, match="cannot be read") as error:
        mailbox.list_inbox(1)
    assert error.value.code == "mailbox_folder"


def test_a_draft_for_a_bare_file_waits_without_a_reader(inbox: Path, mailbox: FolderMailbox) -> None:
    put(inbox, "a.pdf")
    mailbox.draft_reply(mailbox.list_inbox(9)[0], Reply(subject="Hello", text="Text"), "k")
    (draft,) = (inbox / "drafts").iterdir()
    assert b"To:" not in draft.read_bytes()
    assert listed(mailbox) == ["a.pdf"]
