"""What a candidate in the shadow said, beside what was said and what was right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError

from bots.training.rows import row_of
from extractors.learning import Trainable
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


def shadow_figures(store: Store, trainable: Trainable, version: str) -> ShadowFigures:
    """The figures of one version, from the papers of posted invoices."""
    counts = dict.fromkeys(ShadowFigures.model_fields, 0)
    for invoice in _invoices(store):
        paper = invoice.paper or Paper(kind="other", kind_confidence=0.0)
        said = next((s for s in paper.shadow if (s.model, s.version) == (trainable.name, version)), None)
        if said is None:
            continue
        counts["documents"] += 1
        row = row_of(invoice)
        for field, value in said.values.items():
            reading = paper.fields.get(field)
            now = reading.value if reading else paper.kind if field == "kind" else None
            if now is None:
                continue
            counts["readings"] += 1
            counts["agree"] += trainable.same(field, value, now)
            label = row.truth.get(field) if row and row.weight == 1.0 else None
            if label is None:
                continue
            right = trainable.same(field, value, label)
            sure, surely = (reading.confidence if reading else paper.kind_confidence), said.confidences.get(field, 0.0)
            counts["answered"] += 1
            counts["right_now"] += trainable.same(field, now, label)
            counts["right_shadow"] += right
            counts["surer_right"] += abs(surely - right) < abs(sure - right)
    return ShadowFigures(**counts)


def _invoices(store: Store) -> Iterator[Invoice]:
    after = None
    while batch := store.find("invoice", ["done"], PAGE, after):
        after = batch[-1].id
        for item in batch:
            with suppress(ValidationError):
                yield Invoice.model_validate(item.payload)
