"""What the trainer of key terms fits: the tagger of the head, the ranker of names, the rankers of dates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy

from benchmarks.contract_data import FOLDS, Contract
from benchmarks.contract_terms_parties import alike
from extractors.contract.dates_ranked import setting_of, signs_of
from extractors.contract.parties import tidy
from extractors.contract.parties_candidates import Head, candidates_of
from extractors.contract.parties_measures import measures_of
from extractors.contract.parties_runs import Token, folded
from extractors.contract.parties_tagger import LABELS
from extractors.contract.parties_tokens import preamble_of, tokens_of, windows
from extractors.contract.parties_tokens import signs_of as token_signs
from extractors.model_bytes import from_bytes, to_bytes

CRF = {"algorithm": "lbfgs", "c1": 0.08, "c2": 0.02, "max_iterations": 80, "min_freq": 2}
SHORTEST = 5  # letters and digits of a name that may be another's misspelling


def as_written(contract: Contract, tokens: Sequence[Token]) -> dict[str, str]:
    """The parties as the text writes them: CUAD's answers misspell some, and add to others ("and its affiliates")."""
    head = Head(contract.text, tokens, ())
    forms = {folded(name): name for c in candidates_of(head) if (name := tidy(contract.text[c.start : c.end]))}
    marked = {key: contract.spellings[key] & forms.keys() for key in contract.parties}
    found = {key: forms[key] for keys in marked.values() for key in keys}
    for key, name in contract.parties.items():
        near = [f for f in forms if f not in found and len(f) > SHORTEST and alike(f, key)] if not marked[key] else []
        best = max(near, key=lambda f: SequenceMatcher(None, f, key, False).ratio(), default=None)
        if not marked[key]:
            found |= {best: forms[best]} if best else {key: name}
    return found


def token_labels(contract: Contract, tokens: Sequence[Token], known: Mapping[str, str]) -> list[str]:
    """B, I and O of titles (T) and parties (P). Every mention of a party in the head counts, marked or not."""
    labels = ["O"] * len(tokens)
    for start, end in contract.spans_of("Document Name"):
        _mark(labels, tokens, (start, end), "T")
    names = {contract.text[a:b] for a, b in contract.spans_of("Parties") if folded(contract.text[a:b]) in known}
    for name in sorted({*names, *known.values()}, key=len, reverse=True):
        words = name.strip(" ,;").split()
        if len(name) < 4 or not words:
            continue
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", re.I)
        for window in windows(contract.text):
            for m in pattern.finditer(contract.text, window.start, window.end):
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
        self.known = as_written(contract, self.tokens)
        self.labels = token_labels(contract, self.tokens, self.known)
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
        y += [folded(tidy(row.contract.text[c.start : c.end])) in row.known for c in candidates]
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
