"""The parties of a contract: one name for each, however often and in whatever form it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.contract.parties_tagger import Mention
from extractors.contract.parties_tokens import LEGAL

LEAST = 0.35  # below this probability of the best mention a name is left out
_TRAILING = re.compile(r"[\s,;:(\"“”'-]+$")
_ROLES = frozenset(
    """company client customer supplier vendor buyer seller licensor licensee distributor manufacturer consultant
    contractor provider sponsor agent franchisor franchisee lessor lessee landlord tenant employer employee party parties
    reseller developer university operator recipient discloser owner carrier shipper borrower lender guarantor bank
    affiliate publisher subsidiary partner principal""".split()
)


@dataclass(frozen=True)
class Party:
    """A party under its fullest name; `role` is what the contract calls it ("Licensor"), where it says so."""

    name: str
    start: int
    end: int
    chance: float
    role: str | None = None


def folded(name: str) -> str:
    """Letters and digits alone, in lower case: two spellings of one name become equal."""
    plain = unicodedata.normalize("NFKC", name).replace("&", " and ").casefold()
    return "".join(c for c in plain if c.isalnum())


def parties_of(text: str, mentions: Sequence[Mention]) -> list[Party]:
    """The parties in the order of their first mention."""
    best: dict[str, Party] = {}
    for m in mentions:
        if m.what != "party":
            continue
        name = tidy(text[m.start : m.end])
        key = folded(name)
        if len(key) < 2 or name.lower().strip(".") in _ROLES:
            continue
        known = best.get(key)
        role = (known.role if known else None) or role_of(text, m.end)
        if known is None:
            best[key] = Party(name, m.start, m.end, m.chance, role)
        else:
            best[key] = Party(known.name, known.start, known.end, max(known.chance, m.chance), role)
    found = [p for p in best.values() if p.chance >= LEAST]
    return [p for p in found if not _is_short_form(p, found)]


def tidy(name: str) -> str:
    """A name on one line, without marks that belong to the sentence."""
    name = _TRAILING.sub("", " ".join(name.split()))
    if name.endswith(".") and name[:-1].split()[-1:] and name[:-1].split()[-1].lower().replace(".", "") not in LEGAL:
        name = name[:-1] if not re.search(r"\b[A-Z]\.$", name) else name
    return name.strip()


def role_of(text: str, end: int) -> str | None:
    """What stands in quotes in the brackets behind a name: what the contract calls the party."""
    found = re.match(r"[^()\"“”]{0,300}?\(\s*[^()\"“”]{0,80}[\"“”]\s*([^\"“”()]{2,60}?)\s*,?[\"“”]", text[end : end + 460])
    return found[1].strip() if found else None


def _is_short_form(party: Party, others: Sequence[Party]) -> bool:
    """Whether another party's name begins with this one and only adds its legal form or more words."""
    key = folded(party.name)
    for other in others:
        longer = folded(other.name)
        if other is not party and len(longer) > len(key) and longer.startswith(key) and not _has_form(party.name):
            return True
    return False


def _has_form(name: str) -> bool:
    return any(w.strip(".,()").lower() in LEGAL for w in name.split()[1:])
