"""The learnt weights: what each sign of ranking.SIGNS is worth, and the second look at what the first one found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.model_files import load
from extractors.precedents.clause_view import FEATURES
from extractors.precedents.lexicon import NUMBER
from extractors.precedents.query import Wanted
from extractors.precedents.ranking import Candidates, signs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

NAME = "precedents"
LOOKED_AT = 8
"""The second look goes for what is like the best so many of the first one."""
LIKE_MEANING, LIKE_CONCEPTS = 0.4, 0.3
"""What likeness to them is worth, in standard deviations of the first look's scores."""


@dataclass(frozen=True)
class Weights:
    """`signs` in the order of ranking.SIGNS; `rarity` by concept; `spread`: typical deviations of the first look's
    scores, of likeness in meaning and of likeness in concepts, over all clauses of an index."""

    signs: Floats
    rarity: Floats
    spread: Floats

    @classmethod
    def of(cls, home: Path) -> Weights:
        """Those in force in a home. Raises ModelRefused."""
        return cls(**load(NAME, FEATURES, home).model)

    def as_model(self) -> dict[str, Any]:
        """As it is shipped."""
        return {"signs": self.signs, "rarity": self.rarity, "spread": self.spread}


def rank(wanted: Wanted, found: Candidates, vectors: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """Scores of the candidates (only their order means something), and the signs that they were made from.

    `vectors` are the candidates' own. The second look is what a reader does: having seen the first good answers, one
    knows better what to look for.
    """
    import numpy as np

    table = signs(wanted, found, weights.rarity, NUMBER["indemnity"])
    score = (table @ weights.signs) / weights.spread[0]
    best = np.argsort(-score, kind="stable")[:LOOKED_AT]
    meaning, concepts = likeness(found, vectors, weights.rarity, best)
    score = score + LIKE_MEANING * meaning / weights.spread[1] + LIKE_CONCEPTS * concepts / weights.spread[2]
    return score.astype(np.float32), table


def likeness(found: Candidates, vectors: Floats, rarity: Floats, best: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """How much each candidate is like the best ones in meaning and in what it says."""
    import numpy as np

    said = np.log1p(found.said[:, 0].astype(np.float32)) * rarity
    said /= np.linalg.norm(said, axis=1, keepdims=True) + 1e-9
    return vectors @ vectors[best].mean(axis=0), said @ said[best].mean(axis=0)
