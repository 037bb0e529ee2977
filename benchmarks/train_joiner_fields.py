"""Fits the ranker of joiners' forms, contracts and mails, and says how good it is on layouts that it has not seen.

    python -m benchmarks.train_joiner_fields [--layouts 240] [--write]

Papers are made by benchmarks/joiner_forms.py. Printed is precision, recall and F1 of each field over five folds of
whole layouts; without --write nothing changes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.joiner_forms import Told, papers
from extractors.joiner.candidates import Candidate, candidates_of
from extractors.joiner.ranking import NAME, READER, best_of, scored, using
from extractors.model_cards import Card, DataSet
from extractors.values import plain

TODAY = date(2026, 11, 21)
FOLDS = 5
SHOWN = (
    "surname", "given_names", "born_on", "employer", "department", "role", "manager", "starts_on", "weekly_hours",
    "nationality", "document_number", "address", "email",
)  # fmt: skip
Row = tuple[Told, list[Candidate]]


def same(one: str, other: str) -> bool:
    """Whether two values are the same but for case, accents and commas."""
    return plain(one).replace(",", " ").split() == plain(other).replace(",", " ").split()


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """The ranker for some papers."""
    import numpy
    from sklearn.ensemble import HistGradientBoostingClassifier

    from extractors.invoice.trees import of_boosting

    candidates = [(c, same(c.value, paper.truth.get(c.field, ""))) for paper, found in rows for c in found]
    names = sorted({name for c, _ in candidates for name in c.signs})
    signs = numpy.array([[c.signs.get(n, 0.0) for n in names] for c, _ in candidates], dtype=numpy.float32)
    right = numpy.array([r for _, r in candidates])
    trees = HistGradientBoostingClassifier(
        max_iter=160, learning_rate=0.08, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0, random_state=1
    )
    trees.fit(signs, right)
    return {"signs": names, "forest": of_boosting(trees)}


def judged(rows: Sequence[Row]) -> dict[str, list[tuple[float, bool | None]]]:
    """Per field the chance of each reading and whether it is right; (0.0, None) where one was missed."""
    found: dict[str, list[tuple[float, bool | None]]] = defaultdict(list)
    for paper, candidates in rows:
        scored(candidates)
        best = best_of(candidates)
        for field in SHOWN:
            label = paper.truth.get(field)
            if field in best:
                found[field].append((best[field][0].score, bool(label) and same(best[field][0].value, str(label))))
            if label and (field not in best or not found[field][-1][1]):
                found[field].append((0.0, None))
    return found


def figures(found: dict[str, list[tuple[float, bool | None]]]) -> dict[str, dict[str, float | None]]:
    """Precision, recall, F1 and the share of readings above .95 that are wrong, by field."""
    metrics: dict[str, dict[str, float | None]] = {}
    everything = [row for rows in found.values() for row in rows]
    for field, rows in [*found.items(), ("all", everything)]:
        right = sum(r is True for _, r in rows)
        read, asked = sum(r is not None for _, r in rows), right + sum(r is None for _, r in rows)
        sure = [r for chance, r in rows if r is not None and chance >= 0.95]
        metrics[field] = {
            "n": float(asked), "precision": right / max(read, 1), "recall": right / max(asked, 1),
            "f1": 2 * right / max(read + asked, 1), "sure": len(sure) / max(read, 1),
            "wrong_of_sure": sum(not r for r in sure) / max(len(sure), 1),
        }  # fmt: skip
    return metrics


def main(argv: Sequence[str]) -> int:
    """Prints figures out of fold; fits and ships with --write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_joiner_fields", description=__doc__)
    parser.add_argument("--layouts", type=int, default=240)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    told = parser.parse_args(argv)
    rows = [(paper, candidates_of(paper.pages, TODAY)) for paper in papers(told.layouts, told.each)]
    found: dict[str, list[tuple[float, bool | None]]] = defaultdict(list)
    for fold in range(FOLDS):
        model = fit([row for row in rows if int(row[0].layout) // 4 % FOLDS != fold])
        held = [row for row in rows if int(row[0].layout) // 4 % FOLDS == fold]
        with using(model, f"fold {fold}"):
            for field, values in judged(held).items():
                found[field] += values
            if told.show:
                _show(held)
    metrics = figures(found)
    for field, row in metrics.items():
        print(field.ljust(16), *(f"{name} {value:.3f}" for name, value in row.items() if value is not None))
    if told.write:
        _ship(fit(rows), rows, metrics)
    return 0


def _show(rows: Sequence[Row]) -> None:
    for paper, candidates in rows:
        best = best_of(candidates)
        for field in SHOWN:
            value, label = best[field][0].value if field in best else None, paper.truth.get(field)
            if (value or label) and not (value and label and same(value, label)):
                print(paper.layout, paper.kind, paper.language, paper.pages[0].source, field, repr(label), repr(value))


def _ship(model: dict[str, Any], rows: Sequence[Row], metrics: dict[str, dict[str, float | None]]) -> None:
    from extractors.model_files import ship

    digest = hashlib.sha256("".join(f"{p.layout} {sorted(p.truth.items())}\n" for p, _ in rows).encode()).hexdigest()
    made = DataSet(name="made by benchmarks/joiner_forms.py", documents=len(rows), sha256=digest, licence="own")
    card = Card(
        name=NAME,
        version="1",
        reader=READER,
        made_at=datetime(2026, 11, 21, tzinfo=UTC),
        made_by="python -m benchmarks.train_joiner_fields --write",
        about="Ranks what the fields of a joiner may be on HR forms, employment contracts and mails.",
        data=(made,),
        metrics=metrics,
        notes=(
            "Figures are of layouts that the fold's model has not seen, but all are made by one generator, whose "
            "wordings the lists of labels and phrases know: real papers fare worse.",
        ),
    )
    ship(model, card)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
