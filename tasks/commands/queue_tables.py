"""What `run.py queue` shows to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.json import JSON
from rich.table import Table
from rich.text import Text

from workitems.rows import ItemRow

COLOURS = {
    "held": "dim",
    "ready": "cyan",
    "taken": "blue",
    "done": "green",
    "review": "yellow",
    "dead": "red",
    "cancelled": "dim",
}


def queues_table(rows: Iterable[Mapping[str, Any]]) -> None:
    """One line per queue and state."""
    table = _table("queue", "state", "items", "oldest")
    for row in rows:
        table.add_row(Text(row["queue"]), _state(row["state"]), str(row["count"]), _age(row["oldest_seconds"]))
    Console().print(table)


def items_table(items: Iterable[ItemRow]) -> None:
    """One line per item, with the reason for its state."""
    table, now = _table("item", "queue", "state", "age", "why"), datetime.now(UTC)
    for item in items:
        why = Text(f"{item.code}: {item.message}" if item.message else item.code or "")
        age = _age((now - item.created_at).total_seconds())
        table.add_row(item.id, Text(item.queue), _state(item.state), age, why)
    Console().print(table)


def item_page(item: Mapping[str, Any]) -> None:
    """Everything about one item."""
    console = Console()
    console.print(Text.assemble(("Item ", "bold"), item["id"], "  in  ", (item["queue"], "bold"), "  is  "), end="")
    console.print(_state(item["state"]))
    facts = Table.grid(padding=(0, 2))
    names = ("code", "message", "attempts", "lost_leases", "not_before", "lease_owner", "parent_id", "created_at")
    for name in names:
        if item[name] not in (None, 0):
            facts.add_row(Text(name.replace("_", " "), "dim"), Text(str(item[name])))
    console.print(facts)
    _section(
        console, "Files", ("name", "bytes", "sha256"), [(f["name"], f["size"], f["sha256"]) for f in item["files"]]
    )
    relatives = [(r["id"], r["queue"], r["state"], r["code"]) for r in item["lineage"] if r["id"] != item["id"]]
    _section(console, "Lineage", ("item", "queue", "state", "why"), relatives)
    moves = [
        (_local(e["at"]), f"{e['from_state'] or ''} → {e['to_state']}", e["who"], e["why"]) for e in item["events"]
    ]
    _section(console, "Events", ("when", "state", "who", "why"), moves)
    decided = [
        (_local(d["at"]), d.get("step"), d.get("route"), ", ".join(d.get("rules") or ()), d.get("who"))
        for d in item["decisions"]
    ]
    _section(console, "Decisions", ("when", "step", "route", "rules that fired", "who"), decided)
    console.print(Text("Payload", "bold"))
    console.print(JSON.from_data(item["payload"]))


def _section(console: Console, title: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    table = _table(*columns)
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    for row in rows:
        table.add_row(*(_state(v) if v in COLOURS else Text("" if v is None else str(v)) for v in row))
    if table.row_count:
        console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        right = column in ("items", "oldest", "age", "bytes")
        # An id that is cut cannot be copied.
        whole = column in ("item", "state", "when")
        table.add_column(column, justify="right" if right else "left", no_wrap=right or whole, overflow="fold")
    return table


def _state(state: str) -> Text:
    return Text(state, COLOURS.get(state, ""))


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _age(seconds: float) -> str:
    """The two largest units: 3 d 4 h, 5 min 10 s."""
    parts: list[str] = []
    rest = int(seconds)
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, rest = divmod(rest, length)
        if amount or (unit == "s" and not parts):
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2])
