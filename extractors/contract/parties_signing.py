"""What is measured of a name beside the lines to sign, and of the contract as a whole: who signs, and who is named."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from extractors.contract.parties_candidates import Candidate, Head
from extractors.contract.parties_runs import LEGAL
from extractors.contract.parties_tokens import SIGNATORIES_NAMED, SIGNED_PART

_LINE_NEXT = re.compile(r"[\W_]{0,30}?(?:\b(?:By|BY|Per|Signature)\s{0,3}[:_]|/s/|_{5,})")
_AT_OWN_LINE = re.compile(r"\b(?:By|BY|By its|Its|Per|Name|Title)\s{0,3}:\s{0,3}(?:/s/)?\s*$")
_FOR = re.compile(r"\bbehalf\s+of\s*:?\s*$", re.I)
_CAPACITY = re.compile(
    r"\W{0,3}(?:as\s+)?(?:its|the|a|sole)\s+(?:sole\s+)?(?:general\s+partner|manag\w+|member|investment|trustee|agent|subsidiary)",
    re.I,
)
_PERSON_BEFORE = re.compile(r"\b(?:Mr|Ms|Mrs|Dr)\.?\s*$")
_OFFICE_BEHIND = re.compile(
    r"\W{0,4}(?:Title\b|Its\b|(?:Chief|Vice|Senior|Executive|Managing)?\s*(?:President|Director|Officer|Chairman|CEO|Manager|Secretary)\b)"
)
_INITIALS = re.compile(r"\b[A-Za-z0-9]")


def signing(head: Head, c: Candidate) -> Iterator[float]:
    """Of one name: whether it stands right over a line to sign, signs for another, is a person's."""
    text, tokens = head.text, head.tokens
    ahead, behind = text[max(c.start - 30, 0) : c.start], text[c.end : c.end + 80]
    yield from (bool(_LINE_NEXT.match(behind)), bool(_AT_OWN_LINE.search(ahead)), bool(_FOR.search(ahead)))
    yield from (bool(_CAPACITY.match(behind)), bool(_PERSON_BEFORE.search(ahead)), bool(_OFFICE_BEHIND.match(behind)))
    yield _personal([t.text for t in tokens[c.first : c.stop]])


def named_so(name: str, role: str) -> float:
    """How the quoted name goes with the full one: 2 by its words, 1 by its initials, 0 not at all."""
    own, words = role.lower().split(), name.lower().split()
    if own and all(any(w.startswith(o) for w in words) for o in own if o not in ("the", "and")):
        return 2.0
    return float("".join(_INITIALS.findall(name)).lower().startswith(role.lower().replace(".", "")))


def whole(head: Head) -> tuple[float, ...]:
    """Of the contract: its length, whether it names its parties "between", or leaves them to those who sign."""
    places = [n for n, t in enumerate(head.tokens) if t.part != SIGNED_PART]
    between = any(head.running[n][1] for n in places)
    signatories = bool(places) and bool(SIGNATORIES_NAMED.search(head.text, 0, head.tokens[places[-1]].end))
    lines = sum(m.start() > len(head.text) // 4 for m in re.finditer(r"\bBy\s{0,3}[:_]|/s/", head.text))
    return (between, signatories, min(lines, 40), math.log(len(head.text) + 1))


def _personal(words: list[str]) -> bool:
    """Two to four capitalised words or initials without a legal form."""
    named = [w for w in words if w[0].isalpha()]
    return 1 < len(named) < 5 and all(w[0].isupper() and w.lower().rstrip(".") not in LEGAL for w in named)
