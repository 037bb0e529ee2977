"""Which entities CUAD's answer names as the parties of a contract, and how their marked spans spell them.

An answer is one line: `Acme, Inc. ("Acme"); Bob Ltd. ("Supplier"); Acme and Supplier (each a "Party")`. What the
contract calls a party is no entity, nor is what only joins parties that are named already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from extractors.contract.parties_runs import folded

ALIKE = 0.85  # of two names or titles that differ by a slip, a form of company or a division
_ALIAS = re.compile(r"[\"“”]([^\"“”]{2,40})[\"“”]")
_BEHIND_NAME = re.compile(r"\([^()]*\)(?=\s*(;|$|\())")
_QUOTED = re.compile(r"\((?=[^)]*[\"“”])[^)]*\)?|\s*[\"“][^\"“”]{1,40}[\"”]\s*$")
_SAYING = re.compile(r"^\W*(?:each|together)\b|individually|collectively|hereinafter", re.I)
_ROLES_TEXT = "company consultant supplier distributor franchisee customer licensee contractor seller buyer sponsor you"
_ROLES = frozenset((*_ROLES_TEXT.split(), "partya", "partyb", "partyc"))
_FORM = re.compile(r"\b(?:inc|llc|ltd|limited|corp\w*|co|company|lp|fund|plc|n\.?v|n\.?a|s\.?a)\b", re.I)
_LISTS = re.compile(r",|\b(?:and|together)\b")
_JOINS = re.compile(r"(?:and|together|with|the|company)*")
_SHORTEST = 9  # letters and digits of a marked name that may part a list


def entities_in(answer: str, marked: Iterable[str]) -> dict[str, str]:
    """Names of the parties by their folded form; a list in one piece falls into the names that are marked."""
    called = {folded(a) for a in _ALIAS.findall(answer)} | _ROLES
    found = {}
    for part in _BEHIND_NAME.sub("", answer).split(";"):
        name = _QUOTED.sub("", part).strip(" ,\n")
        name = name.strip("() ,") if name.count("(") != name.count(")") else name
        key = folded(name)
        if key and not _SAYING.search(name) and not _only_called(name, called):
            found[key] = name
    lists = {key for key, name in found.items() if _LISTS.search(name)}
    found = {k: v for k, v in found.items() if k not in lists or not _joined(k, (found.keys() - {k}) | called)}
    spelt = {key: m for m in marked if len(key := folded(m)) >= _SHORTEST and _FORM.search(m)}
    parted: dict[str, str] = {}
    for key, name in found.items():
        inside = {k: m for k, m in spelt.items() if k in key and k != key}
        parted |= inside if key in lists and _joined(key, inside) else {key: name}
    return parted


def spellings_of(entities: Iterable[str], marked: Sequence[str]) -> dict[str, set[str]]:
    """Of every folded name those of the marked spans that write the same entity: CUAD's answers misspell some."""
    found = {e: {e} for e in entities}
    for mark in marked:
        key = folded(mark)
        near = [e for e in found if len(key) > 5 and alike(e, key)]
        best = max(near, key=lambda e: SequenceMatcher(None, e, key, False).ratio(), default=None)
        if (
            best and key not in found and (not best.startswith(key) or _FORM.search(mark))
        ):  # else it is what the party is called
            found[best].add(key)
    return found


def alike(a: str, b: str) -> bool:
    """Whether two folded names are one but for a slip, or one only adds words to the other ("and its affiliates")."""
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) > 5 and long.startswith(short)) or SequenceMatcher(None, a, b, False).ratio() >= ALIKE


def _only_called(name: str, called: set[str]) -> bool:
    """Whether these are no names but what the contract calls the parties: "MacroGenics and Green Cross"."""
    words = [folded(w) for w in re.split(r",|\b(?:and|or)\b", re.sub(r"^the\s", "", name, flags=re.I)) if folded(w)]
    told = [any(w == c or (len(w) > 3 and c.startswith(w)) for c in called) for w in words]
    return (len(words) > 1 and any(told) and not _FORM.search(name)) or (len(words) == 1 and words[0] in _ROLES)


def _joined(key: str, others: Iterable[str]) -> bool:
    """Whether nothing but joining words remains of a list without the others."""
    rest, parts = key, 0
    for other in sorted(others, key=len, reverse=True):
        if len(other) > 2 and other in rest:
            rest, parts = rest.replace(other, " "), parts + 1
    return parts > 1 and all(_JOINS.fullmatch(word) for word in rest.split())
