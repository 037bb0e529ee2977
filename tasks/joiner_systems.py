"""What stands behind the joiners desk's own ports, by the settings: the way out for mails, and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.settings import Settings, home
from tasks.wiring import secret

if TYPE_CHECKING:
    from bots.joiners.training import Calendar
    from connectors.outgoing import Outbox


def outbox_of(settings: Settings) -> Outbox:
    """Where joiners' mails go out."""
    way, sender = settings.joiners.outgoing, settings.joiners.sender
    if way.kind == "smtp":
        from connectors.mail.smtp import SmtpOutbox

        return SmtpOutbox(way)
    if way.kind == "exchange":
        from connectors.mail.exchange_outbox import ExchangeOutbox

        return ExchangeOutbox(way)
    if way.kind == "graph":
        from connectors.mail.graph_outbox import GraphOutbox

        return GraphOutbox(way)
    from connectors.mail.folder_outbox import FolderOutbox

    return FolderOutbox(way.model_copy(update={"path": home() / way.path}), sender)


def calendar_of(settings: Settings) -> Calendar:
    """Where joiners' appointments are kept. Raises TryLater where the vault has no login for it."""
    from tasks.joiner_calendar import HomeCalendar, ServerCalendar

    place, organizer = settings.joiners.calendar, settings.joiners.sender
    if place.kind == "files":
        return HomeCalendar(home() / "joiners" / "calendar", organizer)
    from connectors.calendar.caldav import CalDav

    login = secret(place.vault)
    return ServerCalendar(CalDav(place, login["login"], login["password"]), organizer, place.tells_guests)


def tells_guests(settings: Settings) -> bool:
    """Whether the calendar asks guests to come by itself."""
    place = settings.joiners.calendar
    return place.kind == "caldav" and place.tells_guests
