"""The learnt weights: what each sign of ranking.SIGNS is worth, and the second look at what the first one found."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.model_files import CURRENT, MODEL, SHIPPED, ModelRefused, look, pointed, version_folder
from extractors.precedents.clause_view import FEATURES
from extractors.precedents.lexicon import NUMBER
from extractors.precedents.query import Wanted
from extractors.precedents.ranking import Candidates, signs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

log = logging.getLogger(__name__)

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
        """Those in force in a home: the promoted ones, else the shipped ones. Raises ModelRefused."""
        chosen = None
        try:
            chosen = pointed(NAME, CURRENT, home)
            if chosen is not None:
                return _opened(chosen, home)
        except ModelRefused as refused:
            log.warning("%s The shipped one is used instead.", refused)
        return _opened("shipped", home)

    def as_model(self) -> dict[str, Any]:
        """As it is shipped."""
        return {"signs": self.signs, "rarity": self.rarity, "spread": self.spread}


@lru_cache(maxsize=4)
def _opened(version: str, home: Path) -> Weights:
    """A version whose files are those that were signed.

    They hold three arrays and nothing else, so they are read without skops, which would load scikit-learn for it: five
    seconds of a search that takes milliseconds.
    """
    import numpy as np

    card = look(NAME, version, home)
    if card.reader != FEATURES:
        raise ModelRefused("features", f"The model {NAME!r} {version} was fitted to {card.reader}, not to {FEATURES}.")
    folder = SHIPPED / NAME if version == "shipped" else version_folder(NAME, version, home)
    try:
        with zipfile.ZipFile(folder / MODEL) as parts:
            places = json.loads(parts.read("schema.json"))["content"]
            found = {
                name: np.load(io.BytesIO(parts.read(places[name]["file"])), allow_pickle=False)
                for name in ("signs", "rarity", "spread")
            }
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        raise ModelRefused(
            "content", f"The model {NAME!r} {version} is not made of the arrays that a search needs."
        ) from None
    return Weights(**found)


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
