"""Numbers among the tokens: in words, in digits, in both; with the unit that they count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from bots.contracts.deviation import lexicon as lex
from bots.contracts.deviation.numbers import SCALES, WORDS, in_words
from bots.contracts.deviation.words import Token, plain, skeleton

_BESIDE = 5  # tokens between a number in words and the same in digits: one million US dollars (US$1,000,000)


def counted(found: list[Token]) -> list[Token]:
    """The tokens with numbers in words as numbers, and a number that stands there twice as one."""
    return _joined_twice(_numbers(found))


def _numbers(found: list[Token]) -> list[Token]:
    """Numbers in words become numbers. "one" counts only before a unit or a number: "one party" is no number."""
    made: list[Token] = []
    place = 0
    while place < len(found):
        ahead = [t.key if t.kind == "word" else "" for t in found[place : place + 8]]
        taken = in_words(ahead) if ahead[0] in WORDS else None
        token = found[place]
        if token.kind == "number" and ahead[1:2] and ahead[1] in SCALES:
            scaled = Decimal(token.key) * SCALES[ahead[1]] if not token.key.startswith("month") else None
            if scaled is not None:
                made.append(replace(token, key=plain(scaled.normalize()), end=found[place + 1].end))
                place += 2
                continue
        if taken is None or not _counts(found, place, taken[1]):
            made.append(token)
            place += 1
            continue
        last = found[place + taken[1] - 1]
        words = " ".join(t.text for t in found[place : place + taken[1]])
        made.append(Token(plain(taken[0].normalize()), "number", words, token.start, last.end, bracket=token.bracket))
        place += taken[1]
    return made


def _counts(found: list[Token], place: int, taken: int) -> bool:
    after = found[place + taken] if place + taken < len(found) else None
    if found[place].key == "third" and after is not None and after.key in ("party", "parties"):
        return False
    if found[place].key == "one" and taken == 1:
        return after is not None and after.kind in ("unit", "number")
    return True


def _joined_twice(found: list[Token]) -> list[Token]:
    """ "thirty (30)" is one number. Where words and digits differ both stand in its key, as no other number's do."""
    made: list[Token] = []
    for token in found:
        place = _number_before(made) if token.bracket else None
        if place is not None and token.kind == "unit":
            continue  # sixty (60 days) days, sixty (US$60) dollars: the unit stands once
        if place is not None and token.kind == "number" and not token.key.startswith("month"):
            if token.key not in made[place].key.split("|"):
                made[place] = replace(made[place], key=f"{made[place].key}|{token.key}")
            continue
        if token.key == "usd" and made and made[-1].key == "us":
            made.pop()  # US dollars
        made.append(token)
    return made


def _number_before(made: list[Token]) -> int | None:
    """Where the number stands that brackets say once more; None where they say something else."""
    for back in range(len(made) - 1, max(len(made) - 1 - _BESIDE, -1), -1):
        if made[back].kind == "number":
            return None if made[back].bracket else back
        if not _belongs(made[back]):
            return None
    return None


def _belongs(token: Token) -> bool:
    return (
        token.kind == "unit"
        or bool(_unit_misread(token))
        or token.key in ("us", "u", "s", skeleton("united"), skeleton("states"), "of")
    )


def converted(found: list[Token]) -> list[Token]:
    """Years as months and weeks as days, so that twelve months are one year."""
    made = list(found)
    for place in range(len(found) - 1):
        number, unit = made[place], made[place + 1]
        if number.kind == "number" and number.key.isdigit():
            key = unit.key if unit.kind == "unit" else _unit_misread(unit)
            factor, to = {"year": (12, "month"), "week": (7, "day")}.get(key, (1, key))
            made[place] = replace(number, key=str(int(number.key) * factor))
            made[place + 1] = replace(unit, key=to, kind="unit") if key else unit
    return made


def _unit_misread(token: Token) -> str:
    """The unit that a word behind a number is, with one letter misread; "" for another word."""
    if token.kind != "word" or len(token.text) < 4:
        return ""
    units = ((w, lex.UNITS[w]) for w in ("years", "months", "weeks", "days", "year", "month", "percent"))
    return next((unit for w, unit in units if Levenshtein.distance(skeleton(w), skeleton(token.text)) <= 1), "")
