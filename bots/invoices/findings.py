"""What a check found: doubts, and the values that it vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from bots.invoices.codes import NEVER_BY_ANSWER, UNREADABLE, confirmable
from bots.invoices.draft import Draft
from workitems.items import Answer, Doubt, Noun

ENTERED = ("number", "issued_on", "currency", "total")
"""What a person has to enter where nothing could be read."""


class Findings(Noun):
    """The result of one check or of many.

    `confirmed` names fields that are right whatever confidence they were read with, because a rule vouches for them
    ("lines" for all lines); `rules` names the rules that did, for the audit trail.
    """

    doubts: tuple[Doubt, ...] = ()
    confirmed: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()

    def __add__(self, other: Findings) -> Findings:
        return Findings(
            doubts=self.doubts + other.doubts,
            confirmed=self.confirmed | other.confirmed,
            rules=self.rules + tuple(r for r in other.rules if r not in self.rules),
        )

    @property
    def blocking(self) -> tuple[Doubt, ...]:
        """The doubts that keep the document from going on."""
        return tuple(d for d in self.doubts if d.severity == "block")


NOTHING = Findings()


def together(findings: Iterable[Findings]) -> Findings:
    """All findings as one, in order."""
    return reduce(Findings.__add__, findings, NOTHING)


def doubts(*found: Doubt | None) -> Findings:
    """Findings of doubts alone; None is left out."""
    return Findings(doubts=tuple(d for d in found if d is not None))


def vouch(rule: str, *fields: str) -> Findings:
    """The rule `rule` vouches for `fields`."""
    return Findings(confirmed=frozenset(fields), rules=(rule,))


def settled(findings: Findings, draft: Draft) -> Findings:
    """Turns doubts of the readers into remarks where the question has an answer by now.

    A person entered the value; sums or records confirm an amount that could be read two ways; or nothing could be
    read, and a person entered all that is needed.
    """
    typed = {f for f, r in draft.readings.items() if r.reader.startswith("person:")} - NEVER_BY_ANSWER
    by_hand = set(ENTERED) <= typed

    def answered(doubt: Doubt) -> bool:
        if doubt not in draft.doubts or doubt.severity != "block" or doubt.code.startswith("invalid_"):
            return False
        clear = doubt.code == "amount_unclear" and doubt.field in findings.confirmed
        return doubt.field in typed or clear or (doubt.code in UNREADABLE and by_hand)

    return findings.model_copy(
        update={"doubts": tuple(_remark(d) if answered(d) else d for d in findings.doubts)},
    )


def remarks(findings: Findings) -> Findings:
    """The same findings, none of which blocks."""
    return findings.model_copy(update={"doubts": tuple(map(_remark, findings.doubts))})


def _remark(doubt: Doubt) -> Doubt:
    return doubt.model_copy(update={"severity": "warn"})


def accepted(findings: Findings, answers: Sequence[Answer], shown: Sequence[Doubt]) -> Findings:
    """Turns the doubts that a person accepted into warnings.

    Only a doubt that was shown to the person word for word counts as accepted (`shown`: the doubts that stood on the
    item): who accepted an overdelivery of two pieces has not accepted one of twelve that arose meanwhile.
    """
    codes = {a.value: a.who for a in answers if a.field == "confirm"}
    seen = {(d.code, d.message) for d in shown}

    def yes(doubt: Doubt) -> bool:
        known = doubt.code in codes and confirmable(doubt.code, doubt.field)
        return known and doubt.severity == "block" and (doubt.code, doubt.message) in seen

    taken = [d for d in findings.doubts if yes(d)]
    return Findings(
        doubts=tuple(_remark(d) if d in taken else d for d in findings.doubts),
        confirmed=findings.confirmed,
        rules=findings.rules + tuple(dict.fromkeys(f"accepted:{d.code}:{codes[d.code]}" for d in taken)),
    )
