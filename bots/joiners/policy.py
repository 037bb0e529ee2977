"""What HR decides: who may work, whom a checklist is for, which rights a role has, how long papers are kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bots.joiners.seats import Pool
from workitems.items import Noun

EEA = (
    *("AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "D", "GRC", "HUN", "IRL", "ITA"),
    *("LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "ISL", "LIE", "NOR", "CHE"),
)
"""Who may work anywhere in the European Economic Area, and Switzerland; German papers say D."""


GERMAN = {"D": "de", "DEU": "de", "AUT": "de", "LIE": "de"}
"""Nationalities whose letters are German, whatever else the company writes."""


Days = Annotated[float, Field(gt=0)] | None
"""How long something is kept; None: for ever."""


class WorkRule(Noun):
    """For a country of work: nationalities (ISO 3166 alpha-3) that need no permit."""

    country: str  # alpha-2
    free: tuple[str, ...]
    youngest: int = 16


class RoleRights(Noun):
    """What a role gets: groups of the HR system, tools with licences, trainings; sensitive groups last, with care."""

    role: str
    checklist: str = "office"
    groups: tuple[str, ...] = ()
    sensitive_groups: tuple[str, ...] = ()  # only after `training` is recorded and a second person approved
    tools: tuple[str, ...] = ()  # products of the licence table
    training: tuple[str, ...] = ()


class JoinersPolicy(Noun):
    """The settings [joiners]."""

    sure: Annotated[float, Field(gt=0, le=1)] = 0.95  # a value below waits for a person
    sure_identity: Annotated[float, Field(gt=0, le=1)] = 0.85  # no wrong value of 100 photographs had .80
    hardly: Annotated[float, Field(ge=0, le=1)] = 0.5  # a paper of which something needed is less sure is not filed
    work_rules: tuple[WorkRule, ...] = (WorkRule(country="DE", free=EEA), WorkRule(country="FR", free=EEA))
    roles: tuple[RoleRights, ...] = ()
    licences: tuple[Pool, ...] = ()
    longest_past_days: Annotated[int, Field(ge=0)] = 60  # a first day further back is a doubt
    sender: str = "hr@localhost.invalid"  # who asks to appointments and writes mails
    checklists: Path | None = None  # a folder of the company's own; None: those that come with Deskhand
    mails: Literal["draft", "send"] = "draft"  # draft: a person releases each mail at the desk
    reminders: Annotated[int, Field(ge=0)] = 3  # of missing papers, at most; then HR has to call
    reminder_days: Annotated[int, Field(gt=0)] = 3  # working days between two of them
    letters: Path | None = None  # a folder of the company's own letters; None: those that come with Deskhand
    language: str = "en"  # of letters to whom `languages` does not name, and to managers
    languages: Mapping[str, str] = GERMAN  # by nationality
    summaries: bool = True  # managers are told each week who starts, and what they have to do

    keep_identity_days: Days = 30  # pictures of identity papers, after the check or the withdrawal
    keep_withdrawn_days: Days = 180  # all that is known of who withdrew
    keep_left_days: Days = None  # the same of who has left

    def role(self, name: str | None) -> RoleRights | None:
        """The rights of a role, however it is capitalised."""
        wanted = (name or "").casefold().strip()
        return next((r for r in self.roles if r.role.casefold() == wanted), None)

    def work_rule(self, country: str) -> WorkRule | None:
        """The rule of a country of work."""
        return next((r for r in self.work_rules if r.country == country), None)
