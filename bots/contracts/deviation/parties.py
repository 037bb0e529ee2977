"""The names of a contract's parties inside its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from bots.contracts.deviation.words import Token, skeleton

_LEGAL_FORM = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|co|company|llc|l\.l\.c|ltd|limited|plc|lp|llp|gmbh|ag|kg|se|ohg|ug|"
    r"s\.?a\.?r?\.?l?|s\.?a\.?s|s\.?p\.?a|b\.?v|n\.?v|pty|oy|ab)\b\.?",
    re.IGNORECASE,
)
LEGAL_FORMS = frozenset(
    (
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "llc",
        "ltd",
        "limited",
        "plc",
        "lp",
        "llp",
        "gmbh",
        "ag",
        "kg",
        "se",
        "ohg",
        "ug",
        "sa",
        "sarl",
        "sas",
        "bv",
        "nv",
        "pty",
    )
)
_SHORTEST = 3
_MISREADABLE = 6  # letters from which a word of a name is known though one letter was misread
_Names = list[tuple[str, list[str], list[str]]]


def key_of(party: str) -> str:
    """What names a party, however its name is spelt."""
    return "@" + re.sub(r"[^a-z0-9]+", " ", short_name(party).casefold()).strip()


def short_name(party: str) -> str:
    """The name without its legal form: `Hansen Logistics` of `Hansen Logistics, Inc.`"""
    short = _LEGAL_FORM.sub("", party.strip()).strip(" ,.")
    return short if len(short) >= _SHORTEST else party.strip()


def spelt(parties: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Each party's key with the words of its name without the legal form, the longest names first."""
    made = {key_of(p): re.findall(r"[^\W_]+", short_name(p)) for p in parties if len(p.strip()) >= _SHORTEST}
    return sorted(((k, words) for k, words in made.items() if words), key=lambda each: -len(each[1]))


def same_word(wanted: str, found: str) -> bool:
    """Whether a word (as a skeleton) is a word of a name; one letter of a longer one may be misread."""
    return wanted == found or (len(wanted) >= _MISREADABLE and Levenshtein.distance(wanted, found, score_cutoff=1) <= 1)


def named(found: list[Token], parties: Sequence[str], text: str) -> list[Token]:
    """Names of parties become one token each, with the legal form behind them; so do placeholders (`{supplier}`)."""
    names = [(key, [skeleton(w) for w in words], words) for key, words in spelt(parties)]
    made: list[Token] = []
    place = 0
    while place < len(found):
        taken, token = _placeholder(found, place, text) or _name(found, place, names, text) or (1, found[place])
        made.append(token)
        place += taken
    return made


def _placeholder(found: list[Token], place: int, text: str) -> tuple[int, Token] | None:
    """A playbook's `{supplier}`, or a contract's `Party A`."""
    token = found[place]
    if text[token.start - 1 : token.start] == "{" and text[token.end : token.end + 1] == "}":
        return 1, replace(token, key=f"@{token.text}", kind="party", capital=True)
    letter = found[place + 1] if place + 1 < len(found) else None
    if letter and token.key == "party" and token.capital and re.fullmatch(r"[A-D]", letter.text):
        return 2, replace(token, key=f"party {letter.text}", kind="role", end=letter.end)
    return None


def _name(found: list[Token], place: int, names: _Names, text: str) -> tuple[int, Token] | None:
    for key, own, words in names:
        if _is_name(found[place : place + len(own)], own, words):
            length = len(own)
            while found[place + length : place + length + 1] and found[place + length].text.casefold() in LEGAL_FORMS:
                length += 1
            first, last = found[place], found[place + length - 1]
            return length, Token(key, "party", text[first.start : last.end], first.start, last.end, True)
    return None


def _is_name(found: list[Token], own: list[str], words: list[str]) -> bool:
    if len(found) != len(own) or not all(same_word(w, skeleton(t.text)) for w, t in zip(own, found, strict=True)):
        return False
    # A name of one everyday word ("Company") would be found everywhere: its capital letter has to stand, too.
    return len(own) > 1 or found[0].text[:1].isupper() == words[0][:1].isupper()
