"""A part of the index that never changes: arrays, one folder of files each, mapped into memory and not read.

Columns hold the clauses in rows; words have postings (for each word the rows that have it, with their share of BM25).
What the newest clauses make in memory and what lies on the disk is the same thing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from extractors.atomic import sync_folder
from extractors.embeddings import DIMENSIONS
from extractors.precedents.clause_view import CONCEPTS, SHAPE
from extractors.precedents.clauses import Clause, Prepared, clause_bytes, key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1, B, AVERAGE = 1.2, 0.75, 100.0
"""BM25's numbers. The average length is fixed, so that a clause's share hangs on the clause alone."""
IMPACT = 255 / (K1 + 1)
LABELS = ("category", "kind", "counterparty", "accepted")
ACCEPTED = {None: 0, True: 1, False: 2}


@dataclass(frozen=True)
class Columns:
    """Clauses in columns: row n of each belongs to clause n, except for the postings (terms, starts, rows, impacts)."""

    keys: NDArray[np.uint64]  # of the ids
    order: NDArray[np.int64]  # that sorts keys
    removed: NDArray[np.uint64]  # keys of clauses in older segments that are no more
    vectors: NDArray[np.int8]
    bits: NDArray[np.uint64]  # (6, n): the signs of the vectors' numbers
    said: NDArray[np.uint8]  # (n, 3, concepts)
    planes: NDArray[np.uint8]  # (2 * concepts, n): what is said and what is carved out, concept by concept
    shape: NDArray[np.float32]
    labels: NDArray[np.uint32]
    terms: NDArray[np.uint64]  # sorted
    starts: NDArray[np.int64]  # of each term's postings, and where the last ones end
    rows: NDArray[np.int32]
    impacts: NDArray[np.uint8]
    offsets: NDArray[np.int64]  # of each clause in texts
    texts: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.keys)

    def clause(self, row: int) -> Clause:
        """The clause of a row."""
        data = self.texts[int(self.offsets[row]) : int(self.offsets[row + 1])].tobytes()
        return Clause.model_construct(**json.loads(data.decode("utf-8", "surrogatepass")))

    def rows_of(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The rows of those clauses that are here."""
        import numpy as np

        if not len(self) or not len(keys):
            return np.zeros(0, np.int64)
        ordered = self.keys[self.order]
        left = np.searchsorted(ordered, keys)
        hit = left < len(ordered)
        hit[hit] = ordered[left[hit]] == keys[hit]
        return self.order[left[hit]]


def label_code(name: str, value: str | bool | None) -> int:
    """A number that stands for a label; 0 for none."""
    if name == "accepted":
        return ACCEPTED[None if value is None else bool(value)]
    return crc32(str(value).casefold().encode("utf-8", "replace")) if value else 0


def values_of(name: str, parts: Sequence[Columns], dead: Sequence[NDArray[np.bool_]]) -> list[str]:
    """The different values of a label of text among the clauses that count, in order, each in one spelling."""
    import numpy as np

    found: dict[int, str] = {}
    for part, mask in zip(parts, dead, strict=True):
        codes = np.where(mask, 0, part.labels[:, LABELS.index(name)])
        for code, row in zip(*np.unique(codes, return_index=True), strict=True):
            if code:
                found.setdefault(int(code), getattr(part.clause(int(row)), name))
    return sorted(found.values(), key=str.casefold)


def columns_of(prepared: Sequence[Prepared], removed: Sequence[int] = ()) -> Columns:
    """Clauses as columns. Ids must differ."""
    import numpy as np

    n = len(prepared)
    keys = np.array([key_of(p.clause.id) for p in prepared], np.uint64)
    vectors = np.stack([p.vector for p in prepared]) if n else np.zeros((0, DIMENSIONS), np.int8)
    said = np.stack([p.said for p in prepared]) if n else np.zeros((0, 3, CONCEPTS), np.uint8)
    shape = np.stack([p.shape for p in prepared]) if n else np.zeros((0, len(SHAPE)), np.float32)
    labels = [[label_code(name, getattr(p.clause, name)) for name in LABELS] for p in prepared]
    texts = [clause_bytes(p.clause) for p in prepared]
    return Columns(
        keys=keys,
        order=np.argsort(keys, kind="stable"),
        removed=np.array(sorted(removed), np.uint64),
        vectors=vectors,
        bits=bits_of(vectors),
        said=said,
        planes=planes_of(said),
        shape=shape,
        labels=np.array(labels, np.uint32).reshape(n, len(LABELS)),
        **_postings(prepared),
        offsets=np.cumsum([0, *map(len, texts)]).astype(np.int64),
        texts=np.frombuffer(b"".join(texts), np.uint8),
    )


def bits_of(vectors: NDArray[np.int8]) -> NDArray[np.uint64]:
    """The signs of vectors, 64 in a number: how many differ tells roughly how far two vectors are apart."""
    import numpy as np

    signs = np.packbits(np.asarray(vectors) > 0, axis=1).reshape(len(vectors), DIMENSIONS // 8)
    return np.ascontiguousarray(np.ascontiguousarray(signs).view(np.uint64).T)


def planes_of(said: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Concept by concept, so that one concept of a million clauses is a megabyte and not three hundred."""
    import numpy as np

    return np.ascontiguousarray(said[:, :2].reshape(len(said), 2 * CONCEPTS).T)


def _postings(prepared: Sequence[Prepared]) -> dict[str, Any]:
    import numpy as np

    sizes = [len(p.terms) for p in prepared]
    total = sum(sizes)
    terms = np.fromiter((t for p in prepared for t in p.terms), np.uint64, total)
    counts = np.fromiter((c for p in prepared for c in p.terms.values()), np.float32, total)
    rows = np.repeat(np.arange(len(prepared), dtype=np.int32), sizes)
    lengths = np.array([sum(p.terms.values()) for p in prepared], np.float32)
    share = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths[rows] / AVERAGE))
    return sorted_postings(terms, rows, np.clip(np.rint(share * IMPACT), 1, 255).astype(np.uint8))


def sorted_postings(terms: NDArray[np.uint64], rows: NDArray[np.int32], impacts: NDArray[np.uint8]) -> dict[str, Any]:
    """Postings by term; of one term by row, if the rows were given in order."""
    import numpy as np

    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    first = np.flatnonzero(np.r_[True, terms[1:] != terms[:-1]]) if len(terms) else np.zeros(0, np.int64)
    return {
        "terms": terms[first],
        "starts": np.r_[first, len(terms)].astype(np.int64),
        "rows": rows[order],
        "impacts": impacts[order],
    }


def save(columns: Columns, folder: Path) -> None:
    """Writes columns into a new folder, durably. Raises OSError."""
    import numpy as np

    folder.mkdir(parents=True, mode=0o700)
    for field in fields(columns):
        with (folder / f"{field.name}.npy").open("wb") as file:
            np.save(file, getattr(columns, field.name), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(folder)


def load(folder: Path) -> Columns:
    """Maps the columns of a folder. Raises OSError, ValueError (a file that is not what was written)."""
    import numpy as np

    found = {}
    for field in fields(Columns):
        found[field.name] = np.load(folder / f"{field.name}.npy", mmap_mode="r", allow_pickle=False)
    return Columns(**{name: array.view(np.ndarray) for name, array in found.items()})
