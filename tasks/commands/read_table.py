"""A document that was read, as a table for people."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bots.contracts.readings import how_sure, is_there
from tasks.reading_desk import Line, plain_number, why_json

LONGEST = 200  # characters of a clause
COLOURS = {"straight": "green", "review": "yellow", "reject": "red"}


def show_line(line: Line, console: Console | None = None, why: bool = False) -> None:
    """Prints the document's fields, lines and doubts; with `why` also where each field came from, and clauses."""
    console = console or Console(highlight=False)
    paper, colour = line.paper, COLOURS[line.route]
    name = line.file if line.part is None else f"{line.file} > {line.part}"
    source = f"{paper.source}, " if paper.source else ""
    console.print(f"[bold]{escape(name)}[/]", soft_wrap=True)
    sheets = "1 page" if paper.pages == 1 else f"{paper.pages} pages"
    kind = paper.kind.replace("_", " ")
    console.print(
        f"  [{colour}]{line.route}[/]  {kind} ({paper.kind_confidence:.0%}), {source}{sheets}, {line.seconds:.1f} s"
    )
    for doubt in line.doubts:
        mark = "[red]![/]" if doubt.severity == "block" else "[yellow]?[/]"
        console.print(f"  {mark} {escape(doubt.message)}", soft_wrap=True)
    if paper.fields:
        console.print(_explained(line) if why else _fields(line))
    if paper.lines:
        console.print(_lines(line))
    if why and paper.clauses:
        console.print(_clauses(line))
    console.print()


def _fields(line: Line) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
    for name, reading in line.paper.fields.items():
        table.add_row(
            f"  [dim]{name}[/]", escape(reading.value), f"[dim]{reading.confidence:.0%} {escape(reading.reader)}[/]"
        )
    return table


def _explained(line: Line) -> Table:
    """The fields, below each what it rests on."""
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
    for name, reading in line.paper.fields.items():
        why = why_json(reading, line.paper)
        table.add_row(f"  [dim]{name}[/]", f"{escape(reading.value)}  [dim]{reading.confidence:.0%}[/]")
        place = f"page {reading.page}, " if reading.page else ""
        table.add_row("", f"[dim]{place}{escape(why['engine'] or 'unknown')}, {escape(reading.reader)}[/]")
        if why["signs"]:
            signs = ", ".join(f"{escape(s['sign'])} {s['weight']:+.2f}" for s in why["signs"])
            table.add_row("", f"[dim]signs: {signs}[/]")
        for other in why["alternatives"]:
            table.add_row("", f"[dim]or {escape(other['value'])}  (score {other['score']:.2f})[/]")
    models = ", ".join(f"{name} {version}" for name, version in line.paper.models.items())
    table.add_row("  [dim]models[/]", f"[dim]{escape(models) or 'none'}[/]")
    return table


def _clauses(line: Line) -> Table:
    """The clauses that are there, how sure that is, and where."""
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_header=False)
    for clause in filter(is_there, line.paper.clauses):
        words = " ".join(clause.text.split())[:LONGEST]
        table.add_row(f"  [dim]{clause.category}[/]", escape(words), f"[dim]{how_sure(clause)}, page {clause.page}[/]")
    return table


def _lines(line: Line) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for title in ("  description", "quantity", "unit", "price", "tax %", "amount", "sure"):
        table.add_column(title, justify="left" if title in ("  description", "unit") else "right", header_style="dim")
    for row in line.paper.lines:
        numbers = [plain_number(n) or "" for n in (row.quantity, row.unit_price, row.tax_rate, row.amount)]
        sure = f"[dim]{row.confidence:.0%}[/]"
        table.add_row(f"  {escape(row.description or '')}", numbers[0], row.unit or "", *numbers[1:], sure)
    return table
