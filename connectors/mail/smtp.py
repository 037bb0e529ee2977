"""Mail that goes out through an SMTP server (RFC 5321), with STARTTLS or TLS and a login of the vault.

SMTP keeps nothing that one could search. As long as the mail's last line was not sent, it surely did not go out; when
the connection is lost after that and before the server's answer, nobody can tell (`PerhapsSent`).
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from connectors.mail.logins import Secrets, field, vault
from connectors.mail.outgoing_mail import mail_bytes, refused
from connectors.outgoing import Address, Found, OutgoingMail, PerhapsSent
from workitems.errors import TryLater
from workitems.items import Noun

_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")
_FIRST_DOT = re.compile(rb"(?m)^\.")
_WELCOME, _GOES_ON = 235, 354


class SmtpSettings(Noun):
    """A server that sends mails for us."""

    kind: Literal["smtp"] = "smtp"
    host: str
    port: int = Field(587, ge=1, le=65_535)  # 465 with tls
    security: Literal["starttls", "tls", "plain"] = "starttls"  # plain: only to this very machine
    ca_file: Path | None = None  # PEM file of the company's own certificate authority
    vault: str | None = None  # the secret with `login` and `password`; None: the server asks for none
    sender: Address
    timeout_seconds: float = Field(60.0, gt=0)

    @model_validator(mode="after")
    def _never_plain_over_a_network(self) -> SmtpSettings:
        if self.security == "plain" and not _LOOPBACK.fullmatch(self.host):
            raise ValueError("security = 'plain' is only allowed for a server on this machine")
        return self


class SmtpOutbox:
    """One connection for each mail: joiners' mails are few."""

    name = "smtp"

    def __init__(self, settings: SmtpSettings, secrets: Secrets = vault) -> None:
        self._settings, self._secrets = settings, secrets

    def reach(self) -> None:
        """Connects and logs in; sends nothing. Raises TryLater where that does not work."""
        with self._session():
            pass

    def search(self, mail: OutgoingMail) -> Found:
        """SMTP has no memory."""
        return "unknown"

    def send(self, mail: OutgoingMail) -> None:
        """See the port."""
        data = mail_bytes(mail, self._settings.sender)
        with self._session() as server:
            server.ehlo_or_helo_if_needed()
            self._accepted(*server.mail(self._settings.sender))
            self._accepted(*server.rcpt(mail.to))
            code, answer = server.docmd("DATA")
            if code != _GOES_ON:
                self._accepted(code, answer)
                raise TryLater("mail_away", f"The SMTP server answers DATA with {code}.")
            try:
                server.send(_FIRST_DOT.sub(b"..", data) + b".\r\n")
                code, answer = server.getreply()
            except (smtplib.SMTPException, OSError):
                raise PerhapsSent from None
            self._accepted(code, answer)

    def close(self) -> None:
        """Nothing is kept open."""

    def _accepted(self, code: int, answer: bytes) -> None:
        """Raises where the server says no: for now (4xx), or for good. `answer` may quote the address: not told."""
        if 200 <= code < 300:
            return
        if code >= 500:
            raise refused("SMTP server", code)
        raise TryLater("mail_away", f"The SMTP server does not take the mail now ({code}).")

    @contextlib.contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A server that is ready for a mail. Every fault before the mail's text means that nothing went out."""
        server: smtplib.SMTP | None = None
        try:
            server = self._open()
            self._log_in(server)
            yield server
        except smtplib.SMTPAuthenticationError:
            raise TryLater("mail_login", "The SMTP server refuses the login.") from None
        except (smtplib.SMTPException, OSError) as error:  # ssl's faults are OSErrors
            reason = type(error).__name__
            raise TryLater("mail_away", f"The SMTP server cannot be reached ({reason}).") from None
        finally:
            if server is not None:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        to, seconds = (settings.host, settings.port), settings.timeout_seconds
        if settings.security == "plain":
            return smtplib.SMTP(*to, timeout=seconds)
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        if settings.security == "tls":
            return smtplib.SMTP_SSL(*to, timeout=seconds, context=context)
        server = smtplib.SMTP(*to, timeout=seconds)
        try:
            server.starttls(context=context)  # raises where the server does not offer it: nothing goes on in the clear
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        name = self._settings.vault
        if name is not None:
            secret = self._secrets(name)
            _log_in_as(server, field(secret, "login", name), field(secret, "password", name))


def _log_in_as(server: smtplib.SMTP, login: str, password: str) -> None:
    """AUTH; smtplib's own takes ASCII alone, while PLAIN is of UTF-8 (RFC 4616). Raises as `SMTP.login` does."""
    if login.isascii() and password.isascii():
        server.login(login, password)
        return
    server.ehlo_or_helo_if_needed()
    told = base64.b64encode(f"\0{login}\0{password}".encode()).decode("ascii")
    code, answer = server.docmd("AUTH", f"PLAIN {told}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, answer)
