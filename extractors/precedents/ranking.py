"""How well clauses answer a query: signs of each pair of query and clause, and their learnt weights.

All signs are computed for all candidates at once. What only one pair could tell (reading both together in a large
model) is not there: a search takes milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extractors.precedents.clause_view import SHAPE
from extractors.precedents.query import Wanted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

SIGNS = (
    "words", "meaning", "about_share", "about_all", "about_least", "about_count", "about_density", "about_heading",
    "focus", "carved_share", "carved_all", "carved_said", "carve_outs_wanted", "carve_outs_with", "carve_outs_unwanted",
    "carve_outs_else", "lacking", "covered_said", "covered_not_carved", "favour_one_sided", "favour_carve_outs",
    "favour_liable", "favour_indemnity", "mutual", "one_sided", "length", "length_over", "short", "capitals",
    "left_out", "blanked",
)  # fmt: skip
_LONG, _SHORT = 250.0, 40.0


@dataclass(frozen=True)
class Candidates:
    """Clauses that may answer, in rows: what clause_view says of them, their scores by words and by meaning."""

    said: NDArray[np.uint8]  # (n, 3, concepts)
    shape: Floats  # (n, len(SHAPE))
    by_words: Floats
    by_meaning: Floats


def signs(wanted: Wanted, found: Candidates, rarity: Floats, indemnity: int) -> Floats:
    """(n, len(SIGNS)). `rarity`: how much a concept tells, by its number; `indemnity`: that concept's number."""
    import numpy as np

    shape = {name: found.shape[:, place] for place, name in enumerate(SHAPE)}
    table = {
        "words": found.by_words / max(float(found.by_words.max(initial=0.0)), 1e-6),
        "meaning": found.by_meaning,
        "length": np.log(shape["words"]),
        "length_over": np.maximum(0, np.log(shape["words"] / _LONG)),
        "short": shape["words"] < _SHORT,
        "capitals": shape["capitals"],
        "left_out": shape["left_out"],
        "blanked": shape["blanked"],
    }
    table |= _about(wanted, found, rarity, shape) | _carved(wanted, found, rarity, shape)
    table |= _sides(wanted, shape, indemnity in wanted.about)
    nothing = np.zeros(len(found.by_words), np.float32)
    return np.column_stack([np.broadcast_to(table.get(name, nothing), nothing.shape) for name in SIGNS]).astype(
        np.float32
    )


def _about(wanted: Wanted, found: Candidates, rarity: Floats, shape: dict[str, Floats]) -> dict[str, Any]:
    import numpy as np

    about = list(wanted.about)
    if not about:
        return {}
    said = found.said[:, 0][:, about].astype(np.float32)
    weight = rarity[about] / rarity[about].sum()
    counts = np.log1p(said)
    everything = np.log1p(found.said[:, 0].astype(np.float32)) @ rarity
    asked = list({*about, *wanted.carved, *wanted.covered})
    return {
        "about_share": (said > 0) @ weight,
        "about_all": (said > 0).all(axis=1),
        "about_least": counts.min(axis=1),
        "about_count": counts @ weight,
        "about_density": np.log1p(100 * said / shape["words"][:, None]) @ weight,
        "about_heading": found.said[:, 2][:, about] @ weight,
        "focus": (np.log1p(found.said[:, 0][:, asked].astype(np.float32)) @ rarity[asked]) / (everything + 1.0),
    }


def _carved(wanted: Wanted, found: Candidates, rarity: Floats, shape: dict[str, Floats]) -> dict[str, Any]:
    import numpy as np

    outs = np.log1p(shape["carve_outs"])
    carved, lacking, covered = list(wanted.carved), list(wanted.lacking), list(wanted.covered)
    table: dict[str, Any] = {
        "carve_outs_wanted": outs * (wanted.with_carve_outs and not carved),
        "carve_outs_with": outs * bool(carved),
        "carve_outs_unwanted": outs * wanted.without_carve_outs,
        "carve_outs_else": outs * (not wanted.with_carve_outs and not carved and not wanted.without_carve_outs),
    }
    if carved:
        weight = rarity[carved] / rarity[carved].sum()
        table["carved_share"] = found.said[:, 1][:, carved] @ weight
        table["carved_all"] = found.said[:, 1][:, carved].all(axis=1)
        table["carved_said"] = (found.said[:, 0][:, carved] > 0) @ weight
    if lacking:
        table["lacking"] = (found.said[:, 0][:, lacking] > 0).mean(axis=1)
    if covered:
        table["covered_said"] = (found.said[:, 0][:, covered] > 0).mean(axis=1)
        table["covered_not_carved"] = 1.0 - found.said[:, 1][:, covered].mean(axis=1)
    return table


def _sides(wanted: Wanted, shape: dict[str, Floats], indemnity: bool) -> dict[str, Any]:
    import numpy as np

    mutual, outs = np.log1p(shape["mutual"]), np.log1p(shape["carve_outs"])
    seller, buyer = np.log1p(shape["seller"]), np.log1p(shape["buyer"])
    side = float(wanted.favours)
    return {
        "favour_one_sided": -abs(side) * mutual,
        "favour_carve_outs": -side * outs,
        "favour_liable": side * (seller - buyer) * (not indemnity),
        "favour_indemnity": -side * (seller - buyer) * indemnity,
        "mutual": mutual * (wanted.mutual > 0),
        "one_sided": -mutual * (wanted.mutual < 0),
    }
