"""Collects mails and files out of a mailbox: one work item per document.

The claim on a mail is the ledger's row, made in the same attempt as the items and known only once that attempt was
released. So a mail is moved a round later: by the time the ledger calls it known, its documents are in the store for
good. A crash at any moment leaves it in the inbox, where the next round either collects it anew or only moves it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from connectors import Folder, Mailbox, MailRef, Part, RawMail, Unpacked
from workitems.errors import NeedsReview, TryLater
from workitems.items import Document, DocumentItem, Doubt, Mail, Noun
from workitems.work import Output

log = logging.getLogger(__name__)

Unpack = Callable[[bytes, str | None], Unpacked]
"""Takes a mail or file apart (connectors.mail.mime.unpack in a bounded child). Raises NeedsReview where it cannot."""

MAIL = "message/rfc822"
_HEAD_BYTES = 65_536
_LISTED = 5_000
_FAILURES_IN_A_ROW = 3


class MailLedger(Protocol):
    """What the collector needs of workitems.ledger.Ledger."""

    def mail_state(self, message_key: str) -> Literal["known", "claimed"] | None:
        """How `claim_mail` would find the mail; None: it would be new."""
        ...

    def claim_mail(
        self, message_key: str, mailbox: str, parent_id: str, details: dict[str, Any]
    ) -> Literal["new", "known", "claimed"]:
        """Claims a mail for the attempt at `parent_id`."""
        ...


class CollectLimits(Noun):
    """How much one round takes: its documents are in memory until they are stored."""

    mails: int = 50
    mail_bytes: int = 50_000_000  # a larger mail becomes an item in doubt, with its headers only
    round_bytes: int = 200_000_000


class _Seen(Noun):
    """A mail that this process has claimed, and where it goes once the ledger knows it."""

    key: str
    folder: Folder


class MailCollector:
    """Collects one mailbox, round by round. Keeps in memory which mails it has claimed, so none is fetched twice."""

    def __init__(self, mailbox: Mailbox, unpack: Unpack, ledger: MailLedger, limits: CollectLimits) -> None:
        self._mailbox, self._unpack, self._ledger, self._limits = mailbox, unpack, ledger, limits
        self._seen: dict[str, tuple[MailRef, _Seen]] = {}
        self._unmoved = 0  # moves that failed in this round

    @property
    def name(self) -> str:
        """The mailbox's name in the settings."""
        return self._mailbox.name

    def collect(self, parent_id: str) -> list[Output]:
        """One output per document of the oldest new mails; mails that are known by now are moved.

        A mail that cannot be fetched now is left for the next round. Raises TryLater when the mailbox is away and
        nothing was collected.
        """
        outputs: list[Output] = []
        mails = size = failures = 0
        self._unmoved = 0
        refs = self._mailbox.list_inbox(_LISTED)
        waiting = {ref.id for ref in refs}
        self._seen = {key: seen for key, seen in self._seen.items() if key in waiting}
        for ref in refs:
            if mails >= self._limits.mails or size >= self._limits.round_bytes:
                break
            try:
                made = self._one(ref, parent_id)
            except TryLater as later:
                failures += 1
                log.warning("mailbox %s: a mail is left for later (%s)", self.name, later.code)
                if failures < _FAILURES_IN_A_ROW:
                    continue
                if outputs:
                    break
                raise
            failures = 0
            outputs += made
            mails += bool(made)
            size += sum(len(data) for output in made for data in output.attach.values())
        return outputs

    def close(self) -> None:
        """Ends the mailbox's connection."""
        self._mailbox.close()

    def settle(self) -> None:
        """Moves the mails of the last round. Without it, or where the mailbox is away, the next round does."""
        self._unmoved = 0
        for ref, seen in list(self._seen.values()):
            if self._ledger.mail_state(seen.key) == "known":
                self._move(ref, seen)

    def _one(self, ref: MailRef, parent_id: str) -> list[Output]:
        if ref.id in self._seen:
            seen = self._seen[ref.id][1]
            state = self._ledger.mail_state(seen.key)
            if state == "known":
                self._move(ref, seen)
            if state is not None:
                return []  # the attempt that claimed it has failed where the state is None: it is collected anew
        raw = self._mailbox.fetch(ref, self._limits.mail_bytes)
        if raw is None:
            return []
        unpacked = self._open(raw)
        seen = _Seen(key=f"{self.name}:{unpacked.mail.message_key}", folder=_folder(unpacked))
        claim = self._ledger.claim_mail(seen.key, self.name, parent_id, _details(ref, unpacked))
        if claim == "known":
            self._move(ref, seen)
            return []
        self._seen[ref.id] = (ref, seen)
        if claim == "claimed":  # a twin of a mail of this very round, or another process has it
            return []
        log.info("mailbox %s: a mail with %d documents, %d parts ignored", self.name, *_counts(unpacked))
        made = [_output(part, unpacked.mail, self.name, ref) for part in unpacked.parts]
        return [
            output.model_copy(update={"key": f"{seen.key}:{n}:{output.item.document.sha256[:16]}"})
            for n, output in enumerate(made)
        ]

    def _move(self, ref: MailRef, seen: _Seen) -> None:
        """Moves a known mail. It is only presentation, so where it fails the mail waits in the inbox."""
        if self._unmoved < _FAILURES_IN_A_ROW:
            try:
                self._mailbox.move(ref, seen.folder)
            except TryLater as later:
                self._unmoved += 1
                log.warning("mailbox %s: a collected mail is moved later (%s)", self.name, later.code)
            else:
                self._seen.pop(ref.id, None)
                return
        self._seen[ref.id] = (ref, seen)

    def _open(self, raw: RawMail) -> Unpacked:
        """The mail's parts; where it cannot be opened, the mail itself as a document in doubt."""
        if raw.truncated:
            limit = self._limits.mail_bytes // 1_000_000
            return self._closed(raw, [Doubt(code="mail_too_large", message=f"The mail is larger than {limit} MB.")])
        try:
            return self._unpack(raw.data, raw.filename)
        except NeedsReview as review:
            return self._closed(raw, review.doubts)

    def _closed(self, raw: RawMail, doubts: Sequence[Doubt]) -> Unpacked:
        """What can be said of a mail that stays closed: its headers, if they at least can be read."""
        mail, content = Mail(), hashlib.sha256(raw.data).hexdigest()
        if raw.filename is None:
            try:
                mail = self._unpack(raw.data[:_HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0], None).mail
            except NeedsReview:
                log.warning("mailbox %s: a mail whose headers cannot be read either", self.name)
        key = f"closed\n{mail.message_key}\n{raw.filename}\n{raw.ref.size if raw.truncated else content}"
        mail = mail.model_copy(update={"message_key": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()})
        name = raw.filename or "mail.eml"
        media_type = MAIL if raw.filename is None else "application/octet-stream"
        data = raw.data
        if raw.truncated:
            name, media_type, data = f"{name[:100]} (not fetched).txt", "text/plain", _note(raw, doubts)
        part = Part(name=name, data=data, media_type=media_type, doubts=tuple(doubts))
        return Unpacked(mail=mail, parts=(part,))


def collect_all(collectors: Sequence[MailCollector], parent_id: str) -> list[Output]:
    """One round over all mailboxes. One that is away does not hold up the others.

    Raises its TryLater when that leaves nothing at all.
    """
    outputs: list[Output] = []
    away: TryLater | None = None
    for collector in collectors:
        try:
            outputs += collector.collect(parent_id)
        except TryLater as later:
            log.warning("mailbox %s is away (%s)", collector.name, later.code)
            away = away or later
    if away is not None and not outputs:
        raise away
    return outputs


def _output(part: Part, mail: Mail, mailbox: str, ref: MailRef) -> Output:
    # When a mail came is the mailbox's word; the headers may claim anything.
    about = mail.model_copy(update={"mailbox": mailbox, "received_at": ref.received_at or mail.received_at})
    document = Document(
        sha256=hashlib.sha256(part.data).hexdigest(),
        filename=part.name,
        media_type=part.media_type,
        part=part.path,
        size=len(part.data),
        mail=about,
    )
    return Output(item=DocumentItem(document=document, doubts=part.doubts), attach={part.name: part.data})


def _folder(unpacked: Unpacked) -> Folder:
    """A mail that nobody could open is put where people look."""
    parts = unpacked.parts
    return "review" if len(parts) == 1 and parts[0].path is None and parts[0].doubts else "done"


def _details(ref: MailRef, unpacked: Unpacked) -> dict[str, Any]:
    """What the ledger keeps of a mail: enough to find it again, and what was not taken for a document."""
    return {
        "ref": ref.id,
        "message_id": unpacked.mail.message_id,
        "parts": len(unpacked.parts),
        "ignored": [f"{i.name}: {i.why}" for i in unpacked.ignored[:50]],
    }


def _counts(unpacked: Unpacked) -> tuple[int, int]:
    return len(unpacked.parts), len(unpacked.ignored)


def _note(raw: RawMail, doubts: Sequence[Doubt]) -> bytes:
    size = f" It has {raw.ref.size:,} bytes." if raw.ref.size else ""
    reason = " ".join(d.message for d in doubts)
    head = raw.data.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:20_000] if raw.filename is None else b""
    text = f"{reason}{size} It was not fetched; it waits in the mailbox's review folder.\n\n"
    return text.encode("utf-8", "replace") + head
