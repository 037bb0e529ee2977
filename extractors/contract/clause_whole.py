"""What clauses the words of a whole contract speak for, wherever they stand: a linear model for each category.

It knows what sort of contract that is and what such contracts have; a clause whose sentence was cut badly is
heard here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.contract.clause_words import Said, Vocabulary

_LEAST, _MOST = 0.005, 0.995


def words_of_all(said: Sequence[Said]) -> Said:
    """The single words of all sentences, as if they were one."""
    return [word for own, _, _ in said for word in own if "_" not in word], [], []


def single_words(vocabulary: Vocabulary) -> Vocabulary:
    """That part of a vocabulary that `words_of_all` can have."""
    import numpy as np

    kept = [word for word in vocabulary.column if "_" not in word and ":" not in word]
    rarity = vocabulary.rarity[[vocabulary.column[word] for word in kept]]
    return Vocabulary({word: n for n, word in enumerate(kept)}, np.asarray(rarity, np.float32))


def whole_of(vocabulary: Vocabulary, said: Sequence[Said], model: Mapping[str, Any]) -> Any:
    """For each category how likely the contract has such a clause. `vocabulary`: of `single_words`."""
    matrix = vocabulary.matrix([words_of_all(said)])
    return inside((matrix @ model["weights"].astype("float32"))[0] + model["shares"])


def inside(chances: Any) -> Any:
    """Chances of least squares, which may lie outside of 0 to 1."""
    import numpy as np

    return np.clip(chances, _LEAST, _MOST)
