"""Writes the figures of a run into docs/reading.md, between its marks, and the plots beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.reading_plots import draw

DOCS = Path(__file__).parents[1] / "docs"
PAGE, FOLDER = DOCS / "reading.md", DOCS / "reading"
BEGIN, END = "<!-- figures: written by bench reading --write-docs -->", "<!-- end of figures -->"

Row = dict[str, Any]


def write(rows: Sequence[Row], command: str) -> None:
    """Replaces what stands between the marks. Raises OSError, ValueError where the marks are gone."""
    plots = draw(rows, FOLDER)
    plain = [{k: v for k, v in row.items() if k != "pairs"} for row in rows]
    (FOLDER / "figures.jsonl").write_text("".join(json.dumps(r) + "\n" for r in plain), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    PAGE.write_text(page[:before] + "\n" + as_text(rows, command, plots) + page[after:], encoding="utf-8")


def as_text(rows: Sequence[Row], command: str, plots: Sequence[Path]) -> str:
    """The tables and plots of a run, as Markdown."""
    trained = sorted({r["set"] for r in rows if r.get("in_training")})
    parts = [f"Made by `{_shown(command)}`.\n"]
    if trained:
        parts.append(f"The shipped models were fitted to documents of {', '.join(trained)}: these figures flatter.\n")
    columns: tuple[str, ...] = ("set", "field", "documents", "labelled", "f1", "f1_exact", "at_95", "at_99")
    columns += ("calibration", "calibration_by_chance")
    tables: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("Fields", "accuracy", columns),
        ("Receipts that pass", "accuracy", ("set", "date_total_company_at_99", "whole_at_95", "whole_at_99")),
        ("Line rows", "line rows", ("set", "f1", "right", "rows")),
        ("Kinds", "kinds", ("documents", "accuracy", "wrong_and_sure")),
        ("Baselines", "baseline", ("reader", "set", "documents", "read_something", "f1")),
        ("Cost by set", "cost", ("set", "pages", "cpu_a_page")),
        ("Throughput, two processes", "throughput", ("documents", "pages", "documents_a_minute", "pages_a_minute",
                                                     "peak_mb")),
        ("Engines on the same receipts", "engine", ("reader", "pages", "word_recall", "word_precision", "cpu_a_page",
                                                    "pages_a_minute", "peak_mb")),
        ("Out of fold, from the training scripts", "out of fold", ("model", "field", "n", "right", "at99",
                                                                   "calibration")),
    )  # fmt: skip
    for title, what, names in tables:
        own = [r for r in rows if r["what"] == what and (title != "Receipts that pass" or names[1] in r)]
        if own:
            parts += [f"### {title}\n", _table(own, names)]
    parts += [f"![{p.stem}](reading/{p.name})\n" for p in plots]
    return "\n".join(parts) + "\n"


def _table(rows: Sequence[Row], names: Sequence[str]) -> str:
    head = "| " + " | ".join(n.replace("_", " ") for n in names) + " |\n|" + " --- |" * len(names) + "\n"
    return head + "".join("| " + " | ".join(_cell(r.get(n)) for n in names) + " |\n" for r in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else f"{value:.0f}" if isinstance(
        value, float) else str(value)  # fmt: skip


def _shown(command: str) -> str:
    """The command without the folders of the machine that it ran on."""
    words = command.split()
    for option, name in (("--data", "DIR"), ("--scans", "DIR")):
        if option in words:
            words[words.index(option) + 1] = name
    return " ".join(words)
