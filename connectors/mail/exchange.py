"""A mailbox on an Exchange server, through exchangelib and EWS.

Meant for Exchange Server on premises; Exchange Online switches EWS off and is left to Microsoft Graph. What exchangelib
does by itself and is avoided here: probing for version and authentication, asking for a hundred fields, resending a
CreateItem whose answer was lost (a second draft), walking the whole folder tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from connectors import Folder, MailRef, RawMail, Reply
from connectors.mail.exchange_session import ExchangeSession, draft_key_property
from connectors.mail.logins import Secrets, vault
from connectors.mail.replies import header_key, one_line
from workitems.errors import TryLater
from workitems.items import Noun

if TYPE_CHECKING:
    from exchangelib import Account
    from exchangelib.items import Item

_LOOPBACK = re.compile(r"http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?/")
_BUILD = re.compile(r"\d{1,5}(\.\d{1,5}){1,3}")


class ExchangeFolders(Noun):
    """Where mails go, from the top of the mailbox; "/" separates levels. The inbox is always the mailbox's own."""

    done: str = "Deskhand/Done"
    review: str = "Deskhand/Review"
    rejected: str = "Deskhand/Rejected"


class ExchangeSettings(Noun):
    """A mailbox on an Exchange server. The server's certificate is checked against this machine's authorities."""

    kind: Literal["exchange"] = "exchange"
    name: str  # how reports and items call this mailbox
    endpoint: str  # https://mail.example.com/EWS/Exchange.asmx
    address: str  # the mailbox's own address, also that of a shared mailbox
    auth: Literal["ntlm", "basic", "oauth"] = "ntlm"  # oauth: client credentials of an application
    access: Literal["delegate", "impersonation"] | None = None  # None: impersonation with oauth, else delegate
    version: str = "15.2.1748.10"  # the server's build; any of the same major version does
    vault: str  # the secret with `login`, `password`; with oauth `client_id`, `client_secret`, `tenant_id`
    token_url: str | None = None  # oauth: None is Microsoft's for the tenant
    scope: str = "https://outlook.office365.com/.default"
    folders: ExchangeFolders = ExchangeFolders()
    timeout_seconds: float = Field(120.0, gt=0)

    @model_validator(mode="after")
    def _sound(self) -> ExchangeSettings:
        for url in (self.endpoint, self.token_url or "https://"):
            if not url.startswith("https://") and not _LOOPBACK.match(url):
                raise ValueError("endpoint and token_url begin with https:// (http:// only for this machine)")
        if not _BUILD.fullmatch(self.version):
            raise ValueError("version is a build number such as 15.2.1748.10")
        return self


class ExchangeMailbox:
    """The inbox of one Exchange mailbox. A reference is the item's id, which ends when the item is moved."""

    def __init__(self, settings: ExchangeSettings, secrets: Secrets = vault) -> None:
        self.name = settings.name
        self._settings = settings
        self._session = ExchangeSession(settings, secrets)

    def list_inbox(self, limit: int) -> list[MailRef]:
        """The mails that were received first."""
        return self._session.run(lambda account: self._list(account, limit))

    def fetch(self, ref: MailRef, max_bytes: int) -> RawMail | None:
        """The mail's MIME content; asking for it does not mark the mail as read."""
        return self._session.run(lambda account: self._fetch(account, ref, max_bytes))

    def move(self, ref: MailRef, folder: Folder) -> None:
        """Moves the mail, making the folder where it does not exist."""
        path: str = getattr(self._settings.folders, folder)
        self._session.run(lambda account: self._move(account, ref, path))

    def draft_reply(self, ref: MailRef, reply: Reply, key: str) -> None:
        """Saves a draft that carries the key as a property, unless a draft or sent mail with it is there."""
        self._session.run(lambda account: self._draft(account, ref, reply, key))

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _list(self, account: Account, limit: int) -> list[MailRef]:
        fields = ("id", "changekey", "datetime_received", "size")
        items = account.inbox.all().only(*fields).order_by("datetime_received")[:limit]
        return [
            MailRef(mailbox=self.name, id=item.id, received_at=_moment(item.datetime_received), size=item.size)
            # A finished list, since moving while paging skips mails; cut, since the last page comes whole.
            for item in list(items)[:limit]
            if not isinstance(item, Exception)
        ]

    def _fetch(self, account: Account, ref: MailRef, max_bytes: int) -> RawMail | None:
        if ref.size is not None and ref.size > max_bytes:
            return self._head(account, ref)
        item = self._item(account, ref, "mime_content")
        if item is None:
            return None
        data = bytes(item.mime_content or b"")
        return self._head(account, ref) if len(data) > max_bytes else RawMail(ref=ref, data=data)

    def _head(self, account: Account, ref: MailRef) -> RawMail | None:
        """The header fields that say which mail it is; EWS has no way to fetch a part of the MIME content."""
        item = self._item(account, ref, "subject", "author", "message_id", "datetime_sent")
        if item is None:
            return None
        author, sent = getattr(item, "author", None), _moment(getattr(item, "datetime_sent", None))
        fields = {
            "Message-ID": getattr(item, "message_id", None),
            "From": f"<{author.email_address}>" if author else None,
            "Date": format_datetime(sent) if sent else None,
            "Subject": item.subject,
        }
        lines = [f"{name}: {one_line(str(value))}" for name, value in fields.items() if value]
        return RawMail(ref=ref, data="\r\n".join([*lines, "", ""]).encode("utf-8", "replace"), truncated=True)

    def _item(self, account: Account, ref: MailRef, *fields: str) -> Item | None:
        """The item with these fields; None when it is not in its place any more."""
        return next(_answers(account.fetch(ids=[(ref.id, None)], only_fields=list(fields))), None)

    def _move(self, account: Account, ref: MailRef, path: str) -> None:
        folder = self._session.folder(account, path)
        for _ in _answers(account.bulk_move(ids=[(ref.id, None)], to_folder=folder)):
            return

    def _draft(self, account: Account, ref: MailRef, reply: Reply, key: str) -> None:
        from exchangelib import Mailbox, Message

        draft_key_property()
        wanted = header_key(key)
        for folder in (account.drafts, account.sent):
            if list(folder.filter(deskhand_key=wanted).only("id", "changekey")[:1]):
                return
        answered = None if reply.to and reply.in_reply_to else self._item(account, ref, "author", "message_id")
        author = getattr(answered, "author", None)
        to = reply.to or (author.email_address if author else None)
        answers = reply.in_reply_to or getattr(answered, "message_id", None)
        Message(
            account=account,
            folder=account.drafts,
            subject=one_line(reply.subject),
            body=reply.text,
            to_recipients=[Mailbox(email_address=to)] if to else None,
            in_reply_to=answers,
            references=answers,
            deskhand_key=wanted,
        ).save()


def _answers(results: Any) -> Iterator[Any]:
    """The results for items that are there. Raises TryLater for any other fault than a missing item."""
    from exchangelib.errors import ErrorInvalidIdMalformed, ErrorItemNotFound

    for result in results:
        if isinstance(result, ErrorItemNotFound | ErrorInvalidIdMalformed):
            continue
        if isinstance(result, Exception):
            raise TryLater("mailbox_refused", f"The Exchange server refuses a mail ({type(result).__name__}).")
        yield result


def _moment(value: Any) -> datetime | None:
    return datetime.fromtimestamp(value.timestamp(), UTC) if value is not None else None
