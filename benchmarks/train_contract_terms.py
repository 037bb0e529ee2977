"""Fits the model behind a contract's key terms: extractors/models/contract_terms.

    python -m benchmarks.train_contract_terms --data DIR [--kept FILE] [--write]

DIR holds the set cuad. Figures are of contracts of companies that the fold's model has not seen; the rankers of names
and the calibration are fitted to what taggers of other folds said. The tagger that is shipped is the mean
of the folds' taggers. `--kept` keeps those between runs, since they take most of the time. kleister_nda is never
learnt from.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contract_data import FOLDS, contracts, labels_sha256
from benchmarks.contract_terms_figures import calibration_of, figures
from benchmarks.contract_terms_fit import Prepared, fit, mean_of, taggers_of
from extractors.contract.parties_candidates import Head
from extractors.contract.parties_tagger import marginals_of
from extractors.contract.terms import raw_terms
from extractors.contract.terms_model import NAME, READER, tagger_of
from extractors.model_cards import Card, DataSet
from extractors.model_files import ship


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
    papers = [row.contract for row in rows]
    metrics = figures(papers, raws)
    for name, row_ in metrics.items():
        print(f"{name:25}", json.dumps({k: round(v or 0.0, 4) for k, v in row_.items()}), flush=True)
    model = fit(rows, mean_of(taggers)) | {"calibration": calibration_of(papers, raws)}
    if args.write:
        print(ship(model, card(len(rows), labels_sha256(args.data), metrics)))
    return 0


def card(count: int, sha256: str, metrics: dict[str, dict[str, float | None]]) -> Card:
    """What is known of the model."""
    return Card(
        name=NAME,
        version="3",
        reader=READER,
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
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
