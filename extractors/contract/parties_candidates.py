"""Spans of a contract's head that may be a party's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extractors.contract.parties_runs import LEGAL, ROLES, Token, capital_runs

MOST_TOKENS = 14
_CUTS_TEXT = "between among by and this whereas dated as made into entered with or to is"
_CUTS = frozenset(_CUTS_TEXT.split())
_LAST_CUTS_TEXT = "and as is by dated whereas or name title its date"
_OFFICES_TEXT = """officer director president partner secretary manager counsel member chairman ceo cfo treasurer name
    title its date witness exhibit esq attest accepted agreed sender shipper talent"""
NAMED_BY = frozenset((*_OFFICES_TEXT.split(), *ROLES))  # words that stand before a name and are none of it
_NO_START = frozenset((*["and", "of", "&", ".", ",", "-"], "for"))
_LAST_CUTS = frozenset(_LAST_CUTS_TEXT.split())
_SIGNATURE = re.compile(r"\b(?:By|Per|Name|Its|Title)\s*:|/s/|\bIN WITNESS\b")
_TO_SIGN = re.compile(r"\b(?:By|BY|Per|Signed)\s{0,3}[:_]|/s/|_{8,}")
_FILER = re.compile(r"\bsource:\s*$", re.I)  # the footer of a filing names whoever filed it
_LINES = re.compile(r"\n|\s{3,}")
_ABOVE = 200  # characters above a line to sign in which the signer's name stands


@dataclass(frozen=True)
class Candidate:
    """Tokens from `first` up to `stop`, as a span of the text."""

    first: int
    stop: int
    start: int
    end: int


class Head:
    """A contract's head with the tagger's opinion of it."""

    def __init__(self, text: str, tokens: Sequence[Token], tagged: Sequence[Sequence[float]]) -> None:
        self.text, self.tokens = text, tokens
        self.party = [row[3] + row[4] for row in tagged]
        self.begins = [row[3] for row in tagged]
        self.title = [row[1] + row[2] for row in tagged]
        self.title_begins = [row[1] for row in tagged]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        return capital_runs(self.text, self.tokens)

    @cached_property
    def folded(self) -> str:
        """The whole text as words in lower case, with single spaces."""
        return " " + " ".join(re.findall(r"\w+", self.text.lower())) + " "

    @cached_property
    def _words(self) -> list[str]:
        return self.folded.split()

    @cached_property
    def _single(self) -> Counter[str]:
        return Counter(self._words)

    @cached_property
    def _double(self) -> Counter[tuple[str, str]]:
        return Counter(pairwise(self._words))

    def times(self, words: str) -> int:
        """How often the words stand in the whole text."""
        own = words.split(" ")
        if len(own) > 2:
            return self.folded.count(f" {words} ")
        return self._double[own[0], own[1]] if len(own) == 2 else self._single[words]

    @cached_property
    def tail(self) -> str:
        """What stands around the signatures, folded alike."""
        marks = list(_SIGNATURE.finditer(self.text, len(self.text) // 2))[-40:]
        pieces = (self.text[max(m.start() - 220, 0) : m.start() + 160] for m in marks)
        return " " + " ".join(re.findall(r"\w+", " ".join(pieces).lower())) + " "

    @cached_property
    def signers(self) -> set[str]:
        """Lines that stand right above a line to sign, folded alike."""
        found: set[str] = set()
        for m in _TO_SIGN.finditer(self.text, len(self.text) // 3):
            for line in _LINES.split(self.text[max(m.start() - _ABOVE, 0) : m.start()]):
                found.add(" ".join(re.findall(r"\w+", line.lower())))
        return found

    @cached_property
    def running(self) -> list[tuple[int, int, int, bool]]:
        """Of every token: tokens since "between", how many there were, depth of brackets, behind the recitals."""
        found = []
        since, count, depth, recital = 999, 0, 0, False
        for n, token in enumerate(self.tokens):
            if n == 0 or token.part != self.tokens[n - 1].part:
                since, count, depth, recital = 999, 0, 0, False
            low = token.text.lower()
            depth = max(depth - 1, 0) if low == ")" else depth
            found.append((since, count, depth, recital))
            since = 0 if low in ("between", "among", "amongst") else since + 1
            count += low in ("between", "among", "amongst")
            depth += low == "("
            recital = recital or low in ("whereas", "recitals", "witnesseth")
        return found

    def words(self, first: int, stop: int) -> str:
        """The words of a stretch of tokens as `folded` has them."""
        return " ".join(re.findall(r"\w+", self.text[self.tokens[first].start : self.tokens[stop - 1].end].lower()))


def candidates_of(head: Head) -> list[Candidate]:
    """All spans that are weighed, each once."""
    found: dict[tuple[int, int], Candidate] = {}
    for first, stop in head.runs:
        if _FILER.search(head.text, max(head.tokens[first].start - 12, 0), head.tokens[first].start):
            continue
        for a, b in _cuts(head, first, stop):
            if b - a > 1 or len(head.tokens[a].text) > 1:
                found.setdefault((a, b), Candidate(a, b, head.tokens[a].start, _end(head, b)))
    return list(found.values())


def _cuts(head: Head, first: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where a name may begin and end in a run: at words that join names, at legal forms, at lines."""
    tokens = head.tokens
    starts, ends = [first], [stop]
    for n in range(first, stop):
        low = tokens[n].text.lower()
        if (low in _CUTS or low in NAMED_BY or low.isdigit()) and n + 1 < stop:
            starts.append(n + 1)
        if low in _LAST_CUTS and n > first:
            ends.append(n)
        if low.rstrip(".") in LEGAL and n + 1 < stop:
            ends.append(n + 1)
            starts.append(n + 1 + (tokens[n + 1].text in ".,"))
        elif n > first and _new_line(head, n):
            ends.append(n)
            starts.append(n)
    for a in sorted(set(starts)):
        if a < stop and tokens[a].text.lower() not in _NO_START:
            yield from ((a, b) for b in sorted(set(ends)) if a < b <= a + MOST_TOKENS)


def _new_line(head: Head, n: int) -> bool:
    """Whether a line begins with the token; where lines were lost, capitals behind a small word are another."""
    before, own = head.tokens[n - 1], head.tokens[n]
    turned = own.text.isupper() and len(own.text) > 2 and before.text[0].isupper() and before.text[1:].islower()
    return turned or "\n" in head.text[before.end : own.start]


def _end(head: Head, stop: int) -> int:
    """With the point that belongs to an abbreviated legal form."""
    token = head.tokens[stop - 1]
    short = (token.text.lower() in LEGAL and len(token.text) < 6) or len(token.text) == 1
    return token.end + (short and head.text[token.end : token.end + 1] == ".")
