"""The audit row of one automated judgement."""

from __future__ import annotations

import hashlib

from bots.invoices.checks import Verdict
from bots.invoices.findings import Findings
from workitems.items import Decision, Item, Paper, Reading, Trace

FIELDS, SIGNS = 40, 3
"""Fields of a decision that are traced, and signs of each."""


def decision(step: str, item: Item, paper: Paper, findings: Findings, *, verdict: Verdict | None = None) -> Decision:
    """What went in, what was scored, which rules spoke, and what it may cost if that is wrong."""
    scores = {"kind": paper.kind_confidence} | {name: r.confidence for name, r in item.readings.items()}
    if verdict:
        scores["wrong"] = verdict.wrong
    return Decision(
        step=step,
        input_hash=input_hash(item),
        models=paper.models,
        scores=scores,
        rules=findings.rules + tuple(dict.fromkeys(d.code for d in findings.doubts)),
        route=item.route or "review",
        cost=verdict.cost if verdict else None,
        traces={name: _trace(r, paper.fields.get(name)) for name, r in list(item.readings.items())[:FIELDS]},
    )


def _trace(reading: Reading, read: Reading | None) -> Trace:
    """Where a reading came from. The value itself, and those of its rivals, are not repeated here.

    `read` is what the paper says of the field; the item's readings are the same, but for what a person entered.
    """
    why = read.why if read and read.reader == reading.reader else None
    return Trace(
        reader=reading.reader,
        page=reading.page,
        box=tuple(round(side, 3) for side in reading.box) if reading.box else None,
        engine=why.engine if why else None,
        signs=why.signs[:SIGNS] if why else (),
        rivals=tuple(a.score for a in why.alternatives) if why else (),
    )


def input_hash(item: Item) -> str:
    """Names the input of a decision: the file, and what a person said about it."""
    said = "\n".join(f"{a.field}={a.value}" for a in item.answers)
    return hashlib.sha256(f"{item.document.sha256}\n{said}".encode()).hexdigest()
