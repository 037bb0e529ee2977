"""The head of a contract as tokens with signs: what the tagger of titles and parties looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEAD = 3200  # characters from the start
AFTER = 3200  # from where a late preamble begins
LATEST = 60_000  # a preamble behind a long table of contents
_BRACKETED = re.compile(r"\([A-Z][\w.]*\)\s{1,2}[A-Z]")  # "Columbia Laboratories (Bermuda) Ltd."
LONGEST_RUN = 24  # tokens
_GLUE = re.compile(r"[ \t]{0,3}(?:\n[ \t]{0,80})?")
_CONNECTORS_TEXT = "of and the for de la du des von van der den di da del y et und to in on d/b/a dba f/k/a"
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
LONGEST = 40  # characters of a word that count
_TOKEN = re.compile(r"\w+(?:[&.'’/-]\w+)*|[^\w\s]")
_PREAMBLE = re.compile(
    r"\b(?:this|the)\s[^.;]{0,250}?\b(?:agreement|contract|amendment|addendum|lease|deed|licen[cs]e|letter|statement)\b"
    r"[^;]{0,300}?\b(?:by\s+and\s+(?:between|among)|between|among|made|entered|dated|effective|executed|parties)\b",
    re.I,
)
_SIGNED = re.compile(r"\bIN WITNESS\b|/s/|\bBy\s*:|\bSIGNATURES?\b|\bName\s*:")
_OPENING = re.compile(r"\b(?:by\s+and\s+)?(?:between|among(?:st)?)\b|\bWHEREAS\b|\bentered\s+into\b", re.I)
_LEGAL_TEXT = """
    inc incorporated llc l.l.c ltd limited corp corporation company co gmbh ag s.a sa n.v nv b.v bv plc lp l.p
    llp partnership trust bank association pty pte ab as a/s oy kg kgaa s.a.s sarl s.p.a spa university foundation group
    holdings institute society authority college fund sas s.r.l srl n.a fsb mhc g.i.e l.l.p sp sdn bhd
    pllc p.c pc"""
LEGAL = frozenset(_LEGAL_TEXT.split())
_TITLES_TEXT = """agreement contract amendment addendum lease license licence statement memorandum understanding terms
    conditions deed letter plan schedule policy program undertaking charter form addenda order guaranty note"""
_TITLES = frozenset(_TITLES_TEXT.split())


@dataclass(frozen=True)
class Token:
    """A word or mark with its place in the whole text; `part` tells the windows of the head apart."""

    text: str
    start: int
    end: int
    part: int


def windows(text: str) -> list[tuple[int, int]]:
    """The parts of a text where its title, parties and dates stand: its start, and the preamble if that comes later."""
    found = [(0, min(HEAD, len(text)))]
    early = any(m.end() < HEAD * 0.75 for m in _PREAMBLE.finditer(text, 0, HEAD))
    if not early:
        late = next(
            (m for m in _PREAMBLE.finditer(text, HEAD // 2, LATEST) if _OPENING.search(text, m.start(), m.end() + 400)),
            None,
        )
        if late is not None:
            found.append((max(HEAD, late.start() - 300), min(late.start() + AFTER, len(text))))
        elif (signed := _SIGNED.search(text, len(text) // 3)) is not None:  # who signs is all that names the parties
            found.append((max(found[0][1], signed.start() - 200), min(signed.start() + AFTER, len(text))))
    return [(a, b) for a, b in found if b > a]


def preamble_of(text: str) -> tuple[int, int] | None:
    """The sentence that names the parties, and what follows it closely; None where there is none."""
    for m in _PREAMBLE.finditer(text, 0, LATEST):
        if _OPENING.search(text, m.start(), m.end() + 400):
            return m.start(), m.end() + 500
    return None


def tokens_of(text: str) -> list[Token]:
    """The tokens of the head in reading order."""
    return [
        Token(m.group(), m.start(), m.end(), part)
        for part, (start, end) in enumerate(windows(text))
        for m in _TOKEN.finditer(text, start, end)
    ]


def signs_of(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """The named signs of every token: itself, its neighbours, its place."""
    tail = _tail_words(text)
    own = [_own(t, tail) for t in tokens]
    state = list(_running(text, tokens))
    runs = _run_signs(text, tokens)
    found = []
    for n, token in enumerate(tokens):
        signs = ["bias", *(f"0:{s}" for s in own[n]), *state[n], *runs[n]]
        for step in (-3, -2, -1, 1, 2, 3):
            m = n + step
            inside = 0 <= m < len(tokens) and tokens[m].part == token.part
            near = own[m] if inside else ["edge"]
            signs += [f"{step}:{s}" for s in (near if abs(step) < 3 else near[:1])]
        if n and tokens[n - 1].part == token.part:
            signs.append(f"two:{own[n - 1][0]} {own[n][0]}")
        found.append(signs)
    return found


def _own(token: Token, tail: frozenset[str]) -> list[str]:
    word = token.text[:LONGEST]
    low = word.lower()
    signs = [f"w={re.sub(r'[0-9]', '0', low)}"]
    if word[0].isalpha():
        shape = "upper" if len(word) > 1 and word.isupper() else "title" if word[0].isupper() else "lower"
        signs += [f"s={shape}", f"e={low[-3:]}"]
        if low.rstrip(".") in LEGAL:
            signs.append("legal")
        if low in _TITLES:
            signs.append("titleword")
        if low in tail and len(low) > 2:
            signs.append("signed")
    return signs


def _tail_words(text: str) -> frozenset[str]:
    """Words with a capital near the signatures."""
    tail = ""
    for mark in list(re.finditer(r"\b(?:IN WITNESS|By\s*:|Signature|Signed)", text))[-12:]:
        tail += text[max(mark.start() - 250, 0) : mark.start() + 120] + " "
    return frozenset(w.lower() for w in re.findall(r"\b[A-Z][\w&.'-]+", tail))


def _running(text: str, tokens: Sequence[Token]) -> Iterator[list[str]]:
    """Signs that depend on all that stands before: brackets, quotes, lines, how far from "between"."""
    depth = since = 0
    quoted = recital = False
    for n, token in enumerate(tokens):
        first = n == 0 or tokens[n - 1].part != token.part
        if first:
            depth, since, quoted, recital = 0, 999, False, False
        gap = "" if first else text[tokens[n - 1].end : token.start]
        low = token.text.lower()
        if token.text in "”":
            quoted = False
        if token.text == ")":
            depth = max(depth - 1, 0)
        lines = gap.count("\n") + (gap.count("   ") > 0)
        after = text[token.end : token.end + 6]
        yield [
            f"depth={min(depth, 2)}",
            f"quoted={quoted}",
            f"since={_bucket(since)}",
            f"place={_bucket(n)},{token.part}",
            *([f"break={min(lines, 2)}"] if lines else []),
            *(["ends line"] if re.match(r"\s*\n|\s{3}", after) else []),
            *(["before alias"] if re.match(r"\W{0,2}\s*\(", after) else []),
            *(["recital"] if recital else []),
        ]
        since = 0 if low in ("between", "among", "amongst") else since + 1
        recital = recital or low in ("whereas", "recitals", "witnesseth", "background")
        if token.text == "(":
            depth += 1
        if token.text == "“" or (token.text == '"' and not quoted):
            quoted = True
        elif token.text == '"':
            quoted = False


def capital_runs(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs of tokens (first, one behind the last) that may be a name: capitals, what joins them, legal forms."""
    runs: list[tuple[int, int]] = []
    n = 0
    while n < len(tokens):
        numbered = tokens[n].text.isdigit() and n + 1 < len(tokens) and _capital(tokens[n + 1])
        if not _capital(tokens[n]) and not numbered:
            n += 1
            continue
        last = m = n
        while m + 1 < len(tokens) and m - n < LONGEST_RUN and _joins(text, tokens, m):
            m += 1
            if _capital(tokens[m]) or tokens[m].text.lower().rstrip(".") in LEGAL:
                last = m
        runs.append((n, last + 1))
        n = last + 1
    return runs


def _capital(token: Token) -> bool:
    return any(c.isupper() for c in token.text) or token.text.lower().endswith((".com", ".net", ".org"))


def _joins(text: str, tokens: Sequence[Token], m: int) -> bool:
    """Whether the token behind place m may go on with the name."""
    here, following = tokens[m], tokens[m + 1]
    if following.part != here.part or not _GLUE.fullmatch(text[here.end : following.start]):
        return False
    if _capital(following) or following.text.lower() in _CONNECTORS or following.text in "&.-/'’":
        return True
    if following.text.isdigit() or following.text.lower().rstrip(".") in LEGAL:
        return True
    if following.text == "(":
        return _BRACKETED.match(text, following.start) is not None
    if following.text == ")":
        return m > 0 and tokens[m - 1].text == "(" and _BRACKETED.match(text, tokens[m - 1].start) is not None
    behind = tokens[m + 2].text.lower().rstrip(".") if m + 2 < len(tokens) else ""
    return following.text == "," and (behind in LEGAL or _BRACKETED.match(text, following.end + 1) is not None)


def _run_signs(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """Of every token in a run of capitals: what stands before and behind the run, how far its next legal form is."""
    signs: list[list[str]] = [[] for _ in tokens]
    for first, stop in capital_runs(text, tokens):
        before = tokens[first - 1].text.lower() if first and tokens[first - 1].part == tokens[first].part else "edge"
        behind = tokens[stop].text.lower() if stop < len(tokens) else "edge"
        legal = [n for n in range(first, stop) if tokens[n].text.lower().rstrip(".") in LEGAL]
        for n in range(first, stop):
            ahead = next((k - n for k in legal if k >= n), None)
            signs[n] = [f"run before={before}", f"run behind={behind}", f"run at={min(n - first, 5)}"]
            signs[n] += [f"run left={min(stop - n, 8)}", f"legal in={ahead if ahead is None else min(ahead, 6)}"]
    return signs


def _bucket(n: int) -> int:
    for limit in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        if n <= limit:
            return limit
    return 999
