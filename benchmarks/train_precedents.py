"""Fits the weights by which clauses are ranked for a query: extractors/models/precedents.

    python -m benchmarks.train_precedents --data DIR [--kept FILE.npy] [--write]

DIR holds the set acord (attorney queries, graded clauses, CC-BY-4.0). Pairs of clauses of which one answers better
teach a logistic regression. Figures are of queries that the fold's weights have not seen; then of queries of a whole
topic that they have not seen. The lexicon was written by people who had read the training queries: on queries about
something else expect a few hundredths less.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy

from benchmarks.acord import Numbers, Query, figures, folds_by_query, prepared_from, read_acord, topic_of
from extractors.embeddings import embed
from extractors.model_cards import Card, DataSet
from extractors.model_files import ship
from extractors.precedents.clause_view import FEATURES
from extractors.precedents.clauses import Prepared, terms_of
from extractors.precedents.finding import score_words, weigh
from extractors.precedents.lexicon import NUMBER
from extractors.precedents.model import LOOKED_AT, NAME, Weights, likeness, rank
from extractors.precedents.query import understand
from extractors.precedents.ranking import SIGNS, Candidates, signs
from extractors.precedents.segments import Columns, columns_of

ZEROS = 60  # of the clauses that were judged irrelevant for a query, drawn for its pairs
C = 1e-3
IRRELEVANT, WEAK, GRADES = 0.5, 0.1, 0.7
"""What pairs weigh: with an irrelevant clause, of a weak answer and an irrelevant one, of two good answers."""
Scorer = Callable[[int], Numbers]


class Bench:
    """The judged clauses in columns and everything that a fit needs of each query, computed once."""

    def __init__(self, queries: Sequence[Query], prepared: Sequence[Prepared]) -> None:
        self.queries = queries
        self.columns: Columns = columns_of(prepared)
        self.rarity = rarity_of(self.columns)
        self.vectors = self.columns.vectors.astype(numpy.float32) / 127
        asked = embed([q.text for q in queries])
        self.found = [self._candidates(q, vector) for q, vector in zip(queries, asked, strict=True)]
        self.wanted = [understand(q.text) for q in queries]
        self.tables = [
            signs(w, f, self.rarity, NUMBER["indemnity"]) for w, f in zip(self.wanted, self.found, strict=True)
        ]

    def _candidates(self, query: Query, vector: Numbers) -> Candidates:
        words = score_words(weigh(terms_of(query.text), [self.columns]), self.columns)
        c, pool = self.columns, query.pool
        return Candidates(c.said[pool], c.shape[pool], words[pool], self.vectors[pool] @ vector)

    def ranked(self, number: int, weights: Weights) -> Numbers:
        """Scores of a query's pool, as the product works them out."""
        vectors = self.vectors[self.queries[number].pool]
        return rank(self.wanted[number], self.found[number], vectors, weights)[0]

    def fit(self, numbers: Sequence[int]) -> Weights:
        """Weights from some of the queries."""
        learnt = fit_pairs([self.tables[n] for n in numbers], [self.queries[n].grades for n in numbers])
        spread = []
        for n in numbers:
            first = self.tables[n] @ learnt
            best = numpy.argsort(-first, kind="stable")[:LOOKED_AT]
            like = likeness(self.found[n], self.vectors[self.queries[n].pool], self.rarity, best)
            spread.append([first.std(), like[0].std(), like[1].std()])
        return Weights(learnt, self.rarity, numpy.mean(spread, axis=0).astype(numpy.float32))

    def unseen(self, groups: Sequence[Any]) -> list[Numbers]:
        """Scores of each query by weights that have not seen its group."""
        found: list[Numbers] = [numpy.zeros(0)] * len(self.queries)
        for group in sorted(set(groups)):
            weights = self.fit([n for n, g in enumerate(groups) if g != group])
            for n, g in enumerate(groups):
                if g == group:
                    found[n] = self.ranked(n, weights)
        return found


def rarity_of(columns: Columns) -> Numbers:
    """How much a concept tells: the fewer clauses say it, the more."""
    share = (1 + len(columns)) / (1 + (columns.said[:, 0] > 0).sum(axis=0))
    rarity: Numbers = (numpy.log(share) + 0.2).astype(numpy.float32)
    return rarity


def fit_pairs(tables: Sequence[Numbers], grades: Sequence[Numbers]) -> Numbers:
    """Weights of the signs. Deterministic."""
    from sklearn.linear_model import LogisticRegression

    drawn = numpy.random.default_rng(0)
    pairs, weights = [], []
    for table, grade in zip(tables, grades, strict=True):
        weak = numpy.flatnonzero(grade == 1)
        zero = numpy.flatnonzero(grade == 0)
        zero = drawn.choice(zero, min(ZEROS, len(zero)), replace=False)
        for row in numpy.flatnonzero(grade > 0):
            for others, weight in _others(grade, row, weak, zero):
                pairs.append(table[row] - table[others])
                weights.append(numpy.broadcast_to(weight, len(others)))
    x, w = numpy.vstack(pairs), numpy.concatenate(weights)
    scale = x.std(axis=0) + 1e-9
    x = numpy.vstack([x, -x]) / scale
    y = numpy.repeat([1, 0], len(w))
    model = LogisticRegression(C=C, fit_intercept=False, max_iter=300, tol=1e-4)
    model.fit(x, y, sample_weight=numpy.tile(w, 2) / w.mean())
    learnt: Numbers = (model.coef_[0] / scale).astype(numpy.float32)
    return learnt


def _others(grade: Numbers, row: int, weak: Numbers, zero: Numbers) -> list[tuple[Numbers, Any]]:
    """Clauses that answer worse than one, and what the pairs weigh."""
    share = len(weak) / max(len(zero), 1)
    if grade[row] == 1:
        return [(zero, WEAK * share)]
    lower = numpy.flatnonzero((grade > 1) & (grade < grade[row]))
    return [
        (weak, grade[row] - 1.0),
        (zero, IRRELEVANT * grade[row] * share),
        (lower, GRADES * (grade[row] - grade[lower])),
    ]


def card_of(bench: Bench, metrics: dict[str, dict[str, float | None]], folder: Path) -> Card:
    """The model's card."""
    digest = hashlib.sha256()
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/train.tsv", "qrels/valid.tsv"):
        digest.update((folder / name).read_bytes())
    return Card(
        name=NAME,
        version="1",
        reader=FEATURES,
        made_at=datetime.now(UTC),
        made_by="python -m benchmarks.train_precedents --data DIR --write",
        about="Ranks the company's own clauses for what a lawyer asks: weights of signs of query and clause.",
        data=(DataSet(name="acord", documents=len(bench.queries), sha256=digest.hexdigest(), licence="CC-BY-4.0"),),
        metrics=metrics,
        notes=(
            "Documents are queries. NDCG over the judged clauses of each query; `_exp` with gain 2^grade - 1.",
            "The lexicon of concepts was written by people who had read these queries: expect less on other ones.",
        ),
    )


def measured(bench: Bench) -> dict[str, dict[str, float | None]]:
    """Figures of what the weights have not seen, beside what was there before."""
    queries = bench.queries
    place = {name: SIGNS.index(name) for name in ("words", "meaning")}
    words = [table[:, place["words"]] for table in bench.tables]
    meaning = [table[:, place["meaning"]] for table in bench.tables]
    return {
        "BM25": {"n": len(queries), **figures(queries, words)},
        "MiniLM": {"n": len(queries), **figures(queries, meaning)},
        "unseen queries": {"n": len(queries), **figures(queries, bench.unseen(folds_by_query(queries)))},
        "unseen topics": {"n": len(queries), **figures(queries, bench.unseen([topic_of(q.text) for q in queries]))},
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="train_precedents", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path, help="keeps the vectors between two runs")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    bench = bench_of(args.data / "acord", args.kept)
    metrics = measured(bench)
    for name, row in metrics.items():
        print(json.dumps({"system": name, **row}), flush=True)
    if args.write:
        ship(bench.fit(range(len(bench.queries))).as_model(), card_of(bench, metrics, args.data / "acord"))
    return 0


def bench_of(folder: Path, kept: Path | None) -> Bench:
    """The judged clauses of ACORD and its queries, ready to fit."""
    clauses, queries = read_acord(folder)
    judged = numpy.unique(numpy.concatenate([q.pool for q in queries]))
    moved = [Query(q.text, q.category, numpy.searchsorted(judged, q.pool), q.grades) for q in queries]
    return Bench(moved, prepared_from([clauses[n] for n in judged], kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
