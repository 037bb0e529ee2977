"""What became of the joiners: the demo's list, the report's section, the table for a person at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bots.joiners.codes import doubt
from bots.joiners.facts import name_of
from bots.joiners.judging import PAPERS, HrFacts, blocking, judge
from bots.joiners.nouns import JOINERS, Joiner
from bots.joiners.office import Office, joiner_of, values_of
from bots.joiners.onboard_joiners import steps_of
from bots.joiners.plan import late_first
from bots.report.section import Section
from workitems.dossiers import Dossier
from workitems.items import Doubt
from workitems.store import Store

if TYPE_CHECKING:
    from rich.console import Console

HEAD = ("Joiner", "First day", "State", "By", "Task", "Who", "How it stands")


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


def section(office: Office) -> Section:
    """Who must do what by when, what is late first."""
    rows = []
    for dossier in office.dossiers.all("open"):
        joiner = joiner_of(dossier)
        values = values_of(joiner)
        for step in late_first(steps_of(joiner, office)):
            who = (name_of(values), values.get("starts_on"), dossier.state)
            rows.append((*who, step.due_on, step.task.title, step.task.owner, step.standing))
    rows.sort(key=lambda row: (row[6] != "late", row[3]))
    note = "" if rows else "Nobody is about to join."
    return Section(title="Joiners", note=note, head=HEAD, rows=tuple(rows))


def figures(office: Office) -> Section:
    """How long joiners take and who is late: from the first paper to the account, ready by day one, by owner."""
    days, by_day_one, counted = [], 0, 0
    late: dict[str, int] = {}
    touches = 0
    for dossier in office.dossiers.all():
        joiner = joiner_of(dossier)
        starts = values_of(joiner).get("starts_on")
        touches += len({f.document for facts in joiner.facts.values() for f in facts if f.source == "person"})
        if "account" in joiner.done and starts:
            counted += 1
            ready = joiner.done["account"].at
            days.append((ready - dossier.created_at).total_seconds() / 86_400)
            by_day_one += ready.date().isoformat() <= starts
        for step in steps_of(joiner, office) if dossier.state == "open" else ():
            if step.standing == "late":
                late[step.task.owner] = late.get(step.task.owner, 0) + 1
    rows: list[tuple[str, float | int | None]] = [
        ("Days from the first paper to the account (mean)", round(sum(days) / len(days), 2) if days else None),
        ("Share with an account by the first day", round(by_day_one / counted, 3) if counted else None),
        ("Values entered by people", touches),
        *((f"Late tasks of {owner}", count) for owner, count in sorted(late.items())),
    ]
    return Section(title="Joiners in figures", head=("Figure", "Value"), rows=tuple(rows))


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
