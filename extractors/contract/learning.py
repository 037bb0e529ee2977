"""What people's answers say of readings of contracts: a logistic regression that starts from the shipped confidence.

The shipped models stay as they are; no training data of theirs is needed. For each reading the log-odds of its
confidence are moved by a few numbers: one for all, one for its field, one for how far it was sure, and two for how near
its words are to what people said was right, or wrong, in other contracts. All are drawn towards "no change", so that
few answers move little. Words are kept as hashes; the model holds no text of a clause.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from extractors.model_cards import Card
from extractors.model_files import CURRENT, Loaded, ModelRefused, load_version, pointed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

log = logging.getLogger(__name__)

HIGHEST = 0.995
PULL = 4.0
"""How strongly each number is held at "no change": as firmly as some dozen answers would move it."""
PULL_NEAR = 0.5
"""How strongly what nearness is worth is held at one: the same words meant the same a contract before."""
ALIKE = 0.5  # likeness of words below which they say nothing of each other
MEMORY = 4000  # readings that are remembered, the newest
STEPS = 25
_EDGE = 1e-3
_WIDTH = 2**18
Model = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading that may be right. `words` are what it is known again by; `meant`: what they are said to mean."""

    field: str
    words: str
    confidence: float
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate of which a person has said whether it is right; `document` names where it stands."""

    candidate: Candidate
    right: bool
    weight: float
    document: str


def unlearnt(name: str, reader: str, about: str) -> Loaded:
    """What holds before anything was learnt: the shipped confidences."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    card = Card(name=name, version="none", reader=reader, made_at=began, made_by="nobody", about=about)
    return Loaded({}, card, "none", "shipped")


def in_force(name: str, reader: str, about: str) -> Loaded:
    """What was learnt and promoted; else what changes nothing. Cheap where nothing was learnt: one look at a file."""
    try:
        version = pointed(name, CURRENT)
        return unlearnt(name, reader, about) if version is None else load_version(name, version, reader)
    except ModelRefused as refused:
        log.warning("%s The shipped confidences hold.", refused)
        return unlearnt(name, reader, about)


def fit(examples: Sequence[Example], on: str) -> Model:
    """The moves that explain the answers best, near none. `on` names the models whose confidences are moved.

    Deterministic. How near a reading is to what is remembered is seen from other contracts than its own.
    """
    import numpy as np

    kept = list(examples[-MEMORY:])
    if not kept:
        return {}
    fields = sorted({e.candidate.field for e in kept})
    model: dict[str, Any] = {"on": on, "fields": "\n".join(fields), **_memory(kept)}
    documents = np.array([e.document for e in kept])
    others = documents[:, None] != documents[None, :]
    table = _signs(model, [e.candidate for e in kept], others)
    right = np.array([e.right for e in kept], float)
    weight = np.array([e.weight for e in kept])
    start, pull = _held(len(fields))
    offset = _odds([e.candidate.confidence for e in kept])
    model["weights"] = _newton(table, offset, (right, weight), (start, pull)).astype(np.float32)
    return model


def chances(model: Model, candidates: Sequence[Candidate]) -> Floats:
    """How sure each candidate is after what was learnt; its own confidence where nothing was."""
    import numpy as np

    given = [c.confidence for c in candidates]
    return after(given, moves(model, candidates)) if model and candidates else np.array(given, float)


def moves(model: Model, candidates: Sequence[Candidate]) -> Floats:
    """By how much what was learnt moves the log-odds of each candidate. Needs a model and candidates."""
    by: Floats = _signs(model, candidates) @ model["weights"]
    return by


def after(given: Sequence[float], by: Floats) -> Floats:
    """Confidences or probabilities after their log-odds have moved."""
    import numpy as np

    moved: Floats = np.minimum(1 / (1 + np.exp(-np.clip(_odds(given) + by, -30, 30))), HIGHEST)
    return moved


def remembered(model: Model, field: str, words: str) -> list[str]:
    """What near words of a field were said to mean, each once, the nearest first."""
    import numpy as np

    if not model:
        return []
    near = _likeness(_vectors((words,)), model)[0]
    own = model["memory_field"] == _hash(field)
    order = [int(n) for n in np.argsort(-near, kind="stable") if own[n] and near[n] > 0 and model["memory_right"][n]]
    meant = model["memory_meant"].split("\n")
    return list(dict.fromkeys(meant[n] for n in order if meant[n]))


def alike(texts: Sequence[str]) -> Floats:
    """How like each text is to each: 0 where they share half their words or fewer, 1 for the same words."""
    import numpy as np

    vectors = _vectors(tuple(texts))
    return np.maximum(np.asarray((vectors @ vectors.T).todense(), float) - ALIKE, 0) / (1 - ALIKE)


def _held(fields: int) -> tuple[Floats, Floats]:
    """Where each number starts and how strongly it is held there, in the order of `_signs`."""
    import numpy as np

    start, pull = np.zeros(fields + 4), np.full(fields + 4, PULL)
    start[-2:], pull[-2:] = (1.0, -1.0), PULL_NEAR
    return start, pull


def _newton(
    table: Floats, offset: Floats, said: tuple[Floats, Floats], held: tuple[Floats, Floats]
) -> NDArray[np.float64]:
    """Newton's method with halved steps: the loss is convex and has some fifty unknowns."""
    import numpy as np

    (right, weight), (start, pull) = said, held
    theta = np.array(start, float)

    def loss(at: Floats) -> float:
        score = offset + table @ at
        return float(weight @ (np.logaddexp(0, score) - right * score) + 0.5 * pull @ (at - start) ** 2)

    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(offset + table @ theta, -30, 30)))
        slope = table.T @ (weight * (chance - right)) + pull * (theta - start)
        curve = (table * (weight * chance * (1 - chance))[:, None]).T @ table + np.diag(pull)
        step, share, now = np.linalg.solve(curve, slope), 1.0, loss(theta)
        while share > 1e-3 and loss(theta - share * step) > now:
            share /= 2
        theta = theta - share * step
        if float(np.abs(share * step).max()) < 1e-6:
            break
    return theta


def _signs(model: Model, candidates: Sequence[Candidate], seen: Any = None) -> Floats:
    """For all; for its field; how sure it was; likeness to what was right, and to what was wrong.

    `seen`: which rows of the memory (columns) each candidate may see; None: all of them.
    """
    import numpy as np

    fields = model["fields"].split("\n")
    own = np.array([[float(c.field == f) for f in fields] for c in candidates])
    sure = _odds([c.confidence for c in candidates])[:, None] / 4
    near = _likeness(_vectors(tuple(c.words for c in candidates)), model)
    near *= np.array([_hash(c.field) for c in candidates])[:, None] == model["memory_field"][None, :]
    same = np.array([_hash(c.meant) for c in candidates])[:, None] == model["memory_meaning"][None, :]
    near *= same
    if seen is not None:
        near *= seen
    right = model["memory_right"].astype(bool)
    good = near[:, right].max(1, initial=0.0)[:, None]
    bad = near[:, ~right].max(1, initial=0.0)[:, None]
    return np.hstack([np.ones_like(sure), own, sure, good, bad])


def _memory(examples: Sequence[Example]) -> dict[str, Any]:
    import numpy as np

    vectors = _vectors(tuple(e.candidate.words for e in examples))
    meant = [" ".join(e.candidate.meant.split()) for e in examples]
    return {
        "memory_start": vectors.indptr.astype(np.int32),
        "memory_place": vectors.indices.astype(np.int32),
        "memory_share": vectors.data.astype(np.float32),
        "memory_field": np.array([_hash(e.candidate.field) for e in examples], np.int64),
        "memory_meaning": np.array([_hash(m) for m in meant], np.int64),
        "memory_meant": "\n".join(meant),
        "memory_right": np.array([e.right for e in examples], np.int8),
    }


def _likeness(vectors: Any, model: Model) -> NDArray[np.float64]:
    """Of each vector to each that is remembered: 0 where they share half their words or fewer, 1 for the same words."""
    import numpy as np
    from scipy.sparse import csr_matrix

    parts = (model["memory_share"], model["memory_place"], model["memory_start"])
    known = csr_matrix(parts, shape=(len(model["memory_start"]) - 1, _WIDTH))
    alike = np.asarray((vectors @ known.T).todense(), float)
    return np.maximum(alike - ALIKE, 0) / (1 - ALIKE)


@cache
def _hashing() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    words = r"[^\W_]+"
    return HashingVectorizer(n_features=_WIDTH, ngram_range=(1, 2), alternate_sign=False, token_pattern=words)


def _vectors(words: tuple[str, ...]) -> Any:
    return _hashing().transform([w[:4000] for w in words])


def _odds(confidence: Sequence[float]) -> Floats:
    import numpy as np

    inside = np.clip(np.array(confidence, float), _EDGE, 1 - _EDGE)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def _hash(text: str) -> int:
    from zlib import crc32

    return crc32(text.casefold().encode("utf-8", "replace"))
