"""The reading step learns: a document that a person answered is looked at once more, for the supplier's next one."""

from __future__ import annotations

import logging
from pathlib import Path

from bots.training.lessons import known
from extractors.lessons import LessonFiles
from tasks.bounded import Bounded, Stopped
from tasks.settings import Settings
from workitems.errors import NeedsReview, TryLater
from workitems.items import DocumentItem
from workitems.work import Outcome, Work

log = logging.getLogger(__name__)

STUDY = "extractors.studying:study"


def learn_from(work: Work, outcome: Outcome, settings: Settings, home: Path) -> None:
    """Keeps the lesson of a document that a person corrected and that then passed.

    A document that cannot be studied teaches nothing; that is no reason to stop it. Twice is as good as once.
    """
    item = outcome.item
    if not isinstance(item, DocumentItem) or item.route != "straight" or not item.answers:
        return
    said = known(item, item.document.id or work.id)
    if said is None:
        return
    reading = settings.reading
    try:
        with Bounded(STUDY, reading.seconds, reading.memory_mb) as child:
            path = str(work.path(item.document.filename))
            studied = child.call(path, item.document.filename, said, reading)
        if studied is not None and studied.lesson is not None:
            LessonFiles(home).keep(studied.lesson)
    except (Stopped, NeedsReview, TryLater, OSError) as failure:
        log.warning("The document of item %s teaches nothing: %s.", work.id, type(failure).__name__)
