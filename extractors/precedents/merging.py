"""Several segments made one: fewer to look through, and what was corrected or removed is gone for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from extractors.precedents.segments import Columns, sorted_postings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


def dead_rows(parts: Sequence[Columns]) -> list[Mask]:
    """For each segment (oldest first) which rows a newer one has corrected or removed."""
    import numpy as np

    found = [np.zeros(len(part), np.bool_) for part in parts]
    for newer, part in enumerate(parts):
        gone = np.concatenate([part.keys, part.removed])
        for older in range(newer):
            found[older][parts[older].rows_of(gone)] = True
    return found


def merge(parts: Sequence[Columns], dead: Sequence[Mask]) -> Columns:
    """One segment of the living rows of neighbouring ones (oldest first). `dead` must know of all newer ones."""
    import numpy as np

    keep = [np.flatnonzero(~mask) for mask in dead]
    starts = np.cumsum([0, *map(len, keep)])
    terms, rows, impacts = [], [], []
    for part, kept, mask, start in zip(parts, keep, dead, starts, strict=False):
        place = np.full(len(part), -1, np.int64)
        place[kept] = np.arange(len(kept)) + start
        alive = ~mask[part.rows]
        terms.append(np.repeat(part.terms, np.diff(part.starts))[alive])
        rows.append(place[part.rows[alive]].astype(np.int32))
        impacts.append(part.impacts[alive])
    keys = np.concatenate([p.keys[k] for p, k in zip(parts, keep, strict=True)])
    texts = [p.texts[p.offsets[r] : p.offsets[r + 1]] for p, k in zip(parts, keep, strict=True) for r in k]
    return Columns(
        keys=keys,
        order=np.argsort(keys, kind="stable"),
        removed=np.unique(np.concatenate([p.removed for p in parts])),
        vectors=_joined(parts, keep, "vectors"),
        said=_joined(parts, keep, "said"),
        shape=_joined(parts, keep, "shape"),
        labels=_joined(parts, keep, "labels"),
        bits=np.concatenate([p.bits[:, k] for p, k in zip(parts, keep, strict=True)], axis=1),
        planes=np.concatenate([p.planes[:, k] for p, k in zip(parts, keep, strict=True)], axis=1),
        **sorted_postings(np.concatenate(terms), np.concatenate(rows), np.concatenate(impacts)),
        offsets=np.cumsum([0, *map(len, texts)]).astype(np.int64),
        texts=np.concatenate(texts) if texts else np.zeros(0, np.uint8),
    )


def _joined(parts: Sequence[Columns], keep: Sequence[NDArray[np.int64]], name: str) -> Any:
    import numpy as np

    return np.concatenate([getattr(part, name)[kept] for part, kept in zip(parts, keep, strict=True)])
