"""Whose paper is it? A joiner who is known, somebody new, or a question for a person. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from bots.joiners.facts import known, name_of
from bots.joiners.names import compare, marks_of
from bots.joiners.nouns import Joiner


class Link(NamedTuple):
    """Where a paper belongs. same: to `joiner`; new: to nobody yet; ask: one of `candidates`, or nobody."""

    verdict: Literal["same", "new", "ask"]
    joiner: str | None = None
    candidates: tuple[str, ...] = ()


def link(values: Mapping[str, str], joiners: Sequence[tuple[str, Joiner]]) -> Link:
    """By mail address, birth date and name; `values` are the paper's, `joiners` whom one of its marks names.

    One trait beside the same name is enough to be the same person, a trait that differs makes another one; the name
    alone, or a name that is only alike, is a question.
    """
    scored = [(key, _verdict(values, joiner)) for key, joiner in joiners]
    same = [key for key, verdict in scored if verdict == "same"]
    maybe = [key for key, verdict in scored if verdict == "maybe"]
    if len(same) == 1:
        return Link("same", same[0])
    if same or maybe:
        return Link("ask", candidates=tuple(same or maybe))
    return Link("new")


def _verdict(values: Mapping[str, str], joiner: Joiner) -> Literal["same", "maybe", "other"]:
    own = {field: found.value for field, found in known(joiner).items()}
    mail = _trait(values, own, "email")
    born = _trait(values, own, "born_on")
    number = _trait(values, own, "document_number")
    name = compare(name_of(values), name_of(own)) if name_of(values) and name_of(own) else None
    if number is True or (mail is True and name != "other"):
        return "same" if born is not False else "maybe"
    if name == "same":
        return "same" if born is True else "other" if born is False else "maybe"
    if name == "alike":
        return "maybe" if born is not False else "other"
    return "same" if name is None and mail is True else "other"


def _trait(values: Mapping[str, str], own: Mapping[str, str], field: str) -> bool | None:
    """Whether a trait agrees; None where one side does not say."""
    if not values.get(field) or not own.get(field):
        return None
    return values[field].casefold().strip() == own[field].casefold().strip()


def marks(values: Mapping[str, str]) -> set[str]:
    """Under which marks a joiner is found again."""
    found = marks_of(name_of(values))
    for field in ("email", "document_number"):
        if values.get(field):
            found.add(f"{field}:{values[field].casefold().strip()}")
    return found
