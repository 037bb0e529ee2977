"""A mailbox on an IMAP server, through imap-tools.

Mails are fetched below imap-tools' message class, which parses MIME in this process: raw bytes are all that is wanted
here. Likewise its `move`, `delete` and `flag` expunge whatever anybody marked as deleted, and judge by the capabilities
that the server named before the login (Dovecot names MOVE only after it).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from connectors import Folder, MailRef, RawMail, Reply
from connectors.mail.envelope import moment
from connectors.mail.imap_session import ImapSession, Server, refused
from connectors.mail.logins import Secrets, vault
from connectors.mail.replies import KEY_HEADER, header_key, reply_mail
from workitems.items import Noun

_HEAD_BYTES = 65_536
_CHUNK = 200
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


class ImapFolders(Noun):
    """Where mails go. "/" separates levels, whatever the server uses."""

    inbox: str = "INBOX"  # also a shared mailbox: "shared/invoices"
    done: str = "Deskhand/Done"
    review: str = "Deskhand/Review"
    rejected: str = "Deskhand/Rejected"
    drafts: str | None = None  # None: the folder that the server marks as drafts, else "Drafts"


class ImapSettings(Noun):
    """A mailbox on an IMAP server."""

    kind: Literal["imap"] = "imap"
    name: str  # how reports and items call this mailbox
    host: str
    port: int = Field(993, ge=1, le=65_535)  # 143 with starttls
    security: Literal["tls", "starttls", "plain"] = "tls"  # plain: only to this very machine
    ca_file: Path | None = None  # PEM file of the company's own certificate authority
    vault: str  # the secret with `login` and `password`
    address: str | None = None  # the sender of draft replies
    folders: ImapFolders = ImapFolders()
    timeout_seconds: float = Field(60.0, gt=0)

    @model_validator(mode="after")
    def _never_plain_over_a_network(self) -> ImapSettings:
        if self.security == "plain" and not _LOOPBACK.fullmatch(self.host):
            raise ValueError("security = 'plain' is only allowed for a server on this machine")
        return self


class ImapMailbox:
    """The inbox of one IMAP account. A reference is UIDVALIDITY and UID: it never names another mail."""

    def __init__(self, settings: ImapSettings, secrets: Secrets = vault) -> None:
        self.name = settings.name
        self._settings = settings
        self._session = ImapSession(settings, secrets)

    def list_inbox(self, limit: int) -> list[MailRef]:
        """The mails with the smallest UIDs, in the order in which the server got them."""
        return self._session.run(lambda server: self._list(server, limit))

    def fetch(self, ref: MailRef, max_bytes: int) -> RawMail | None:
        """The raw mail (BODY.PEEK: it stays unread). Never transfers more than `max_bytes` and one."""
        return self._session.run(lambda server: self._fetch(server, ref, max_bytes))

    def move(self, ref: MailRef, folder: Folder) -> None:
        """Moves by MOVE, else by COPY, flag and an EXPUNGE of this mail alone."""
        self._session.run(lambda server: self._move(server, ref, getattr(self._settings.folders, folder)))

    def draft_reply(self, ref: MailRef, reply: Reply, key: str) -> None:
        """Appends a draft that carries the key in a header, unless one is there already."""
        self._session.run(lambda server: self._draft(server, ref, reply, key))

    def close(self) -> None:
        """Logs out."""
        self._session.close()

    def _list(self, server: Server, limit: int) -> list[MailRef]:
        server.select(self._settings.folders.inbox)
        uids = sorted(int(u) for u in server.box.uids("UNDELETED", charset=None))[:limit]
        known: dict[int, MailRef] = {}
        for at in range(0, len(uids), _CHUNK):
            chunk = ",".join(map(str, uids[at : at + _CHUNK]))
            for line in server.uid("FETCH", chunk, "(UID RFC822.SIZE INTERNALDATE)"):
                ref = self._ref(server, line if isinstance(line, bytes) else b"")
                if ref:
                    known[int(ref.id.partition(".")[2])] = ref
        return [known[uid] for uid in uids if uid in known]

    def _ref(self, server: Server, line: bytes) -> MailRef | None:
        uid, size, arrived = _UID.search(line), _SIZE.search(line), _ARRIVED.search(line)
        if not uid:
            return None
        return MailRef(
            mailbox=self.name,
            id=f"{server.validity}.{int(uid[1])}",
            received_at=moment(arrived[1].decode("ascii", "replace").strip()) if arrived else None,
            size=int(size[1]) if size else None,
        )

    def _fetch(self, server: Server, ref: MailRef, max_bytes: int) -> RawMail | None:
        uid = self._uid(server, ref)
        if uid is None:
            return None
        too_large = ref.size is not None and ref.size > max_bytes
        data = None if too_large else _body(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{max_bytes + 1}>)"))
        if not too_large and data is not None and len(data) <= max_bytes:
            return RawMail(ref=ref, data=data)
        head = _body(server.uid("FETCH", uid, f"(BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>)"))
        return None if head is None else RawMail(ref=ref, data=head, truncated=True)

    def _move(self, server: Server, ref: MailRef, folder: str) -> None:
        uid = self._uid(server, ref)
        if uid is None:
            return
        if "MOVE" in server.capabilities:
            server.into_folder("MOVE", uid, folder)
            return
        if not server.uid("SEARCH", "UID", uid, "UNDELETED")[0]:
            return
        server.into_folder("COPY", uid, folder)
        server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in server.capabilities:  # without it the mail stays, marked as deleted, and is not listed
            server.uid("EXPUNGE", uid)

    def _draft(self, server: Server, ref: MailRef, reply: Reply, key: str) -> None:
        drafts = self._settings.folders.drafts or server.drafts()
        server.select(drafts, create=True)
        if server.uid("SEARCH", "UNDELETED", "HEADER", KEY_HEADER, header_key(key))[0]:
            return
        uid = None if reply.to else self._uid(server, ref)
        head = _body(server.uid("FETCH", uid, f"(BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>)")) if uid else None
        server.append(drafts, reply_mail(reply, key, head or b"", self._settings.address), r"(\Draft \Seen)")

    def _uid(self, server: Server, ref: MailRef) -> str | None:
        """The UID in the inbox; None when the server numbered its mails anew since the mail was listed."""
        server.select(self._settings.folders.inbox)
        validity, _, uid = ref.id.partition(".")
        return uid if validity == str(server.validity) and uid.isdigit() else None


def _body(answer: list[Any]) -> bytes | None:
    """The literal of a FETCH answer; None when there is no such mail."""
    found = next((piece for piece in answer if isinstance(piece, tuple)), None)
    if found is None:
        return None
    if not isinstance(found[1], bytes):
        raise refused("answers a FETCH without a body")
    return found[1]
