"""The company's own clauses, searched: open, add, search, remember which one a person picked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.precedents import picks
from extractors.precedents.clauses import Clause, Prepared, as_record, from_record, key_of, prepare, terms_of
from extractors.precedents.finding import Found, Question, find, weigh
from extractors.precedents.journal import append, newest, read
from extractors.precedents.merging import dead_rows, merge
from extractors.precedents.model import Weights, rank
from extractors.precedents.query import CHARACTERS_MAX, understand
from extractors.precedents.ranking import Candidates
from extractors.precedents.segments import LABELS, Columns, columns_of, load, values_of
from extractors.precedents.shelf import Current, PrecedentsError, Shelf
from workitems.items import Noun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

LIST = 200
"""Candidates by words, by concepts and by meaning that are looked at closely, at least."""
ALL_MAX = 5_000
"""In an index of no more clauses each is looked at closely."""
JOURNAL_MAX = 512
SEGMENT_MAX = 262_144
MERGED_MAX = 8
"""So many segments of a size are made one."""
TRIES = 5

Filters = Mapping[str, str | bool | None]


class Hit(Noun):
    """A clause that was found. Scores order the answers to one query and mean nothing else."""

    rank: int
    score: float
    clause: Clause


class Precedents:
    """An index in a home. Any number of processes may search and save at once; one object is for one thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._shelf = Shelf(home)
        self._stamp: tuple[int, ...] = (-1,)
        self._current = Current()
        self._segments: list[Columns] = []
        self._records: list[dict[str, Any]] = []
        self._offset = 0
        self._settled: list[NDArray[np.bool_]] = []  # rows of segments that newer segments have corrected
        self._parts: list[Columns] = []
        self._dead: list[NDArray[np.bool_]] = []

    @classmethod
    def open(cls, home: Path) -> Precedents:
        """The index of a home, empty where nothing was saved. Raises PrecedentsError."""
        opened = cls(home)
        opened.refresh()
        return opened

    def __len__(self) -> int:
        """Clauses that can be found, as of the last look."""
        return sum(len(part) - int(mask.sum()) for part, mask in zip(self._parts, self._dead, strict=True))

    def add(self, clauses: Sequence[Clause]) -> int:
        """Saves new and corrected clauses (by id; of the same id the last one); gives their number.

        When it returns they are on the disk, and every search from now on finds them. Raises PrecedentsError.
        """
        unique = list({clause.id: clause for clause in clauses}.values())
        for start in range(0, len(unique), SEGMENT_MAX):
            self.add_prepared(prepare(unique[start : start + SEGMENT_MAX]))
        return len(unique)

    def add_prepared(self, prepared: Sequence[Prepared]) -> None:
        """Saves what `prepare` made; many at once become a segment of their own."""
        with self._shelf.writing():
            self.refresh()
            if not self._shelf.stamp():
                self._shelf.replace(self._current)
            if len(prepared) <= JOURNAL_MAX:
                append(self._shelf.journal(self._current), map(as_record, prepared))
                self.refresh()
            if len(prepared) > JOURNAL_MAX or len(self._records) > JOURNAL_MAX:
                self._settle(prepared if len(prepared) > JOURNAL_MAX else ())

    def remove(self, ids: Iterable[str]) -> None:
        """Takes clauses out; unknown ids are ignored. Raises PrecedentsError."""
        with self._shelf.writing():
            self.refresh()
            if self._shelf.stamp():
                append(self._shelf.journal(self._current), ({"removed": name} for name in ids))

    def search(self, text: str, top: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The clauses that answer a query best, best first.

        `filters` has wanted values of category, kind, counterparty (text) and accepted (True, False).
        Raises PrecedentsError, ModelRefused; ValueError for a filter that there is not.
        """
        found = self._ranked(text, max(top, 1), dict(filters or {}))
        return found[0][:top]

    def values(self, label: str) -> list[str]:
        """What a filter finds clauses with: the values that `category`, `kind` or `counterparty` have, in order."""
        self.refresh()
        return values_of(label, self._parts, self._dead)

    def remember_pick(self, text: str, clause_id: str, shown: Sequence[str], filters: Filters | None = None) -> bool:
        """Keeps that a person chose a clause among those shown (ids, in order); what `picks.learn` learns from.

        False where the clause is not among those that the query finds. Raises as `search` does.
        """
        hits, table = self._ranked(text, max(len(shown), LIST), dict(filters or {}))
        rows = {hit.clause.id: table[place] for place, hit in enumerate(hits)}
        if clause_id not in rows:
            return False
        seen = shown[: shown.index(clause_id) + 2] if clause_id in shown else shown  # what stands below was not read
        others = [rows[name] for name in seen if name != clause_id and name in rows]
        picks.keep(self._home, text, rows[clause_id], others)
        return True

    def refresh(self) -> None:
        """Looks for what others have saved; cheap where there is nothing."""
        for _ in range(TRIES):
            try:
                changed = self._refresh_segments()
                if self._refresh_journal() or changed:
                    self._arrange()
            except FileNotFoundError:  # a writer has just made other files the index
                self._stamp = (-1,)
                continue
            return
        raise PrecedentsError(f"The index of clauses in {self._shelf.folder} lacks files: index the clauses anew.")

    def _refresh_segments(self) -> bool:
        stamp = self._shelf.stamp()
        if stamp == self._stamp:
            return False
        current = self._shelf.current()
        known = dict(zip(self._current.segments, self._segments, strict=True))
        segments = [known[n] if n in known else self._load(n) for n in current.segments]
        self._segments, self._current, self._records, self._offset = segments, current, [], 0
        self._settled = dead_rows(segments)
        self._stamp = stamp
        return True

    def _load(self, name: str) -> Columns:
        try:
            return load(self._shelf.segment(name))
        except (ValueError, EOFError):
            raise PrecedentsError(
                f"A file of the index of clauses in {self._shelf.folder} is damaged: remove that folder and index the"
                " clauses anew."
            ) from None

    def _refresh_journal(self) -> bool:
        file = self._shelf.journal(self._current)
        size = file.stat().st_size if file.exists() else 0
        if size <= self._offset:
            return False
        records, self._offset = read(file, self._offset)
        self._records += records
        return bool(records)

    def _arrange(self) -> None:
        """Puts the newest clauses beside the segments, and marks what they correct."""
        import numpy as np

        there, gone = newest(self._records)
        fresh = columns_of([from_record(r) for r in there], [key_of(name) for name in gone])
        self._parts = [*self._segments, fresh]
        changed = np.concatenate([fresh.keys, fresh.removed])
        self._dead = [mask.copy() for mask in self._settled]
        for part, mask in zip(self._segments, self._dead, strict=True):
            mask[part.rows_of(changed)] = True
        self._dead.append(np.zeros(len(fresh), np.bool_))

    def _settle(self, more: Sequence[Prepared]) -> None:
        """Makes segments of the journal and of many new clauses, and one of many small segments. Call while writing."""
        parts = [self._parts[-1], columns_of(more)] if more else [self._parts[-1]]
        fresh = [p for p in parts if len(p) or len(p.removed)]
        kept = [*zip(self._current.segments, self._segments, strict=True), *((self._shelf.put(p), p) for p in fresh)]
        dead = dead_rows([part for _, part in kept])
        small = _to_merge([len(part) for _, part in kept])
        if small:
            chosen = kept[small]
            whole = merge([part for _, part in chosen], dead[small])
            kept[small] = [(self._shelf.put(whole), whole)]
        number = int(self._current.journal.split("-")[1].split(".")[0]) + 1
        self._shelf.replace(Current(segments=tuple(name for name, _ in kept), journal=f"journal-{number}.jsonl"))
        self.refresh()

    def _ranked(self, text: str, top: int, filters: dict[str, Any]) -> tuple[list[Hit], NDArray[np.float32]]:
        import numpy as np

        unknown = sorted(set(filters) - set(LABELS))
        if unknown:
            raise ValueError(f"There is no filter {unknown[0]!r}; there are {', '.join(LABELS)}.")
        self.refresh()
        if not len(self):
            return [], np.zeros((0, 0), np.float32)
        question = self._question(text, filters)
        wanted = len(self) if len(self) <= ALL_MAX else max(LIST, top)
        found = find(question, self._parts, self._dead, wanted)
        if not any(len(f.rows) for f in found):
            return [], np.zeros((0, 0), np.float32)
        vectors = self._rows("vectors", found).astype(np.float32) / 127
        candidates = Candidates(
            self._rows("said", found),
            self._rows("shape", found),
            np.concatenate([f.by_words for f in found]),
            vectors @ question.vector,
        )
        scores, table = rank(question.wanted, candidates, vectors, Weights.of(self._home))
        order = np.argsort(-scores, kind="stable")[:top]
        rows = [(part, int(row)) for part, f in enumerate(found) for row in f.rows]
        hits = [
            Hit.model_construct(
                rank=n + 1, score=round(float(scores[p]), 4), clause=self._parts[rows[p][0]].clause(rows[p][1])
            )
            for n, p in enumerate(order)
        ]
        return hits, table[order]

    def _question(self, text: str, filters: dict[str, Any]) -> Question:
        from extractors.embeddings import embed

        text = text[:CHARACTERS_MAX]
        return Question(understand(text), weigh(terms_of(text), self._parts), embed([text])[0], filters)

    def _rows(self, name: str, found: Sequence[Found]) -> NDArray[Any]:
        import numpy as np

        return np.concatenate([getattr(part, name)[f.rows] for part, f in zip(self._parts, found, strict=True)])


def _to_merge(sizes: Sequence[int]) -> slice | None:
    """The newest segments that are to become one: so many that they are worth it, and not too large together."""
    start, total = len(sizes), 0
    while start and total + sizes[start - 1] <= SEGMENT_MAX:
        start -= 1
        total += sizes[start]
    small = len(sizes) - start
    return slice(start, len(sizes)) if small >= MERGED_MAX else None
