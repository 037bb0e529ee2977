"""What `run.py queue` shows to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.json import JSON
from rich.table import Table
from rich.text import Text

from tasks.commands.queue_output import age, clean, short
from workitems.rows import ItemRow
from workitems.statistics import COUNTED, QueueFigures, Spread

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
        table.add_row(_text(row["queue"]), _state(row["state"]), str(row["count"]), age(row["oldest_seconds"]))
    Console().print(table)


def items_table(items: Iterable[ItemRow]) -> None:
    """One line per item, with the reason for its state."""
    found, now = list(items), datetime.now(UTC)
    whose = [item.assigned_to for item in found if item.assigned_to]
    table = _table("item", "queue", "state", "age", *(["whose"] if whose else []), "why")
    for item in found:
        why = _text(f"{item.code}: {item.message}" if item.message else item.code or "")
        if item.not_before is not None and item.state == "ready":
            why.append(f" (not before {_local(item.not_before.isoformat())})", "dim")
        old = age((now - item.created_at).total_seconds())
        person = [_text(item.assigned_to or "")] if whose else []
        table.add_row(item.id, _text(item.queue), _state(item.state), old, *person, why)
    Console().print(table)


def dead_table(rows: Iterable[Mapping[str, Any]], by_reason: Mapping[tuple[str, str], int]) -> None:
    """Dead letters, and how many there are for which reason."""
    console, shown = Console(), list(rows)
    whose = any(row["assigned_to"] for row in shown)
    table = _table("item", "queue", "dead for", "attempts", *(["whose"] if whose else []), "why")
    for row in shown:
        why = Text.assemble((clean(row["code"] or ""), "bold"), clean(f": {row['message']}" if row["message"] else ""))
        lost = f" + {row['lost_leases']} lost" if row["lost_leases"] else ""
        attempts, person = f"{row['attempts']}{lost}", [_text(row["assigned_to"] or "")] if whose else []
        table.add_row(row["id"], _text(row["queue"]), age(row["dead_seconds"]), attempts, *person, why)
    console.print(table)
    for (queue, code), count in sorted(by_reason.items()):
        console.print(_text(f"{count} in {queue}: {code or 'without a code'}", "dim"))


def figures_table(figures: Iterable[QueueFigures]) -> None:
    """A column per queue."""
    shown = list(figures)
    table = _table("", *(f.queue for f in shown))
    for column in table.columns[1:]:
        column.justify = "right"
    for name, values in _figure_rows(shown):
        table.add_row(_text(name, "bold" if not values else ""), *(_text(v) for v in values))
    Console().print(table)


def _figure_rows(shown: Sequence[QueueFigures]) -> Iterable[tuple[str, list[str]]]:
    for state in ("ready", "taken", "review", "dead", "done", "cancelled"):
        yield state, [_count(f.counts.get(state, 0)) for f in shown]
        if state == "ready":
            yield "  of them later", [_at_least(f.later) for f in shown]
    yield "overdue", [_at_least(f.overdue) for f in shown]
    yield "oldest ready", [short(f.oldest["ready"]) if "ready" in f.oldest else "" for f in shown]
    yield "waiting p50 / p95", [_spread(f.waiting) for f in shown]
    yield "in review p50 / p95", [_spread(f.asking) for f in shown]
    yield "to done p50 / p95", [_spread(f.cycle) for f in shown]
    for window, words in (("minute", "a minute"), ("hour", "an hour"), ("day", "a day")):
        yield f"done in {words}", [_count(f.rates[window].get("done", 0)) for f in shown]
    yield "to review in a day", [_count(f.rates["day"].get("review", 0)) for f in shown]
    yield "to dead in a day", [_count(f.rates["day"].get("dead", 0)) for f in shown]
    shares = ["" if f.straight is None else f"{f.straight:.1%} of {f.outcomes}" for f in shown]
    yield "without a person", shares


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"


def _at_least(number: int) -> str:
    return _count(number) + ("+" if number >= COUNTED else "")


def _spread(spread: Spread | None) -> str:
    return "" if spread is None else f"{short(spread.p50)} / {short(spread.p95)}"


def item_page(item: Mapping[str, Any]) -> None:
    """Everything about one item."""
    console = Console()
    console.print(Text.assemble(("Item ", "bold"), item["id"], "  in  ", (item["queue"], "bold"), "  is  "), end="")
    console.print(_state(item["state"]))
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(item):
        facts.add_row(_text(name, "dim"), _text(value))
    console.print(facts)
    kept = [(f["name"], f["size"], f["sha256"]) for f in item["files"]]  # of the sealed file, not the document's hash
    _section(console, "Files", ("name", "bytes", "kept as"), kept)
    relatives = [(r["id"], r["queue"], r["state"], r["code"]) for r in item["lineage"] if r["id"] != item["id"]]
    _section(console, "Lineage", ("item", "queue", "state", "why"), relatives)
    moves = [
        (_local(e["at"]), f"{e['from_state'] or ''} → {e['to_state']}", e["who"], e["why"]) for e in item["events"]
    ]
    _section(console, "Events", ("when", "state", "who", "why"), moves)
    decided = [
        (_local(d["at"]), d.get("step"), d.get("route"), ", ".join(d.get("rules") or ()), _models(d), d.get("who"))
        for d in item["decisions"]
    ]
    _section(console, "Decisions", ("when", "step", "route", "rules that fired", "read by", "who"), decided)
    done = [(e["key"], e["state"], _local(e["finished_at"] or e["begun_at"])) for e in item["effects"]]
    _section(console, "Effects in other systems", ("key", "state", "when"), done)
    console.print(_text("Payload", "bold"))
    console.print(JSON.from_data(item["payload"]))


def _models(decision: Mapping[str, Any]) -> str:
    """The versions of the models that read what was decided on."""
    models = decision.get("models") or {}
    return ", ".join(f"{name} {version.removeprefix(f'{name}@')}" for name, version in models.items())


def _facts(item: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What there is to say, in short."""
    for name in ("code", "message", "attempts", "lost_leases", "priority", "assigned_to", "host", "lease_owner"):
        if item[name] not in (None, 0):
            yield name.replace("_", " "), str(item[name])
    for name in ("not_before", "deadline", "created_at"):
        if item[name] is not None:
            late = "  overdue" if name == "deadline" and item["overdue"] else ""
            since = f"  ({age(item['age_seconds'])} ago)" if name == "created_at" else ""
            yield name.replace("_", " "), _local(item[name]) + late + since
    mail = item["mail"]
    if mail is not None:
        words = (mail.get("sender"), mail.get("subject"), mail.get("received_at"))
        yield "mail", ", ".join(str(w) for w in words if w)
    if item["parent_id"] is not None:
        yield "parent", item["parent_id"]


def _section(console: Console, title: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    table = _table(*columns)
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    for row in rows:
        table.add_row(*(_state(v) if v in COLOURS else _text("" if v is None else str(v)) for v in row))
    if table.row_count:
        console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        right = column in ("items", "oldest", "age", "bytes", "dead for", "attempts")
        # An id that is cut cannot be copied.
        whole = column in ("item", "state", "when")
        table.add_column(column, justify="right" if right else "left", no_wrap=right or whole, overflow="fold")
    return table


def _text(words: str, style: str = "") -> Text:
    return Text(clean(words), style)


def _state(state: str) -> Text:
    return Text(state, COLOURS.get(state, ""))


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")
