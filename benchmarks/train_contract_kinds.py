"""Fits the model that tells kinds of contracts: extractors/models/contract_kind.

    python -m benchmarks.train_contract_kinds --data DIR [--kept FILE] [--write]

DIR holds the sets cuad and contract_nli; kinds that neither has are made by benchmarks.contract_texts. Every real
contract is learnt twice, whole and without its title and preamble, so that the body counts; it is measured with its
beginning cut off in other ways too. `--kept` keeps the features between runs. Figures are of contracts of companies
that neither the model nor its calibration has seen, and of what would be told: a kind below LEAST is none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from benchmarks.contract_data import FOLDS, labels_sha256
from benchmarks.contract_kind_rows import MEASURED, NDAS, WHOLE, Row, gathered
from benchmarks.contract_texts import TITLES
from extractors.contract.kind import NAME, NONE, chances_of, told_of, weighed
from extractors.contract.kind_features import READER
from extractors.model_bytes import from_bytes, to_bytes
from extractors.model_cards import Card, DataSet, Figures
from extractors.model_files import ship

SHARES = (1.0, 0.5, 0.8, 0.5, 1.0)  # of title, head, body, defined terms, signs
STRENGTH = 30.0  # inverse of the penalty
RARE = (2, 3, 4, 2)  # texts that a word of each zone has to stand in
VOUCHING = (*MEASURED, NDAS)  # sources that say how right a probability is
Numbers = NDArray[numpy.float64]
Curves = dict[str, list[list[float]]]
Told = Sequence[tuple[str, float]]


def zones_of(blocks: Sequence[Any], counted: Sequence[int]) -> list[dict[str, Any]]:
    """Which columns count, and how rare their words are in the `counted` texts: each contract once."""
    zones: list[dict[str, Any]] = []
    for block, share, least in zip(blocks[:-1], SHARES, RARE, strict=False):
        frequency = numpy.asarray((block[counted] > 0).sum(axis=0)).ravel()
        columns = numpy.flatnonzero(frequency >= least)
        rarity = numpy.log((len(counted) + 1) / (frequency[columns] + 1)) + 1
        zones.append({"columns": columns, "rarity": rarity.astype(numpy.float32), "share": share, "norm": True})
    signs = blocks[-1].shape[1]
    ones = numpy.ones(signs, dtype=numpy.float32)
    return [*zones, {"columns": numpy.arange(signs), "rarity": ones, "share": SHARES[-1], "norm": False}]


class Space:
    """All texts as dense vectors whose products are those of the sparse rows: few texts, many words."""

    def __init__(self, blocks: Sequence[Any], rows: Sequence[Row]) -> None:
        from scipy.sparse import hstack

        whole = [n for n, r in enumerate(rows) if r.weight and r.source in (WHOLE, NDAS, "made")]
        self.zones = zones_of(blocks, whole)
        every = hstack(weighed(blocks, self.zones)).tocsr()
        self._learnt = every[numpy.flatnonzero([r.weight > 0 for r in rows])]
        values, vectors = numpy.linalg.eigh((self._learnt @ self._learnt.T).toarray())
        kept = values > 1e-4
        self._back = vectors[:, kept] / numpy.sqrt(values[kept])
        self.dense: Numbers = (every @ self._learnt.T) @ self._back

    def weights(self, coefficients: Numbers) -> list[Numbers]:
        """Weights of the words of each zone from those of the dense vectors."""
        whole = self._learnt.T @ (self._back @ coefficients.T)
        ends = numpy.cumsum([len(z["columns"]) for z in self.zones])
        return [part.astype(numpy.float16) for part in numpy.split(whole, ends[:-1])]


def fit(space: Space, rows: Sequence[Row], chosen: NDArray[numpy.bool_]) -> Any:
    """Multinomial regression over the chosen rows."""
    from sklearn.linear_model import LogisticRegression

    y = numpy.array([r.kind for r in rows])
    weights = numpy.array([r.weight for r in rows])
    chosen = chosen & (weights > 0)
    model = LogisticRegression(C=STRENGTH, max_iter=40)
    return model.fit(space.dense[chosen], y[chosen], sample_weight=weights[chosen])


def unseen(space: Space, rows: Sequence[Row]) -> list[tuple[str, float]]:
    """What a model says of each text that has not seen its fold."""
    folds = numpy.array([r.fold for r in rows])
    told: list[tuple[str, float]] = [("", 0.0)] * len(rows)
    for n in range(FOLDS):
        model = fit(space, rows, folds != n)
        places = numpy.flatnonzero(folds == n)
        for place, chances in zip(places, model.predict_proba(space.dense[places]), strict=True):
            best = int(chances.argmax())
            told[place] = (str(model.classes_[best]), float(chances[best]))
        print(f"fold {n}", flush=True)
    return told


def curves(rows: Sequence[Row], told: Told, without: int | None = None) -> Curves:
    """How right a probability is, apart for titles that name the told kind alone; `without` one fold."""
    found: Curves = {}
    for name in ("titled", "other"):
        found[name] = curve([
            (p, kind == r.kind) for r, (kind, p) in zip(rows, told, strict=True)
            if r.source in VOUCHING and r.fold != without and (kind == r.titled) == (name == "titled")
        ])  # fmt: skip
    return found


def curve(pairs: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """The share of right answers by the model's probability, rising; held back where all were right."""
    from sklearn.isotonic import IsotonicRegression

    xs, ys = [p for p, _ in pairs], [float(ok) for _, ok in pairs]
    model = IsotonicRegression(out_of_bounds="clip").fit([*xs, 1.0, 1.0], [*ys, 0.0, 1.0])
    points = zip(model.X_thresholds_, model.y_thresholds_, strict=True)
    return [[round(float(x), 4), round(float(y), 4)] for x, y in points]


def calibrated_unseen(rows: Sequence[Row], told: Told) -> list[tuple[str, float]]:
    """What would be told of each text, by curves that have not seen its fold; NONE where it would be no kind."""
    by_fold = [curves(rows, told, n) for n in range(FOLDS)]
    found = []
    for row, (kind, p) in zip(rows, told, strict=True):
        model = {"kinds": [kind], "calibration": by_fold[row.fold]}
        said, sure = told_of([p], row.titled, model)
        found.append((said or NONE, sure))
    return found


def figures(rows: Sequence[Row], told: Told) -> Figures:
    """Accuracy, macro F1 over the kinds that are there, share wrong and sure, calibration error in ten bins."""
    from sklearn.metrics import f1_score

    y, said, sure = [r.kind for r in rows], [k for k, _ in told], [p for _, p in told]
    good = [a == b for a, b in zip(y, said, strict=True)]
    bins: dict[int, float] = {}
    for p, ok in zip(sure, good, strict=True):
        bins[min(int(p * 10), 9)] = bins.get(min(int(p * 10), 9), 0.0) + p - ok
    n = len(rows) or 1
    return {
        "n": len(rows), "right": sum(good) / n, "kinds": len(set(y)),
        "macro_f1": float(f1_score(y, said, average="macro", labels=sorted(set(y)), zero_division=0)),
        "wrong_at_90": sum(p >= 0.9 and not ok for p, ok in zip(sure, good, strict=True)) / n,
        "reach_90": sum(p >= 0.9 for p in sure) / n, "calibration": sum(abs(b) for b in bins.values()) / n,
    }  # fmt: skip


def measured(rows: Sequence[Row], told: Told) -> dict[str, Figures]:
    """Figures of each source, and of each kind of whole contract."""
    groups = {s: [n for n, r in enumerate(rows) if r.source == s] for s in (*MEASURED, NDAS, "made")}
    for kind in sorted({r.kind for r in rows if r.source == WHOLE}):
        groups[kind] = [n for n in groups[WHOLE] if rows[n].kind == kind]
    return {name: figures([rows[n] for n in at], [told[n] for n in at]) for name, at in groups.items()}


def main(argv: list[str]) -> int:
    """Fits, prints, and with --write replaces the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    rows, blocks = _kept(args.kept) or gathered(args.data)
    if args.kept and not args.kept.is_file():
        args.kept.write_bytes(to_bytes({"rows": [list(vars(r).values()) for r in rows], "blocks": blocks}))
    print(f"{len(rows)} texts", flush=True)
    space = Space(blocks, rows)
    told = unseen(space, rows)
    metrics = measured(rows, calibrated_unseen(rows, told))
    for name, row in metrics.items():
        print(f"{name:20}", json.dumps({k: round(v or 0.0, 4) for k, v in row.items()}), flush=True)
    if args.write:
        last = fit(space, rows, numpy.ones(len(rows), dtype=bool))
        model = {
            "kinds": [str(k) for k in last.classes_], "bias": last.intercept_.astype(numpy.float32),
            "zones": space.zones, "weights": space.weights(last.coef_), "calibration": curves(rows, told),
        }  # fmt: skip
        same = chances_of([b[:20] for b in blocks], model)
        print("shipped as fitted:", abs(numpy.array(same) - last.predict_proba(space.dense[:20])).max())
        print(ship(model, card(rows, labels_sha256(args.data), metrics)))
    return 0


def _kept(file: Path | None) -> tuple[list[Row], list[Any]] | None:
    if file is None or not file.is_file():
        return None
    kept = from_bytes(file.read_bytes())
    return [Row(*r) for r in kept["rows"]], kept["blocks"]


def card(rows: Sequence[Row], cuad: str, metrics: dict[str, Figures]) -> Card:
    """What is known of the model."""
    counts = {s: sum(r.source == s for r in rows) for s in (WHOLE, NDAS, "made")}
    made = hashlib.sha256(repr(sorted(TITLES.items())).encode()).hexdigest()
    return Card(
        name=NAME,
        version="2",
        reader=READER,
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        made_by="python -m benchmarks.train_contract_kinds --data DIR --write",
        about=f"Tells which of {len({r.kind for r in rows}) - 1} kinds a contract is of, or none of them ({NONE!r}).",
        data=(
            DataSet(name="cuad", documents=counts["cuad"], sha256=cuad, licence="CC-BY-4.0"),
            DataSet(name="contract_nli", documents=counts["contract_nli"], licence="CC-BY-4.0"),
            DataSet(name="made", documents=counts["made"], sha256=made, licence="own"),
        ),
        metrics=metrics,
        notes=(
            "Employment, Lease, Data Processing, Loan, Purchase, Shareholders and nearly all Non-Compete contracts are "
            "made by a script, as are papers that are no contract: no figure here says how real ones fare.",
            "The row 'cuad body' is of contracts without their title and preamble, 'cuad cut N' without their first N "
            "characters, 'cuad from 1' without all before the first numbered clause. Of Non-Compete there is one.",
            "wrong_at_90 is the share of all texts that are told wrongly with a confidence of 0.9 or more.",
        ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
