"""ACORD as the benchmarks use it: attorney queries, the clauses judged for each, and how rankings are scored."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from extractors.precedents.clause_view import view
from extractors.precedents.clauses import Clause, Prepared, prepare, terms_of

Numbers = NDArray[Any]
FOLDS = 8
JUDGED = ("train", "valid")


@dataclass(frozen=True)
class Query:
    """A query with its judged clauses (rows of the corpus) and their grades 0-4."""

    text: str
    category: str
    pool: Numbers
    grades: Numbers


def read_acord(folder: Path) -> tuple[list[Clause], list[Query]]:
    """Corpus and judged queries. Raises OSError."""
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    clauses = [Clause(id=row["_id"], text=row["text"]) for row in corpus]
    place = {clause.id: number for number, clause in enumerate(clauses)}
    grades: dict[str, dict[int, int]] = defaultdict(dict)
    for part in JUDGED:
        with (folder / "qrels" / f"{part}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                grades[row["query-id"]][place[row["corpus-id"]]] = int(row["score"])
    queries = []
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        judged = sorted(grades[query["_id"]].items())
        if judged:
            pool, found = (numpy.array(column) for column in zip(*judged, strict=True))
            queries.append(Query(query["text"], query["metadata"]["category"], pool, found))
    return clauses, queries


def prepared_from(clauses: Sequence[Clause], kept: Path | None) -> list[Prepared]:
    """All clauses prepared; kept in a file between runs, since their vectors take minutes."""
    if kept is None or not kept.is_file():
        made = prepare(clauses)
        if kept:
            numpy.save(kept, numpy.stack([p.vector for p in made]))
        return made
    found = []
    for clause, vector in zip(clauses, numpy.load(kept), strict=True):
        said, shape = view(clause.text)
        found.append(Prepared(clause, terms_of(clause.text), vector, said, shape))
    return found


def ndcg(grades: Numbers, scores: Numbers, depth: int, exponential: bool = False) -> float:
    """NDCG at a depth over the judged clauses; the gain is the grade (as trec_eval has it), or 2^grade - 1."""
    order = numpy.argsort(-scores, kind="stable")[:depth]
    gains = (2.0**grades - 1) if exponential else grades.astype(float)
    discount = 1 / numpy.log2(numpy.arange(depth) + 2)
    ideal = numpy.sort(gains)[::-1][:depth]
    return float((gains[order] * discount[: len(order)]).sum() / max((ideal * discount[: len(ideal)]).sum(), 1e-9))


def figures(queries: Sequence[Query], scores: Sequence[Numbers]) -> dict[str, float | None]:
    """Mean NDCG@5 and @10 with both gains."""
    return {
        f"ndcg{depth}{'_exp' if exponential else ''}": round(
            float(numpy.mean([ndcg(q.grades, s, depth, exponential) for q, s in zip(queries, scores, strict=True)])), 4
        )
        for exponential in (False, True)
        for depth in (5, 10)
    }


def folds_by_query(queries: Sequence[Query]) -> list[int]:
    """Folds that hang on the query's text alone."""
    ranked = sorted(range(len(queries)), key=lambda n: hashlib.sha256(queries[n].text.encode()).hexdigest())
    found = [0] * len(queries)
    for place, number in enumerate(ranked):
        found[number] = place % FOLDS
    return found


def topic_of(query: str) -> str:
    """A coarse topic: all queries of one are left out together, which is harder than leaving out queries."""
    text = query.lower()
    if "warrant" in text or "as is" in text or "remed" in text:
        return "warranty"
    if "damage" in text or "profit" in text or "strict liab" in text:
        return "damages"
    if "cap" in text.split() or "liability cap" in text or "to a cap" in text:
        return "cap"
    return "indemnity" if "indemni" in text else "other"
