"""Fits the model that finds clauses in contracts: extractors/models/clauses.

    python -m benchmarks.train_clauses --data DIR [--write]

DIR holds the set cuad. Every figure is of contracts whose company no stage of the fold's model has seen: sentences are
scored out of fold, and what weighs the spans and the presence of clauses learns from those scores, out of fold again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.clauses_data import Contract, contracts, fingerprint
from benchmarks.clauses_figures import best_middles, figures, trust, truth
from benchmarks.clauses_judges import FOLDS, gained, presences, spans
from benchmarks.clauses_risks import losses, surest
from benchmarks.clauses_vectors import meanings
from benchmarks.clauses_whole import wholes
from extractors.contract.clause_hints import hints_of, hits_of
from extractors.contract.clause_scores import CATEGORIES, Scorer, probabilities
from extractors.contract.clause_spans import tables_of
from extractors.contract.clause_whole import single_words
from extractors.contract.clause_words import Vocabulary
from extractors.contract.clauses import NAME, READER
from extractors.contract.presence import Weighed, confidences, presence_signs, rule_counts, told_at
from extractors.model_cards import Card, DataSet
from extractors.model_files import ship

OTHERS = 0.3  # share of the sentences without any clause that the linear models learn from
NEVER = -9.0  # score of a category without an example


def say(what: str) -> None:
    """Progress, with the CPU seconds spent so far."""
    print(f"{time.process_time():6.0f} s  {what}", file=sys.stderr, flush=True)


def folds_of(papers: Sequence[Contract]) -> Any:
    """The fold of each contract; a company is in one fold."""
    found = numpy.zeros(len(papers), int)
    splits = GroupKFold(FOLDS, shuffle=True, random_state=1).split(papers, groups=[p.company for p in papers])
    for fold, (_, tested) in enumerate(splits):
        found[tested] = fold
    return found


def linear(matrix: Any, right: Any) -> tuple[Any, Any]:
    """(weights, bias): a logistic regression for each category."""
    weights = numpy.zeros((matrix.shape[1], right.shape[1]), numpy.float32)
    bias = numpy.zeros(right.shape[1], numpy.float32)
    for category in range(right.shape[1]):
        if not right[:, category].any():
            bias[category] = NEVER
            continue
        model = LogisticRegression(C=8, solver="liblinear", dual=True, max_iter=12, tol=0.05, intercept_scaling=2)
        model.fit(matrix, right[:, category])
        weights[:, category], bias[category] = model.coef_[0], model.intercept_[0]
    return weights, bias


def sentence_scores(papers: Sequence[Contract], folds: Any) -> tuple[Scorer, list[Any]]:
    """The scorer fitted on all, and each contract's scores out of fold."""
    vocabulary = Vocabulary.fitted(said for p in papers for said in p.said)
    matrix = vocabulary.matrix([said for p in papers for said in p.said])
    right = numpy.vstack([p.right for p in papers])
    say(f"{matrix.shape[0]} sentences, {matrix.shape[1]} words")
    fold = numpy.repeat(folds, [len(p.said) for p in papers])
    used = right.any(axis=1) | (numpy.random.default_rng(0).random(len(right)) < OTHERS)
    scores = numpy.zeros(right.shape)
    for n in range(FOLDS):
        weights, bias = linear(matrix[(fold != n) & used], right[(fold != n) & used])
        scores[fold == n] = matrix[fold == n] @ weights + bias
        say(f"sentences, fold {n}")
    weights, bias = linear(matrix[used], right[used])
    calibration = numpy.ones((len(CATEGORIES), 2))
    for category in numpy.flatnonzero(right.any(axis=0)):
        line = LogisticRegression(C=10).fit(scores[:, [category]], right[:, category])
        calibration[category] = line.coef_[0, 0], line.intercept_[0]
    ends = numpy.cumsum([len(p.said) for p in papers])[:-1]
    return Scorer(vocabulary, weights, bias, calibration), numpy.split(scores, ends)


def kept_scores(kept: Path | None, papers: Sequence[Contract], folds: Any) -> tuple[Scorer, list[Any]]:
    """sentence_scores, computed once where a file keeps them."""
    ends = numpy.cumsum([len(p.said) for p in papers])[:-1]
    if kept is not None and kept.is_file():
        found = numpy.load(kept)
        model = {name: found[name] for name in ("rarity", "weights", "bias", "calibration")}
        return Scorer.unpacked({**model, "words": str(found["words"])}), numpy.split(found["scores"], ends)
    scorer, scores = sentence_scores(papers, folds)
    if kept is not None:
        numpy.savez(kept, scores=numpy.vstack(scores), **scorer.packed())
    return scorer, scores


def told_of(weighed: Sequence[Weighed], there: Any, folds: Any) -> list[Any]:
    """For each contract the confidences of its spans, with middles of the other folds."""
    middles = numpy.array([best_middles(there[folds != n]) for n in range(FOLDS)])[folds]
    every = zip(weighed, there, middles, strict=True)
    return [confidences(own.places, own.gains, told_at(t, m)) for own, t, m in every]


def main(argv: Sequence[str] | None = None) -> int:
    """Fits, judges, and ships with `--write`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--kept", type=Path, help="keeps scores of sentences between two runs (.npz), and vectors beside it"
    )
    parser.add_argument("--write", action="store_true", help="into extractors/models/clauses")
    options = parser.parse_args(argv)
    warnings.simplefilter("ignore", ConvergenceWarning)
    papers = contracts(options.data)
    say(f"{len(papers)} contracts")
    folds = folds_of(papers)
    scorer, scores = kept_scores(options.kept, papers, folds)
    likely = [probabilities(s, scorer.calibration) for s in scores]
    tables = [tables_of(p.doc, s, q) for p, s, q in zip(papers, scores, likely, strict=True)]
    say("spans listed")
    judges, order, found = spans(papers, folds, tables)
    say("spans judged")
    hits = [hits_of(p.said) for p in papers]
    heard = [(s, hints_of(h)) for s, h in zip(scores, hits, strict=True)]
    network, meant = meanings(papers, folds, found, heard, _vectors_beside(options.kept))
    say("what they mean")
    gains, added = gained(papers, folds, found, meant, order)
    say("what they add")
    weighed = [Weighed(*own, gain, means) for own, (_, gain), means in zip(found, added, meant, strict=True)]
    whole, wholly = wholes(papers, folds, single_words(scorer.vocabulary))
    signs = [presence_signs(*own) for own in zip(weighed, likely, hits, wholly, strict=True)]
    presence, there = presences(papers, folds, signs, numpy.array([rule_counts(h) for h in hits]))
    presence["middles"] = best_middles(there)
    told = told_of(weighed, there, folds)
    rows = figures(papers, [at for at, _ in found], told)
    trusted = trust(papers, weighed, told, there)
    rows["all"] |= {f"probability_error_{of}": figure["error"] for of, figure in trusted.items()}
    print(json.dumps(rows["all"]))
    print(json.dumps({"probabilities": trusted}))
    print(json.dumps({"losses": losses(surest(weighed, told), there, truth(papers))}))
    if options.write:
        weighing = {"judges": judges, "network": network, "gains": gains, "order": order, "presence": presence}
        model = {"scorer": scorer.packed(), "whole": whole, **weighing}
        print(ship(model, _card(options.data, len(papers), rows)))
    return 0


def _vectors_beside(kept: Path | None) -> Path | None:
    return None if kept is None else kept.with_suffix(".vectors.npz")


def _card(data: Path, count: int, rows: dict[str, dict[str, float | None]]) -> Card:
    return Card(
        name=NAME,
        version="4",
        reader=READER,
        made_at=datetime.now(UTC),
        made_by="python -m benchmarks.train_clauses --data DIR --write",
        about="Finds the clauses of a contract in CUAD's 41 categories: spans, and whether there is such a clause.",
        data=(DataSet(name="cuad", documents=count, sha256=fingerprint(data), licence="CC-BY-4.0"),),
        metrics=rows,
        notes=(
            "Figures are out of fold, by company; CUAD's own scoring (a span counts from a Jaccard index of 0.5 on).",
            "p80r: precision at 80% recall; aupr: area under the curve of precision and recall; presence_f1: whether "
            "there is such a clause; answers_at_98: share of the answers decided at 98% realised precision; "
            "probability_error: calibration error beyond chance (of best spans, of others, of others taken for there).",
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
