"""The tagger of a contract's head: which tokens are its title and which the names of its parties.

A linear-chain CRF, decoded here from its weights alone: what is shipped are arrays, fitted by
benchmarks.train_contract_terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from extractors.contract.parties_runs import Token

LABELS = ("O", "B-T", "I-T", "B-P", "I-P")
What = Literal["title", "party"]
_WHAT: dict[str, What] = {"T": "title", "P": "party"}


@dataclass(frozen=True)
class Mention:
    """A title or a party's name where it stands, and the tagger's probability of its weakest token."""

    what: What
    start: int
    end: int
    chance: float


def marginals_of(
    tokens: Sequence[Token], signs: Sequence[Sequence[str]], model: Mapping[str, Any]
) -> list[list[float]]:
    """The probability of each label for each token. Each window of the head is a sequence of its own."""
    found: list[list[float]] = []
    for part in sorted({t.part for t in tokens}):  # tokens of a window stand together, windows in their order
        own = [s for t, s in zip(tokens, signs, strict=True) if t.part == part]
        found += [[float(x) for x in row] for row in _marginals(own, model)]
    return found


def mentions_from(tokens: Sequence[Token], chances: Sequence[Sequence[float]]) -> list[Mention]:
    """Titles and party names in reading order."""
    found: list[Mention] = []
    for part in sorted({t.part for t in tokens}):
        own = [n for n, t in enumerate(tokens) if t.part == part]
        found += _spans([tokens[n] for n in own], [chances[n] for n in own])
    return found


def _marginals(signs: Sequence[Sequence[str]], model: Mapping[str, Any]) -> Any:
    """P(label | all tokens) of each token, by the forward-backward algorithm with scaling."""
    import numpy

    rows: Mapping[str, int] = model["rows"]
    weights, moves = model["weights"], numpy.exp(model["moves"])
    scores = numpy.zeros((len(signs), len(LABELS)))
    for n, own in enumerate(signs):
        known = [rows[s] for s in own if s in rows]
        if known:
            scores[n] = weights[known].sum(axis=0)
    local = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    ahead, back = numpy.zeros_like(local), numpy.ones_like(local)
    for n, here in enumerate(local):
        row = here if n == 0 else here * (ahead[n - 1] @ moves)
        ahead[n] = row / row.sum()
    for n in range(len(local) - 2, -1, -1):
        row = moves @ (local[n + 1] * back[n + 1])
        back[n] = row / row.sum()
    both = ahead * back
    return both / both.sum(axis=1, keepdims=True)


def _spans(tokens: Sequence[Token], chances: Sequence[Sequence[float]]) -> list[Mention]:
    """Runs of tokens of one kind; a beginning in the middle of a run begins a new one."""
    found: list[Mention] = []
    run: list[int] = []
    kind = ""
    for n in range(len(tokens) + 1):
        label = LABELS[max(range(len(LABELS)), key=chances[n].__getitem__)] if n < len(tokens) else "O"
        if run and (label == "O" or label[2:] != kind or label.startswith("B")):
            sure = [
                float(max(chances[i][LABELS.index(f"B-{kind}")], chances[i][LABELS.index(f"I-{kind}")])) for i in run
            ]
            found.append(Mention(_WHAT[kind], tokens[run[0]].start, tokens[run[-1]].end, min(sure)))
            run = []
        if label != "O":
            run.append(n)
            kind = label[2:]
    return found
