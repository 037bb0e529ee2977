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
_SHARE, _EVEN = 0.97, 0.5  # confidence from which it is a share again, and from which there is such a clause
_HARDLY, _BY_WORDS = 0.1, 0.7  # confidence from which words are looked at, and which they give


def how_sure(clause: Clause) -> str:
    """For people: a share where a confidence is one, else a word.

    Readers stretch what lies between, so that 0.5 parts "there is such a clause" from "there is none".
    """
    sure = clause.confidence
    if sure >= _SHARE:
        return f"{100 * sure:.0f} % sure"
    return "likely" if sure >= _EVEN else "perhaps"


def uncapped_by_words(draft: ContractDraft) -> ContractDraft:
    """Takes for liability without a cap what says so, though the readers were not sure of it: it costs the most."""
    made = list(draft.clauses)
    for name in ("Uncapped Liability", "Cap On Liability"):
        for clause in draft.spans(name):
            if clause.confidence >= _HARDLY and _UNCAPPED.search(clause.text):
                sure = max(clause.confidence, _BY_WORDS)
                made.append(clause.model_copy(update={"category": "Uncapped Liability", "confidence": sure}))
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
