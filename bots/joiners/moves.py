"""Changes of mind: which tasks are taken back, in reverse order and by named steps, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from bots.joiners.checklist import Checklist, Task
from bots.joiners.facts import day, label, with_facts
from bots.joiners.nouns import Done, Fact, Joiner, Move

DESTRUCTIVE = frozenset({"withdraw_person", "end_employment", "close_account", "remove_sensitive_groups"})
"""Steps that a person has to see before they are done."""
FIELD = {"start_moved": "starts_on", "role_changed": "role", "manager_changed": "manager"}


ANEW: dict[str, frozenset[str]] = {
    "start_moved": frozenset({"employee"}),
    "role_changed": frozenset({"employee", "account"}),
    "manager_changed": frozenset({"employee"}),
}
"""What is done once more with the new value: the verbs bring what stands there to it."""


class Consequence(NamedTuple):
    """What follows of a move: the tasks that are taken back, last done first, and whether a person must agree."""

    back: tuple[Task, ...]
    asks: bool
    sentence: str


def consequence(joiner: Joiner, move: Move, checklist: Checklist, today: date) -> Consequence:
    """What has to be taken back. Of a withdrawal and a leaver everything; else what no longer fits."""
    done = [task for task in checklist.tasks if task.code in joiner.done and task.undo]
    back = tuple(task for task in reversed(done) if _is_void(task, move, today))
    asks = any(task.undo in DESTRUCTIVE for task in back)
    steps = "; ".join(task.undo.replace("_", " ") for task in back)
    about = {
        "withdraw": "The joiner withdraws",
        "leaves": f"The colleague leaves, last day {move.value or 'not said'}",
        "start_moved": f"The first day moves to {move.value}",
        "role_changed": f"The role becomes {move.value}",
        "manager_changed": f"The manager becomes {move.value}",
    }[move.kind]
    return Consequence(back, asks, f"{about}. Taken back: {steps or 'nothing'}.")


def _is_void(task: Task, move: Move, today: date) -> bool:
    if move.kind in ("withdraw", "leaves"):
        return True
    if move.kind == "start_moved":
        later = day(move.value)
        return task.undo == "cancel_calendar" or (
            later is not None and later > today and task.undo in ("close_account", "remove_sensitive_groups")
        )
    if move.kind == "role_changed":
        return task.undo in ("cancel_calendar", "give_back_licences", "remove_sensitive_groups")
    return task.undo == "cancel_calendar"


def is_due(move: Move, today: date) -> bool:
    """A leaver's account is closed after the last day, not before."""
    last = day(move.value) if move.kind == "leaves" else None
    return last is None or last < today


def settled(joiner: Joiner, move: Move, fact: Fact, anew: Mapping[str, Done] | None = None) -> Joiner:
    """The joiner once a move is done: the new value counts as a person's word, and the move is settled.

    `anew`: tasks that were done once more for it.
    """
    joiner = joiner.model_copy(update={"done": {**joiner.done, **(anew or {})}})
    moves = tuple(m.model_copy(update={"settled": True}) if m == move else m for m in joiner.moves)
    joiner = joiner.model_copy(update={"moves": moves})
    field = FIELD.get(move.kind)
    return with_facts(joiner, [(field, fact)]) if field else joiner


def to_do_anew(joiner: Joiner, move: Move, checklist: Checklist) -> list[Task]:
    """The tasks that are done once more with the new value."""
    verbs = ANEW.get(move.kind, frozenset())
    return [task for task in checklist.tasks if task.does in verbs and task.code in joiner.done]


def without(joiner: Joiner, task: Task) -> Joiner:
    """The joiner after a task was taken back."""
    done = {code: how for code, how in joiner.done.items() if code != task.code}
    return joiner.model_copy(update={"done": done, "undone": (*joiner.undone, task.code)})


def invalid(move: Move) -> str | None:
    """Why a move cannot be meant, as a sentence; None where it can."""
    if move.kind == "start_moved" and day(move.value) is None:
        return f"The new {label('starts_on')} is not understood: {move.value or 'none is named'}."
    if move.kind in ("role_changed", "manager_changed") and not move.value:
        return f"The new {FIELD[move.kind]} is not named."
    return None
