"""A folder as the way out: each mail an .eml file that a gateway picks up, or that a person opens and sends."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from connectors.mail.outgoing_mail import mail_bytes
from connectors.mail.replies import header_key
from connectors.outgoing import Address, Found, OutgoingMail
from workitems.errors import TryLater
from workitems.items import Noun


class FolderOutboxSettings(Noun):
    """A folder that mails are put into. Relative paths lie in the home."""

    kind: Literal["folder"] = "folder"
    path: Path = Path("joiners/sent")
    sender: Address | None = None  # None: the desk's own sender


class FolderOutbox:
    """Writes a file per mail, once, named after what its key begins with: whom it is about."""

    name = "folder"

    def __init__(self, settings: FolderOutboxSettings, sender: str) -> None:
        self._folder = settings.path.expanduser()
        self._sender = settings.sender or sender

    def search(self, mail: OutgoingMail) -> Found:
        """Whether the file lies there. One that was picked up is not to be seen."""
        return "sent" if self._file(mail).exists() else "unknown"

    def send(self, mail: OutgoingMail) -> None:
        """Writes the file at once as a whole."""
        file = self._file(mail)
        new = file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(mail_bytes(mail, self._sender, unsent=True))
                out.flush()
                os.fsync(out.fileno())
            new.replace(file)
        except OSError as error:
            new.unlink(missing_ok=True)
            reason = error.strerror or type(error).__name__
            raise TryLater("mail_away", f"The folder for outgoing mails: {reason}.") from None

    def close(self) -> None:
        """Nothing to end."""

    def _file(self, mail: OutgoingMail) -> Path:
        about = re.sub(r"[^A-Za-z0-9]+", "-", mail.key.partition(":")[0])[:40]
        return self._folder / f"{about}-{header_key(mail.key)[:16]}.eml"
