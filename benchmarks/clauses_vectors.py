"""Fits the network that weighs sentence vectors (extractors/contract/clause_vectors.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from sklearn.neural_network import MLPClassifier

from benchmarks.clauses_data import Contract
from benchmarks.clauses_judges import FOLDS, Found
from extractors.contract.clause_vectors import (
    TOKENS,
    held_by,
    hinted,
    inputs_of,
    meant_by,
    sentences_of,
    spread,
    worth_reading,
)
from extractors.embeddings import DIMENSIONS, embed

HIDDEN, PENALTY, ROUNDS = 96, 0.03, 12
BATCH = 256
NETWORKS = 3  # whose hidden layers stand side by side: one alone hangs on how it started


def meanings(
    papers: Sequence[Contract], folds: Any, found: Sequence[Found], heard: Sequence[tuple[Any, Any]], kept: Path | None
) -> tuple[dict[str, Any], list[Any]]:
    """(the network fitted on all, for each contract what its spans mean out of fold, and their hints).

    `heard`: scores out of fold and hints of the sentences. `kept`: a file that keeps the vectors of sentences between
    two runs; they take minutes.
    """
    held = [held_by(p.doc, *there) for p, there in zip(papers, found, strict=True)]
    rows = [worth_reading(own) for own in held]
    vectors = _vectors([sentences_of(p.doc, own) for p, own in zip(papers, rows, strict=True)], kept)
    every = zip(papers, rows, heard, held, vectors, strict=True)
    inputs = [inputs_of(p.doc, own, said, there, vector) for p, own, said, there, vector in every]
    right = numpy.vstack([p.right[own] for p, own in zip(papers, rows, strict=True)])
    fold, joined = numpy.repeat(folds, [len(own) for own in rows]), numpy.vstack(inputs)
    meant = numpy.zeros(right.shape)
    for n in range(FOLDS):
        meant[fold == n] = meant_by(joined[fold == n], fitted(joined[fold != n], right[fold != n]))
    parts = numpy.split(meant, numpy.cumsum([len(own) for own in rows])[:-1])
    spans = zip(papers, found, rows, parts, heard, strict=True)
    return fitted(joined, right), [
        numpy.column_stack([spread(p.doc, places, own, part), hinted(p.doc, places, hints)])
        for p, (places, _), own, part, (_, hints) in spans
    ]


def fitted(inputs: Any, right: Any) -> dict[str, Any]:
    """One network that says the mean (of log-odds) of several."""
    models = [
        MLPClassifier((HIDDEN,), alpha=PENALTY, max_iter=ROUNDS, batch_size=BATCH, random_state=seed).fit(inputs, right)
        for seed in range(NETWORKS)
    ]
    return {
        "first": numpy.hstack([m.coefs_[0] for m in models]).astype(numpy.float32),
        "first_bias": numpy.concatenate([m.intercepts_[0] for m in models]).astype(numpy.float32),
        "last": (numpy.vstack([m.coefs_[1] for m in models]) / NETWORKS).astype(numpy.float32),
        "last_bias": numpy.mean([m.intercepts_[1] for m in models], axis=0).astype(numpy.float32),
    }


def _vectors(texts: Sequence[Sequence[str]], kept: Path | None) -> list[Any]:
    """A matrix for each contract."""
    known: dict[str, Any] = {}
    if kept is not None and kept.is_file():
        file = numpy.load(kept)
        known = dict(zip(file["names"].tolist(), file["vectors"], strict=True))
    found = []
    for own in texts:
        names = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in own]
        new = {name: text for name, text in zip(names, own, strict=True) if name not in known}
        known |= dict(zip(new, embed(list(new.values()), TOKENS).astype(numpy.float16), strict=True))
        found.append(numpy.array([known[name] for name in names], numpy.float32).reshape(len(own), DIMENSIONS))
    if kept is not None:
        numpy.savez(kept, names=numpy.array(list(known)), vectors=numpy.array(list(known.values())))
    return found
