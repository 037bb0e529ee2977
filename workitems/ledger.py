"""What the bots did in other systems and what they remember of documents. Works beside any host of the items.

Everything is committed when the call returns. Where our store keeps the items, mail claims live and die with the
attempt that made them, in its release; where Control Room or robocorp's FileAdapter keeps them, the loop says so
(`confirm_mails`, `drop_mails`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workitems import ledger_sql as sql
from workitems import owners
from workitems.database import Database, connect, home_folder
from workitems.journal import to_json
from workitems.rows import Effect, Twin, at

if TYPE_CHECKING:
    from workitems.items import Decision

Claim = Literal["new", "known", "claimed"]

FOREIGN_CLAIM_SECONDS = 3600.0
"""A claim for an item of another host by a process that cannot be seen from here is given up after so long."""

LOCKED_SECONDS = 5.0
"""After so long an item that met another worker's lock is taken up again."""


class Ledger:
    """Effects, mails, fingerprints, decisions and locks, in the database of a home."""

    def __init__(self, db: Database, clock: Callable[[], float] | None = None) -> None:
        self._db, self._clock, self._lease_clock = db, clock or db.wall, clock or db.clock

    @classmethod
    def open(cls, home: Path | None = None, url: str | None = None, clock: Callable[[], float] | None = None) -> Ledger:
        """The ledger of a home (default: DESKHAND_HOME). Raises StoreError."""
        return cls(connect(home or home_folder(), url), clock)

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    @property
    def database(self) -> Database:
        """The connection, for what is written beside the ledger."""
        return self._db

    # ---- effects

    def begin_effect(self, key: str, item_id: str, intent: dict[str, Any]) -> Effect:
        """Writes down what is about to be done in another system; it has reached the disk when this returns.

        The first intent under a key stays. `fresh`: nobody has tried before. Else look in the other system first, and
        when the effect is "done" do nothing.
        """
        values = {"key": key, "item_id": item_id, "intent": to_json(intent), "now": self._clock()}

        def begin() -> Effect:
            with self._db.write(durable=True):
                fresh = self._db.change(sql.BEGIN_EFFECT, values) == 1
                row = self._db.row(sql.SELECT_EFFECT, {"key": key})
            return _effect(row, fresh)

        # Begun a second time after a lost connection it is not fresh: that costs a search, and is safe.
        return self._db.settle(begin, lambda: None)

    def finish_effect(self, key: str, result: dict[str, Any], noted: tuple[str, Decision] | None = None) -> None:
        """Writes down what came of it, and with it, once, a decision about another item that it touches (`noted`).

        Raises KeyError where nothing was begun under the key.
        """
        values = {"key": key, "result": to_json(result), "now": self._clock()}

        def finish() -> None:
            with self._db.write(durable=True):
                before = self._db.row(sql.SELECT_EFFECT, {"key": key})
                if self._db.change(sql.FINISH_EFFECT, values) != 1:
                    raise KeyError(key)
                if noted is not None and before["state"] != "done":
                    note = {"item_id": noted[0], "now": self._clock(), "body": noted[1].model_dump_json()}
                    self._db.change(sql.INSERT_DECISION, note)

        self._db.settle(finish, lambda: None)

    def effects_naming(self, prefix: str, text: str) -> list[Effect]:
        """The effects that are done under keys with that prefix, whose result holds that text, oldest first."""
        values = {"prefix": f"{_literally(prefix)}%", "text": f"%{_literally(to_json(text))}%"}
        return [_effect(row, fresh=False) for row in self._db.rows(sql.SELECT_EFFECTS_NAMING, values)]

    def effect(self, key: str) -> Effect | None:
        """The effect under a key, if one was begun."""
        row = self._db.row(sql.SELECT_EFFECT, {"key": key})
        return None if row is None else _effect(row, fresh=False)

    # ---- mails

    def claim_mail(self, message_key: str, mailbox: str, parent_id: str, details: dict[str, Any]) -> Claim:
        """Claims a mail for the attempt at item `parent_id`.

        "new": hand its documents on, as outputs of that item; do not move the mail yet.
        "known": its documents are in the store for good; the mail may be moved away.
        "claimed": an attempt that has not ended has it, this one or another: leave the mail alone for now.
        """
        with self._db.write():
            self._db.exclude(f"mail {message_key}")
            parent = self._db.row(sql.SELECT_PARENT, {"id": parent_id})
            state = self.mail_state(message_key)
            if state is not None:
                return state
            if parent is not None and (parent["state"] != "taken" or parent["lease_owner"] != owners.me()):
                return "claimed"  # this attempt lost its lease while it slept: the mail is for the one that follows
            claim: dict[str, Any] = {
                "message_key": message_key,
                "mailbox": mailbox,
                "parent_id": parent_id,
                "owner": owners.me(),
            }
            claim |= {"details": to_json(details), "now": self._clock(), "fence": parent and parent["fence"]}
            self._db.change(sql.CLAIM_MAIL, claim)
            return "new"

    def mail_state(self, message_key: str) -> Literal["known", "claimed"] | None:
        """How `claim_mail` would find the mail, without claiming it; None: it would be new."""
        mail = self._db.row(sql.SELECT_MAIL, {"message_key": message_key})
        if mail is None:
            return None
        if mail["state"] == "known":
            return "known"
        return None if self._is_given_up(mail) else "claimed"

    def _is_given_up(self, mail: Any) -> bool:
        """Whether the attempt that claimed the mail has ended without confirming it."""
        if owners.is_dead(mail["owner"]):
            return True
        if mail["fence"] is not None:
            return mail["in_hand"] is None
        return bool(self._clock() - mail["created_at"] > FOREIGN_CLAIM_SECONDS)

    def confirm_mails(self, parent_id: str) -> None:
        """The item, which another host keeps, was released as done: this process's claims for it are known now."""
        with self._db.write(durable=True):
            self._db.change(sql.CONFIRM_OWN_MAILS, {"parent_id": parent_id, "owner": owners.me()})

    def drop_mails(self, parent_id: str) -> None:
        """The attempt at an item that another host keeps has failed: its claims never existed."""
        with self._db.write():
            self._db.change(sql.DROP_OWN_MAILS, {"parent_id": parent_id, "owner": owners.me()})

    # ---- fingerprints

    def remember(self, item_id: str, document_id: str, keys: Mapping[str, str], filename: str = "") -> None:
        """Remembers search keys of an item's document: {"sha256": "ab12...", "number": "<supplier>:<number>", ...}.

        A key is kept as "name:value". `document_id` names the document across steps and attempts; it stands for the
        lineage where another host keeps the items. Without `filename` the item's payload says it.
        """
        now = self._clock()
        with self._db.write():
            root_id, named = self._root_and_name(item_id)
            same = {"root_id": root_id or document_id, "item_id": item_id, "document_id": document_id}
            same |= {"filename": filename or named}
            self._db.change_many(
                sql.REMEMBER, [{**same, "key": f"{n}:{v}", "now": now} for n, v in sorted(keys.items())]
            )

    def twins(self, keys: Mapping[str, str], exclude_root: str = "", document_id: str = "") -> list[Twin]:
        """Other documents that were remembered under one of the keys, oldest first within a key.

        Left out is the lineage of `exclude_root` (any item of it), and of `document_id` where another host keeps the
        items; without them nothing is.
        """
        root_id, _ = self._root_and_name(exclude_root)
        own = {"root_id": root_id or exclude_root, "document_id": document_id}
        rows = [r for n, v in keys.items() for r in self._db.rows(sql.SELECT_TWINS, {**own, "key": f"{n}:{v}"})]
        return [
            Twin(r["item_id"], r["root_id"], r["document_id"], r["key"], r["filename"], at(r["created_at"]))
            for r in rows
        ]

    def _root_and_name(self, item_id: str) -> tuple[str | None, str]:
        """The root of an item of our store and the file name in its payload; (None, "") where another host keeps it."""
        row = self._db.row(sql.SELECT_ROOT, {"id": item_id})
        if row is None:
            return None, ""
        payload = json.loads(row["payload"])
        document = payload.get("document") if isinstance(payload, dict) else None
        name = document.get("filename") if isinstance(document, dict) else None
        return row["root_id"], str(name or "")

    # ---- decisions and locks

    def decide(self, item_id: str, decision: Decision) -> None:
        """Keeps one automated decision about an item."""
        with self._db.write():
            body = decision.model_dump_json()
            self._db.change(sql.INSERT_DECISION, {"item_id": item_id, "now": self._clock(), "body": body})

    @contextmanager
    def lock(self, name: str, owner_seconds: float) -> Iterator[None]:
        """Holds a named lock for the block, for at most `owner_seconds`.

        Raises TryLater when a living process holds it. The lock of a process of this machine that has ended is free.
        """
        from workitems.errors import TryLater

        token, now = secrets.token_hex(8), self._lease_clock()
        values = {"name": name, "owner": owners.me(), "token": token, "expires_at": now + owner_seconds}
        with self._db.write():
            self._db.exclude(f"lock:{name}")
            held = self._db.row(sql.SELECT_LOCK, {"name": name})
            if held is not None and held["expires_at"] > now and not owners.is_dead(held["owner"]):
                raise TryLater("locked", f"Another worker is busy with {name}.", postpone=LOCKED_SECONDS)
            self._db.change(sql.TAKE_LOCK, values)
        try:
            yield
        finally:
            with self._db.write():
                self._db.change(sql.FREE_LOCK, {"name": name, "token": token})


def _literally(text: str) -> str:
    """As a pattern of LIKE, `!` being its escape."""
    return "".join(f"!{c}" if c in "!%_" else c for c in text)


def _effect(row: Any, fresh: bool) -> Effect:
    result = None if row["result"] is None else json.loads(row["result"])
    return Effect(row["key"], row["item_id"], row["state"], json.loads(row["intent"]), result, fresh)
