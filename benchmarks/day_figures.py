"""The figures of a day, from the store's events and from what the processes used; and the same for people."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from benchmarks.day_papers import Expected
from benchmarks.day_processes import KindUse
from bots.outcomes import DocumentOutcome
from tasks.flow import FLOW
from workitems.metrics import passages
from workitems.store import Store

DAY = 500
GOAL_MINUTES = 90.0
GOAL_CPU_SECONDS = 2.0
BOT = "python"  # kinds of the bot's own processes begin with it


def stages(store: Store) -> list[dict[str, Any]]:
    """Per step: items, seconds of work, and the time between the first that was taken and the last that was let go."""
    worked: dict[str, list[float]] = defaultdict(list)
    for passage in passages(store):
        worked[passage.queue].append(passage.worked)
    moments = _moments(store)
    rows = []
    for step in (s for s in FLOW if worked[s.takes]):
        seconds, (first, last) = worked[step.takes], moments[step.takes]
        rows.append(
            {
                "step": step.name,
                "items": len(seconds),
                "work_seconds": round(sum(seconds), 1),
                "seconds_per_item": round(statistics.mean(seconds), 2),
                "median_seconds": round(statistics.median(seconds), 2),
                "slowest_seconds": round(max(seconds), 2),
                "wall_seconds": round((last - first).total_seconds(), 1),
            }
        )
    return rows


def _moments(store: Store) -> dict[str, tuple[datetime, datetime]]:
    found: dict[str, tuple[datetime, datetime]] = {}
    for _, queue, event in store.moves():
        if "taken" in (event.from_state, event.to_state):
            first, last = found.get(queue, (event.at, event.at))
            found[queue] = (min(first, event.at), max(last, event.at))
    return found


def reading(store: Store, rows: Iterable[DocumentOutcome], expected: Iterable[Expected]) -> list[dict[str, Any]]:
    """Seconds that reading one document took, by its sort."""
    sorts = {e.document: e.sort for e in expected if e.codes != TWICE}
    worked = {p.item_id: p.worked for p in passages(store) if p.queue == "document"}
    by_sort: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        by_sort[sorts.get(row.document, "trouble")].append(worked[row.document_id])
    return [
        {"sort": sort, "documents": len(took), "seconds_per_document": round(statistics.mean(took), 2)}
        for sort, took in by_sort.items()
    ]


TWICE = ("duplicate_file", "duplicate_number")


def what_became(rows: list[DocumentOutcome], expected: list[Expected]) -> dict[str, Any]:
    """Outcomes, reasons, the share without a person, and what came out otherwise than the paper deserves."""
    held = [row for row in rows if row.state in ("review", "waiting")]
    reasons = Counter(row.doubts[0].code if row.doubts else row.state for row in held)
    want = Counter({e.document: 0 for e in expected})
    want.update(e.document for e in expected if not e.codes)
    posted = Counter(row.document for row in rows if row.state == "posted")
    states = Counter(row.state for row in rows)
    return {
        "documents": len(rows),
        "outcomes": {state: states[state] for state in ("posted", "review", "rejected", "waiting")},
        "straight_through": round(states["posted"] / max(1, len(rows)), 3),
        "fit_to_be_posted": sum(want.values()),
        "posted_wrongly": sorted((posted - want).elements()),
        "held_needlessly": sorted((want - posted).elements()),
        "reasons": dict(reasons.most_common()),
    }


def processes(uses: Iterable[KindUse], documents: int) -> list[dict[str, Any]]:
    """CPU seconds, in all and per document, and memory, by kind of process."""
    return [
        {
            "kind": use.kind,
            "processes": use.processes,
            "cpu_seconds": round(use.seconds, 1),
            "cpu_per_document": round(use.seconds / max(1, documents), 3),
            "peak_mb": round(use.peak_mb),
            "together_mb": round(use.together_mb),
        }
        for use in uses
    ]


def against_goals(wall: float, uses: Iterable[KindUse], documents: int) -> dict[str, Any]:
    """The goals. Of a day that is not of 500 documents the minutes are an estimate, in proportion, and say so."""
    bot = sum(use.seconds for use in uses if use.kind.startswith(BOT))
    others = sum(use.seconds for use in uses if not use.kind.startswith(BOT))
    minutes = wall / 60 * DAY / max(1, documents)
    return {
        "bot_cpu_per_document": round(bot / max(1, documents), 3),
        "goal_bot_cpu": GOAL_CPU_SECONDS,
        "others_cpu_per_document": round(others / max(1, documents), 3),
        "minutes_for_500": round(minutes, 1),
        "minutes_are_estimated": documents != DAY,
        "goal_minutes": GOAL_MINUTES,
        "goals_met": bool(bot / max(1, documents) <= GOAL_CPU_SECONDS and minutes <= GOAL_MINUTES),
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    return "\n".join([*_head(result), "", *_stages(result), "", *_processes(result), "", *_outcomes(result)])


def _head(result: dict[str, Any]) -> list[str]:
    goals = result["goals"]
    how = "estimated in proportion" if goals["minutes_are_estimated"] else "measured"
    rpc = result["rpc"]
    return [
        f"{result['documents']} documents ({result['megabytes']} MB) from the mailbox to posted or review in "
        f"{result['wall_seconds'] / 60:.1f} minutes on {result['cores']} cores; load of the machine "
        f"{result['load_before']} before, {result['load_after']} after",
        f"  {DAY} documents      {goals['minutes_for_500']:7.1f} minutes, {how} (goal: under {GOAL_MINUTES:g})",
        f"  the bot's own CPU  {goals['bot_cpu_per_document']:7.2f} s a document (goal: {GOAL_CPU_SECONDS:g}); "
        f"Chromium, its driver and the server {goals['others_cpu_per_document']:.2f} s beside it",
        f"  baseline: the same ERP takes an invoice of two lines through RPC in {rpc['seconds']:.2f} s "
        f"({rpc['server_cpu_seconds']:.2f} s of the server's CPU; through the screens it used "
        f"{rpc['screens_server_cpu_seconds']:.2f} s for each posted one)",
    ]


def _stages(result: dict[str, Any]) -> list[str]:
    lines = [f"  {'step':<16} {'items':>6} {'work s':>8} {'s/item':>7} {'median':>7} {'slowest':>8} {'wall s':>8}"]
    lines += [
        f"  {row['step']:<16} {row['items']:>6} {row['work_seconds']:>8.1f} {row['seconds_per_item']:>7.2f}"
        f" {row['median_seconds']:>7.2f} {row['slowest_seconds']:>8.2f} {row['wall_seconds']:>8.1f}"
        for row in result["stages"]
    ]
    read = ", ".join(f"{r['sort']} {r['seconds_per_document']:.2f} ({r['documents']})" for r in result["reading"])
    return [*lines, f"  seconds to read one (how many): {read}"]


def _processes(result: dict[str, Any]) -> list[str]:
    lines = [f"  {'process':<32} {'count':>6} {'CPU s':>8} {'CPU s/doc':>10} {'peak MB':>8} {'all, MB':>8}"]
    lines += [
        f"  {row['kind']:<32} {row['processes']:>6} {row['cpu_seconds']:>8.1f} {row['cpu_per_document']:>10.3f}"
        f" {row['peak_mb']:>8} {row['together_mb']:>8}"
        for row in result["processes"]
    ]
    return lines


def _outcomes(result: dict[str, Any]) -> list[str]:
    told = ", ".join(f"{n} {state}" for state, n in result["outcomes"].items())
    reasons = ", ".join(f"{code} {n}" for code, n in result["reasons"].items()) or "none"
    lines = [
        f"  {told}; the ERP itself counts {result['in_the_erp']} more postings than before",
        f"  straight through {result['straight_through']:.0%} ({result['fit_to_be_posted']} fit their orders)",
        f"  first reasons of those that wait: {reasons}",
    ]
    if result["posted_wrongly"]:
        lines.append(f"  POSTED THOUGH IT SHOULD WAIT: {', '.join(result['posted_wrongly'])}")
    return lines
