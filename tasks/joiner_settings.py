"""The settings [joiners]: what HR decides, how its mails go out, and where appointments are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bots.joiners.policy import JoinersPolicy
from connectors.calendar.caldav import CalDavSettings
from connectors.mail.exchange import ExchangeSettings
from connectors.mail.folder_outbox import FolderOutboxSettings
from connectors.mail.graph_outbox import GraphSettings
from connectors.mail.smtp import SmtpSettings
from workitems.items import Noun


class FileCalendarSettings(Noun):
    """Appointments as .ics files in the home, which go along with invitations."""

    kind: Literal["files"] = "files"


OutgoingSettings = Annotated[
    FolderOutboxSettings | SmtpSettings | ExchangeSettings | GraphSettings, Field(discriminator="kind")
]
CalendarSettings = Annotated[FileCalendarSettings | CalDavSettings, Field(discriminator="kind")]


class JoinersSettings(JoinersPolicy):
    """The joiners desk's part of the settings file."""

    outgoing: OutgoingSettings = FolderOutboxSettings()
    calendar: CalendarSettings = FileCalendarSettings()
