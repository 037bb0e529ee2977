"""Candidates in the shadow: what a model that is not in force yet would have said of the document that is being read.

Costs one look at a file per trainable model where nothing is in the shadow. Its sayings go with the paper and decide
nothing; documents of many pages and models that are refused are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from extractors import model_files
from extractors.learning import Row, Trainable, trainables
from extractors.model_files import ModelRefused
from workitems.database import home_folder
from workitems.items import Kind, Page, Shadowed

log = logging.getLogger(__name__)

MOST_PAGES = 6


def shadowed(pages: Sequence[Page], kind: Kind, language: str | None) -> tuple[Shadowed, ...]:
    """The sayings of all candidates that are in the shadow."""
    if len(pages) > MOST_PAGES or not _any_in_shadow():
        return ()
    row = Row(item="", at=datetime.now(UTC), group="", kind=kind, truth={}, pages=tuple(pages), language=language)
    ours = (each for each in trainables().values() if each.learns_from == "pages")
    return tuple(found for each in ours if (found := _said(each, row)) is not None)


def _any_in_shadow() -> bool:
    models = home_folder() / "models"
    try:
        return any((folder / model_files.SHADOW).is_file() for folder in models.iterdir())
    except OSError:
        return False


def _said(trainable: Trainable, row: Row) -> Shadowed | None:
    try:
        version = model_files.pointed(trainable.name, model_files.SHADOW)
        if version is None:
            return None
        loaded = model_files.load_version(trainable.name, version, trainable.reader)
    except ModelRefused as refused:
        log.warning("Nothing is said in the shadow: %s", refused)
        return None
    said = trainable.say(loaded.model, row)
    return Shadowed(
        model=trainable.name,
        version=version,
        values={field: one.value for field, one in said.items()},
        confidences={field: one.confidence for field, one in said.items()},
    )
