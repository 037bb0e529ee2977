"""The checklist as data: one YAML file per role or department, edited by HR; a wrong one is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bots.edited_files import edited_folder
from bots.joiners.nouns import Owner
from workitems.items import Noun

FOLDER = Path(__file__).parent / "checklists"
Verb = Literal["person", "employee", "account", "sensitive_groups", "licences", "calendar"]
"""What a bot can do for a task."""


class Task(Noun):
    """One task. `due` in working days from the first day: -5 is a week before, 0 the first day itself.

    `not_before`: a day on which it may be done at the earliest, counted the same way; None: at once.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    owner: Owner
    due: int
    not_before: int | None = None
    after: tuple[str, ...] = ()  # codes that must be done before
    does: Verb | None = None  # a bot's task: the verb
    evidence: str = ""  # what closes it
    undo: str = ""  # the named step that takes it back; empty: nothing is to be taken back


class Checklist(Noun):
    """The tasks of a role or department, in the order in which they are shown."""

    name: str
    version: int
    tasks: tuple[Task, ...]

    def task(self, code: str) -> Task | None:
        """The task of that code."""
        return next((t for t in self.tasks if t.code == code), None)


class ChecklistError(ValueError):
    """A checklist file is wrong; the message names the file and the key."""


def read_checklists(folder: Path = FOLDER) -> Mapping[str, Checklist]:
    """All checklists of a folder by their names. Raises ChecklistError."""
    return edited_folder(folder, Checklist, ChecklistError, lambda checklist: checklist.name, _faults)


@cache
def shipped() -> Mapping[str, Checklist]:
    """The checklists that come with Deskhand."""
    return read_checklists()


def _faults(checklist: Checklist) -> Iterator[str]:
    codes = [task.code for task in checklist.tasks]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"the task {code!r} stands there twice."
    known = set[str]()
    for task in checklist.tasks:
        for before in task.after:
            if before not in codes:
                yield f"the task {task.code!r} comes after {before!r}, which is not there."
            if before not in known:
                yield f"the task {task.code!r} stands before {before!r}, after which it comes."
        if (task.owner == "bot") != (task.does is not None):
            yield f"the task {task.code!r}: a bot's task, and only that, says what it `does`."
        known.add(task.code)
