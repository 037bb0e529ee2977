"""A clause as tokens that carry its meaning: what numbering, case, hyphens, quotes and scanners add is gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bots.contracts.deviation import lexicon as lex
from bots.contracts.deviation.cleaning import without_numbering
from bots.contracts.deviation.counting import converted, counted
from bots.contracts.deviation.parties import named
from bots.contracts.deviation.words import WORD, Token, words_of

_ROMAN = re.compile(r"[ivxlc]{1,6}|[a-z]|\d[\d.]*", re.IGNORECASE)
_AND = frozenset(("and", "or", "through", "to", "of"))


def tokens(text: str, parties: Sequence[str] = ()) -> list[Token]:
    """The tokens of a cleaned text (cleaning.py). `parties` are names that count as one token each."""
    blanked = without_numbering(text)
    found = [token for match in WORD.finditer(blanked) for token in words_of(match, text)]
    found = _without_references(counted(named(found, parties, text)))
    return converted(_phrases([t for t in found if not _is_article(t)]))


def _is_article(token: Token) -> bool:
    return token.key in lex.DROPPED or (token.text.lower() in lex.MISREAD_THE and not token.text.isupper())


def _without_references(found: list[Token]) -> list[Token]:
    """ "Section 8.12" and "Clauses 6.2 and 7.3" are places in the document, which numbering moves."""
    made: list[Token] = []
    inside = False
    for place, token in enumerate(found):
        if token.key in lex.REFERENCES:
            made.append(replace(token, key="section", kind="word"))
            inside = True
            continue
        if inside:
            after = found[place + 1].text if place + 1 < len(found) else ""
            is_place = token.kind == "number" or (bool(_ROMAN.fullmatch(token.text)) and token.text not in ("a",))
            if is_place or (token.key in _AND and re.fullmatch(r"\d[\d.]*", after)):
                continue
            inside = False
        made.append(token)
    return made


def _phrases(found: list[Token]) -> list[Token]:
    """Marks what begins an exception, and who is meant by `either party`."""
    made = list(found)
    keys = [t.key for t in found]
    for place, token in enumerate(found):
        for phrase in lex.CARVE_OUT_PHRASES:
            if tuple(keys[place : place + len(phrase)]) == phrase:
                made[place] = replace(token, kind="carve", key=" ".join(phrase))
        if token.key in lex.EVERYBODY and keys[place + 1 : place + 2] in (["party"], ["parties"]):
            made[place] = replace(token, kind="who", key=lex.EVERYBODY[token.key])
    return made
