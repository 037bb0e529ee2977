"""Contracts that people answered, as rows that models learn from: each is read once more, by the shipped models alone.

The reading lies in HOME/training until the item is deleted, and is made anew when the shipped models are others.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from bots.contracts.draft import CLAUSE
from bots.contracts.nouns import ContractItem
from bots.contracts.teaching import row_of
from extractors.learning import Row
from extractors.model_files import look
from tasks.bounded import Bounded, Stopped
from tasks.settings import Settings
from tasks.training_rows import PAGE, keep, kept
from workitems.errors import NeedsReview, TryLater
from workitems.items import Clause, Paper
from workitems.rows import ItemRow
from workitems.states import State
from workitems.store import Store

log = logging.getLogger(__name__)

STUDY = "extractors.contract.learning_study:study"
MODELS, SHIPPED_VERSION = ("clauses", "contract_kind", "contract_terms"), "shipped"
ENDED: tuple[State, ...] = ("done", "cancelled")
SPANS = 6
"""Of a category that somebody spoke of, the surest spans that are held in memory."""
Tell = Callable[[str], None]


def contract_rows(store: Store, settings: Settings, tell: Tell) -> list[Row]:
    """The newest answered contracts with their readings; those whose file is gone or cannot be read are left out."""
    last = deque(_answered(store, settings), maxlen=settings.learning.newest)
    rows, models = list[Row](), _models(store.home) if last else ""
    with Bounded(STUDY, settings.reading.seconds, settings.reading.memory_mb) as child:
        for n, (item, row) in enumerate(last, 1):
            paper = _reading(store, child, settings, item, models)
            if paper is not None:
                rows.append(row.model_copy(update={"paper": _needed(paper, row)}))
            if n % 50 == 0:
                tell(f"{n} of {len(last)} contracts are looked at once more.")
    return rows


def contract_papers(store: Store, settings: Settings) -> Iterator[tuple[Paper, Row]]:
    """What was said of each answered contract at the time, and what is known to be right of it."""
    for item, row in _answered(store, settings):
        paper = ContractItem.model_validate(item.payload).paper
        if paper is not None:
            yield paper, row.model_copy(update={"paper": paper})


def _answered(store: Store, settings: Settings) -> Iterator[tuple[ItemRow, Row]]:
    """Contracts that came to their end and that somebody answered about, oldest first."""
    after = None
    while batch := store.find("contract", ENDED, PAGE, after):
        after = batch[-1].id
        for item in batch:
            with suppress(ValidationError):
                contract = ContractItem.model_validate(item.payload)
                row = row_of(contract, item.id, settings.contracts.present)
                if row is not None:
                    yield item, row


def _reading(store: Store, child: Bounded, settings: Settings, item: ItemRow, models: str) -> Paper | None:
    before = kept(store.home, item.id)
    if before.get("models") == models:
        with suppress(ValidationError):
            return Paper.model_validate(before.get("paper"))
    name = ContractItem.model_validate(item.payload).document.filename
    try:
        with store.opened(item.id, name) as path:
            paper: Paper | None = child.call(str(path), name, "contract", settings.reading)
    except (Stopped, NeedsReview, TryLater, OSError, KeyError) as failure:
        log.warning("The contract of item %s is left out of training: %s.", item.id, type(failure).__name__)
        return None
    if paper is not None:
        keep(store.home, item.id, {"models": models, "paper": paper.model_dump(mode="json")})
    return paper


def _models(home: Path) -> str:
    """The shipped models that a reading is made with."""
    return " ".join(f"{name}@{look(name, SHIPPED_VERSION, home).version}" for name in MODELS)


def _needed(paper: Paper, row: Row) -> Paper:
    """The reading with the clauses that somebody spoke of: of thousands of contracts no more is held in memory."""
    spoken = {field.removeprefix(CLAUSE) for field in row.truth if field.startswith(CLAUSE)}
    counts = dict[str, int]()
    held: list[Clause] = []
    for clause in sorted(paper.clauses, key=lambda c: -c.confidence):
        counts[clause.category] = counts.get(clause.category, 0) + 1
        if clause.category in spoken and counts[clause.category] <= SPANS:
            held.append(clause)
    return paper.model_copy(update={"clauses": tuple(held)})
