"""Contracts of kinds that no free set has, and papers that are none: made of sentences, differently every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

_BANK = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
TITLES: dict[str, list[str]] = _BANK["titles"]
_SENTENCES: dict[str, list[str]] = _BANK["sentences"]
_PLAIN: list[str] = _BANK["plain"]
_WORDS = {
    "{state}": ["Delaware", "New York", "California", "Texas", "Ohio", "Illinois"],
    "{city}": ["Springfield", "Dover", "Albany", "Reno", "Dayton", "Salem", "London", "Zurich"],
    "{role}": ["engineer", "director", "clerk", "manager"],
    "{n}": [str(n) for n in range(10, 990, 7)],
    "{d}": [str(n) for n in range(2, 60)],
}
_NAMES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivory", "Juniper", "Larch", "Maple"]
_FORMS = ["Inc.", "LLC", "Ltd.", "Corp.", "GmbH", "L.P."]
_LEADS = ("The parties agree:", "It is agreed that", "", "Subject to the law,")


def made_texts(kind: str, count: int, boilerplate: Sequence[str], seed: int = 7) -> Iterator[str]:
    """Texts of a kind; `boilerplate` are real paragraphs that stand in contracts of every kind."""
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 (papers, not secrets)
    for _ in range(count):
        yield _text(kind, boilerplate, chance)


def _text(kind: str, boilerplate: Sequence[str], chance: random.Random) -> str:
    title = chance.choice(TITLES[kind])
    own = list(_SENTENCES[kind])
    lines = []
    for _ in range(chance.randint(2, 6)):
        chance.shuffle(own)
        lines.append(f"{chance.choice(_LEADS)} {'; '.join(own[: chance.randint(2, 5)])}.")
    if kind != "none":
        lines += chance.sample(_PLAIN, chance.randint(4, 9))
        lines += chance.sample(list(boilerplate), min(chance.randint(2, 14), len(boilerplate)))
    chance.shuffle(lines)
    numbered = "\n\n".join(f"{n}. {line.strip()}" for n, line in enumerate(lines, 1))
    return _filled(f"{_head(kind, title, chance)}\n\n{numbered}\n", chance)


def _head(kind: str, title: str, chance: random.Random) -> str:
    first, second = (f"{n} {chance.choice(_FORMS)}" for n in chance.sample(_NAMES, 2))
    if kind == "none":
        return f"{title}\n\n{first}\n{second}"
    shown = chance.choice((title, title.upper(), title.upper()))
    day, year = chance.randint(1, 28), chance.randint(2010, 2026)
    return f"{shown}\n\nThis {title} is made as of May {day}, {year} between {first} and {second}."


def _filled(text: str, chance: random.Random) -> str:
    for name, values in _WORDS.items():
        while name in text:
            text = text.replace(name, chance.choice(values), 1)
    return text
