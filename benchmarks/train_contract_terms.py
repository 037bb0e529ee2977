"""Fits the model behind a contract's key terms: extractors/models/contract_terms.

    python -m benchmarks.train_contract_terms --data DIR [--kept FILE] [--write]

DIR holds the set cuad. Figures are of contracts of companies that the fold's model has not seen; the rankers of names
and the calibration are fitted to what taggers of other folds said. The tagger that is shipped is the mean of the folds'
taggers. `--kept` keeps those between runs, since they take most of the time. kleister_nda is never learnt from.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy

from benchmarks.contract_data import FOLDS, Contract, contracts, labels_sha256
from extractors.contract.dates_ranked import setting_of, signs_of
from extractors.contract.parties import folded
from extractors.contract.parties_candidates import Head, candidates_of, measures_of
from extractors.contract.parties_tagger import LABELS, marginals_of
from extractors.contract.parties_tokens import Token, preamble_of, tokens_of, windows
from extractors.contract.parties_tokens import signs_of as token_signs
from extractors.contract.terms import raw_terms
from extractors.contract.terms_model import NAME, READER, tagger_of
from extractors.model_bytes import from_bytes, to_bytes
from extractors.model_cards import Card, DataSet
from extractors.model_files import ship

CRF = {"algorithm": "lbfgs", "c1": 0.08, "c2": 0.02, "max_iterations": 80, "min_freq": 2}
FIELDS = {
    "title": "Document Name", "parties": "Parties", "agreement_date": "Agreement Date",
    "effective_date": "Effective Date", "expires_on": "Expiration Date", "governing_law": "Governing Law",
    "renewal_term": "Renewal Term", "notice_period": "Notice Period To Terminate Renewal",
}  # fmt: skip


def token_labels(contract: Contract, tokens: Sequence[Token]) -> list[str]:
    """B, I and O of titles (T) and parties (P). Every mention of a party in the head counts, marked or not."""
    labels = ["O"] * len(tokens)
    for start, end in contract.spans_of("Document Name"):
        _mark(labels, tokens, (start, end), "T")
    known = contract.parties
    names = {contract.text[a:b] for a, b in contract.spans_of("Parties") if folded(contract.text[a:b]) in known}
    for name in sorted({*names, *known.values()}, key=len, reverse=True):
        words = name.strip(" ,;").split()
        if len(name) < 4 or not words:
            continue
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", re.I)
        for start, end in windows(contract.text):
            for m in pattern.finditer(contract.text, start, end):
                _mark(labels, tokens, m.span(), "P")
    return labels


def _mark(labels: list[str], tokens: Sequence[Token], span: tuple[int, int], what: str) -> None:
    inside = [n for n, t in enumerate(tokens) if span[0] <= t.start and t.end <= span[1]]
    while inside and tokens[inside[-1]].text in ',;:("“':
        inside.pop()
    while inside and tokens[inside[0]].text in ',;:("“.':
        inside.pop(0)
    if inside and all(labels[n] == "O" for n in inside):
        for place, n in enumerate(inside):
            labels[n] = ("B-" if place == 0 else "I-") + what


class Prepared:
    """A contract with all that does not depend on a fold."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.tokens = tokens_of(contract.text)
        self.signs = token_signs(contract.text, self.tokens)
        self.labels = token_labels(contract, self.tokens)
        signature = contract.doc.signature
        self.setting = setting_of(contract.text, signature[0] if signature else None, preamble_of(contract.text))
        self.date_signs = signs_of(self.setting)
        self.head: Head | None = None  # as a tagger of another fold sees it


def fit_tagger(rows: Sequence[Prepared]) -> dict[str, Any]:
    """The CRF's weights as arrays; signs that weigh nothing are left out."""
    import sklearn_crfsuite  # type: ignore[import-untyped]

    crf = sklearn_crfsuite.CRF(**CRF)
    sequences = [part for r in rows for part in _parts(r)]
    crf.fit([s for s, _ in sequences], [y for _, y in sequences])
    names = sorted({name for (name, _), w in crf.state_features_.items() if abs(w) > 1e-4})
    place = {name: n for n, name in enumerate(names)}
    weights = numpy.zeros((len(names), len(LABELS)), dtype=numpy.float32)
    for (name, label), w in crf.state_features_.items():
        if name in place:
            weights[place[name], LABELS.index(label)] = w
    moves = numpy.zeros((len(LABELS), len(LABELS)))
    for (a, b), w in crf.transition_features_.items():
        moves[LABELS.index(a), LABELS.index(b)] = w
    for a in LABELS:
        for b in LABELS:
            if b.startswith("I") and a[2:] != b[2:]:
                moves[LABELS.index(a), LABELS.index(b)] = -30.0  # nothing goes on that did not begin
    return {"names": "\n".join(names), "weights": weights, "moves": moves}


def taggers_of(rows: Sequence[Prepared], kept: Path | None) -> list[dict[str, Any]]:
    """For each fold a tagger that has not seen it."""
    if kept and kept.is_file():
        found: list[dict[str, Any]] = from_bytes(kept.read_bytes())
        return found
    found = []
    for n in range(FOLDS):
        found.append(fit_tagger([r for r in rows if r.contract.fold != n]))
        print(f"tagger {n}", flush=True)
    if kept:
        kept.write_bytes(to_bytes(found))
    return found


def mean_of(taggers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One tagger whose weights are the mean of theirs."""
    names = sorted({name for t in taggers for name in t["names"].split("\n")})
    place = {name: n for n, name in enumerate(names)}
    weights = numpy.zeros((len(names), len(LABELS)), dtype=numpy.float32)
    for tagger in taggers:
        rows = [place[name] for name in tagger["names"].split("\n")]
        weights[rows] += tagger["weights"] / len(taggers)
    return {"names": "\n".join(names), "weights": weights, "moves": sum(t["moves"] for t in taggers) / len(taggers)}


def _parts(row: Prepared) -> list[tuple[list[list[str]], list[str]]]:
    found = []
    for part in sorted({t.part for t in row.tokens}):
        own = [n for n, t in enumerate(row.tokens) if t.part == part]
        found.append(([row.signs[n] for n in own], [row.labels[n] for n in own]))
    return found


def fit_names(rows: Sequence[Prepared]) -> Any:
    """The ranker of candidates for party names; every row's head was tagged by a model that has not seen it."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    x: list[list[float]] = []
    y: list[bool] = []
    for row in rows:
        if row.head is None:
            continue
        candidates = candidates_of(row.head)
        x += measures_of(row.head, candidates)
        known = row.contract.parties
        y += [folded(row.contract.text[c.start : c.end]) in known for c in candidates]
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.08, max_leaf_nodes=12, min_samples_leaf=15, l2_regularization=1.0, random_state=7
    )
    return model.fit(numpy.array(x), numpy.array(y))


def fit_dates(rows: Sequence[Prepared], category: str) -> dict[str, Any]:
    """A ranker of mentions of dates: weights of its signs."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    signs, right = [], []
    for row in rows:
        day = row.contract.day(category)
        signs += [dict.fromkeys(s, 1.0) for s in row.date_signs]
        right += [found.value == day for found in row.setting.found]
    vectors = DictVectorizer(dtype=numpy.float32)
    model = LogisticRegression(C=0.6, max_iter=150).fit(vectors.fit_transform(signs), right)
    weights = model.coef_[0].copy()
    names = list(vectors.get_feature_names_out())
    weights[names.index("bias")] += model.intercept_[0]
    kept = [n for n, w in enumerate(weights) if abs(w) > 1e-3]
    return {"names": "\n".join(names[n] for n in kept), "weights": weights[kept].astype(numpy.float32)}


def fit(rows: Sequence[Prepared], tagger: dict[str, Any]) -> dict[str, Any]:
    """All parts but the calibration."""
    dates = {"agreement": fit_dates(rows, "Agreement Date"), "effective": fit_dates(rows, "Effective Date")}
    return {"tagger": tagger, "names": fit_names(rows), "dates": dates, "calibration": {}}


def right(contract: Contract, name: str, value: str) -> bool | None:
    """Whether a value is what CUAD answers; None where CUAD says nothing that can be compared."""
    answer = contract.answers.get(FIELDS[name], "")
    if name == "parties":
        return {folded(p) for p in json.loads(value)} == contract.parties.keys()
    if name.endswith("_date") or name == "expires_on":
        day = contract.day(FIELDS[name])
        return day is not None and value == day.isoformat()
    if name in ("renewal_term", "notice_period"):
        m = re.search(r"(\d+)\)?\s*(year|month|week|day)s?\s*$", answer.lower())
        return m is not None and _length(f"{m[1]} {m[2]}s") == _length(value)
    if name == "governing_law":
        return _place(value) == _place(answer)
    return folded(value) == folded(answer)


def _place(value: str) -> str:
    return folded(re.sub(r"\b(the|laws?|state|commonwealth|of|and|canada)\b", " ", value.lower()))


def _length(value: str) -> tuple[str, int]:
    count, unit = value.split()
    factor = {"years": 12, "weeks": 7}.get(unit, 1)
    return ("months" if unit in ("years", "months") else "days"), int(count) * factor


def curve(pairs: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """Score and share of right answers, rising: isotonic, with a few doubtful ones added at both ends."""
    from sklearn.isotonic import IsotonicRegression

    xs = [p[0] for p in pairs]
    if len(pairs) < 20:
        return []
    ys = [float(p[1]) for p in pairs]
    model = IsotonicRegression(out_of_bounds="clip").fit([min(xs), *xs, max(xs)], [0.5, *ys, 0.5])
    points = sorted(
        {
            (round(float(x), 4), round(float(y), 4))
            for x, y in zip(model.X_thresholds_, model.y_thresholds_, strict=True)
        }
    )
    return [list(p) for p in points]


def figures(rows: Sequence[Prepared], raws: Sequence[dict[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Precision, recall and F1 of each term; of parties also name by name."""
    found: dict[str, dict[str, float | None]] = {}
    for name in FIELDS:
        said = [(r.contract, raw[name].value) for r, raw in zip(rows, raws, strict=True) if name in raw]
        good = sum(bool(right(c, name, v)) for c, v in said)
        there = sum(_there(r.contract, name) for r in rows)
        found[name] = _row(good, len(said), there)
    names = [
        ({folded(p) for p in json.loads(raw["parties"].value)} if "parties" in raw else set(), r.contract)
        for r, raw in zip(rows, raws, strict=True)
    ]
    found["parties, names"] = _row(
        sum(len(n & c.parties.keys()) for n, c in names),
        sum(len(n) for n, _ in names),
        sum(len(c.parties) for _, c in names),
    )
    few = [(n, c) for n, c in names if len(c.parties) <= 8]
    found["parties, at most 8"] = _row(
        sum(len(n & c.parties.keys()) for n, c in few), sum(len(n) for n, _ in few), sum(len(c.parties) for _, c in few)
    )
    return found


def _there(contract: Contract, name: str) -> bool:
    if name.endswith("_date") or name == "expires_on":
        return contract.day(FIELDS[name]) is not None
    return bool(contract.answers.get(FIELDS[name]))


def _row(good: int, said: int, there: int) -> dict[str, float | None]:
    return {
        "n": there, "right": good, "precision": good / max(said, 1), "recall": good / max(there, 1),
        "f1": 2 * good / max(said + there, 1),
    }  # fmt: skip


def calibration_of(rows: Sequence[Prepared], raws: Sequence[dict[str, Any]]) -> dict[str, list[list[float]]]:
    """A curve for each term that CUAD knows."""
    found = {}
    for name in FIELDS:
        pairs = [
            (raw[name].score, bool(right(r.contract, name, raw[name].value)))
            for r, raw in zip(rows, raws, strict=True)
            if name in raw
        ]
        points = curve(pairs)
        if points and len({p[0] for p in pairs}) == 1:
            points = [[pairs[0][0], round(sum(ok for _, ok in pairs) / len(pairs), 4)]]
        if points:
            found[name] = points
    return found


def main(argv: list[str]) -> int:
    """Fits, prints, and with --write replaces the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    rows = [Prepared(c) for c in contracts(args.data)]
    print(f"{len(rows)} contracts, {sum(len(r.tokens) for r in rows)} tokens", flush=True)
    taggers = taggers_of(rows, args.kept)
    for row in rows:
        weights = tagger_of({"tagger": taggers[row.contract.fold]})
        row.head = Head(row.contract.text, row.tokens, marginals_of(row.tokens, row.signs, weights))
    raws: list[dict[str, Any]] = [{} for _ in rows]
    for n in range(FOLDS):
        model = fit([r for r in rows if r.contract.fold != n], taggers[n])
        for place, row in enumerate(rows):
            if row.contract.fold == n:
                raws[place] = raw_terms(row.contract.doc, model)
        print(f"fold {n}", flush=True)
    metrics = figures(rows, raws)
    for name, row_ in metrics.items():
        print(f"{name:20}", json.dumps({k: round(v or 0.0, 4) for k, v in row_.items()}), flush=True)
    model = fit(rows, mean_of(taggers)) | {"calibration": calibration_of(rows, raws)}
    if args.write:
        print(ship(model, card(len(rows), labels_sha256(args.data), metrics)))
    return 0


def card(count: int, sha256: str, metrics: dict[str, dict[str, float | None]]) -> Card:
    """What is known of the model."""
    return Card(
        name=NAME,
        version="1",
        reader=READER,
        made_at=datetime(2026, 11, 21, tzinfo=UTC),
        made_by="python -m benchmarks.train_contract_terms --data DIR --write",
        about="Finds titles, parties and dates in the head of a contract, and says how sure each key term is.",
        data=(DataSet(name="cuad", documents=count, sha256=sha256, licence="CC-BY-4.0"),),
        metrics=metrics,
        notes=(
            "Figures are of contracts of companies that were not seen. Values are compared by letters and digits, "
            "dates by value; governing law without the words state, of, and, Canada. CUAD's answers have slips of "
            "their own (misspelt names, sentences taken for a party): they count against the reader here.",
            "Expiry is computed from the period and the date of effect; CUAD's answer 'perpetual' counts as no date.",
        ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
