"""Words of a contract that may be a name: runs of capitals with what joins them, and legal forms of companies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_BRACKETED = re.compile(  # "Columbia Laboratories (Bermuda) Ltd.", "China Housing (Hong Kong) Co., Ltd."
    r"\((?:[A-Z][\w.]*[ ]?){1,3}\),?\s{1,2}(?:[A-Z(]|co\b)"
)
LONGEST_RUN = 60  # tokens
_GLUE = re.compile(r"[ \t]{0,3}(?:\n[ \t]{0,80})?")
TRADING = frozenset(("d/b/a", "dba"))  # "doing business as"
_CONNECTORS_TEXT = "of and the for de la du des von van der den di da del y et und to in on d/b/a dba f/k/a"
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
_LEGAL_TEXT = """
    inc incorporated llc l.l.c ltd limited corp corporation company co gmbh ag s.a sa n.v nv b.v bv plc lp l.p
    llp partnership trust bank association pty pte ab as a/s oy kg kgaa s.a.s sarl s.p.a spa university foundation group
    holdings institute society authority college fund sas s.r.l srl n.a fsb mhc g.i.e l.l.p sp sdn bhd
    pllc p.c pc ltda berhad aps oyj jsc s.c.a l.c r.l bancorp"""
LEGAL = frozenset(_LEGAL_TEXT.split())
_ROLES_TEXT = """company client customer supplier vendor buyer seller licensor licensee distributor manufacturer
    consultant contractor provider sponsor agent franchisor franchisee lessor lessee landlord tenant employer employee
    party parties reseller developer university operator recipient discloser owner carrier shipper borrower lender
    guarantor bank
    affiliate publisher subsidiary partner principal"""
ROLES = frozenset(_ROLES_TEXT.split())
_FORMS = {"incorporated": "inc", "limited": "ltd", "corporation": "corp", "company": "co"}
_SURE_FORMS = frozenset(("inc", "llc", "ltd", "corp", "gmbh", "plc", "lp", "l.p", "l.l.c"))
_SMALL = frozenset(("limited", "liability", "this", "such", "any", "said", "including", "called"))


@dataclass(frozen=True)
class Token:
    """A word or mark with its place in the whole text; `part` tells the windows of the head apart."""

    text: str
    start: int
    end: int
    part: int


def folded(name: str) -> str:
    """Letters and digits alone, in lower case: two spellings of one name become equal."""
    plain = unicodedata.normalize("NFKC", name).replace("&", " and ").casefold()
    return "".join(c for c in plain if c.isalnum())


def core_of(name: str) -> str:
    """A name folded without accents, a leading article and the way its legal form is written: "Ltd." is "Limited"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = [_FORMS.get(folded(w), folded(w)) for w in re.split(r"[\s,/()-]+", plain)]
    return "".join(words[1:] if len(words) > 2 and words[0] == "the" else words)


def capital_runs(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs of tokens (first, one behind the last) that may be a name: capitals, what joins them, legal forms."""
    runs: list[tuple[int, int]] = []
    n = 0
    while n < len(tokens):
        numbered = tokens[n].text.isdigit() and n + 1 < len(tokens) and _capital(tokens[n + 1])
        if not _capital(tokens[n]) and not numbered and not _small_name(tokens, n):
            n += 1
            continue
        last = m = n
        while m + 1 < len(tokens) and m - n < LONGEST_RUN and _joins(text, tokens, m):
            m += 1
            if _capital(tokens[m]) or tokens[m].text.lower().rstrip(".") in LEGAL:
                last = m
        runs.append((n, last + 1))
        n = last + 1
    return runs


def _capital(token: Token) -> bool:
    return any(c.isupper() for c in token.text) or token.text.lower().endswith((".com", ".net", ".org"))


def _small_name(tokens: Sequence[Token], n: int) -> bool:
    """Whether a name in small letters begins here: "e-centives, Inc."."""
    own = tokens[n].text.lower()
    if not own[0].isalpha() or len(own) < 3 or own in _CONNECTORS or own in LEGAL or own in _SMALL:
        return False
    near = [t.text for t in tokens[n + 1 : n + 3] if t.part == tokens[n].part]
    form = near[1:] if near[:1] == [","] else near[:1]
    return bool(form) and form[0].lower().rstrip(".") in _SURE_FORMS


def _joins(text: str, tokens: Sequence[Token], m: int) -> bool:
    """Whether the token behind place m may go on with the name."""
    here, following = tokens[m], tokens[m + 1]
    if following.part != here.part or not _GLUE.fullmatch(text[here.end : following.start]):
        return False
    if _capital(following) or following.text.lower() in _CONNECTORS or following.text in "&.-/'’":
        return True
    if following.text.isdigit() or following.text.lower().rstrip(".") in LEGAL:
        return True
    if following.text == "(":
        return _BRACKETED.match(text, following.start) is not None
    if following.text == ")":
        opened = next((t for t in reversed(tokens[max(m - 5, 0) : m]) if t.text == "("), None)
        return opened is not None and _BRACKETED.match(text, opened.start) is not None
    behind = [t.text for t in tokens[m + 2 : m + 4]]
    listed = len(behind) == 2 and behind[1] == "&" and _capital(tokens[m + 2])  # "Keefe, Bruyette & Woods"
    formed = bool(behind) and behind[0].lower().rstrip(".") in LEGAL
    traded = bool(behind) and behind[0].lower() in TRADING  # "Acme, LLC, d/b/a Acme Farms"
    return following.text == "," and (
        traded or listed or formed or _BRACKETED.match(text, following.end + 1) is not None
    )
