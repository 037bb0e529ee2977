"""What the model of contract kinds looks at: words of the title's place, of the preamble, of the body, and signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

READER = "contract_kind/1"
WORD = r"(?u)\b[^\W\d_][\w-]+\b"
BUCKETS = 1 << 16  # of each zone
ZONES = (("title", 420, (1, 3)), ("head", 3000, (1, 2)), ("body", 45_000, (1, 2)))
_NOISE = re.compile(
    r"\bexhibit\s+[\d.()a-z]+|\[\s*\*+\s*\]|\*{2,}|_{2,}|\.{3,}|source:[^\n]*|confidential treatment[^.\n]*[.\n]"
    r"|certain (?:confidential|identified) [^.]{0,400}\.|pursuant to[^.]{0,200}(?:rule|securities)[^.]{0,300}\.",
    re.I,
)
SIGNS: dict[str, str] = {
    "Affiliate": r"affiliate\b",
    "Agency": r"agency\b|agent\b",
    "Co-Branding": r"co-?\s?brand",
    "Collaboration": r"collaborat|cooperation",
    "Consulting": r"consult",
    "Development": r"development",
    "Distributor": r"distribut",
    "Endorsement": r"endorse",
    "Franchise": r"franchis",
    "Hosting": r"hosting",
    "IP": r"intellectual\s+property",
    "Joint Venture": r"joint\s+venture|joint\s+filing",
    "License": r"licen[cs]",
    "Maintenance": r"maintenance|support",
    "Manufacturing": r"manufactur",
    "Marketing": r"marketing",
    "Non-Compete": r"non-?\s?compet",
    "Outsourcing": r"outsourc",
    "Promotion": r"promotion",
    "Reseller": r"resell|re-sell|value\s+added",
    "Service": r"servic",
    "Sponsorship": r"sponsor",
    "Strategic Alliance": r"alliance",
    "Supply": r"supply|purchase",
    "Transportation": r"transport|shipping|carriage|haul",
    "NDA": r"non-?\s?disclosure|confidentiality|secrecy",
    "Employment": r"employment|employee",
    "Lease": r"\blease\b|\btenancy\b|rental",
    "Data Processing": r"data\s+process|data\s+protection",
    "Loan": r"\bloan\b|credit\s+agreement|promissory",
    "Purchase": r"purchase\s+and\s+sale|asset\s+purchase|share\s+purchase|stock\s+purchase",
    "Shareholders": r"shareholders|stockholders|operating\s+agreement|partnership\s+agreement",
}
"""The words of each kind, in the order that the model was fitted to."""
_SIGNS = [(re.compile(pattern, re.I)) for pattern in SIGNS.values()]
_HEADED = re.compile(r"\b(?:agreement|contract|lease|amendment|addendum|statement|licen[cs]e)\b", re.I)
_CALLED = re.compile(r"\bthis\s+((?:[\w&/'’-]+,?\s+){1,9}?)(?:agreement|contract|addendum|lease|deed)\b", re.I)


def cleaned(text: str) -> str:
    """Without what says nothing of the kind: exhibit numbers, notes on redactions; digits are all alike."""
    return re.sub(r"\d", "0", _NOISE.sub(" ", text))


def zones_of(text: str) -> list[str]:
    """The text of each zone."""
    start = cleaned(text[: ZONES[-1][1] + 3000])
    return [start[:size] for _, size, _ in ZONES]


def signs_of(text: str) -> list[float]:
    """Whether a kind's own words stand in the title, in what the contract calls itself, and how often they come."""
    start = cleaned(text[:6000])
    title = start[:420]
    headed = _HEADED.search(title)
    heading = title[: headed.end()] if headed else title[:200]
    called = " ".join(m[1] for m in _CALLED.finditer(start))[:400]
    body = text[:30_000]
    per = 2000 / max(len(body), 2000)
    found: list[float] = []
    for sign in _SIGNS:
        here = sign.search(heading)
        found += [
            float(here is not None), float(here is not None and here.start() < 12), float(bool(sign.search(called))),
            min(len(sign.findall(body)) * per, 4.0) / 4.0,
        ]  # fmt: skip
    return found


def matrix_of(texts: Sequence[str]) -> list[Any]:
    """Counts of hashed words of each zone, then the signs; a row for each text."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    zones = [zones_of(t) for t in texts]
    found: list[Any] = []
    for n, (_, _, grams) in enumerate(ZONES):
        words = HashingVectorizer(
            n_features=BUCKETS,
            alternate_sign=False,
            norm=None,
            ngram_range=grams,
            token_pattern=WORD,
        )
        counts = words.transform([z[n] for z in zones]).tocsr()
        counts.data = 1.0 + _log(counts.data)
        found.append(counts)
    return [*found, csr_matrix([signs_of(t) for t in texts])]


def _log(values: Any) -> Any:
    import numpy

    return numpy.log(values)
