"""What a person said at a joiner's turn, as changes of the dossier; and the turn that makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bots.joiners.codes import confirmable
from bots.joiners.facts import with_facts
from bots.joiners.nouns import Done, Fact, Joiner, JoinerTurn, Move, State
from bots.joiners.office import change
from bots.joiners.verbs import STEP, Hands
from workitems.dossiers import By
from workitems.items import Answer, Doubt
from workitems.work import Work

Retire = Callable[[str], None]
"""Takes an older item about the same joiner away from the people: the newer one asks all there is to ask."""
NO_VALUES = ("confirm", "done", "approve", "joiner", "reject")
"""What a person may say that is no value of a field: doubts that are accepted, tasks that are done, approvals."""


class Turn(NamedTuple):
    """The item at hand, and what its changes are made with."""

    work: Work
    item: JoinerTurn
    hands: Hands
    retire: Retire

    def asks(self, joiner: Joiner) -> None:
        """One question at a time about a joiner: the older item goes when this one comes."""
        if joiner.turn not in (None, self.work.id):
            self.retire(str(joiner.turn))
        own = self.work.id
        self.save(joiner, lambda known: known.model_copy(update={"turn": own}), "a person is asked")

    def save(self, joiner: Joiner, how: Callable[[Joiner], Joiner], why: str, state: State | None = None) -> Joiner:
        """Changes the dossier; what somebody else has changed meanwhile stays."""
        by = By(self.work.id, STEP, why.replace("_", " "))
        return change(self.hands.office, joiner.key, how, by, state)[1]


def heard(joiner: Joiner, item: JoinerTurn) -> Joiner:
    """The dossier with what was said on this item: values, accepted doubts, tasks that are done, approvals."""
    answers, shown = item.answers, item.doubts
    if not answers:
        return joiner
    accepted, done = set(joiner.accepted), dict(joiner.done)
    for answer in answers:
        if answer.field == "confirm":
            same = (d for d in shown if d.code == answer.value and confirmable(d.code, d.field))
            accepted |= {f"{d.code}:{d.message}" for d in same}
        elif answer.field == "done":
            done.setdefault(answer.value, Done(by=answer.who, at=answer.at, evidence=f"{answer.who} says so"))
    facts = [(a.field, _fact(a)) for a in answers if a.field not in NO_VALUES and a.value.strip()]
    update = {
        "accepted": tuple(sorted(accepted)),
        "done": done,
        "moves": tuple(_agreed(move, answers, shown) for move in joiner.moves),
        "approved": tuple(sorted({*joiner.approved, *(f"{a.value}:{a.who}" for a in answers if a.field == "approve")})),
    }
    return with_facts(joiner.model_copy(update=update), facts)


def with_done(joiner: Joiner, new: Mapping[str, Done]) -> Joiner:
    """The joiner with tasks that are done; what was done already stays as it was."""
    return joiner.model_copy(update={"done": {**new, **joiner.done}})


def _fact(answer: Answer) -> Fact:
    value, who = answer.value.strip(), f"person:{answer.who}"
    return Fact(value=value, confidence=1.0, source="person", document=who, at=answer.at)


def _agreed(move: Move, answers: Sequence[Answer], shown: Sequence[Doubt]) -> Move:
    """A person has seen what is taken back, and agrees to it."""
    yes = next((a.who for a in answers if a.field == "confirm" and a.value == "move_destroys"), None)
    asked = any(d.code == "move_destroys" for d in shown)
    return move.model_copy(update={"agreed_by": yes}) if yes and asked and not move.settled else move
