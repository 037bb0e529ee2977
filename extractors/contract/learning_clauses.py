"""Clauses of contracts learn from answers: which spans are clauses of a category, and how sure that is.

What is learnt starts from the probabilities, which people's answers are to bear out. Confidences, which decide whether
a clause is there, are moved with them, so that 0.5 stays where saying so pays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Literal

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from extractors.contract.learning import Candidate, Example, Model, after, fit, in_force, moves
from extractors.learning import Row, Said
from extractors.model_files import Loaded
from workitems.items import Clause, Paper

NAME, READER = "clause_answers", "clause_answers/2"
FIELD = "clause:"
"""Fields are named so: `clause:Exclusivity`; the value is the clause's words, or NONE."""
NONE = "none"
PRESENT = 0.5
LOOKED_AT = 4
"""Spans of a category, the surest, that an answer about it is compared with."""
SAME = 60  # similarity, per cent, from which two spans are the same clause, cut differently


class ClauseAnswers:
    """Implements extractors.learning.Trainable."""

    name = NAME
    reader = READER
    learns_from: Literal["paper"] = "paper"
    about = "How sure a span of a contract is a clause of its category, after what people accepted and corrected."

    def base(self) -> Loaded:
        """What was learnt before; else what changes nothing."""
        return in_force(NAME, READER, self.about)

    def fit(self, rows: Sequence[Row], base: Any) -> Model:
        """From all answers anew: the shipped confidences are what it starts from, so `base` says nothing more."""
        examples = [e for row in rows for e in _examples(row)]
        return fit(examples, next((on_of(row.paper) for row in reversed(rows) if row.paper), ""))

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        """The surest span of each category; NONE where it is rather not one."""
        if row.paper is None:
            return {}
        best: dict[str, Said] = {FIELD + c: Said(value=NONE, confidence=1.0) for c in _asked(row)}
        for name, clause in surest(moved(row.paper, model)).items():
            there = clause.confidence >= PRESENT
            sure = _likely(clause) if there else 1 - _likely(clause)
            best[FIELD + name] = Said(value=clause.text if there else NONE, confidence=round(sure, 4))
        return best

    def same(self, field: str, value: str, label: str) -> bool:
        """Whether two spans are the same clause, be it cut a little differently."""
        return is_same(value, label)


def moved(paper: Paper, model: Model) -> Paper:
    """The paper with its clauses as sure as they are after what was learnt; as it is where that fits other models."""
    if not model or model["on"] != on_of(paper) or not paper.clauses:
        return paper
    by = moves(model, [_candidate(c) for c in paper.clauses])
    sure, likely = (after([of(c) for c in paper.clauses], by) for of in (attrgetter("confidence"), _likely))
    clauses = tuple(_told(*each) for each in zip(paper.clauses, sure.tolist(), likely.tolist(), strict=True))
    return paper.model_copy(update={"clauses": clauses})


def _told(clause: Clause, sure: float, likely: float) -> Clause:
    """With what is known of it now; what had no probability gets none."""
    known = None if clause.probability is None else round(likely, 4)
    return clause.model_copy(update={"confidence": round(sure, 4), "probability": known})


def on_of(paper: Paper) -> str:
    """Which models gave the confidences that are moved."""
    return paper.models.get("clauses", "")


def surest(paper: Paper) -> Mapping[str, Clause]:
    """The surest span of each category."""
    best: dict[str, Clause] = {}
    for clause in paper.clauses:
        known = best.get(clause.category)
        if known is None or clause.confidence > known.confidence:
            best[clause.category] = clause
    return best


def is_same(value: str, label: str) -> bool:
    """Whether words name the same clause: NONE is like itself alone, a part is like the whole."""
    if NONE in (value, label):
        return value == label
    return max(_like(value, label, fuzz.ratio), _part(value, label)) >= SAME


def _part(value: str, label: str) -> float:
    """A clause that was cut shorter is the same one, if not by much."""
    few, many = sorted((len(value), len(label)))
    return float(_like(value, label, fuzz.partial_ratio)) if few * 4 >= many else 0.0


def _like(a: str, b: str, by: Any) -> float:
    return float(by(a[:4000], b[:4000], processor=default_process))


def _asked(row: Row) -> list[str]:
    return [field.removeprefix(FIELD) for field in row.truth if field.startswith(FIELD)]


def _examples(row: Row) -> Iterator[Example]:
    """The surest spans of the categories that a person spoke of, and those that are what they named."""
    for name in _asked(row) if row.paper else ():
        label, weight = row.truth[FIELD + name], row.weight_of(FIELD + name)
        own = sorted((c for c in row.paper.clauses if c.category == name), key=lambda c: -c.confidence)  # type: ignore[union-attr]
        right = [label != NONE and is_same(c.text, label) for c in own]
        for n, (clause, yes) in enumerate(zip(own, right, strict=True)):
            if n < LOOKED_AT or yes:
                yield Example(_candidate(clause), yes, weight, row.item)


def _candidate(clause: Clause) -> Candidate:
    return Candidate(FIELD + clause.category, clause.text, _likely(clause))


def _likely(clause: Clause) -> float:
    """Its probability; of readings that are older than that, their confidence."""
    return clause.confidence if clause.probability is None else clause.probability


TRAINABLE = ClauseAnswers()
