"""What is known of a joiner once all papers were heard: one value per field, and where the papers disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from bots.joiners.codes import doubt
from bots.joiners.names import compare, folded
from bots.joiners.nouns import Fact, Joiner, Source
from workitems.items import Doubt

DATES = ("born_on", "starts_on", "expires_on")
LABELS = {
    "surname": "surname",
    "given_names": "given names",
    "born_on": "birth date",
    "starts_on": "first day",
    "weekly_hours": "weekly hours",
    "document_number": "number of the identity paper",
    "expires_on": "expiry of the identity paper",
    "person": "name",
}
_IDENTITY_FIRST: tuple[Source, ...] = ("person", "identity", "contract", "form", "request", "mail")
_CONTRACT_FIRST: tuple[Source, ...] = ("person", "contract", "form", "request", "mail", "identity")
WHO_KNOWS_BEST: Mapping[str, tuple[Source, ...]] = dict.fromkeys(
    ("born_on", "nationality", "document_number", "expires_on"), _IDENTITY_FIRST
)
"""Whose word counts first: an identity paper on who somebody is, the contract on everything else.

The name is written as the contract writes it: the identity paper's is in capitals without accents, and is compared.
"""
NEVER_COMPARED = frozenset({"document_number", "expires_on", "given_names", "surname", "address", "phone"})
"""Of these a newer paper simply replaces an older one, or the whole name is compared instead."""


class Known(NamedTuple):
    """The value that counts, and the fact that it rests on."""

    value: str
    fact: Fact


def label(field: str) -> str:
    """A field as a person says it."""
    return LABELS.get(field, field.replace("_", " "))


def known(joiner: Joiner) -> dict[str, Known]:
    """One value per field: by who knows best, then the newest."""
    found = {}
    for field, facts in joiner.facts.items():
        order = WHO_KNOWS_BEST.get(field, _CONTRACT_FIRST)
        newest_first = sorted(facts, key=lambda f: f.at)[::-1]  # of two at the same moment the one that came later
        best = min(newest_first, key=lambda f: order.index(f.source), default=None)
        if best is not None and best.value:
            found[field] = Known(best.value, best)
    return found


def name_of(values: Mapping[str, str]) -> str:
    """Given names, then surname."""
    return " ".join(filter(None, (values.get("given_names", ""), values.get("surname", "")))).strip()


def day(value: str | None) -> date | None:
    """A date of a fact; None where there is none or it is not understood."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def hours(value: str | None) -> Decimal | None:
    """Weekly hours; None where they are not understood."""
    try:
        found = Decimal(value.replace(",", ".")) if value else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and 0 < found <= 60 else None


def certainty(field: str, facts: Sequence[Fact]) -> float:
    """How sure the value that counts is, where several papers say it independently."""
    best = max(facts, key=lambda f: f.confidence)
    wrong = 1.0
    for fact in {f.document: f for f in facts if _same(field, f.value) == _same(field, best.value)}.values():
        wrong *= 1.0 - fact.confidence
    return 1.0 - wrong


def disagreements(joiner: Joiner) -> tuple[Doubt, ...]:
    """Where papers say different things and no person has said which holds."""
    found = [_differing(field, facts) for field, facts in joiner.facts.items() if field not in NEVER_COMPARED]
    return tuple(d for d in (*found, _names(joiner)) if d is not None)


def _differing(field: str, facts: Sequence[Fact]) -> Doubt | None:
    if any(f.source == "person" for f in facts):
        return None
    newest: dict[Source, Fact] = {}
    for fact in sorted(facts, key=lambda f: f.at):
        newest[fact.source] = fact
    values = {_same(field, f.value): f for f in newest.values() if f.value}
    if len(values) < 2:
        return None
    told = " and ".join(f"the {f.source} says {f.value}" for f in values.values())
    return doubt("papers_differ", f"About the {label(field)} {told}.", field)


def _same(field: str, value: str) -> str:
    if field == "weekly_hours":
        number = hours(value)
        return str(number.normalize()) if number is not None else value
    if field == "nationality":
        return {"D": "DEU"}.get(value.upper(), value.upper())  # German papers say D
    return value if field in DATES else folded(value) or value.casefold()


def _names(joiner: Joiner) -> Doubt | None:
    if any(f.source == "person" for field in ("surname", "given_names") for f in joiner.facts.get(field, ())):
        return None
    names = _names_by_source(joiner)
    ways = list(dict.fromkeys(names.values()))
    for n, one in enumerate(ways):
        for other in ways[n + 1 :]:
            if compare(one, other) != "same":
                return doubt("name_differs", f"The papers name {one} and {other}.", "person")
    return None


def _names_by_source(joiner: Joiner) -> dict[str, str]:
    by_document: dict[str, dict[str, str]] = {}
    for field in ("surname", "given_names"):
        for fact in joiner.facts.get(field, ()):
            by_document.setdefault(fact.document, {})[field] = fact.value
    return {document: name_of(parts) for document, parts in by_document.items() if len(parts) == 2}


def with_facts(joiner: Joiner, facts: Iterable[tuple[str, Fact]]) -> Joiner:
    """The joiner with more facts; the same document's older word about a field is replaced."""
    all_facts = {field: list(own) for field, own in joiner.facts.items()}
    for field, fact in facts:
        others = [f for f in all_facts.get(field, ()) if f.document != fact.document]
        all_facts[field] = [*others, fact]
    return joiner.model_copy(update={"facts": {field: tuple(own) for field, own in all_facts.items()}})
