"""What the sentences of a contract that may be clauses mean: vectors of the likeliest ones, weighed by a small network.

Words that never stood in a known clause of a category say nothing to a linear model over words; their vector lies near
those of known clauses. An encoder costs some 10 ms a sentence, so only those are read that matter most: where clauses
of many categories may be. For all others nothing is known (NaN). The network was fitted to vectors of 32 bits and is
asked with those of clause_encoder.py: out of fold no figure is worse by it (docs/contracts.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from extractors.contract.clause_candidates import LONGEST_RUN
from extractors.contract.clause_encoder import vectors_of
from extractors.contract.clause_hints import STRONG
from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.document import ContractText

MOST = 40  # sentences of a contract that are read
LEAST = 0.01  # chance of a span below which its sentences are not worth reading for it
ENOUGH = 0.5  # what is likelier than this is not worth more
TOKENS = 128  # word pieces of a sentence that are read
_NOT_READ = ("Document Name", "Parties", "Agreement Date", "Effective Date")
"""Categories whose clauses are names and dates, not sentences."""
READ = tuple(n for n, c in enumerate(CATEGORIES) if c not in _NOT_READ)
_EDGE = 1e-3
_FAR = -9.0  # score beside the first and behind the last sentence


def held_by(doc: ContractText, places: Any, chances: Any) -> Any:
    """Sentences x categories: the chance of the likeliest span that holds the sentence."""
    import numpy as np

    starts = np.array([s.start for s in doc.sentences])
    found = np.zeros((len(starts), len(CATEGORIES)))
    first, behind = _run(starts, places)
    for n in range(LONGEST_RUN):
        rows = np.flatnonzero(first + n < behind)
        np.maximum.at(found, (first[rows] + n, places[rows, 0]), chances[rows])
    return found


def _run(starts: Any, places: Any) -> tuple[Any, Any]:
    """(index of the first sentence of each span, index behind its last one)."""
    import numpy as np

    first = np.maximum(np.searchsorted(starts, places[:, 1], "right") - 1, 0)
    return first, np.searchsorted(starts, places[:, 2], "left")


def worth_reading(held: Any) -> Any:
    """The sentences that are read, those first that may be clauses of most categories. `held`: as of `held_by`."""
    import numpy as np

    own = held[:, READ]
    worth = np.where(own >= LEAST, np.minimum(own, ENOUGH), 0.0).sum(1)
    rows = (-worth).argsort(kind="stable")[:MOST]
    return rows[worth[rows] >= LEAST]


def sentences_of(doc: ContractText, rows: Any) -> list[str]:
    """Their words."""
    return [doc.text[doc.sentences[at].start : doc.sentences[at].end] for at in rows]


def inputs_of(doc: ContractText, rows: Any, heard: tuple[Any, Any], held: Any, vectors: Any) -> Any:
    """A row for each sentence that is read: its vector, scores, chances, length, place and hints.

    `heard`: scores and hints of all sentences.
    """
    import numpy as np

    scores, hints = heard

    padded = np.vstack([np.full((1, scores.shape[1]), _FAR), scores, np.full((1, scores.shape[1]), _FAR)])
    inside = np.clip(held[rows], _EDGE, 1 - _EDGE)
    lengths = [[np.log1p(doc.sentences[at].end - doc.sentences[at].start) - 5, at / len(scores)] for at in rows]
    columns = [
        vectors * np.sqrt(vectors.shape[1]),
        np.clip(scores[rows], -8, 8) / 3,
        np.maximum(padded[rows], padded[rows + 2]) / 4,
        np.log(inside / (1 - inside)) / 3,
        np.array(lengths).reshape(-1, 2),
        hints[rows] / STRONG,
    ]
    return np.hstack(columns).astype(np.float32)


def meant_by(inputs: Any, network: Mapping[str, Any]) -> Any:
    """Sentences x categories: how likely each is (part of) such a clause. The network has one hidden layer."""
    import numpy as np

    hidden = np.maximum(inputs @ network["first"] + network["first_bias"], 0)
    return 1 / (1 + np.exp(-(hidden @ network["last"] + network["last_bias"])))


def spread(doc: ContractText, places: Any, rows: Any, meant: Any) -> Any:
    """For each span the most that one of its sentences means its category; NaN where none of them was read."""
    import numpy as np

    every = np.full((len(doc.sentences), len(CATEGORIES)), -1.0)
    every[rows] = meant
    first, behind = _run(np.array([s.start for s in doc.sentences]), places)
    last = np.maximum(behind - 1, first)
    runs = np.minimum(first[:, None] + np.arange(LONGEST_RUN), last[:, None])
    found = every[runs, places[:, [0]]].max(1)
    return np.where((found < 0) | ~np.isin(places[:, 0], READ), np.nan, found)


def hinted(doc: ContractText, places: Any, hints: Any) -> Any:
    """For each span the strongest hint of its category in it, and how many sentences of the contract have a strong one.

    `hints`: of clause_hints.py, sentences x categories. The number is a logarithm.
    """
    import numpy as np

    first, behind = _run(np.array([s.start for s in doc.sentences]), places)
    last = np.maximum(behind - 1, first)
    runs = np.minimum(first[:, None] + np.arange(LONGEST_RUN), last[:, None])
    many = np.log1p((hints == STRONG).sum(0))
    return np.column_stack([hints[runs, places[:, [0]]].max(1), many[places[:, 0]]])


def meanings_of(
    doc: ContractText, found: tuple[Any, Any], heard: tuple[Any, Any], network: Mapping[str, Any]
) -> Callable[[], Any]:
    """All of it for one contract, begun: a row for each span with `spread` after reading, and `hinted`.

    `found`: places and chances of the spans; `heard`: scores and hints of the sentences. The encoder works in other
    threads until what comes back is called.
    """
    import numpy as np

    places = found[0]
    if not len(places):
        return lambda: np.zeros((0, 3))
    held = held_by(doc, *found)
    rows = worth_reading(held)
    hints = hinted(doc, places, heard[1])
    vectors = vectors_of(sentences_of(doc, rows), TOKENS)

    def meanings() -> Any:
        meant = np.full(len(places), np.nan)
        if len(rows):
            meant = spread(doc, places, rows, meant_by(inputs_of(doc, rows, heard, held, vectors()), network))
        return np.column_stack([meant, hints])

    return meanings
