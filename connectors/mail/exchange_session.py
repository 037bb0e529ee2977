"""The connection to an Exchange server: login, folders, and one second try where that is safe."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.mail.logins import Secrets, field
from workitems.errors import TryLater

if TYPE_CHECKING:
    from exchangelib import Account
    from exchangelib.credentials import BaseCredentials
    from exchangelib.properties import FolderId

    from connectors.mail.exchange import ExchangeSettings

T = TypeVar("T")
_REFRESH_BEFORE_SECONDS = 60


class ExchangeSession:
    """Runs operations on an account. An operation must bear to be begun again: it looks before it creates."""

    def __init__(self, settings: ExchangeSettings, secrets: Secrets) -> None:
        self._settings = settings
        self._secrets = secrets
        self._account: Account | None = None
        self._folders: dict[str, FolderId] = {}
        # exchangelib writes whole requests, mails included, into its error log.
        logging.getLogger("exchangelib").setLevel(logging.CRITICAL)

    def run(self, operation: Callable[[Account], T]) -> T:
        """The operation's result. A lost connection or a token that is refused leads to one more try."""
        from exchangelib import errors
        from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

        for last in (False, True):
            try:
                self._account = self._account or self._open()
                return operation(self._account)
            except errors.UnauthorizedError:
                # A second try with the same password would only help to lock the account.
                if last or self._settings.auth != "oauth":
                    raise TryLater("mailbox_login", f"The mailbox {self._settings.name!r} refuses the login.") from None
            except OAuth2Error as refused:
                name, reason = self._settings.name, type(refused).__name__
                raise TryLater("mailbox_login", f"The mailbox {name!r} gets no token ({reason}).") from None
            except (errors.ErrorServerBusy, errors.ErrorInternalServerTransientError) as busy:
                raise self._away(busy) from None
            except (errors.ErrorTimeoutExpired, OSError) as lost:  # all of requests' errors are OSErrors
                if last:
                    raise self._away(lost) from None
            except errors.ErrorFolderNotFound as removed:
                self._folders.clear()  # a person removed one of them
                if last:
                    raise self._away(removed) from None
            except errors.ResponseMessageError as error:
                raise TryLater("mailbox_refused", f"The Exchange server refuses ({type(error).__name__}).") from None
            except errors.EWSError as error:
                raise self._away(error) from None
        raise AssertionError  # the second round returns or raises

    def folder(self, account: Account, path: str) -> FolderId:
        """The folder of that path below the top of the mailbox; made where it does not exist."""
        if path not in self._folders:
            parent: Any = account.msg_folder_root
            for name in path.split("/"):
                parent = _child(account, parent, name)
            self._folders[path] = parent.to_id()
        return self._folders[path]

    def close(self) -> None:
        """Closes the connections to the server."""
        account, self._account = self._account, None
        if account is not None:
            account.protocol.close()

    def _away(self, error: Exception) -> TryLater:
        return TryLater("mailbox_away", f"The Exchange server cannot be reached ({type(error).__name__}).")

    def _open(self) -> Account:
        from exchangelib import UTC, Account, Build, Configuration, Version
        from exchangelib.protocol import FailFast

        settings = self._settings
        config = Configuration(
            service_endpoint=settings.endpoint,
            credentials=self._credentials(),
            auth_type={"ntlm": "NTLM", "basic": "basic", "oauth": "OAuth 2.0"}[settings.auth],
            version=Version(Build(*(int(part) for part in settings.version.split(".")))),
            retry_policy=FailFast(),
            max_connections=1,
        )
        access = settings.access or ("impersonation" if settings.auth == "oauth" else "delegate")
        account = Account(
            settings.address,
            access_type=access,
            config=config,
            autodiscover=False,
            default_timezone=UTC,
            locale="en_US",
        )
        account.protocol.TIMEOUT = settings.timeout_seconds
        return account

    def _credentials(self) -> BaseCredentials:
        from exchangelib import Credentials

        name = self._settings.vault
        secret = self._secrets(name)
        if self._settings.auth != "oauth":
            return Credentials(field(secret, "login", name), field(secret, "password", name))
        return _application(
            self._settings,
            client_id=field(secret, "client_id", name),
            client_secret=field(secret, "client_secret", name),
            tenant_id=secret.get("tenant_id"),
        )


def _application(settings: ExchangeSettings, **login: str | None) -> BaseCredentials:
    """Client credentials whose sessions always start with a token that is still good."""
    from exchangelib import Identity
    from exchangelib.credentials import OAuth2Credentials

    class ApplicationCredentials(OAuth2Credentials):  # type: ignore[misc]
        """exchangelib would try to refresh an expired token, which client credentials have no way to do."""

        token_url = settings.token_url or OAuth2Credentials.token_url
        scope = (settings.scope,)

        def session_params(self) -> dict[str, Any]:
            """No token, or one that is about to expire, makes exchangelib ask for a new one."""
            token = self.access_token or {}
            good = token.get("expires_at", 0) > time.time() + _REFRESH_BEFORE_SECONDS
            return {"token": token if good else None}

    return ApplicationCredentials(**login, identity=Identity(primary_smtp_address=settings.address))


def _child(account: Account, parent: Any, name: str) -> Any:
    """The subfolder of that name. exchangelib's own `/` and `save` would fetch the whole folder tree for it."""
    from exchangelib.errors import ErrorFolderExists
    from exchangelib.folders import Folder, SingleFolderQuerySet
    from exchangelib.services import CreateFolder

    for _ in range(2):
        found = list(SingleFolderQuerySet(account=account, folder=parent).only("name").filter(name=name))
        if found:
            return found[0]
        try:
            created = CreateFolder(account=account).get(
                parent_folder=parent, folders=[Folder(parent=parent, name=name)]
            )
        except ErrorFolderExists:  # somebody made it just now
            continue
        return created
    raise TryLater("mailbox_refused", "The Exchange server neither shows nor makes the folder for collected mails.")


@cache
def draft_key_property() -> None:
    """Makes the idempotency key known to exchangelib as the field `deskhand_key` of messages, once."""
    from exchangelib import ExtendedProperty, Message

    class DraftKey(ExtendedProperty):  # type: ignore[misc]
        """A named property that stays on the mail when a person sends it."""

        distinguished_property_set_id = "PublicStrings"
        property_name = "X-Deskhand-Key"
        property_type = "String"

    Message.register("deskhand_key", DraftKey)
