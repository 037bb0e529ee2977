"""What the model of contract kinds looks at: words of the title's place, of the preamble, of the body, and signs."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from extractors.contract.kind_title import heading_of
from extractors.contract.kind_words import SIGNS, TOPICS, Stems

READER = "contract_kind/2"
WORD = r"(?u)\b[^\W\d_][\w-]+\b"
BUCKETS = 1 << 16  # of each zone
NAME_BUCKETS = 1 << 14
NAMES = 60  # defined terms of a text that count, the most frequent ones
READ = 60_000  # characters in which signs and defined terms are counted
ZONES = (("title", 420, (1, 3)), ("head", 3000, (1, 2)), ("body", 45_000, (1, 2)))
_NOISE = re.compile(
    r"\bexhibit\s+[\d.()a-z]+|\[\s*\*+\s*\]|\*{2,}|_{2,}|\.{3,}|source:[^\n]*|confidential treatment[^.\n]*[.\n]"
    r"|certain (?:confidential|identified) [^.]{0,400}\.|pursuant to[^.]{0,200}(?:rule|securities)[^.]{0,300}\.",
    re.I,
)
_SIGNS, _TOPICS = Stems(SIGNS.values()), Stems(TOPICS)
_WORDS = re.compile(r"[a-z0-9]+")
_CALLED = re.compile(r"\bthis\s+((?:[\w&/'’-]{1,40},?\s+){1,9}?)(?:agreement|contract|addendum|lease|deed)\b", re.I)
_TITLED = re.compile(r"\b((?:[A-Z][\w&/'’-]{0,40},?\s+(?:and\s+|of\s+)?){1,5})(?:A(?i:greement)|C(?i:ontract))\b")
_DEFINED = re.compile(r"(?<=[a-z,;\"“(] )[\"“(]{0,2}([A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?(?: [A-Z][a-z]{2,})?)")


def cleaned(text: str) -> str:
    """Without what says nothing of the kind: exhibit numbers, notes on redactions; digits are all alike."""
    return re.sub(r"\d", "0", _NOISE.sub(" ", text))


def zones_of(text: str) -> list[str]:
    """The text of each zone."""
    start = cleaned(text[: ZONES[-1][1] + 3000])
    return [start[:size] for _, size, _ in ZONES]


def titled(text: str) -> str:
    """The only kind that a text's heading names; nothing where it names none or several."""
    places = _SIGNS.places_in(_words(heading_of(cleaned(text[:6000]))))
    named = [kind for kind, place in zip(SIGNS, places, strict=True) if place >= 0]
    return named[0] if len(named) == 1 else ""


def signs_of(text: str) -> list[float]:
    """Whether a kind's own words stand in the title and in what the contract calls itself, and how often all come."""
    start, body = cleaned(text[:6000]), text[:READ]
    places = _SIGNS.places_in(_words(heading_of(start)))
    first = min((p for p in places if p >= 0), default=-1)
    alone = sum(p >= 0 for p in places) == 1
    called = _SIGNS.counts_in(_words(" ".join(m[1] for m in _CALLED.finditer(start))[:400]))
    itself = _SIGNS.counts_in(_words(" ".join(m[1] for m in _CALLED.finditer(body))))
    headed = _SIGNS.counts_in(_words(" ".join(m[1] for m in _TITLED.finditer(body))))
    words = _words(body)
    per = 2000 / max(len(body), 2000)
    found: list[float] = []
    for n, count in enumerate(_SIGNS.counts_in(words)):
        here = places[n] >= 0
        found += [
            float(here), float(here and places[n] == first), float(here and alone), float(called[n] > 0),
            _grown(itself[n], 2), _grown(headed[n], 4), _often(count * per), min(count * per, 4.0) / 4.0,
        ]  # fmt: skip
    return found + [_often(count * per) for count in _TOPICS.counts_in(words)]


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _often(rate: float) -> float:
    """How often something comes on a page, the first times counting most; 1 is eight times."""
    return math.sqrt(min(rate / 8, 1.0))


def _grown(count: int, full: int) -> float:
    return math.sqrt(min(count / full, 1.0))


def names_of(text: str) -> list[tuple[int, float]]:
    """The most frequent defined terms as buckets, with the root of their share: Distributor, Licensed Products."""
    found = Counter(m[1].lower() for m in _DEFINED.finditer(text[:READ]))
    total = sum(found.values()) or 1
    often = [(name, n) for name, n in found.most_common(NAMES) if n > 1]
    return [(zlib.crc32(name.encode()) % NAME_BUCKETS, (n / total) ** 0.5) for name, n in often]


def matrix_of(texts: Sequence[str]) -> list[Any]:
    """Counts of hashed words of each zone, defined terms, then the signs; a row for each text."""
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
    return [*found, _names(texts), csr_matrix([signs_of(t) for t in texts])]


def _names(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [names_of(t) for t in texts]
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    columns, values = [c for row in rows for c, _ in row], [v for row in rows for _, v in row]
    made = csr_matrix((values, columns, ends), shape=(len(texts), NAME_BUCKETS))
    made.sum_duplicates()
    return made


def _log(values: Any) -> Any:
    import numpy

    return numpy.log(values)
