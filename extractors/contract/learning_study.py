"""What people have taught about contracts: put upon a reading, said in the shadow, and read anew for training."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from extractors import model_files
from extractors.contract import learning_clauses, learning_terms
from extractors.learning import Row
from extractors.model_files import ModelRefused
from extractors.refusal import Refused
from extractors.settings import ReadingSettings
from workitems.items import Kind, Paper, Shadowed

log = logging.getLogger(__name__)

TEACHING = (learning_clauses, learning_terms)


def with_answers(paper: Paper) -> Paper:
    """A reading after what was learnt and promoted, with what candidates in the shadow would have said of it."""
    made, shadow = paper, list(paper.shadow)
    for each in TEACHING:
        loaded = each.TRAINABLE.base()
        after = each.moved(made, loaded.model)
        if after is not made:
            made = after.model_copy(update={"models": after.models | {each.NAME: loaded.label}})
        shadow += _in_shadow(each.NAME, each.READER, paper)
    return made.model_copy(update={"shadow": tuple(shadow)})


def _in_shadow(name: str, reader: str, paper: Paper) -> list[Shadowed]:
    try:
        version = model_files.pointed(name, model_files.SHADOW)
        if version is None:
            return []
        model = model_files.load_version(name, version, reader).model
    except ModelRefused as refused:
        log.warning("Nothing is said in the shadow: %s", refused)
        return []
    trainable = next(each.TRAINABLE for each in TEACHING if name == each.NAME)
    said = trainable.say(model, row_of_paper(paper))
    values, sure = {f: s.value for f, s in said.items()}, {f: s.confidence for f, s in said.items()}
    return [Shadowed(model=name, version=version, values=values, confidences=sure)]


def row_of_paper(paper: Paper) -> Row:
    """A row of which nothing is known but its reading."""
    return Row(item="", at=datetime.now(UTC), group="", kind=paper.kind, truth={}, paper=paper)


def study(path: str, filename: str, kind: Kind, settings: ReadingSettings | None = None) -> Paper | None:
    """A contract read with the shipped models alone; None for a file that gives no words. Runs in a bounded child."""
    from extractors.contract import read_contract
    from extractors.language import language_of
    from extractors.studying import pages_of

    try:
        pages = pages_of(Path(path), filename, settings or ReadingSettings())
    except (Refused, OSError):
        return None
    if not any(page.words for page in pages):
        return None
    language = language_of(word.text for page in pages for word in page.words)
    return read_contract(pages, kind, language, learnt=False)
