"""A folder on disk as a mailbox: mails saved as .eml files, and bare documents as a scanner or a person drops them."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from connectors import Folder, MailRef, RawMail, Reply
from connectors.mail.names import safe_name, split_extension
from connectors.mail.replies import reply_mail
from workitems.errors import TryLater
from workitems.items import Noun

_UNFINISHED = {".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".lock", ".new"}
_YOUNG_SECONDS = 3.0
_LOOK_TWICE_SECONDS = 0.2
_HEAD_BYTES = 65_536


class FolderSettings(Noun):
    """A folder as a mailbox. Its subfolders done, review, rejected and drafts are made when they are needed."""

    kind: Literal["folder"] = "folder"
    name: str  # how reports and items call this mailbox
    path: Path  # where documents arrive; files in subfolders are not collected


class FolderMailbox:
    """Collects the regular files that lie directly in a folder, oldest first.

    Not collected: hidden and temporary files, links, devices, and files that still grow. A reference names the file
    together with its size and time of change, so a file that somebody replaces in between is a new mail.
    """

    def __init__(self, settings: FolderSettings) -> None:
        self.name = settings.name
        self._path = settings.path.expanduser()

    def list_inbox(self, limit: int) -> list[MailRef]:
        """The oldest files by time of change, then by name."""
        found = {name: status for name, status in self._files() if _collectable(name)}
        young = [name for name, status in found.items() if time.time() - status.st_mtime < _YOUNG_SECONDS]
        if young:
            time.sleep(_LOOK_TWICE_SECONDS)
            for name in young:
                now = self._status(name)
                if now is None or _identity(now) != _identity(found[name]):
                    del found[name]
        oldest = sorted(found, key=lambda name: (found[name].st_mtime_ns, name))[:limit]
        return [self._ref(name, found[name]) for name in oldest]

    def fetch(self, ref: MailRef, max_bytes: int) -> RawMail | None:
        """The file's bytes; None when it is gone or was changed."""
        name, status = self._found(ref)
        if status is None:
            return None
        wanted = status.st_size if status.st_size <= max_bytes else min(max_bytes, _HEAD_BYTES)
        data = self._read(name, wanted)
        if data is None or (status.st_size <= max_bytes and len(data) != status.st_size):
            return None
        is_mail = split_extension(name)[1].lower() == ".eml"
        shown = None if is_mail else safe_name(name, "document")
        return RawMail(ref=ref, data=data, filename=shown, truncated=status.st_size > max_bytes)

    def move(self, ref: MailRef, folder: Folder) -> None:
        """Moves the file into a subfolder; a file of the same name there is never overwritten."""
        name, status = self._found(ref)
        if status is None:
            return
        try:
            target = self._path / folder
            target.mkdir(exist_ok=True)
            os.replace(self._path / name, _reserved(target, name))
        except FileNotFoundError:  # somebody else moved it just now
            return
        except OSError as error:
            raise TryLater("mailbox_folder", f"A file cannot be moved to {folder}: {error.strerror}.") from None

    def draft_reply(self, ref: MailRef, reply: Reply, key: str) -> None:
        """Writes the reply as a mail into the subfolder drafts, under a name made from `key`."""
        drafts = self._path / "drafts"
        file = drafts / f"reply-{hashlib.sha256(key.encode()).hexdigest()[:20]}.eml"
        if file.exists():
            return
        raw = None if reply.to else self.fetch(ref, _HEAD_BYTES)
        data = reply_mail(reply, key, raw.data if raw and raw.filename is None else b"")
        try:
            drafts.mkdir(exist_ok=True)
            unfinished = file.with_suffix(".tmp")
            unfinished.write_bytes(data)
            os.replace(unfinished, file)
        except OSError as error:
            raise TryLater("mailbox_folder", f"A draft cannot be written: {error.strerror}.") from None

    def close(self) -> None:
        """Nothing is kept open."""

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        try:
            with os.scandir(self._path) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        status = self._status(entry.name)
                        if status:
                            yield entry.name, status
        except OSError as error:
            raise TryLater("mailbox_folder", f"The mailbox's folder cannot be read: {error.strerror}.") from None

    def _status(self, name: str) -> os.stat_result | None:
        try:
            status = (self._path / name).lstat()
        except OSError:
            return None
        return status if stat.S_ISREG(status.st_mode) else None

    def _ref(self, name: str, status: os.stat_result) -> MailRef:
        at = datetime.fromtimestamp(status.st_mtime, UTC)
        return MailRef(
            mailbox=self.name, id=f"{_identity(status)}/{os.fsencode(name).hex()}", received_at=at, size=status.st_size
        )

    def _found(self, ref: MailRef) -> tuple[str, os.stat_result | None]:
        identity, _, name_bytes = ref.id.partition("/")
        name = os.fsdecode(bytes.fromhex(name_bytes))
        status = self._status(name) if os.path.basename(name) == name else None
        return name, status if status and _identity(status) == identity else None

    def _read(self, name: str, size: int) -> bytes | None:
        """Opens without following a link that appeared in between, and without waiting for a pipe."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(self._path / name, flags), "rb") as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return file.read(size)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise TryLater("mailbox_folder", f"A file of the mailbox cannot be read: {error.strerror}.") from None
        return None


def _collectable(name: str) -> bool:
    lower = name.lower()
    hidden = lower.startswith((".", "~$")) or lower.endswith("~") or lower in ("thumbs.db", "desktop.ini")
    return not hidden and os.path.splitext(lower)[1] not in _UNFINISHED


def _identity(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}-{status.st_size}"


def _reserved(folder: Path, name: str) -> Path:
    """A free name in the folder, taken by an empty file that the moved one replaces."""
    for number in range(1, 100_000):
        target = folder / (name if number == 1 else _numbered(name, number))
        try:
            target.open("xb").close()
        except FileExistsError:
            continue
        return target
    raise TryLater("mailbox_folder", "The mailbox's folder is full of files of one name.")


def _numbered(name: str, number: int) -> str:
    stem, ending = os.path.splitext(name)
    while len(os.fsencode(f"{stem}-{number}{ending}")) > 250:
        stem = stem[:-1]
    return f"{stem}-{number}{ending}"
