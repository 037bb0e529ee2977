"""The rows that models learn from: posted invoices of the store, and their pages, read once and kept.

Pages lie in HOME/training, one compressed file per item, readable by the owner alone, and are deleted with the item.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bots.training.rows import row_of
from extractors.atomic import write_file
from extractors.learning import Row
from extractors.lessons import LessonFiles
from extractors.studying import Known
from tasks.bounded import Bounded, Stopped
from tasks.lessons import STUDY
from tasks.settings import Settings
from workitems.errors import NeedsReview, TryLater
from workitems.items import Invoice, Page
from workitems.rows import ItemRow
from workitems.store import Store

log = logging.getLogger(__name__)

PAGE = 500
Tell = Callable[[str], None]


def rows_of(store: Store, settings: Settings, tell: Tell) -> list[Row]:
    """The newest posted invoices with their pages; those whose file is gone or cannot be read are left out."""
    found = list(posted(store, settings.learning.newest))
    rows: list[Row] = []
    with Bounded(STUDY, settings.reading.seconds, settings.reading.memory_mb) as child:
        for n, (item, row) in enumerate(found, 1):
            pages = _kept(store.home, row.item)
            if pages is None:
                pages = _read(store, child, settings, (item, row))
                if n % 50 == 0:
                    tell(f"{n} of {len(found)} documents are looked at once more.")
            if pages:
                rows.append(row.model_copy(update={"pages": pages}))
    return rows


def posted(store: Store, newest: int) -> Iterator[tuple[ItemRow, Row]]:
    """Posted invoices with what is known of them, oldest first."""
    last: deque[tuple[ItemRow, Row]] = deque(maxlen=newest)
    after = None
    while batch := store.find("invoice", ["done"], PAGE, after):
        after = batch[-1].id
        for item in batch:
            with suppress(ValidationError):
                row = row_of(Invoice.model_validate(item.payload))
                if row is not None:
                    last.append((item, row))
    yield from last


def forget_deleted(store: Store) -> int:
    """Deletes the pages and lessons of items that the store no longer has. Says of how many."""
    lessons = LessonFiles(store.home)
    gone = {lesson.item for lesson in lessons.all() if not store.exists(lesson.item)}
    for item in gone:
        lessons.forget(item)
    for file in _files(store.home):
        of = _item_of(file)
        if of is None or not store.exists(of):
            file.unlink(missing_ok=True)
            gone.add(of or file.name)
    return len(gone)


def _read(store: Store, child: Bounded, settings: Settings, of: tuple[ItemRow, Row]) -> tuple[Page, ...]:
    item, row = of
    invoice = Invoice.model_validate(item.payload)
    known = Known(item=row.item, at=row.at, kind=row.kind, truth={}, language=row.language)
    name = invoice.document.filename
    try:
        with store.opened(item.id, name) as path:
            studied = child.call(str(path), name, known, settings.reading)
    except (Stopped, NeedsReview, TryLater, OSError) as failure:
        log.warning("The document of item %s is left out of training: %s.", item.id, type(failure).__name__)
        return ()
    pages: tuple[Page, ...] = studied.pages if studied else ()
    _keep(store.home, row.item, pages)
    return pages


def keep(home: Path, item: str, content: dict[str, Any]) -> None:
    """Keeps what was read of an item's document, until the item is deleted. Raises OSError."""
    file = _file(home, item)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(file, gzip.compress(json.dumps({"item": item, **content}).encode(), 6, mtime=0), mode=0o600)


def kept(home: Path, item: str) -> dict[str, Any]:
    """What was kept of an item; nothing where nothing was, or it cannot be read."""
    try:
        return dict(json.loads(gzip.decompress(_file(home, item).read_bytes())))
    except (OSError, ValueError, TypeError, EOFError):
        return {}


def _keep(home: Path, item: str, pages: tuple[Page, ...]) -> None:
    keep(home, item, {"pages": [page.model_dump(mode="json") for page in pages]})


def _kept(home: Path, item: str) -> tuple[Page, ...] | None:
    try:
        return tuple(Page.model_validate(page) for page in kept(home, item)["pages"])
    except (ValueError, KeyError, TypeError):
        return None


def _item_of(file: Path) -> str | None:
    try:
        return str(json.loads(gzip.decompress(file.read_bytes()))["item"])
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def _files(home: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (home / "training").glob("*.json.gz")


def _file(home: Path, item: str) -> Path:
    return home / "training" / f"{hashlib.sha256(item.encode()).hexdigest()[:32]}.json.gz"
