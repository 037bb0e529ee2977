"""A clause that the company has: what is kept of it, and everything that is computed of it before it is saved."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workitems.items import Noun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOKENS = 128
"""Word pieces of a clause that its vector is made of: twice as many cost twice the time and find nothing more."""
LETTERS = 6
"""Words are the same when their first letters are: indemnify, indemnity, indemnification."""
_WORD = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    {
        *("a", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "has", "have", "if", "in", "into"),
        *("is", "it", "its", "no", "not", "of", "on", "or", "such", "that", "the", "their", "this", "to", "under"),
        *("upon", "was", "which", "will", "with", "shall"),
    }
)


class Clause(Noun):
    """A clause of a contract. `id` is unique in a home: saving it again corrects it.

    `category` is one of CUAD's, `kind` that of the contract, `accepted` whether the company agreed to it (None: nobody
    said). Filters ask for them; letter case does not matter.
    """

    id: str
    text: str
    heading: str = ""
    document: str = ""
    category: str = ""
    kind: str = ""
    counterparty: str = ""
    accepted: bool | None = None


@dataclass(frozen=True)
class Prepared:
    """A clause with its words, its vector (int8, 127 = 1.0) and its view, as the index keeps it."""

    clause: Clause
    terms: dict[int, int]
    vector: NDArray[np.int8]
    said: NDArray[np.uint8]
    shape: NDArray[np.float32]


def key_of(text: str) -> int:
    """64 bits that stand for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def terms_of(text: str) -> dict[int, int]:
    """How often each word stands in a text, by the key of its first letters."""
    counts = Counter(
        word[:LETTERS] for word in _WORD.findall(text.casefold()) if word not in STOP_WORDS and len(word) > 1
    )
    return {_term_key(word): count for word, count in counts.items()}


def prepare(clauses: Sequence[Clause]) -> list[Prepared]:
    """Computes all that is known of clauses; about 30 CPU ms each, nearly all of it for the vector."""
    import numpy as np

    from extractors.embeddings import embed
    from extractors.precedents.clause_view import view

    done = []
    for clause in clauses:
        vector = np.rint(embed([clause.text], TOKENS)[0] * 127).astype(np.int8)
        said, shape = view(clause.text, clause.heading)
        done.append(Prepared(clause, terms_of(f"{clause.heading} {clause.text}"), vector, said, shape))
    return done


def as_record(prepared: Prepared) -> dict[str, Any]:
    """As JSON, for the journal: who reads it need not compute anything again."""
    return {
        "clause": prepared.clause.model_dump(),
        "vector": base64.b64encode(prepared.vector.tobytes()).decode(),
        "said": base64.b64encode(prepared.said.tobytes()).decode(),
        "shape": base64.b64encode(prepared.shape.tobytes()).decode(),
    }


def from_record(record: dict[str, Any]) -> Prepared:
    """The opposite of `as_record`."""
    import numpy as np

    clause = Clause.model_validate(record["clause"])
    vector = np.frombuffer(base64.b64decode(record["vector"]), np.int8)
    said = np.frombuffer(base64.b64decode(record["said"]), np.uint8).reshape(3, -1)
    shape = np.frombuffer(base64.b64decode(record["shape"]), np.float32)
    return Prepared(clause, terms_of(f"{clause.heading} {clause.text}"), vector, said, shape)


def clause_bytes(clause: Clause) -> bytes:
    """A clause as a segment keeps it."""
    return json.dumps(clause.model_dump(exclude_defaults=True), ensure_ascii=False).encode("utf-8", "surrogatepass")


_TERM_KEYS: dict[str, int] = {}
_TERM_KEYS_MAX = 500_000


def _term_key(word: str) -> int:
    key = _TERM_KEYS.get(word)
    if key is None:
        if len(_TERM_KEYS) >= _TERM_KEYS_MAX:
            _TERM_KEYS.clear()
        key = _TERM_KEYS[word] = key_of(word)
    return key
