"""Fits what the words of a whole contract speak for (extractors/contract/clause_whole.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from benchmarks.clauses_data import Contract
from benchmarks.clauses_figures import truth
from benchmarks.clauses_judges import FOLDS
from extractors.contract.clause_whole import inside, words_of_all
from extractors.contract.clause_words import Vocabulary

PENALTY = 0.3  # of the squared weights; a contract's words have length 1


def wholes(papers: Sequence[Contract], folds: Any, vocabulary: Vocabulary) -> tuple[dict[str, Any], Any]:
    """(weights and shares fitted on all, chances out of fold: contracts x categories).

    `vocabulary`: of `single_words`.
    """
    matrix, there = vocabulary.matrix([words_of_all(p.said) for p in papers]), truth(papers).astype(float)
    alike = (matrix @ matrix.T).toarray()

    def fitted(rows: Any) -> tuple[Any, Any]:
        shares = there[rows].mean(axis=0)
        own = alike[numpy.ix_(rows, rows)] + PENALTY * numpy.eye(rows.sum())
        return numpy.linalg.solve(own, there[rows] - shares), shares

    chances = numpy.zeros(there.shape)
    for n in range(FOLDS):
        tested = folds == n
        duals, shares = fitted(~tested)
        chances[tested] = alike[numpy.ix_(tested, ~tested)] @ duals + shares
    duals, shares = fitted(folds >= 0)
    return {"weights": (matrix.T @ duals).astype(numpy.float16), "shares": shares}, inside(chances)
