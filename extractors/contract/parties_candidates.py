"""Spans of a contract's head that may be a party's name, and their measures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.contract.parties_tokens import LEGAL, Token, capital_runs

MOST_TOKENS = 14
_CUTS_TEXT = "between among by and this whereas dated as made into entered with or to is"
_CUTS = frozenset(_CUTS_TEXT.split())
_LAST_CUTS_TEXT = "and as is by dated whereas or"
_LAST_CUTS = frozenset(_LAST_CUTS_TEXT.split())
_NO_NAMES = re.compile(
    r"\b(?:agreements?|contracts?|exhibits?|sections?|articles?|schedules?|amendments?|recitals?|witnesseth|whereas|party|parties"
    r"|table\s+of\s+contents|effective\s+date|january|february|march|april|june|july|august|september|october|november"
    r"|december|now|therefore|securities\s+and\s+exchange|act\s+of|confidential|source|rule)\b",
    re.I,
)
_ADDRESS = re.compile(
    r"\b(?:street|avenue|ave|road|suite|floor|boulevard|blvd|drive|lane|parkway|highway|building|box|zip|way|court|plaza)\b",
    re.I,
)
_FORM_BEHIND = re.compile(
    r"[^.;]{0,60}\b(?:a|an)\s+(?:[\w.-]+\s+){0,4}?(?:corporation|company|partnership|limited|bank|association|trust|individual"
    r"|entity|organization|university|LLC|resident|business)\b|[^.;]{0,60}\b(?:organi[sz]ed|incorporated|existing|registered|duly)\b",
    re.I,
)
_ALIAS = re.compile(r"[^()]{0,200}?\(\s*(?:[^()\"“”]{0,60})[\"“”']", re.S)
_ALIAS_NOW = re.compile(r"[\s,]{0,3}\(\s*(?:[^()\"“”]{0,60})[\"“”']", re.S)
_SIGNATURE = re.compile(r"\b(?:By|Per|Name|Its|Title)\s*:|/s/|\bIN WITNESS\b")
_BEFORE = ("between", "among", "and", ",", ":", "(", "with", "of", "by", '"', "“", "for", "to", ")", ";", ".", "edge")
_BEHIND = (
    ",",
    "(",
    "and",
    "a",
    "an",
    ".",
    ";",
    "with",
    '"',
    "”",
    ")",
    ":",
    "having",
    "whose",
    "located",
    "hereinafter",
    "edge",
)
NAMES = (
    "legal last", "legal inside", "legal behind", "the", "tokens", "chars", "upper", "whole run", "and inside",
    "no name",
    "address", "form behind", "alias now", "alias near", "window", "place", "since between", "betweens", "recitals",
    "depth", "times head", "times all", "times tail", "signed", "line begins", "line ends", "digits", "tagger least",
    "tagger mean", "tagger begins", "tagger before", "tagger behind", "title mean", "comma inside", "in preamble",
    *(f"before {w}" for w in _BEFORE), *(f"behind {w}" for w in _BEHIND),
)  # fmt: skip


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
    def tail(self) -> str:
        """What stands around the signatures, folded alike."""
        marks = list(_SIGNATURE.finditer(self.text, len(self.text) // 2))[-40:]
        pieces = (self.text[max(m.start() - 220, 0) : m.start() + 160] for m in marks)
        return " " + " ".join(re.findall(r"\w+", " ".join(pieces).lower())) + " "

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
        for a, b in _cuts(head.tokens, first, stop):
            if 0 < b - a <= MOST_TOKENS and len(head.tokens[a].text) > 1 - (b - a > 1):
                found.setdefault((a, b), Candidate(a, b, head.tokens[a].start, _end(head, b)))
    return list(found.values())


def _cuts(tokens: Sequence[Token], first: int, stop: int) -> Iterator[tuple[int, int]]:
    starts, ends = [first], [stop]
    for n in range(first, stop):
        low = tokens[n].text.lower()
        if low in _CUTS and n + 1 < stop:
            starts.append(n + 1)
        if low in _LAST_CUTS and n > first:
            ends.append(n)
        if low.rstrip(".") in LEGAL and n + 1 < stop:
            ends.append(n + 1)
    for a in starts[:8]:
        for b in ends[:10]:
            if a < b and tokens[a].text.lower() not in ("and", "of", "&"):
                yield a, b


def _end(head: Head, stop: int) -> int:
    """With the point that belongs to an abbreviated legal form."""
    token = head.tokens[stop - 1]
    short = (token.text.lower() in LEGAL and len(token.text) < 6) or len(token.text) == 1
    return token.end + (short and head.text[token.end : token.end + 1] == ".")


def measures_of(head: Head, candidates: Sequence[Candidate]) -> list[list[float]]:
    """The measures of every candidate, in the order of NAMES."""
    times = Counter(head.words(c.first, c.stop) for c in candidates)
    return [_measures(head, c, times) for c in candidates]


def _measures(head: Head, c: Candidate, times: Counter[str]) -> list[float]:
    tokens, text = head.tokens, head.text
    own = tokens[c.first : c.stop]
    name = text[c.start : c.end]
    words = head.words(c.first, c.stop)
    legal = [t.text.lower().rstrip(".") in LEGAL for t in own]
    before, behind = _word(tokens, c.first - 1, own[0].part), _word(tokens, c.stop, own[0].part)
    since, count, depth, recital = head.running[c.first]
    party = head.party[c.first : c.stop]
    first_letters = [t.text for t in own if t.text[0].isalpha()]
    run = next(((a, b) for a, b in head.runs if a <= c.first and c.stop <= b), (c.first, c.stop))
    after = text[c.end : c.end + 320]
    found = [
        legal[-1], any(legal[:-1]), _legal_next(tokens, c.stop), own[0].text.lower() == "the", len(own), len(name),
        all(w.isupper() for w in first_letters), run == (c.first, c.stop), any(t.text.lower() == "and" for t in own),
        bool(_NO_NAMES.search(name)), bool(_ADDRESS.search(name)), bool(_FORM_BEHIND.match(after[:140])),
        bool(_ALIAS_NOW.match(after)), bool(_ALIAS.match(after)), own[0].part, min(c.start, 60000) / 1000,
        min(since, 200), count, recital, depth, times[words], min(head.folded.count(f" {words} "), 30),
        min(head.tail.count(f" {words} "), 6), f" {words} " in head.tail, _line_begins(text, c.start),
        _line_ends(text, c.end), any(t.text[0].isdigit() for t in own),
        min(party), sum(party) / len(party), head.begins[c.first], head.party[c.first - 1] if c.first else 0.0,
        head.party[c.stop] if c.stop < len(tokens) else 0.0, sum(head.title[c.first : c.stop]) / len(own),
        any(t.text == "," for t in own), since < 150 and not recital,
    ]  # fmt: skip
    found += [before == w for w in _BEFORE] + [behind == w for w in _BEHIND]
    return [float(x) for x in found]


def _word(tokens: Sequence[Token], n: int, part: int) -> str:
    return tokens[n].text.lower() if 0 <= n < len(tokens) and tokens[n].part == part else "edge"


def _legal_next(tokens: Sequence[Token], stop: int) -> bool:
    near = [t.text.lower().rstrip(".") for t in tokens[stop : stop + 2]]
    return bool(near) and (near[0] in LEGAL or (near[0] == "," and len(near) > 1 and near[1] in LEGAL))


def _line_begins(text: str, start: int) -> bool:
    return bool(re.search(r"(?:^|\n|\s{3})[ \t]*$", text[max(start - 12, 0) : start]))


def _line_ends(text: str, end: int) -> bool:
    return bool(re.match(r"[.,;]?[ \t]*(?:\n|\s{3}|$)", text[end : end + 12]))
