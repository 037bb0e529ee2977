"""The head of a contract as tokens with signs: what the tagger of titles and parties looks at."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.contract.parties_runs import LEGAL, Token, capital_runs

HEAD = 3200  # characters from the start
AFTER = 3200  # from where a late preamble begins
SIGNERS = 2200  # from where the parties sign
SIGNATORIES, APART = 8000, 300  # characters of a longer list of signatories, and between two of its lines
LATEST = 60_000  # a preamble behind a long table of contents
HEAD_PART, LATE_PART, SIGNED_PART = 0, 1, 2  # what the windows of a contract are
LONGEST = 40  # characters of a word that count
_TOKEN = re.compile(r"\w+(?:[&.'’/-]\w+)*|[^\w\s]")
_PREAMBLE = re.compile(
    r"\b(?:this|the)\s[^.;]{0,250}?\b(?:agreement|contract|amendment|addendum|lease|deed|licen[cs]e|letter|statement)\b"
    r"[^;]{0,300}?\b(?:by\s+and\s+(?:between|among)|between|among|made|entered|dated|effective|executed|parties)\b",
    re.I,
)
_WITNESS = re.compile(r"\bIN\s+WITNESS\b", re.I)
_SIGNED = re.compile(r"\bIN WITNESS\b|/s/|\bBy\s*:|\bSIGNATURES?\b|\bName\s*:")
_LINE_TO_SIGN = re.compile(r"\b(By|Per|Name|Its|Title|Signature|Date)\s{0,3}:|/(s)/", re.I)
_FAR = 160  # characters from a line to sign in which it counts
_SIGNED_LINE = re.compile(r"\bbehalf\s+of\b|\b(?:By|Name|Title)\s*:|/s/|[-_]{8,}")
SIGNATORIES_NAMED = re.compile(  # the signatures alone say who the parties are
    r"\bsignator(?:y|ies)\s+(?:hereto|to\s+this)|\bthe\s+undersigned|\b(?:listed|identified|named|set\s+forth)\s+(?:on|in)"
    r"\s+(?:the\s+)?(?:signature\s+pages?|(?:Schedule|Exhibit|Annex|Appendix)\s)",
    re.I,
)
_OPENING = re.compile(r"\b(?:by\s+and\s+)?(?:between|among(?:st)?)\b|\bWHEREAS\b|\bentered\s+into\b", re.I)
_TITLES_TEXT = """agreement contract amendment addendum lease license licence statement memorandum understanding terms
    conditions deed letter plan schedule policy program undertaking charter form addenda order guaranty note"""
_TITLES = frozenset(_TITLES_TEXT.split())


@dataclass(frozen=True)
class Window:
    """A stretch of the text where names of parties stand; `part` says what it is."""

    part: int
    start: int
    end: int


def windows(text: str) -> list[Window]:
    """Where a title, parties and dates stand: the start, the preamble if that comes later, and who signs."""
    found = [Window(HEAD_PART, 0, min(HEAD, len(text)))]
    reach = AFTER  # without a preamble, who signs is all that names the parties
    if any(m.end() < HEAD * 0.75 for m in _PREAMBLE.finditer(text, 0, HEAD)):
        reach = SIGNERS
    elif (late := _preamble(text, HEAD // 2)) is not None:
        found.append(Window(LATE_PART, max(HEAD, late.start() - 300), min(late.start() + AFTER, len(text))))
        reach = SIGNERS
    least = max(len(text) // 3, found[-1].end)
    signed = _WITNESS.search(text, least) or _SIGNED.search(text, least)
    if signed is not None:
        start = max(found[-1].end, signed.start() - 200)
        end = min(signed.start() + reach, len(text))
        listed = any(SIGNATORIES_NAMED.search(text, w.start, w.end) for w in found)
        found.append(Window(SIGNED_PART, start, _last_line_to_sign(text, end) if listed else end))
    return [w for w in found if w.end > w.start]


def _last_line_to_sign(text: str, end: int) -> int:
    """Where the lines to sign end that go on behind `end`: of a contract whose signatures alone name its parties."""
    for line in _SIGNED_LINE.finditer(text, end, end + SIGNATORIES):
        if line.start() > end + APART:
            break
        end = line.end()
    return end


def _preamble(text: str, start: int) -> re.Match[str] | None:
    found = _PREAMBLE.finditer(text, start, LATEST)
    return next((m for m in found if _OPENING.search(text, m.start(), m.end() + 400)), None)


def preamble_of(text: str) -> tuple[int, int] | None:
    """The sentence that names the parties, and what follows it closely; None where there is none."""
    found = _preamble(text, 0)
    return (found.start(), found.end() + 500) if found else None


def tokens_of(text: str) -> list[Token]:
    """The tokens of the head in reading order."""
    return [
        Token(m.group(), m.start(), m.end(), window.part)
        for window in windows(text)
        for m in _TOKEN.finditer(text, window.start, window.end)
    ]


def signs_of(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """The named signs of every token: itself, its neighbours, its place."""
    tail = _tail_words(text)
    own = [_own(t, tail) for t in tokens]
    state = list(_running(text, tokens))
    runs = _run_signs(text, tokens)
    marks = _mark_signs(text, tokens)
    found = []
    for n, token in enumerate(tokens):
        signs = ["bias", *(f"0:{s}" for s in own[n]), *state[n], *runs[n], *marks[n]]
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


def _mark_signs(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """How far each token stands from the nearest "By:" or "Name:" of a signature, on either side."""
    if not tokens:
        return []
    marks = [
        mark
        for part in sorted({t.part for t in tokens})
        for mark in _marks_of(text, [t for t in tokens if t.part == part])
    ]
    starts, ends = [m.start() for m in marks], [m.end() for m in marks]
    signs = []
    for token in tokens:
        ahead, behind = bisect_left(starts, token.end), bisect_right(ends, token.start) - 1
        own = []
        if ahead < len(marks) and starts[ahead] - token.end < _FAR:
            own.append(f"{_called(marks[ahead])} ahead={_bucket((starts[ahead] - token.end) // 10)}")
        if behind >= 0 and token.start - ends[behind] < _FAR:
            own.append(f"{_called(marks[behind])} behind={_bucket((token.start - ends[behind]) // 10)}")
        signs.append(own)
    return signs


def _marks_of(text: str, window: Sequence[Token]) -> Iterator[re.Match[str]]:
    """The lines to sign of a window; a long contract between two windows is not searched."""
    return _LINE_TO_SIGN.finditer(text, window[0].start, window[-1].end)


def _called(mark: re.Match[str]) -> str:
    return str(mark[1] or mark[2]).lower()


def _bucket(n: int) -> int:
    for limit in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        if n <= limit:
            return limit
    return 999
