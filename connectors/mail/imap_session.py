"""One connection to an IMAP server: login, folders, and a single reconnect when it breaks."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.mail.logins import Secrets, field
from workitems.errors import TryLater

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

    from connectors.mail.imap import ImapSettings

T = TypeVar("T")


def refused(what: str) -> TryLater:
    """The server said no. Its own words may quote a mail, so they are not repeated."""
    return TryLater("mailbox_refused", f"The IMAP server {what}.")


class Server:
    """A logged-in connection. `validity` is the UIDVALIDITY of the selected folder."""

    def __init__(self, box: BaseMailBox) -> None:
        self.box = box
        self.validity = 0
        self._selected: str | None = None
        self._delimiter: str | None = None
        # What the server can do it says again after the login, and often more.
        status, answer = box.client.capability()
        self.capabilities = set(answer[0].decode("ascii", "replace").upper().split()) if status == "OK" else set()

    def select(self, folder: str, create: bool = False) -> None:
        """Makes a folder the current one, as it stands now."""
        from imap_tools.errors import MailboxFolderSelectError

        if self._selected == folder:
            self.box.client.noop()  # else the server goes on showing the folder as it was
            return
        self._selected = None
        try:
            self.box.folder.set(self._native(folder))
        except MailboxFolderSelectError:
            if not create:
                raise refused("does not open the folder that the settings name as inbox") from None
            self._create(folder)
            self.box.folder.set(self._native(folder))
        _, validity = self.box.client.response("UIDVALIDITY")
        self.validity = int(validity[0]) if validity and validity[0] else 0
        self._selected = folder

    def uid(self, command: str, *arguments: str) -> list[Any]:
        """A UID command on the current folder; its untagged answers. Raises TryLater when the server says no."""
        status, answer = self.box.client.uid(command, *arguments)
        if status != "OK":
            raise refused(f"refuses {command}")
        return answer or [None]

    def into_folder(self, command: str, uid: str, folder: str) -> None:
        """MOVE or COPY, making the folder where it does not exist."""
        from imap_tools.utils import encode_folder

        target = encode_folder(self._native(folder)).decode("ascii")
        status, _ = self.box.client.uid(command, uid, target)
        if status != "OK":
            self._create(folder)
            self.uid(command, uid, target)

    def append(self, folder: str, mail: bytes, flags: str) -> None:
        """Adds a mail to a folder."""
        from imap_tools.utils import encode_folder

        target = encode_folder(self._native(folder)).decode("ascii")
        status, _ = self.box.client.append(target, flags, "", mail)
        if status != "OK":
            raise refused("does not take the draft")

    def drafts(self) -> str:
        """The folder that the server marks as the one for drafts, else "Drafts"."""
        marked = (f for f in self.box.folder.list() if "\\drafts" in {flag.lower() for flag in f.flags})
        found = next(marked, None)
        return found.name.replace(found.delim, "/") if found else "Drafts"

    def _create(self, folder: str) -> None:
        from imap_tools.errors import ImapToolsError

        # Whether it exists by now is what the next command finds out; somebody else may have made it just now.
        with contextlib.suppress(ImapToolsError):
            self.box.folder.create(self._native(folder))
        with contextlib.suppress(ImapToolsError):
            self.box.folder.subscribe(self._native(folder), True)

    def _native(self, folder: str) -> str:
        if "/" not in folder:
            return folder
        if self._delimiter is None:
            listed = self.box.folder.list("", "")
            self._delimiter = (listed[0].delim if listed else "") or "/"
        return folder.replace("/", self._delimiter)


class ImapSession:
    """Runs operations on a connection that is opened when it is needed."""

    def __init__(self, settings: ImapSettings, secrets: Secrets) -> None:
        self._settings = settings
        self._secrets = secrets
        self._server: Server | None = None

    def run(self, operation: Callable[[Server], T]) -> T:
        """The operation's result. A broken connection is opened anew once, and the operation begun again."""
        from imap_tools.errors import ImapToolsError

        for last in (False, True):
            try:
                self._server = self._server or self._connect()
                return operation(self._server)
            except (imaplib.IMAP4.abort, OSError) as error:
                self.close()
                if last:
                    reason = type(error).__name__
                    raise TryLater("mailbox_away", f"The IMAP server cannot be reached ({reason}).") from None
            except (imaplib.IMAP4.error, ImapToolsError) as error:
                self.close()
                raise refused(f"refuses a command ({type(error).__name__})") from None
        raise AssertionError  # the second round returns or raises

    def close(self) -> None:
        """Logs out, as far as the connection still works."""
        from imap_tools.errors import ImapToolsError

        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                server.box.logout()

    def _connect(self) -> Server:
        from imap_tools.errors import MailboxLoginError

        secret = self._secrets(self._settings.vault)
        login = field(secret, "login", self._settings.vault)
        password = field(secret, "password", self._settings.vault)
        box = self._open()
        try:
            if login.isascii() and password.isascii():
                box.login(login, password, initial_folder=None)
            else:
                box.login_utf8(login, password, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            box.client.shutdown()
            raise TryLater("mailbox_login", f"The mailbox {self._settings.name!r} refuses the login.") from None
        return Server(box)

    def _open(self) -> BaseMailBox:
        from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted

        to = {"host": self._settings.host, "port": self._settings.port, "timeout": self._settings.timeout_seconds}
        if self._settings.security == "plain":
            return MailBoxUnencrypted(**to)
        ca_file = self._settings.ca_file
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        kind = MailBox if self._settings.security == "tls" else MailBoxStartTls
        return kind(**to, ssl_context=context)
