"""What a query asks for: what the clause is about, what it must carve out, what it must not say, whom it favours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.precedents.clause_view import plain
from extractors.precedents.lexicon import asked

CHARACTERS_MAX = 2_000
_FAVOUR = re.compile(
    r"([\w-]+?)[- ](?:favou?rabl\w+|friendly|protective)|(?:favou?r\w*|protect\w*) (?:the |of (?:the )?)?(\w+)"
)
_SELLERS = re.compile(r"seller|supplier|vendor|licensor|provider|manufacturer|contractor")
_BUYERS = re.compile(r"buyer|customer|purchaser|licensee|client|distributor")
_OUT = r"(?:carve-?\s?outs?|exceptions?|exclusions?|exemptions?|limitations? to|qualifications?)"
_WITHOUT = re.compile(rf"\b(?:without|no|lack\w*|free of) (?:any )?{_OUT}|\bunqualified|\bunconditional\w*|\babsolute")
_TO = re.compile(
    rf"(.*?)\b(?:{_OUT}|exempt\w*|excluded|carved out|not subject|uncapped)\b,? (?:to|from|for|of|in|under) (.*)"
)
_FOR = re.compile(rf"(.*)\bwith (?:\w+ )?{_OUT} (?:for|of) (.*)")
_VIA = re.compile(r"\b(?:via|by way of|through)\b (.*)")
_LACKS = re.compile(
    r"\b(?:(?:do(?:es)? )?not (?:includ|contain|mention|hav|requir|provid|cover)\w*"
    r"|without|lack\w*|omit\w*|no(?= ))\b ?(.*)"
)
_EXCLUDES = re.compile(r"\b(?:exclud\w+|carv\w+ out|except(?:ing| for)?|other than)\b (.*)")
_COVERS = re.compile(
    r"(.*)\b(?:subject to|applies to|apply to|covers?|covering|extends? to|including|includes?)\b (.*)"
)
_ANY_OUT = re.compile(rf"{_OUT}|carv\w+ out|(?<!-)\bqualified\b")


@dataclass(frozen=True)
class Wanted:
    """A query understood: numbers of concepts, and signs. `covered`: what must be said and must not be carved out."""

    about: tuple[int, ...] = ()
    carved: tuple[int, ...] = ()
    lacking: tuple[int, ...] = ()
    covered: tuple[int, ...] = ()
    with_carve_outs: bool = False
    without_carve_outs: bool = False
    favours: int = 0  # 1 the seller, -1 the buyer
    mutual: int = 0  # 1 both sides, -1 one side alone


def understand(text: str) -> Wanted:
    """Reads a query by its words; what no concept knows stays for the search by words and by meaning."""
    rest = " ".join(plain(text[:CHARACTERS_MAX]).split())
    mutual = 1 if re.search(r"mutual|reciproc|both parties", rest) else 0
    mutual = -1 if re.search(r"one[- ](?:way|sided)|unilateral|non-?mutual", rest) else mutual
    favours, rest = _favours(rest)
    without = _WITHOUT.search(rest)
    rest = _WITHOUT.sub(" ", rest)
    carved, with_outs, rest = _carved(rest)
    lacks = None if carved or with_outs else _LACKS.search(rest)
    lacking: tuple[int, ...] = ()
    if lacks:
        rest = rest[: lacks.start()]
        lacking = tuple(c for c in asked(lacks.group(1)) if c not in asked(rest))
    covers = _COVERS.match(rest)
    covered = asked(covers.group(2)) if covers else ()
    if covers and " subject to a " in rest:  # "liability for fraud subject to a cap": the first is covered
        covered = asked(covers.group(1))
    about = tuple(c for c in asked(rest) if c not in lacking)
    return Wanted(about, carved, lacking, covered, with_outs, bool(without) and not carved, favours, mutual)


def _favours(rest: str) -> tuple[int, str]:
    found = _FAVOUR.search(rest)
    who = (found.group(1) or found.group(2)) if found else ""
    side = 1 if _SELLERS.search(who) else -1 if _BUYERS.search(who) else 0
    return (side, rest[: found.start()] + " " + rest[found.end() :]) if found and side else (0, rest)


def _carved(rest: str) -> tuple[tuple[int, ...], bool, str]:
    """What is to be carved out, whether any carve-out is wanted, and what is left of the query."""
    listed = _FOR.match(rest)
    if listed:
        return asked(listed.group(2)), True, listed.group(1)
    to = _TO.match(rest)
    if to:
        out, about = to.group(1), to.group(2)
        via = _VIA.search(about)
        if via:
            out, about = f"{out} {via.group(1)}", about[: via.start()]
        return asked(out), True, about
    excludes = _EXCLUDES.search(rest)
    if excludes:
        return asked(excludes.group(1)), False, rest[: excludes.start()]
    return (), bool(_ANY_OUT.search(rest)), rest
