"""How right the key terms of contracts are, by CUAD's answers: precision, recall, F1, and the curves of calibration."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.contract_data import Contract
from benchmarks.contract_terms_parties import alike
from extractors.contract.parties_runs import folded

Raws = Sequence[Mapping[str, Any]]
Same = Callable[[str, str, Mapping[str, set[str]]], bool]  # of a labelled name and one that was told
MANY_PARTIES = 8  # beyond these a contract is a list of signatories
FIELDS = {
    "title": "Document Name", "parties": "Parties", "agreement_date": "Agreement Date",
    "effective_date": "Effective Date", "expires_on": "Expiration Date", "governing_law": "Governing Law",
    "renewal_term": "Renewal Term", "notice_period": "Notice Period To Terminate Renewal",
}  # fmt: skip


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


def figures(contracts: Sequence[Contract], raws: Raws) -> dict[str, dict[str, float | None]]:
    """Precision, recall and F1 of each term; parties name by name; names and titles also where they are but alike."""
    found: dict[str, dict[str, float | None]] = {}
    pairs = list(zip(contracts, raws, strict=True))
    for name in FIELDS:
        said = [(c, raw[name].value) for c, raw in pairs if name in raw]
        good = sum(bool(right(c, name, v)) for c, v in said)
        found[name] = _row(good, len(said), sum(_there(c, name) for c in contracts))
    titles = [(folded(c.answers.get(FIELDS["title"], "")), folded(r["title"].value)) for c, r in pairs if "title" in r]
    found["title, alike"] = _row(sum(alike(*t) for t in titles), len(titles), len(pairs))
    names = [({folded(p) for p in json.loads(r["parties"].value)} if "parties" in r else set(), c) for c, r in pairs]
    few = [(n, c) for n, c in names if len(c.parties) <= MANY_PARTIES]
    for count, chosen in (("names", names), ("at most 8", few)):
        found[f"parties, {count}"] = _names(chosen, lambda key, name, _: key == name)
        found[f"parties, {count} as marked"] = _names(chosen, lambda key, name, spelt: name in spelt[key])
        found[f"parties, {count} alike"] = _names(chosen, lambda key, name, _: alike(key, name))
    return found


def _names(pairs: Sequence[tuple[set[str], Contract]], same: Same) -> dict[str, float | None]:
    good = 0
    for names, contract in pairs:
        spelt, left = contract.spellings, list(contract.parties)
        for name in sorted(names, key=lambda n: n not in contract.parties):
            hit = next((k for k in left if k == name), None) or next((k for k in left if same(k, name, spelt)), None)
            if hit is not None:
                left.remove(hit)
                good += 1
    return _row(good, sum(len(n) for n, _ in pairs), sum(len(c.parties) for _, c in pairs))


def _there(contract: Contract, name: str) -> bool:
    if name.endswith("_date") or name == "expires_on":
        return contract.day(FIELDS[name]) is not None
    return bool(contract.answers.get(FIELDS[name]))


def _row(good: int, said: int, there: int) -> dict[str, float | None]:
    return {
        "n": there, "right": good, "precision": good / max(said, 1), "recall": good / max(there, 1),
        "f1": 2 * good / max(said + there, 1),
    }  # fmt: skip


def calibration_of(contracts: Sequence[Contract], raws: Raws) -> dict[str, list[list[float]]]:
    """A curve for each term that CUAD knows."""
    found = {}
    for name in FIELDS:
        pairs = [
            (raw[name].score, bool(right(c, name, raw[name].value)))
            for c, raw in zip(contracts, raws, strict=True)
            if name in raw
        ]
        points = curve(pairs)
        if points and len({p[0] for p in pairs}) == 1:
            points = [[pairs[0][0], round(sum(ok for _, ok in pairs) / len(pairs), 4)]]
        if points:
            found[name] = points
    return found
