"""The port for mail that goes out, each mail once under its key.

Whether a mail went out is not always to be known: a server may have taken it although its answer was lost. Such a mail
is never sent a second time by itself (`PerhapsSent`); a person looks. Addresses and texts stand in no log.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, Field

from workitems.items import Noun

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
LONGEST_ADDRESS = 254
Found = Literal["sent", "absent", "unknown"]
"""What a mail system knows of a mail by its key. unknown: it keeps nothing that could tell."""


def is_address(text: str) -> bool:
    """Whether the text is exactly one plain mail address: no name, no list, nothing that could begin a header."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None and ".." not in text


def one_address(text: str) -> str:
    """The same address. Raises ValueError for anything that is not exactly one; the message does not repeat it."""
    if not is_address(text):
        raise ValueError("this is not exactly one mail address")
    return text


Address = Annotated[str, AfterValidator(one_address)]


class MailFile(Noun):
    """A file that a mail carries; `media_type` with its parameters ("text/calendar; method=REQUEST")."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")]
    data: bytes
    media_type: str


class OutgoingMail(Noun):
    """A plain-text mail to one address. `key` names it for ever and is no personal data."""

    key: str
    to: Address
    subject: str
    text: str
    files: tuple[MailFile, ...] = ()

    def message_id(self, sender: str) -> str:
        """The same Message-ID however often it is tried, so that whoever gets a mail twice sees that it is one."""
        name = hashlib.sha256(f"mail\n{self.key}\n{self.to}".encode()).hexdigest()[:32]
        return f"<{name}@{sender.rpartition('@')[2]}>"


class PerhapsSent(Exception):
    """The connection was lost when the server may have had the whole mail already."""


class Outbox(Protocol):
    """Where mails go out."""

    name: str

    def search(self, mail: OutgoingMail) -> Found:
        """Whether the mail went out under its key. Raises TryLater when the system is away."""
        ...

    def send(self, mail: OutgoingMail) -> None:
        """Sends it; where the system can tell that it went out already, nothing is done.

        Raises TryLater when it surely did not go out and may later, NeedsReview (mail_refused) when the server will
        never take it, PerhapsSent when nobody can tell.
        """
        ...

    def close(self) -> None:
        """Ends the connection, if there is one."""
        ...
