"""Mail that goes out through Microsoft 365 (Graph): a draft that carries the key is made, then sent.

A lost answer leaves either the draft, which the next attempt sends, or a mail that is no draft any more: it went out.
"""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from connectors.mail.logins import Secrets, field, vault
from connectors.mail.outgoing_mail import refused
from connectors.mail.replies import header_key, one_line
from connectors.outgoing import Address, Found, OutgoingMail
from workitems.errors import TryLater
from workitems.items import Noun

if TYPE_CHECKING:
    import httpx

KEY_PROPERTY = "String {00020329-0000-0000-c000-000000000046} Name X-Deskhand-Key"
"""The key as a named property of the public strings, which stays on the mail when it is sent."""
_LOCAL = "http://127.0.0.1:"
_REFRESH_BEFORE_SECONDS = 60


class GraphSettings(Noun):
    """A mailbox of Microsoft 365, with an application that may send as it (Mail.ReadWrite, Mail.Send)."""

    kind: Literal["graph"] = "graph"
    address: Address  # as whom mails go out
    vault: str  # the secret with `client_id`, `client_secret`, `tenant_id`
    endpoint: str = "https://graph.microsoft.com/v1.0"
    token_url: str | None = None  # None: Microsoft's for the tenant
    timeout_seconds: float = Field(60.0, gt=0)

    @field_validator("endpoint", "token_url")
    @classmethod
    def _never_plain_over_a_network(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", _LOCAL)):
            raise ValueError("https is needed (http only to 127.0.0.1)")
        return url


class GraphOutbox:
    """Sends as the mailbox of the settings; a mail is found again by its key."""

    name = "graph"

    def __init__(self, settings: GraphSettings, secrets: Secrets = vault) -> None:
        self._settings, self._secrets = settings, secrets
        self._opened: httpx.Client | None = None
        self._token = ("", 0.0)

    def search(self, mail: OutgoingMail) -> Found:
        """A draft did not go out yet."""
        found = self._find(mail)
        return "sent" if found is not None and not found["isDraft"] else "absent"

    def send(self, mail: OutgoingMail) -> None:
        """See the port."""
        found = self._find(mail)
        if found is None:
            found = _told(self._ask("POST", "/messages", _message(mail)))
        if found.get("isDraft", True):
            self._ask("POST", f"/messages/{quote(found['id'], safe='')}/send")

    def close(self) -> None:
        """Closes the connections."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _find(self, mail: OutgoingMail) -> dict[str, Any] | None:
        of_key = f"ep/id eq '{KEY_PROPERTY}' and ep/value eq '{header_key(mail.key)}'"
        query = {"$filter": f"singleValueExtendedProperties/any(ep: {of_key})", "$select": "id,isDraft"}
        found: list[dict[str, Any]] = _told(self._ask("GET", "/messages", params=query)).get("value", [])
        return min(found, key=lambda each: bool(each["isDraft"]), default=None)

    def _ask(self, method: str, path: str, body: Any = None, params: dict[str, str] | None = None) -> httpx.Response:
        import httpx

        settings = self._settings
        if self._opened is None:
            self._opened = httpx.Client(timeout=settings.timeout_seconds)
        url = f"{settings.endpoint}/users/{quote(settings.address, safe='@')}{path}"
        try:
            headers = {"Authorization": f"Bearer {self._bearer(self._opened)}"}
            answer = self._opened.request(method, url, json=body, params=params, headers=headers)
        except httpx.HTTPError as error:
            raise TryLater("mail_away", f"Microsoft Graph cannot be reached ({type(error).__name__}).") from None
        if answer.is_success:
            return answer
        if answer.status_code == 401:
            self._token = ("", 0.0)
            raise TryLater("mail_login", "Microsoft Graph refuses the application.")
        if answer.status_code == 400 and method == "POST":
            raise refused("Microsoft Graph", answer.status_code)
        raise TryLater("mail_away", f"Microsoft Graph does not take the mail now ({answer.status_code}).")

    def _bearer(self, client: httpx.Client) -> str:
        token, until = self._token
        if until > time.time() + _REFRESH_BEFORE_SECONDS:
            return token
        name = self._settings.vault
        secret = self._secrets(name)
        tenant = secret.get("tenant_id") or ""
        url = self._settings.token_url or f"https://login.microsoftonline.com/{quote(tenant)}/oauth2/v2.0/token"
        form = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
        form |= {key: field(secret, key, name) for key in ("client_id", "client_secret")}
        answer = client.post(url, data=form)
        if not answer.is_success:
            raise TryLater("mail_login", f"No token for Microsoft Graph ({answer.status_code}).")
        given = _told(answer)
        self._token = (str(given.get("access_token", "")), time.time() + float(given.get("expires_in", 0)))
        return self._token[0]


def _told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says. Raises TryLater for one that is not Graph's: a proxy's page, for instance."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise TryLater("mail_away", "Something else answers in the place of Microsoft Graph.")
    return told


def _message(mail: OutgoingMail) -> dict[str, Any]:
    files = [
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": file.name,
            "contentType": file.media_type,
            "contentBytes": base64.b64encode(file.data).decode("ascii"),
        }
        for file in mail.files
    ]
    return {
        "subject": one_line(mail.subject),
        "body": {"contentType": "text", "content": mail.text},
        "toRecipients": [{"emailAddress": {"address": mail.to}}],
        "singleValueExtendedProperties": [{"id": KEY_PROPERTY, "value": header_key(mail.key)}],
        "attachments": files,
    }
