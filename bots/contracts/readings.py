"""What is made of the readers' spans before they are judged: what they took for two things, what they hardly saw."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bots.contracts.draft import ContractDraft
from bots.contracts.nearest import Comparison
from bots.contracts.playbook_nouns import Position
from bots.contracts.policy import ContractPolicy
from workitems.items import Clause

Compare = Callable[[Clause, Position | None], Comparison]
MOST_SPANS = 12
"""Of a category in one contract, the surest: more say nothing new, and a contract may have a thousand pages."""
_UNCAPPED = re.compile(
    r"limitations? (?:of|on) liability[^.]{0,120}?shall not apply|nothing in this agreement shall limit|"
    r"liability[^.]{0,80}?(?:is|are|shall be) (?:unlimited|without limit)|unlimited liability",
    re.IGNORECASE,
)
_SURE, _THERE = 1.0, 0.5  # confidence that people alone have; from which a clause is better said than left out
_HARDLY, _BY_WORDS = 0.1, 0.7  # confidence from which words are looked at, and which they give
_MOST_SHARE = 99  # per cent that people are told: nothing that was read is surer


def is_there(clause: Clause) -> bool:
    """Whether people are told that there is such a clause."""
    return clause.confidence >= _THERE


def how_sure(clause: Clause) -> str:
    """For people: a share where one was measured, else a word."""
    if clause.probability is not None:
        return f"{min(100 * clause.probability, _MOST_SHARE):.0f} % sure"
    if clause.confidence >= _SURE:
        return "told by a person"
    return "likely" if is_there(clause) else "perhaps"


def chance_of(clause: Clause) -> float:
    """What a risk reckons with: the probability that was measured.

    Without one it is the confidence: a person's word holds, what words give was chosen for what it may cost, and what
    was read before there were probabilities weighs as it did.
    """
    return clause.confidence if clause.probability is None else clause.probability


def uncapped_by_words(draft: ContractDraft) -> ContractDraft:
    """Takes for liability without a cap what says so, though the readers were not sure of it: it costs the most.

    How often that is right nobody could measure (four contracts of CUAD have such words), so it has no probability; and
    how sure a cap is says nothing of what goes beyond it.
    """
    made = list(draft.clauses)
    for name in ("Uncapped Liability", "Cap On Liability"):
        for clause in draft.spans(name):
            known = clause.confidence if name == "Uncapped Liability" else 0.0
            if clause.confidence >= _HARDLY and _UNCAPPED.search(clause.text) and known < _BY_WORDS:
                told = {"category": "Uncapped Liability", "confidence": _BY_WORDS, "probability": None}
                made.append(clause.model_copy(update=told))
    made.sort(key=lambda c: (c.category, -c.confidence, c.start))
    return draft.model_copy(update={"clauses": tuple(made)})


def without_approved(
    draft: ContractDraft, positions: Mapping[str, Position], policy: ContractPolicy, compare: Compare
) -> ContractDraft:
    """Leaves out what is taken for a forbidden clause and is, word for word, an approved one of another category.

    A cap with its usual exceptions is read as a cap and, less surely, as liability beyond the cap. Where the readers
    only guess that this goes on beyond the approved words, and nothing there says so, the guess goes with it.
    """
    approved = [
        clause
        for name, position in positions.items()
        if position.wordings and position.stance != "forbidden"
        for clause in draft.spans(name)[:MOST_SPANS]
        if clause.confidence >= policy.present and is_approved(compare(clause, position))
    ]
    forbidden = {name for name, position in positions.items() if position.stance == "forbidden"}
    out = [c for c in draft.clauses if c.category in forbidden and any(_inside(c, a) for a in approved)]
    guesses = [c for c in draft.clauses if c.confidence < policy.present and not _UNCAPPED.search(c.text)]
    out += [c for c in guesses if any(c.category == o.category and _overlap(c, o) for o in out)]
    kept = [c for c in draft.clauses if c not in out]
    return draft.model_copy(update={"clauses": tuple(kept)})


def is_approved(known: Comparison) -> bool:
    """Whether a clause says what the playbook's wording says."""
    return known.nearest is not None and known.nearest.source == "playbook" and not known.nearest.material


def _overlap(clause: Clause, other: Clause) -> bool:
    return clause.start < other.end and other.start < clause.end


def _inside(clause: Clause, other: Clause) -> bool:
    same_place = other.start <= clause.start and clause.end <= other.end
    return same_place and clause.text in other.text
