"""The parties of a contract: one name for each, however often and in whatever form it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extractors.contract.law import ADJECTIVES, KNOWN
from extractors.contract.parties_candidates import NAMED_BY, Candidate
from extractors.contract.parties_runs import LEGAL, ROLES, core_of, folded

LEAST = 0.5  # below this probability a name is left out
FEWEST, LOW = 2, 0.15  # a contract has two parties: the most probable names count down to here until there are so many
_TRAILING = re.compile(r"[\s,;:(\"“”'-]+$")
_PAPER = re.compile(  # what stands in capitals beside names; nothing that a ranker is sure of is one of these
    r"\b(?:agreement|release|disclosure|confidential\w*|proprietary|information|benefits|severance|assignment|employee|employment"
    r"|invention\w*|executive|section|act|and\s+(?:the\s+)?company|subsidiaries|terms?|project\s+manager|suite"
    r"|initials|print|guidelines|option|arbitration|stockholders?|buyer)\b",
    re.I,
)
_SIGNER = re.compile(
    r"/s/[ \t]*(?P<name>[A-Z][a-zA-Z’'-]+(?:[ ]+[A-Z]\.(?:[ ]?[A-Z]\.)?)*"
    r"(?:[ ]+(?:(?:de|van|von|Mc)[ ])?[A-Z][a-zA-Z’'-]+){1,2}(?:,?[ ]+(?:Jr\.?|Sr\.?|II|III|IV)\b)?)"
)
_FOR_ANOTHER = re.compile(r"\b(?:by|per|its|for)\b\s*:?[\s_]*$|\b(?:witness|notary)\b", re.I)
_OFFICE = re.compile(
    r"\b(?:title|president|chief|officer|director|secretary|manager|treasurer|counsel|partner|chairman|head|its|by|member|notary"
    r"|witness|resources|human|vice|ceo|cfo|svp|evp)\b",
    re.I,
)
_FOLLOWING = re.compile(  # "..., FSB, as Agent"; the words of the lines to sign
    r"(?:,?\s+(?:as|its(?:\s+general\s+partner)?|by|print(?:ed)?\s+name|signature|address|here|date))+$", re.I
)
_TRADING = re.compile(r"\W{0,4}(?:d/b/a|dba)\b", re.I)
_ENDS = re.compile(r"/?\s*[,;(]|\s+[a-z]")
SPELLING = 0.92  # of two names: a slip, an article
_GOES_ON = re.compile(r"[,.]?\s+(?:of|in|at|&|and)\b", re.I)
SHORTEST = 5  # letters and digits of a name that may be the end of another
_PLACES = frozenset((*KNOWN, *(a.casefold() for a in ADJECTIVES), "limited liability", "liability"))


@dataclass(frozen=True)
class Party:
    """A party under its fullest name; `role` is what the contract calls it ("Licensor"), where it says so."""

    name: str
    start: int
    end: int
    chance: float
    role: str | None = None


def parties_of(text: str, weighed: Sequence[tuple[Candidate, float]]) -> list[Party]:
    """The parties in the order of their first mention. Of overlapping spans the most probable one counts."""
    found = _above(text, weighed, LEAST)
    if len(found) < FEWEST:
        found = sorted(_above(text, weighed, LOW), key=lambda p: -p.chance)[:FEWEST]
    if len(found) < FEWEST:
        keys = {folded(p.name) for p in found}
        found += [p for p in signers_in(text) if folded(p.name) not in keys][: FEWEST - len(found)]
    return sorted(found, key=lambda p: p.start)


def _above(text: str, weighed: Sequence[tuple[Candidate, float]], least: float) -> list[Party]:
    taken: list[tuple[int, int]] = []
    best: dict[str, Party] = {}
    keys = {folded(tidy(text[c.start : c.end])) for c, chance in weighed if chance >= LOW}
    for one, chance in sorted(weighed, key=lambda w: (-w[1], w[0].first)):
        if chance < least:
            break
        c = _with_trade_name(text, one, weighed)
        name = tidy(text[c.start : c.end])
        key = folded(name)
        if any(c.first < b and a < c.stop for a, b in taken) or len(key) < 2 or no_name(name):
            continue
        if (chance < LEAST and _PAPER.search(name)) or _labelled(name, keys):
            continue
        taken.append((c.first, c.stop))
        known = best.get(key)
        first = known is None or c.start < known.start
        role = role_of(text, c.end) or (known.role if known else None)
        place = (c.start, c.end) if known is None or first else (known.start, known.end)
        best[key] = Party(
            name if known is None else known.name, *place, max(chance, known.chance if known else 0.0), role
        )
    found = sorted(best.values(), key=lambda p: p.start)
    return [p for p in found if not _is_short_form(p, found) and not _is_spelling(p, found, len(text))]


def signers_in(text: str) -> list[Party]:
    """People who sign for themselves: nothing like "By:" stands before the signature, no office behind the name."""
    found: dict[str, Party] = {}
    for m in _SIGNER.finditer(text, len(text) // 3):
        before, behind = text[max(m.start() - 25, 0) : m.start()], re.split(r"/s/", text[m.end() : m.end() + 110])[0]
        if _FOR_ANOTHER.search(before) or _OFFICE.search(behind):
            continue
        found.setdefault(folded(m["name"]), Party(tidy(m["name"]), m.start("name"), m.end("name"), LOW))
    return list(found.values())


def doubted(weighed: Sequence[tuple[Candidate, float]], parties: Sequence[Party]) -> float:
    """How probable it is that the list is right: that each name is, and that none was left out.

    Another cut of a name that counts ("Acme GmbH By" above a signature) leaves nobody out.
    """
    kept = [(p.start, p.end) for p in parties] + [(c.start, c.end) for c, w in weighed if w >= LEAST]
    left = max(
        (w for c, w in weighed if w < LEAST and not any(c.start < b and a < c.end for a, b in kept)), default=0.0
    )
    chance = 1.0 - left
    for party in parties:
        chance *= party.chance
    return chance


def no_name(name: str) -> bool:
    """Whether these words say what someone is, not who."""
    words = [w.strip(".,()").lower() for w in name.split()]
    words = words[1:] if words[0] in ("the", "master") else words
    if len(words) > 1 and words[-1] in ("corporation", "company", "partnership"):
        return " ".join(words[:-1]) in _PLACES  # "a New York corporation"
    return " ".join(words) in ROLES or (len(words) == 2 and words[1] in LEGAL and words[0] in _PLACES)


def _with_trade_name(text: str, c: Candidate, weighed: Sequence[tuple[Candidate, float]]) -> Candidate:
    """The candidate that goes on with the name under which a company does business, where there is one."""
    if not _TRADING.match(text, c.end):
        return c
    longer = [(o, w) for o, w in weighed if o.first == c.first and o.stop > c.stop + 1 and _ENDS.match(text, o.end)]
    return max(longer, key=lambda o: o[1])[0] if longer else c


def _labelled(name: str, keys: set[str]) -> bool:
    """Whether the first word only says who follows, and that name alone is a candidate: "ATTEST ACME, INC."."""
    first, _, rest = name.partition(" ")
    return first.lower() in NAMED_BY and folded(rest) in keys


def tidy(name: str) -> str:
    """A name on one line, without marks that belong to the sentence."""
    name = _TRAILING.sub("", _FOLLOWING.sub("", " ".join(name.split())))
    if name.endswith(".") and name[:-1].split()[-1:] and name[:-1].split()[-1].lower().replace(".", "") not in LEGAL:
        name = name[:-1] if not re.search(r"\b[A-Z]\.$", name) else name
    return name.strip()


def role_of(text: str, end: int) -> str | None:
    """What stands in quotes in the brackets behind a name: what the contract calls the party."""
    found = re.match(
        r"[^()\"“”]{0,300}?\(\s*[^()\"“”]{0,80}[\"“”]\s*([^\"“”()]{2,60}?)\s*,?[\"“”]", text[end : end + 460]
    )
    return found[1].strip() if found else None


def _is_short_form(party: Party, others: Sequence[Party]) -> bool:
    """Whether another party's name says this one better: the fuller form of it, or its part without what is no name."""
    key = folded(party.name)
    for other in others:
        own = folded(other.name)
        if other is party or own == key:
            continue
        if len(own) > len(key) and own.startswith(key) and not has_form(party.name):
            return True
        if len(own) > len(key) > SHORTEST and own.endswith(key) and other.chance >= party.chance:
            return True  # the second line of a name: "PC" over "Quote, Inc."
        if (
            len(key) > len(own)
            and key.startswith(own)
            and has_form(other.name)
            and _GOES_ON.match(party.name, len(other.name))
        ):
            return True  # "LEO Pharma A/S of Industriparken"
    return False


def _is_spelling(party: Party, others: Sequence[Party], length: int) -> bool:
    """Whether an earlier name is this one in another spelling: "Acme Corp." of "The Acme Corporation"."""
    own = core_of(party.name)
    for other in others:
        if other.start >= party.start:
            continue
        core = core_of(other.name)
        if core == own:
            return True
        apart = other.start < length / 4 and party.start > length / 2  # it is named, and signs
        if apart and len(core) > SHORTEST and SequenceMatcher(None, core, own, False).ratio() >= SPELLING:
            return True
    return False


def has_form(name: str) -> bool:
    """Whether a legal form stands in the name."""
    return any(w.strip(".,()").lower() in LEGAL for w in name.split()[1:])
