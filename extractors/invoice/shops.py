"""Shops whose receipts the training has seen: how their name and address are spelt.

Only letters that recognition misread are put right: the text must read almost like the known one, digit for digit and
bracket for bracket, and only one known spelling may be near. A shop that the training has not seen is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from extractors.invoice.places import PLACES
from extractors.values import plain

Shops = Sequence[Mapping[str, Any]]
"""Each with `name`, `addresses` (the most frequent first)."""
NEAR_NAME = 0.9
NEAR_ADDRESS = 0.9
LONG = 40
"""Letters and digits of an address from which on a digit may have been misread."""
LEFT, ENDING = 0.75, 5
"""Share of an address's letters that must be left, and letters at its end that must be."""
KNOWN = "known shop"
_DIGIT_TWINS = frozenset({"08", "14", "17", "27", "35", "38", "39", "49", "56", "58", "68", "89", "18"})
_BRACKET = re.compile(r"\([^()]*\)")
_TWINS = str.maketrans({"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2", "g": "6", "q": "0"})


def known_name(text: str, shops: Shops) -> tuple[str, str]:
    """The name as it is spelt on this shop's other receipts, and a note; the text itself where it is not known."""
    return _nearest(text, (s["name"] for s in shops), NEAR_NAME)


def known_address(text: str, name: str, shops: Shops) -> tuple[str, str]:
    """The address as it is spelt on the other receipts of the shop of that name, and a note."""
    mine = [a for s in shops if _bare(s["name"]) == _bare(name) for a in s["addresses"]]
    if not mine:
        return text, ""
    found, note = _nearest(text, mine, NEAR_ADDRESS)
    if found != text and _loses_a_word(text, found):
        return text, ""
    return (found, note) if note else _damaged(text, mine)


def _loses_a_word(text: str, found: str) -> bool:
    """Whether a word of addresses that was read is not in the known address: then it is another one."""
    words = {w for w in re.split(r"[^a-z]+", plain(text)) if w in PLACES}
    return any(w not in _bare(found) for w in words)


def _damaged(text: str, known: Iterable[str]) -> tuple[str, str]:
    """A long address that is a known one but for one digit that looks alike, or for letters lost inside."""
    wanted = _bare(text)
    near = {b: other for other in known if _but_a_digit(wanted, b := _bare(other)) or _but_lost(wanted, b)}
    return (next(iter(near.values())), KNOWN) if len(near) == 1 else (text, "")


def _but_a_digit(one: str, other: str) -> bool:
    """No two branches are so alike."""
    if not len(one) == len(other) >= LONG:
        return False
    apart = ["".join(sorted(pair)) for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(apart) == 1 and apart[0] in _DIGIT_TWINS


def _but_lost(one: str, other: str) -> bool:
    """Whether all letters of the first stand in the second in this order, with the same beginning and end."""
    if not LEFT * len(other) <= len(one) < len(other) or one[:2] != other[:2] or one[-ENDING:] != other[-ENDING:]:
        return False
    letters = iter(other)
    return all(c in letters for c in one)


def _nearest(text: str, known: Iterable[str], least: float) -> tuple[str, str]:
    from rapidfuzz.fuzz import ratio

    wanted = _bare(text)
    fits: dict[str, tuple[float, str]] = {}
    for other in known:
        bare = _bare(other)
        if abs(len(bare) - len(wanted)) <= 0.2 * len(wanted):
            fits.setdefault(bare, (ratio(wanted, bare) / 100, other))
    if wanted in fits:
        return (fits[wanted][1] if "&" in fits[wanted][1] and "&" not in text else text), KNOWN
    best = sorted(fits.values(), reverse=True)[:2]
    if not best or best[0][0] < least or (len(best) > 1 and best[0][0] - best[1][0] < 0.02):
        return text, ""
    found = best[0][1]
    return (found, KNOWN) if _same_digits(wanted, _bare(found)) and _same_words(text, found) else (text, "")


def _same_words(one: str, other: str) -> bool:
    """Whether neither has a bracket more than the other: one paper of a shop says `(M)`, another does not.

    Other words are lost in recognition; brackets are not, with all that is in them.
    """
    from rapidfuzz.distance import Levenshtein

    for step in Levenshtein.opcodes(_bare(one), _bare(other)):
        if step.tag == "insert" and (step.dest_start, step.dest_end) in _bracketed(other):
            return False
        if step.tag == "delete" and (step.src_start, step.src_end) in _bracketed(one):
            return False
    return True


def _bracketed(text: str) -> set[tuple[int, int]]:
    """Where brackets stand among the letters and digits of a text."""
    return {(len(_bare(text[: m.start()])), len(_bare(text[: m.end()]))) for m in _BRACKET.finditer(text)}


@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    return "".join(c for c in plain(text) if c.isalnum())


def _same_digits(one: str, other: str) -> bool:
    """Whether no digit becomes another digit; a letter may take the place of the digit that looks like it."""
    from rapidfuzz.distance import Levenshtein

    for step in Levenshtein.editops(one, other):
        if step.tag == "insert":
            changed = other[step.dest_pos]
        elif step.tag == "delete":
            changed = one[step.src_pos]
        else:
            old, new = one[step.src_pos], other[step.dest_pos]
            if old.isdigit() and new.isdigit():
                return False
            if (old.isdigit() or new.isdigit()) and old.translate(_TWINS) != new.translate(_TWINS):
                return False
            continue
        if changed.isdigit():
            return False
    return True
