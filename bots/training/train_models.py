"""Fits a candidate to what people answered, and says whether it is better than the model in force."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bots.training.compare import FOLDS, Comparison, TrainingPolicy, compare, figures_of, fold_of, too_few
from extractors.learning import Row, Scored, Trainable, score
from extractors.model_cards import Card, DataSet
from extractors.model_files import Loaded
from workitems.items import Decision, Noun

_TOLD: Any = {"item": True, "sha256": True, "kind": True, "truth": True, "weight": True, "paper": {"models"}}


class Trained(Noun):
    """What came of one training. `card` is there where a candidate was fitted."""

    name: str
    state: str  # "promoted", "waits" (in the shadow), "kept" (the old one stays), "too_few", "refused"
    message: str
    rows: int = 0
    version: str | None = None
    comparison: Comparison | None = None


def fit_candidate(
    trainable: Trainable, rows: Sequence[Row], base: Loaded, policy: TrainingPolicy, now: datetime
) -> tuple[Any, Card, Comparison] | str:
    """Model, card and comparison; a sentence where there is nothing to fit. Deterministic but for `now`.

    The comparison's candidate is fitted five times, each time without the suppliers that it is then judged on; the
    card says beside it how it does on papers of suppliers that it knows.
    """
    rows = sorted(rows, key=lambda row: (row.at, row.item))[-policy.newest :]
    few = too_few(rows, policy)
    if few is not None:
        return few
    unknown = out_of_fold(trainable, rows, base.model, lambda row: row.group)
    known = out_of_fold(trainable, rows, base.model, lambda row: row.item)
    comparison = compare(score(trainable, base.model, rows), unknown, rows, policy)
    data = DataSet(name="answers", documents=len(rows), sha256=snapshot(rows), licence="own")
    card = Card(
        name=trainable.name,
        version=now.strftime("%Y%m%dt%H%M%S"),
        reader=trainable.reader,
        made_at=now,
        made_by="run.py models train",
        about=trainable.about,
        data=(*base.card.data, data),
        metrics=figures_of(unknown, known),
        base=base.label,
        notes=(f"Against {base.label} on suppliers that it does not know: {comparison.why}",),
    )
    return trainable.fit(rows, base.model), card, comparison


def out_of_fold(trainable: Trainable, rows: Sequence[Row], base: Any, by: Callable[[Row], str]) -> list[Scored]:
    """Scores of every row by a model that was fitted without the row's fold."""
    scored: list[Scored] = []
    for n in range(FOLDS):
        held = [row for row in rows if fold_of(by(row)) == n]
        rest = [row for row in rows if fold_of(by(row)) != n]
        if held and rest:
            scored += score(trainable, trainable.fit(rest, base), held)
    return scored


def snapshot(rows: Sequence[Row]) -> str:
    """One hash over documents and answers: what the model was made from, without any of it."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row.model_dump_json(include=_TOLD).encode() + b"\n")
    return digest.hexdigest()


def training_decision(trained: Trained) -> Decision:
    """The audit row of one training."""
    seen = trained.comparison
    scores = {"gain": seen.gain, "right_before": seen.right_before, "right_after": seen.right_after} if seen else {}
    return Decision(
        step="train_models",
        input_hash=hashlib.sha256(f"{trained.name} {trained.version} {trained.rows}".encode()).hexdigest(),
        models={trained.name: trained.version or "none"},
        scores=scores,
        rules=(trained.state,),
        route=trained.state,
    )
