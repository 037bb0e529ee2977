"""What became of the joiners: the demo's list, the report's section, the table for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bots.joiners.codes import doubt
from bots.joiners.facts import day, name_of
from bots.joiners.judging import PAPERS, HrFacts, blocking, judge
from bots.joiners.mailbag import Mailbag, Mailbags
from bots.joiners.nouns import JOINERS, Fact, Joiner
from bots.joiners.office import Office, joiner_of, values_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.plan import late_first
from bots.joiners.todo import todos
from bots.joiners.verbs import STEP
from bots.report.section import Section
from bots.working_days import moved
from workitems.dossiers import Dossier
from workitems.items import Doubt
from workitems.store import Store

if TYPE_CHECKING:
    from rich.console import Console

HEAD = ("Joiner", "First day", "By", "Task", "Who", "How it stands", "Waits for")
BOTS = frozenset({STEP, "advance_joiners", "policy"})
"""Who is no person."""


def result(store: Store, office: Office) -> dict[str, list[dict[str, Any]]]:
    """The demo's list of joiners, by name."""
    rows = [_told(dossier, store, office) for dossier in office.dossiers.all()]
    return {"joiners": sorted(rows, key=lambda row: str(row["name"]))}


def _told(dossier: Dossier, store: Store, office: Office) -> dict[str, Any]:
    joiner = joiner_of(dossier)
    done = joiner.done
    asked = any(not move.settled for move in joiner.moves)
    ready = dossier.state == "open" and "account" in done and not asked
    state = "withdrawn" if dossier.state in ("withdrawn", "left") else "ready" if ready else "waiting"
    account = done["account"].undo if "account" in done else {}
    return {
        "name": name_of(values_of(joiner)),
        "login": account.get("login"),
        "employee": done["employee"].undo["employee"] if "employee" in done else None,
        "state": state,
        "doubts": [] if state != "waiting" else [d.model_dump() for d in _doubts(joiner, store, office)],
    }


def _doubts(joiner: Joiner, store: Store, office: Office) -> Sequence[Doubt]:
    """What a person is asked, else what is missing, else what the plan waits for."""
    item = store.get(joiner.turn) if joiner.turn else None
    if item is not None and item.state == "review" and isinstance(item.payload, dict):
        return [Doubt.model_validate(d) for d in item.payload.get("doubts", ())]
    found = judge(joiner, HrFacts(today=office.today), office.company, office.policy)
    missing = [d for d in blocking(found) if d.code in PAPERS]
    if missing:
        return missing
    for step in late_first(steps_of(joiner, office)):
        if step.task.does == "account":
            return [doubt("waits_for_day", f"The account opens on {step.opens_on}.", severity="warn")]
    return []


def section(office: Office, bags: Mailbags) -> Section:
    """Who must do what by when, what is late first: the plans' tasks, and what mails ask of HR."""
    rows = [
        (t.name, t.starts_on, t.due_on, t.title, t.owner, t.standing, ", ".join(t.waits_for).replace("_", " "))
        for t in todos(office, bags)
    ]
    note = "" if rows else "Nobody is about to join."
    return Section(title="Joiners", note=note, head=HEAD, rows=tuple(rows))


def figures(office: Office, bags: Mailbags) -> Section:
    """How long joiners take, who was ready in time, how often people had to act, and who is late."""
    days: list[float] = []
    in_time, touched, started = 0, [], 0
    for dossier in office.dossiers.all():
        joiner = joiner_of(dossier)
        ready, starts = ready_at(joiner), day(values_of(joiner).get("starts_on"))
        touched.append(touches(joiner, bags.of(joiner.key)))
        if ready is not None:
            days.append((ready - dossier.created_at).total_seconds() / 86_400)
        if dossier.state == "open" and starts is not None and starts <= office.today:
            started += 1
            first = moved(starts, 0, office.company.country)
            in_time += ready is not None and ready.astimezone().date() <= first
    found = todos(office, bags)
    late = Counter(t.owner for t in found if t.standing == "late")
    open_tasks = Counter(t.owner for t in found)
    rows: list[tuple[str, float | int | None]] = [
        ("Days from the first paper to the account (mean)", round(sum(days) / len(days), 2) if days else None),
        ("Colleagues who have started", started),
        ("Share with an account by the first day", round(in_time / started, 3) if started else None),
        ("Times that people had to act, per joiner (mean)", round(sum(touched) / len(touched), 2) if touched else None),
        *((f"Late tasks of {owner} (of {open_tasks[owner]} open)", late[owner]) for owner in sorted(open_tasks)),
    ]
    return Section(title="Joiners in figures", head=("Figure", "Value"), rows=tuple(rows))


def ready_at(joiner: Joiner) -> datetime | None:
    """When the account was opened, the last thing that the bots do for the first day."""
    return joiner.done["account"].at if "account" in joiner.done else None


def touches(joiner: Joiner, bag: Mailbag) -> int:
    """How often people acted for a joiner: values, doubts that were accepted, tasks, approvals, moves, mails."""
    values = sum(f.source == "person" and f.document.startswith("person:") for f in _facts(joiner))
    tasks = sum(done.by not in BOTS for done in joiner.done.values())
    moves = sum(move.agreed_by is not None for move in joiner.moves)
    mails = sum(bool(kept.by) and kept.by not in BOTS for kept in bag.mails.values())
    return values + len(joiner.accepted) + tasks + len(joiner.approved) + moves + mails


def _facts(joiner: Joiner) -> list[Fact]:
    return [fact for facts in joiner.facts.values() for fact in facts]


def show(console: Console, outcome: Mapping[str, Any]) -> None:
    """The demo's joiners for a person at a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from tasks.demo.tables import printable

    table = Table(title="Joiners", title_justify="left", box=SIMPLE_HEAD)
    for column in ("name", "state", "login", "why"):
        table.add_column(column, overflow="fold", no_wrap=column != "why")
    for row in outcome.get(JOINERS, ()):
        why = "\n".join(d["message"] for d in row["doubts"])
        table.add_row(*(Text(printable(cell or "")) for cell in (row["name"], row["state"], row["login"], why)))
    console.print(table)
