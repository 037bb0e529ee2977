"""What is measured of a span that may be a party's name: its form, its place, its alias, its signature, its rivals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.contract.parties_candidates import NAMED_BY, Candidate, Head
from extractors.contract.parties_runs import LEGAL, TRADING, Token, core_of, folded
from extractors.contract.parties_signing import named_so, signing, whole

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
_ALIAS_NOW = re.compile(r"[\s,]{0,3}\(\s*(?:[^()\"“”]{0,60})[\"“”']", re.S)
_ALIAS = re.compile(
    r"(?P<between>[^()\"“”]{0,300}?)\(\s*[^()\"“”]{0,80}[\"“”]\s*(?P<role>[^\"“”()]{2,60}?)\s*,?[\"“”]", re.S
)
_OF_ANOTHER = re.compile(
    r"\b(?:subsidiar\w+|affiliates?|divisions?|owned|parents?|shareholders?|d/b/a|dba|business\s+as|formerly|successor|predecessor"
    r"|behalf|agents?|trustees?|merger|laws|state|attention|attn|c/o|copy|exchange|filed|members?|managers?|general\s+partner"
    r"|units?|known)\W+(?:(?:of|to|the|by|as|in|with|interest|for|wholly)\W+){0,3}$",
    re.I,
)
_PART_OF = re.compile(
    r"\b(?:subsidiary|division|affiliate|unit|parent|shareholder|member|part|owned\s+by)\s+(?:of\s+)?(?:the\s+)?$|\blocated\s+at\s+$",
    re.I,
)
_THAT_PAPER = re.compile(
    r"(?:\bthat\s+certain\b|agreement,?\s+dated\b|\bentered\s+into\s+(?:that|an?)\b)[^.;]{0,200}"
    r"\b(?:between|among|with)\b[^.;]{0,160}$",
    re.I,
)
_LABELLED = re.compile(r"(?:\b[A-Z][\w ]{1,24}|\bparty\s+\w)\s*[:：]\s*$", re.I)
_NUMBERED = re.compile(r"(?:\(\w{1,3}\)|(?<![\w.])\d{1,2}[.)]|\b[ivx]+\))\s*$")
_NEXT_PARTY = re.compile(r"[)\"”]\s*[,;]?\s*(?:and|&|with)?\s*(?:\(\w{1,3}\)\s*)?$", re.I)
_AT_ONCE = re.compile(r"\b(?:between|among|amongst)\s*:?\s*(?:\(\w{1,3}\)\s*|[\dia][.)]\s*)?(?:the\s+)?$", re.I)
_TO_SIGN = re.compile(r"\b(?:By|Per|Name|Its|Signature|Signed)\s{0,3}[:_]|/s/|_{6,}", re.I)
_SIGN_REACH = 300  # characters between a name and the line to sign
_DUTIES = ("shall", "will", "agrees", "may", "has", "s", "and", "or", "hereby")
_BETWEEN_WORDS = frozenset(("and", "of", "&", ".", "-", "/", ","))
_BEFORE = ("between", "among", "and", ",", ":", "(", "with", "of", "by", '"', "“", "for", "to", ")", ";", ".", "edge")
_BEHIND_TEXT = ', ( and a an . ; with " ” ) : having whose located hereinafter edge'
_BEHIND = tuple(_BEHIND_TEXT.split())


def measures_of(head: Head, candidates: Sequence[Candidate]) -> list[list[float]]:
    """The measures of every candidate, in a fixed order that only the ranker needs to know."""
    rivals = _Rivals(head, candidates)
    uses = _Uses(head)
    same = whole(head)
    found = []
    for n, c in enumerate(candidates):
        row = (
            *_form(head, c),
            *_place(head, c),
            *_beside(head, c),
            *uses.of(c),
            *_tagged(head, c),
            *rivals.of(n),
            *signing(head, c),
            *same,
        )
        found.append([float(x) for x in row])
    return found


def _form(head: Head, c: Candidate) -> Iterator[float]:
    own = head.tokens[c.first : c.stop]
    name = head.text[c.start : c.end]
    legal = [t.text.lower().rstrip(".") in LEGAL for t in own]
    letters = [t.text for t in own if t.text[0].isalpha()]
    yield from (legal[-1], any(legal[:-1]), _legal_next(head.tokens, c.stop), own[0].text.lower() == "the", len(own))
    yield from (len(name), all(w.isupper() for w in letters), any(t.text.lower() == "and" for t in own))
    yield from (bool(_NO_NAMES.search(name)), bool(_ADDRESS.search(name)), any(t.text[0].isdigit() for t in own))
    yield from (any(t.text == "," for t in own), "\n" in name, any(w[0].islower() for w in letters))
    yield any(t.text.lower() in TRADING for t in own)
    yield any(t.text.lower() in TRADING for t in head.tokens[c.stop : c.stop + 2])
    yield sum(not form for form in legal)
    yield from (own[0].text.lower() in NAMED_BY, _word(head.tokens, c.first - 1, own[0].part) in NAMED_BY)


def _place(head: Head, c: Candidate) -> Iterator[float]:
    text, part = head.text, head.tokens[c.first].part
    since, count, depth, recital = head.running[c.first]
    run = next(((a, b) for a, b in head.runs if a <= c.first and c.stop <= b), (c.first, c.stop))
    yield from (part, min(c.start, 60000) / 1000, min(since, 200), count, recital, depth, since < 150 and not recital)
    yield from (run == (c.first, c.stop), run[1] - run[0], _line_begins(text, c.start), _line_ends(text, c.end))


def _beside(head: Head, c: Candidate) -> Iterator[float]:
    text, part = head.text, head.tokens[c.first].part
    ahead, after = text[max(c.start - 70, 0) : c.start], text[c.end : c.end + 140]
    yield from (bool(_FORM_BEHIND.match(after)), bool(_ALIAS_NOW.match(after)), bool(_OF_ANOTHER.search(ahead)))
    yield from (bool(_LABELLED.search(ahead)), bool(_NUMBERED.search(ahead)), bool(_NEXT_PARTY.search(ahead)))
    yield from (bool(_AT_ONCE.search(ahead)), bool(_PART_OF.search(ahead)))
    yield bool(_THAT_PAPER.search(text, max(c.start - 360, 0), c.start))
    sign = _TO_SIGN.search(text, c.end, c.end + _SIGN_REACH)
    yield sign.start() - c.end if sign else 2 * _SIGN_REACH
    signed = list(_TO_SIGN.finditer(text, max(c.start - 80, 0), c.start))
    yield c.start - signed[-1].end() if signed else 2 * _SIGN_REACH
    before, behind = _word(head.tokens, c.first - 1, part), _word(head.tokens, c.stop, part)
    yield from (before == w for w in _BEFORE)
    yield from (behind == w for w in _BEHIND)


class _Uses:
    """How often the text speaks of a name, and of what it calls the one who bears it."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._counted: dict[str, int] = {}

    def of(self, c: Candidate) -> Iterator[float]:
        words = self._head.words(c.first, c.stop)
        first = words.split(" ")[0] if words else ""
        yield from (min(self._times(words), 30), min(self._times(first), 60), self._acts(first))
        yield min(self._head.tail.count(f" {words} "), 6)
        yield words in self._head.signers
        yield from (self._always(c, words, before=True), self._always(c, words, before=False))
        told = _ALIAS.match(self._head.text, c.end, c.end + 460)
        if told is None:
            yield from (-1, 0, 0, 0, -1, 0)
            return
        role = " ".join(re.findall(r"\w+", told["role"].lower()))
        yield named_so(self._head.text[c.start : c.end], told["role"])
        yield from (1, min(self._times(role), 200), self._acts(role), len(told["between"]))
        yield len(re.findall(r"\b(?:and|with|between)\b", told["between"]))

    def _times(self, words: str) -> int:
        if words not in self._counted:
            self._counted[words] = self._head.times(words)
        return self._counted[words]

    def _always(self, c: Candidate, words: str, before: bool) -> float:
        """How often the same capitals stand beside the name, of all its mentions: "Beauty, Inc." after "e.l.f."."""
        tokens, step = self._head.tokens, -1 if before else 1
        n = c.first - 1 if before else c.stop
        while 0 <= n < len(tokens) and abs(n - c.first) < 20 and tokens[n].text.lower() in _BETWEEN_WORDS:
            n += step
        if not words or not 0 <= n < len(tokens) or not any(x.isupper() or x == "." for x in tokens[n].text):
            return 0.0
        first, stop = (n, c.stop) if before else (c.first, n + 1)
        wide = self._head.words(first, stop) if tokens[first].part == tokens[stop - 1].part else words
        return self._times(wide) / max(self._times(words), 1) if wide != words else 0.0

    def _acts(self, words: str) -> int:
        """How often duties and the like follow: who "shall" is a party."""
        return min(sum(self._times(f"{words} {duty}") for duty in _DUTIES[:6]), 60) if words else 0


def _tagged(head: Head, c: Candidate) -> Iterator[float]:
    party = head.party[c.first : c.stop]
    yield from (min(party), sum(party) / len(party), head.begins[c.first])
    yield head.party[c.first - 1] if c.first else 0.0
    yield head.party[c.stop] if c.stop < len(head.tokens) else 0.0
    yield head.begins[c.stop] if c.stop < len(head.tokens) else 0.0
    yield max(head.begins[c.first + 1 : c.stop], default=0.0)
    yield sum(head.title[c.first : c.stop]) / len(party)
    yield _exactly(head, c)


def _exactly(head: Head, c: Candidate) -> float:
    """How probable the tagger finds it that a name begins and ends just here."""
    goes_on = head.party[c.stop] - head.begins[c.stop] if c.stop < len(head.tokens) else 0.0
    return head.begins[c.first] * min(head.party[c.first : c.stop]) * (1 - max(goes_on, 0.0))


@dataclass
class _Group:
    """All mentions of one name."""

    best: float = 0.0
    sure: int = 0
    count: int = 0
    first: int = 10**9


class _Rivals:
    """What the other candidates say of one: other mentions of its name, longer and shorter names, other parties."""

    def __init__(self, head: Head, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._keys = [folded(head.text[c.start : c.end]) for c in candidates]
        self._cores = [core_of(head.text[c.start : c.end]) for c in candidates]
        self._exact = [_exactly(head, c) for c in candidates]
        self._core: dict[str, float] = defaultdict(float)
        self._at: dict[int, float] = defaultdict(float)  # by token: the most probable name over it
        for core, exact, c in zip(self._cores, self._exact, candidates, strict=True):
            self._core[core] += exact
            for place in range(c.first, c.stop):
                self._at[place] = max(self._at[place], exact)
        self._least = [min(head.party[c.first : c.stop]) for c in candidates]
        self._groups: dict[str, _Group] = defaultdict(_Group)
        for key, least, c in zip(self._keys, self._least, candidates, strict=True):
            group = self._groups[key]
            group.best, group.sure = max(group.best, least), group.sure + (least > 0.5)
            group.count, group.first = group.count + 1, min(group.first, c.start)
        self._order = sorted((g.best for g in self._groups.values()), reverse=True)
        self._strong = [(k, g) for k, g in self._groups.items() if g.best > 0.2]

    def of(self, n: int) -> Iterator[float]:
        key = self._keys[n]
        own = self._groups[key]
        yield from (own.best, own.sure, min(own.count, 9), own.first < 4000)
        yield max((g.best for k, g in self._strong if len(k) > len(key) and k.startswith(key)), default=0.0)
        yield max((g.best for k, g in self._strong if len(k) < len(key) and key.startswith(k)), default=0.0)
        yield max((g.best for k, g in self._strong if len(k) > len(key) and k.endswith(key)), default=0.0)
        yield max((g.best for k, g in self._strong if len(k) < len(key) and key.endswith(k)), default=0.0)
        yield sum(g.best > own.best for _, g in self._strong)
        yield len(self._strong)
        yield from (self._order[0], self._order[1] if len(self._order) > 1 else 0.0)
        c = self._candidates[n]
        over = max(self._at[place] for place in range(c.first, c.stop))
        yield from (self._core[self._cores[n]], over, over - self._exact[n])


def _word(tokens: Sequence[Token], n: int, part: int) -> str:
    return tokens[n].text.lower() if 0 <= n < len(tokens) and tokens[n].part == part else "edge"


def _legal_next(tokens: Sequence[Token], stop: int) -> bool:
    near = [t.text.lower().rstrip(".") for t in tokens[stop : stop + 2]]
    return bool(near) and (near[0] in LEGAL or (near[0] == "," and len(near) > 1 and near[1] in LEGAL))


def _line_begins(text: str, start: int) -> bool:
    return bool(re.search(r"(?:^|\n|\s{3})[ \t]*$", text[max(start - 12, 0) : start]))


def _line_ends(text: str, end: int) -> bool:
    return bool(re.match(r"[.,;]?[ \t]*(?:\n|\s{3}|$)", text[end : end + 12]))
