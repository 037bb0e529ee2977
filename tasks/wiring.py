"""The only place that names concrete systems: what stands behind each port, by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.settings import Settings, TrytonSettings, home
from workitems.errors import TryLater

if TYPE_CHECKING:
    from connectors import ErpRecords, ErpSystem, Mailbox
    from connectors.hr import HrRecords, HrSystem
    from connectors.tryton.rpc import TrytonRpc


def mailbox(settings: Any) -> Mailbox:
    """The mailbox of one [[mailboxes]] entry."""
    if settings.kind == "folder":
        from connectors.mail.folder import FolderMailbox

        return FolderMailbox(settings)
    if settings.kind == "imap":
        from connectors.mail.imap import ImapMailbox

        return ImapMailbox(settings)
    from connectors.mail.exchange import ExchangeMailbox

    return ExchangeMailbox(settings)


def records(settings: Settings) -> ErpRecords:
    """The company's records; where they cannot be had, records that are away."""
    from connectors.tryton.records import TrytonRecords

    found = _rpc(settings)
    return _Away(found) if isinstance(found, TryLater) else TrytonRecords(found)


def _rpc(settings: Settings) -> TrytonRpc | TryLater:
    """The read-only login, or why there is none."""
    from connectors.tryton.rpc import TrytonRpc

    site = settings.erp
    if site is None:
        return NO_ERP
    try:
        login = secret(site.records_vault)
    except TryLater as later:
        return later
    return TrytonRpc(site.url, site.database, login["login"], login["password"])


def erp(settings: Settings) -> ErpSystem:
    """The ERP's invoice screens; where they cannot be had, screens that are away."""
    from connectors.tryton.erp import TrytonErp, TrytonSite

    if settings.erp is None:
        return _Away(NO_ERP)
    try:
        login = secret(settings.erp.vault)
    except TryLater as later:
        return _Away(later)
    site = TrytonSite(url=settings.erp.url, database=settings.erp.database, **login)
    return TrytonErp(site, home() / "evidence", settings.invoices.rounding_limit)


def hr_records(settings: Settings) -> HrRecords:
    """Whom the company knows and employs; where that cannot be had, records that are away."""
    from connectors.tryton.hr_records import TrytonHrRecords

    found = _rpc(settings)
    return _Away(found) if isinstance(found, TryLater) else TrytonHrRecords(found)


def hr(settings: Settings) -> HrSystem:
    """The HR screens; where they cannot be had, screens that are away."""
    from connectors.tryton.hr import TrytonHr
    from connectors.tryton.hr_records import TrytonHrRecords
    from connectors.tryton.session import TrytonSite

    reading, site = _rpc(settings), settings.erp
    if isinstance(reading, TryLater) or site is None:
        return _Away(reading if isinstance(reading, TryLater) else NO_ERP)
    try:
        login = secret(site.hr_vault)
    except TryLater as later:
        return _Away(later)
    screens = TrytonSite(url=site.url, database=site.database, **login)
    return TrytonHr(screens, TrytonHrRecords(reading), home() / "evidence")


def try_erp(site: TrytonSettings) -> str:
    """A sentence about the ERP, after both logins have worked. Raises TryLater with one where they do not."""
    suppliers = [try_login(site, name) for name in (site.vault, site.records_vault)][-1]
    return f"{site.url}, database {site.database}: both logins work; it knows {suppliers} parties."


def try_login(site: TrytonSettings, name: str) -> int:
    """How many parties the login of that secret sees. Raises TryLater with a sentence where it does not work."""
    from connectors.tryton.rpc import RpcFault, TrytonRpc

    login = secret(name)
    rpc = TrytonRpc(site.url, site.database, login["login"], login["password"])
    try:
        return int(rpc.call("model.party.party.search_count", []))
    except RpcFault as fault:
        raise TryLater("erp_refuses", f"{site.url}, with the login of {name!r}: {fault}.") from None
    except TryLater as away:
        raise TryLater(away.code, f"{site.url}, with the login of {name!r}: {away}") from None
    finally:
        rpc.close()


def secret(name: str) -> dict[str, str]:
    """`login` and `password` of a secret. Raises TryLater with a sentence where the vault does not have them."""
    from connectors.mail.logins import field, vault

    values = vault(name)
    return {key: field(values, key, name) for key in ("login", "password")}


NO_ERP = TryLater("erp_away", "No ERP is running; start it (or name one in the settings) and try again.")


class _Away:
    """No ERP in the settings, the demo's does not run, or a login is missing: every question waits for later."""

    name = "none"

    def __init__(self, why: TryLater) -> None:
        self._why = why

    def close(self) -> None:
        """Nothing to end."""

    def __getattr__(self, question: str) -> Any:
        def away(*_: object, **__: object) -> None:
            raise TryLater(self._why.code, str(self._why))

        return away
