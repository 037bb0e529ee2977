"""The nouns of the joiners desk: what papers say of somebody, what was done, and the items between the steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from workitems.items import Document, Item, Noun, Paper

Source = Literal["contract", "identity", "form", "request", "mail", "person"]
Owner = Literal["bot", "hr", "it", "manager", "facilities", "joiner"]
State = Literal["open", "withdrawn", "left"]
JOINERS = "joiners"
"""The desk's name, for its dossiers."""


class Fact(Noun):
    """What one paper (or a person) says about one field."""

    value: str
    confidence: float
    source: Source
    document: str  # the item that the paper came in as; of a person: who
    at: datetime


class PaperKept(Noun):
    """A paper of a joiner. The file itself stays with its item."""

    document: str
    item: str
    filename: str
    sha256: str
    source: Source
    signed: bool = False  # a contract that both have signed
    sender: str | None = None  # whose mail it came with
    at: datetime


class Done(Noun):
    """A task that is done: by whom, what proves it, and what its undoing needs."""

    by: str
    at: datetime
    evidence: str = ""
    undo: dict[str, Any] = Field(default_factory=dict)


class Joiner(Noun):
    """A joiner's dossier. `key` names the joiner in other systems and in logs; it is no personal data."""

    key: str
    facts: dict[str, tuple[Fact, ...]] = Field(default_factory=dict)
    papers: tuple[PaperKept, ...] = ()
    done: dict[str, Done] = Field(default_factory=dict)  # by the task's code
    undone: tuple[str, ...] = ()  # codes of what was taken back, in that order
    accepted: tuple[str, ...] = ()  # doubts that a person has accepted, as code:what
    approved: tuple[str, ...] = ()  # sensitive groups that a second person has approved, as group:who
    moves: tuple[Move, ...] = ()
    turn: str | None = None  # the item at which a person is asked about this joiner


class Move(Noun):
    """A change of mind: what is asked for, and whether a person has agreed to what follows from it."""

    kind: Literal["withdraw", "start_moved", "role_changed", "manager_changed", "leaves"]
    document: str
    value: str = ""  # the new date, role or manager; the last day of a leaver
    agreed_by: str | None = None
    settled: bool = False


class JoinerPaper(Item):
    """A paper of a joiner that was read and waits to be filed."""

    kind: str = "joiner"
    source: Source
    signed: bool = False
    move: Move | None = None
    paper: Paper
    joiner: str | None = None  # the dossier that a person has named


class JoinerTurn(Item):
    """A joiner whose plan has something for the bots to do. It is about no file."""

    kind: str = "joiner_turn"
    document: Document = Document(sha256="", filename="", media_type="")
    joiner: str
    on: date


Joiner.model_rebuild()
