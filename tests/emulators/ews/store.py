"""The emulated Exchange mailbox: folders and items, with the habits of the real one that matter to a client."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes


class NoSuchThing(Exception):
    """A folder or item that is not there; `code` is what Exchange answers."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class MailFolder:
    """A folder. `distinguished` is the name under which every mailbox has it."""

    id: str
    name: str
    parent: str | None
    distinguished: str | None = None


@dataclass(frozen=True)
class MailItem:
    """A mail or draft. `properties` are named properties."""

    id: str
    change_key: str
    folder: str
    mime: bytes
    received: datetime
    subject: str = ""
    author: str | None = None
    to: tuple[str, ...] = ()
    message_id: str | None = None
    in_reply_to: str | None = None
    body: str = ""
    is_read: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    attachments: tuple[tuple[str, bytes], ...] = ()


class MailStore:
    """One mailbox. Ids are opaque, an item gets a new one when it moves, and folders of one name are refused."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._numbers = itertools.count(1)
        self.folders: dict[str, MailFolder] = {}
        self.items: dict[str, MailItem] = {}
        self.sent: list[MailItem] = []  # what went out, in that order
        root = self._add_folder("", None, "root")
        top = self._add_folder("Top of Information Store", root.id, "msgfolderroot")
        for name, known in (("Inbox", "inbox"), ("Drafts", "drafts"), ("Sent Items", "sentitems")):
            self._add_folder(name, top.id, known)

    def deliver(self, mime: bytes) -> MailItem:
        """A new mail arrives in the inbox; every one a minute after the one before."""
        message = message_from_bytes(mime)
        number = next(self._numbers)
        return self._put(
            MailItem(
                id=self._new_id("item"),
                change_key=self._new_id("key"),
                folder=self.distinguished("inbox").id,
                mime=mime,
                received=datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(minutes=number),
                subject=str(message["Subject"] or ""),
                author=str(message["From"]) if message["From"] else None,
                message_id=str(message["Message-ID"]) if message["Message-ID"] else None,
            )
        )

    def create(self, item: MailItem) -> MailItem:
        """Saves an item as a client made it."""
        return self._put(replace(item, id=self._new_id("item"), change_key=self._new_id("key")))

    def move(self, item_id: str, folder: MailFolder) -> MailItem:
        """Moves an item, which gives it a new id."""
        old = self.item(item_id)
        del self.items[item_id]
        return self._put(replace(old, id=self._new_id("item"), change_key=self._new_id("key"), folder=folder.id))

    def item(self, item_id: str) -> MailItem:
        """Raises NoSuchThing."""
        if item_id not in self.items:
            raise NoSuchThing("ErrorItemNotFound")
        return self.items[item_id]

    def folder(self, folder_id: str) -> MailFolder:
        """Raises NoSuchThing."""
        if folder_id not in self.folders:
            raise NoSuchThing("ErrorFolderNotFound")
        return self.folders[folder_id]

    def distinguished(self, name: str) -> MailFolder:
        """Raises NoSuchThing."""
        for folder in self.folders.values():
            if folder.distinguished == name:
                return folder
        raise NoSuchThing("ErrorFolderNotFound")

    def create_folder(self, name: str, parent: MailFolder) -> MailFolder:
        """Raises NoSuchThing ("ErrorFolderExists") for a second one of that name."""
        if any(f.parent == parent.id and f.name.casefold() == name.casefold() for f in self.folders.values()):
            raise NoSuchThing("ErrorFolderExists")
        return self._add_folder(name, parent.id)

    def children(self, parent: MailFolder) -> list[MailFolder]:
        """The folders right below."""
        return [f for f in self.folders.values() if f.parent == parent.id]

    def contents(self, path: str) -> list[MailItem]:
        """The items of a folder by its path below the top, for assertions."""
        folder = self.distinguished("msgfolderroot")
        for name in path.split("/"):
            found = next((f for f in self.children(folder) if f.name == name), None)
            if found is None:
                return []
            folder = found
        return [i for i in self.items.values() if i.folder == folder.id]

    def _add_folder(self, name: str, parent: str | None, distinguished: str | None = None) -> MailFolder:
        folder = MailFolder(self._new_id("folder"), name, parent, distinguished)
        self.folders[folder.id] = folder
        return folder

    def _put(self, item: MailItem) -> MailItem:
        self.items[item.id] = item
        return item

    def _new_id(self, kind: str) -> str:
        return f"AAMk{hashlib.sha256(f'{kind}{next(self._numbers)}'.encode()).hexdigest()[:40]}=="
