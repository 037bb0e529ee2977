"""What a candidate in the shadow said, beside what was said and what was right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError

from bots.training.rows import row_of
from extractors.learning import Row, Said, Trainable
from tasks.contract_teaching import contract_papers
from tasks.settings import Settings
from tasks.training_rows import PAGE
from workitems.items import Invoice, Noun, Paper
from workitems.store import Store


class ShadowFigures(Noun):
    """Counts over documents that both have read. Of `answered` readings the right value is known."""

    documents: int = 0
    readings: int = 0
    agree: int = 0
    answered: int = 0
    right_now: int = 0
    right_shadow: int = 0
    surer_right: int = 0  # answered readings of which the candidate was better sure: nearer to 1 if right, to 0 if not


def shadow_figures(store: Store, trainable: Trainable, version: str, settings: Settings) -> ShadowFigures:
    """The figures of one version, from the papers of posted invoices, or of answered contracts."""
    counts = dict.fromkeys(ShadowFigures.model_fields, 0)
    papers = contract_papers(store, settings) if trainable.learns_from == "paper" else _invoices(store)
    for paper, row in papers:
        said = next((s for s in paper.shadow if (s.model, s.version) == (trainable.name, version)), None)
        if said is None:
            continue
        counts["documents"] += 1
        known = _said(trainable, paper, row)
        for field, value in said.values.items():
            now = known.get(field)
            if now is None:
                continue
            counts["readings"] += 1
            counts["agree"] += trainable.same(field, value, now.value)
            label = row.truth.get(field) if row and row.weight_of(field) == 1.0 else None
            if label is None:
                continue
            right = trainable.same(field, value, label)
            sure, surely = now.confidence, said.confidences.get(field, 0.0)
            counts["answered"] += 1
            counts["right_now"] += trainable.same(field, now.value, label)
            counts["right_shadow"] += right
            counts["surer_right"] += abs(surely - right) < abs(sure - right)
    return ShadowFigures(**counts)


def _said(trainable: Trainable, paper: Paper, row: Row | None) -> dict[str, Said]:
    """What was said at the time by what was in force."""
    if trainable.learns_from == "paper":
        return trainable.say({}, row) if row else {}
    known = {field: Said(value=r.value, confidence=r.confidence) for field, r in paper.fields.items()}
    return {"kind": Said(value=paper.kind, confidence=paper.kind_confidence)} | known


def _invoices(store: Store) -> Iterator[tuple[Paper, Row | None]]:
    after = None
    while batch := store.find("invoice", ["done"], PAGE, after):
        after = batch[-1].id
        for item in batch:
            with suppress(ValidationError):
                invoice = Invoice.model_validate(item.payload)
                yield invoice.paper or Paper(kind="other", kind_confidence=0.0), row_of(invoice)
