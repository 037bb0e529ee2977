"""Words that lawyers look for when they ask whether a contract has a clause: rules for each category, by hand.

Of rare categories a training set knows a dozen clauses, too few to learn from which words matter. What the question
itself says (CUAD's descriptions of its categories, and how such clauses are worded in general) needs no examples; how
far a hint is to be trusted is learnt over all categories together.

A rule is groups of words with spaces between; a sentence has to have a word of every group ("a|b": either, "a_b": one
behind the other, up to three words, "dispar*": any word that begins so, "h:audit": under such a heading, "!a": not).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractors.contract.clause_scores import CATEGORIES
from extractors.contract.clause_words import Said

STRONG, WEAK = 2, 1
"""A hint of such a clause, and words without which it hardly can be one."""

RULES = Path(__file__).with_name("clause_hints.txt")

_Rule = tuple[tuple[bool, tuple[str, ...]], ...]
"""Groups: whether one of the words has to stand there (or none may), and the words."""


@dataclass(frozen=True)
class _Book:
    rules: tuple[tuple[int, int, _Rule], ...]  # (category, strength, groups)
    whole: frozenset[str]
    beginnings: tuple[str, ...]


@lru_cache(maxsize=1)
def _book() -> _Book:
    """The rules, read and taken apart once."""
    rules = tuple(_rules())
    every = {word for *_, rule in rules for _, words in rule for word in words}
    beginnings = tuple(sorted(word for word in every if word.endswith("*")))
    return _Book(rules, frozenset(every.difference(beginnings)), beginnings)


def _rules() -> Iterator[tuple[int, int, _Rule]]:
    category = -1
    for line in RULES.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            category = CATEGORIES.index(line.removeprefix("## "))
        elif not line.startswith("#"):
            strength = WEAK if line.startswith("~ ") else STRONG
            yield category, strength, tuple(_group(group) for group in line.removeprefix("~ ").split())


def _group(text: str) -> tuple[bool, tuple[str, ...]]:
    return not text.startswith("!"), tuple(text.removeprefix("!").split("|"))


def hits_of(said: Sequence[Said]) -> Any:
    """Sentences x rules: whether the sentence has what the rule wants. `rule_categories` says whose rules they are."""
    import numpy as np

    book = _book()
    found = np.zeros((len(said), len(book.rules)), bool)
    stands = _where(said, book)
    every = frozenset(range(len(said)))
    for column, (_, _, rule) in enumerate(book.rules):
        rows = every
        for wanted, words in rule:
            known = [stands[word] for word in words if word in stands]
            rows = rows.intersection(set().union(*known)) if wanted else rows.difference(*known)
            if not rows:
                break
        found[list(rows), column] = True
    return found


def rule_categories() -> Any:
    """A row for each rule: its category, its strength."""
    import numpy as np

    return np.array([(category, strength) for category, strength, _ in _book().rules])


def hints_of(hits: Any) -> Any:
    """Sentences x categories: 0, WEAK or STRONG. `hits`: of `hits_of`."""
    import numpy as np

    found = np.zeros((len(hits), len(CATEGORIES)), np.int8)
    for column, (category, strength) in enumerate(rule_categories()):
        found[:, category] = np.maximum(found[:, category], hits[:, column] * strength)
    return found


def _where(said: Sequence[Said], book: _Book) -> dict[str, set[int]]:
    """In which sentences each word of the rules stands."""
    stands: dict[str, set[int]] = {}
    for n, (own, heading, _) in enumerate(said):
        words = {*own, *heading}
        for word in words & book.whole:
            stands.setdefault(word, set()).add(n)
        for word in words:
            if "_" not in word and ":" not in word:
                for name in _beginnings_of(word):
                    stands.setdefault(name, set()).add(n)
    return stands


@lru_cache(maxsize=50_000)
def _beginnings_of(word: str) -> tuple[str, ...]:
    """Under which beginnings in the rules a word is known; contracts have the same words again and again."""
    return tuple(b for b in _book().beginnings if word.startswith(b[:-1]))
