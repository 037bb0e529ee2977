"""Edits of accepted clauses: one number, one negation, one party or one exception changed; and copies without change.

Each edit takes a text and a random generator and gives the edited text, or None where the text has nothing to edit.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Edit = Callable[[str, random.Random], str | None]

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = dict(enumerate(_ONES)) | {20 + 10 * n: word for n, word in enumerate(_TENS)}
_WORDS |= {120: "one hundred twenty", 180: "one hundred eighty"}
_VALUES = {word: value for value, word in _WORDS.items()}
_IN_WORDS = "|".join(sorted((w for w in _VALUES if _VALUES[w] > 0), key=len, reverse=True))
_UNIT = r"(?:business |calendar |working )?(?:hours?|days?|weeks?|months?|years?|percent|%)"
_SPELT = re.compile(rf"\b({_IN_WORDS}) ?\((\d{{1,3}})\)", re.IGNORECASE)
_COUNTED = re.compile(rf"\b(\d{{1,3}})(?=(?:th|rd|st|nd)?[ -]?{_UNIT})", re.IGNORECASE)
_WORD_COUNTED = re.compile(rf"\b({_IN_WORDS})(?= {_UNIT})", re.IGNORECASE)
_MONEY = re.compile(r"(?<=[$€£])\s?(\d[\d,]*)")


def change_number(text: str, rng: random.Random) -> str | None:
    """One number, in words and digits where both stand there."""
    found = [m for pattern in (_SPELT, _COUNTED, _WORD_COUNTED, _MONEY) for m in pattern.finditer(text)]
    if not found:
        return None
    match = rng.choice(found)
    if match.re is _MONEY:
        amount = int(match[1].replace(",", "") or 0)
        return _put(text, match.start(1), match.end(1), f"{amount * rng.choice((2, 3, 5)) or 5000:,}")
    old = int(match[2]) if match.re is _SPELT else _VALUES.get(match[1].lower()) or int(match[1])
    new = rng.choice([n for n in (2, 3, 5, 7, 10, 15, 20, 30, 60, 90) if n != old])
    if match.re is _SPELT:
        return _put(text, match.start(), match.end(), f"{_like(match[1], _WORDS[new])} ({new})")
    shown = str(new) if match.re is _COUNTED else _like(match[1], _WORDS[new])
    return _put(text, match.start(1), match.end(1), shown)


_NEGATIONS: tuple[tuple[str, str], ...] = (
    (r"\b(shall|may|will|must|does|do|is|are) not\b", r"\1"),
    (r"\b(shall|may|must|will)\b(?! not)(?! be entitled)", r"\1 not"),
    (r"\bneither party\b", "either party"),
    (r"\bneither\b", "either"),
    (r"\beither party\b", "neither party"),
    (r"\bno party\b", "each party"),
    (r"\bnon-exclusive\b", "exclusive"),
    (r"\bwithout (?=the prior|prior)", "with "),
    (r"\bin no event\b", "in any event"),
    (r"\bunreasonably\b", "reasonably"),
)


def change_negation(text: str, rng: random.Random) -> str | None:
    """One "not" more or less, or a word that turns the sentence round."""
    found = [(m, to) for pattern, to in _NEGATIONS for m in re.finditer(pattern, text, re.IGNORECASE)]
    if not found:
        return None
    match, to = rng.choice(found)
    return _put(text, match.start(), match.end(), _like(match[0], match.expand(to)))


_ROLES = (
    *("Supplier", "Customer", "Buyer", "Seller", "Licensor", "Licensee", "Distributor", "Company", "Consultant"),
    *("Manufacturer", "Agent", "Provider", "Client", "Purchaser", "Contractor", "Vendor", "Reseller", "Franchisee"),
    *("Franchisor", "Lessor", "Lessee"),
)
_ROLE = re.compile(rf"\b({'|'.join(_ROLES)})\b")
_ANYBODY = re.compile(r"\b([Ee]ither|[Ee]ach|[Nn]either) [Pp]arty\b")


def change_party(text: str, rng: random.Random, names: Sequence[str] = ()) -> str | None:
    """One party instead of another."""
    found: list[tuple[re.Match[str], str]] = []
    for match in _ROLE.finditer(text):
        others = [r for r in dict.fromkeys(m[1] for m in _ROLE.finditer(text)) if r != match[1]]
        found.append((match, rng.choice(others or [r for r in ("Customer", "Supplier") if r != match[1]])))
    found += [(m, "the Customer") for m in _ANYBODY.finditer(text) if m[1].lower() != "neither"]
    for name in names:
        others = [n for n in names if n != name]
        if others:
            found += [(m, rng.choice(others)) for m in re.finditer(rf"\b{re.escape(name)}(?=\W|$)", text)]
    if not found:
        return None
    match, to = rng.choice(found)
    return _put(text, match.start(), match.end(), to)


_EXCEPTION = re.compile(
    r"(?:,\s*|\s*\(|;\s*|\s+)\b(?:except|unless|other than|provided,? (?:that|however)|save (?:for|as))\b[^.;()]{8,}?"
    r"(?=[.;]|\)|$)\)?",
    re.IGNORECASE,
)
_NEW_EXCEPTIONS = (
    ", except in the case of a change of control of the Supplier",
    ", provided that all amounts due have been paid",
    ", other than claims of affiliates of the Customer",
    ", unless the Supplier agrees otherwise in writing",
    ", except for orders below 5,000 euros",
    " (excluding any breach of confidentiality)",
    ", subject to the consent of the board of directors",
    ", save for cases of gross negligence",
)


def change_carve_out(text: str, rng: random.Random) -> str | None:
    """One exception more or less."""
    found = [m for m in _EXCEPTION.finditer(text) if len(m[0]) < 0.5 * len(text)]
    if found and rng.random() < 0.5:
        match = rng.choice(found)
        return _put(text, match.start(), match.end(), "")
    ends = [m.start() for m in re.finditer(r"[.;](?=\s|$)", text)] or [len(text)]
    at = rng.choice(ends)
    return text[:at] + rng.choice(_NEW_EXCEPTIONS) + text[at:]


EDITS: dict[str, Edit] = {
    "deviation_number": change_number,
    "deviation_negation": change_negation,
    "deviation_party": change_party,
    "deviation_carve_out": change_carve_out,
}

_MISREAD = {"l": "1", "o": "0", "i": "l", "e": "c", "m": "rn", "h": "b", "a": "o", "u": "v", "c": "e", "t": "f"}


def scanned(text: str, rng: random.Random, share: float = 0.01) -> str:
    """The text as a scanner reads it: single letters misread. Digits stay: a misread digit is another number."""
    made = list(text)
    spots = [n for n, c in enumerate(made) if c in _MISREAD]
    for spot in rng.sample(spots, int(len(spots) * share)):
        made[spot] = _MISREAD[made[spot]]
    return "".join(made)


def rewrapped(text: str, rng: random.Random) -> str:
    """The text in short lines, with words cut at their ends, and odd spaces."""
    made, width = [], 0
    for word in text.split():
        width += len(word) + 1
        if width > 60 and len(word) > 7 and word.isalpha():
            cut = rng.randrange(3, len(word) - 3)
            made.append(f"{word[:cut]}-\n{word[cut:]}")
            width = len(word) - cut
        elif width > 70:
            made.append(f"\n{word}")
            width = len(word)
        else:
            made.append(word if rng.random() > 0.05 else f" {word}")
    return " ".join(made)


def renumbered(text: str, rng: random.Random) -> str:
    """The text under another number, with references that followed."""
    moved = re.sub(
        r"\b([Ss]ections?|[Cc]lauses?|[Aa]rticles?) \d+(?:\.\d+)*",
        lambda m: f"{m[1]} {rng.randrange(1, 30)}.{rng.randrange(1, 9)}",
        text,
    )
    return f"{rng.randrange(1, 30)}.{rng.randrange(1, 9)} {moved}"


def near_copy(text: str, rng: random.Random, renamed: Sequence[tuple[str, str]] = ()) -> str:
    """A copy that says the same: other case, spaces, numbers, hyphens, quotes, misread letters, renamed parties."""
    for old, new in renamed:
        text = re.sub(rf"\b{re.escape(old)}(?=\W|$)", new.replace("\\", ""), text)
    ways: list[Callable[[str], str]] = [
        lambda t: t.upper() if rng.random() < 0.3 else t,
        lambda t: renumbered(t, rng),
        lambda t: rewrapped(t, rng),
        lambda t: t.replace('"', "”").replace("'", "’"),
        lambda t: scanned(t, rng),
    ]
    chosen = [way for way in ways if rng.random() < 0.6] or [ways[2]]
    for way in chosen:
        text = way(text)
    return text


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _like(old: str, new: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.capitalize() if old[:1].isupper() and not new[:1].isupper() else new
