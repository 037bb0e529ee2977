"""What `run.py check` looks at for the joiners desk: the login to the HR screens, the way out for mails, calendar."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from connectors.outgoing import OutgoingMail
from tasks.joiner_systems import outbox_of
from tasks.settings import Settings

if TYPE_CHECKING:
    from tasks.desks import Look

Told = tuple[Literal["ok", "warn", "fail"], str]


def looks(settings: Settings) -> Mapping[str, Look]:
    """What the settings name; a desk whose login the vault does not have is not in use here, which is no failure."""
    outbox = outbox_of(settings)  # its library is loaded here: parts are looked at on threads of their own
    found: dict[str, Look] = {"mails out": lambda: _mails(settings)}
    if settings.erp is not None:
        found["HR screens"] = lambda: _hr(settings)
    if settings.joiners.calendar.kind == "caldav":
        found["calendar"] = lambda: _calendar(settings)
    outbox.close()
    return found


def _hr(settings: Settings) -> Told:
    from connectors.mail.logins import vault
    from tasks.wiring import try_login
    from workitems.errors import TryLater

    site = settings.erp
    if site is None:
        return "warn", "No ERP is there."
    try:
        vault(site.hr_vault)
    except TryLater:
        return "warn", f"The vault has no secret {site.hr_vault!r}: joiners are filed, but nothing is keyed for them."
    try_login(site, site.hr_vault)
    return "ok", f"{site.url}: the login of {site.hr_vault!r} works."


def _mails(settings: Settings) -> Told:
    """SMTP is asked for a login, the others for a mail that is not there."""
    from connectors.mail.smtp import SmtpOutbox

    when = "are released by a person" if settings.joiners.mails == "draft" else "go out by themselves"
    with closing(outbox_of(settings)) as outbox:
        if isinstance(outbox, SmtpOutbox):
            outbox.reach()
        else:
            outbox.search(OutgoingMail(key="check", to="nobody@company.example", subject="check", text=""))
        return "ok", f"Joiners' mails {when}, by {outbox.name}."


def _calendar(settings: Settings) -> Told:
    from connectors.calendar.caldav import CalDav
    from tasks.wiring import secret

    place = settings.joiners.calendar
    if place.kind != "caldav":
        return "ok", "Appointments are files in the home."
    login = secret(place.vault)
    with closing(CalDav(place, login["login"], login["password"])) as server:
        server.booked("nobody@company.example", datetime.now(UTC).date(), "check")
    return "ok", f"{place.url}: the login of {place.vault!r} works."
