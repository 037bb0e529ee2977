"""The step train_models: from answers to signed models, promoted where they are better.

Killed at any moment it leaves the model in force as it is: a version is there whole or not at all, and the one step
that puts it in force is the replacement of one small file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bots.training.compare import Comparison
from bots.training.train_models import Trained, fit_candidate, snapshot
from extractors import model_files
from extractors.learning import Row, Trainable, trainables
from extractors.model_cards import Card
from extractors.model_files import ModelRefused
from tasks.clause_learning import PICKS, picks_learnt
from tasks.contract_teaching import contract_rows
from tasks.model_history import promote, write_event
from tasks.settings import Settings
from tasks.shadow_figures import ShadowFigures, shadow_figures
from tasks.training_rows import forget_deleted, rows_of
from workitems.ledger import Ledger
from workitems.store import Store

MINUTES = 60.0
KEPT = 12
"""Versions of a model that stay, besides those in force and in the shadow."""
Tell = Callable[[str], None]
SOURCES = {"pages": rows_of, "paper": contract_rows}
NAMED = {"pages": "posted documents", "paper": "answered contracts"}


def train_all(home: Path, settings: Settings, who: str, tell: Tell, only: str | None = None) -> list[Trained]:
    """Trains what can be trained; one machine at a time. Raises StoreError, and TryLater while another one trains."""
    store = Store.open(home)
    try:
        with Ledger.open(home).lock("train_models", MINUTES * 60):
            forget_deleted(store)
            chosen = {n: t for n, t in trainables().items() if only in (None, n)}
            rows: dict[str, list[Row]] = {}
            for what, rows_from in SOURCES.items():
                if any(each.learns_from == what for each in chosen.values()):
                    rows[what] = rows_from(store, settings, tell)
                    tell(f"{len(rows[what])} {NAMED[what]} can be learnt from.")
            done = [_train(store, each, rows[each.learns_from], settings, who) for each in chosen.values()]
            return [*done, *([picks_learnt(home, who)] if only in (None, PICKS) else [])]
    finally:
        store.close()


def _train(store: Store, trainable: Trainable, rows: Sequence[Row], settings: Settings, who: str) -> Trained:
    home, name = store.home, trainable.name
    waiting = _out_of_the_shadow(store, trainable, settings, who)
    if waiting is not None:
        return waiting
    try:
        base = trainable.base()
        if _is_known(name, rows, home):
            return Trained(name=name, state="kept", message="No answer is new since the last training.", rows=len(rows))
        found = fit_candidate(trainable, rows, base, settings.learning, _now(name, home))
    except ModelRefused as refused:
        return Trained(name=name, state="refused", message=str(refused), rows=len(rows))
    if isinstance(found, str):
        return Trained(name=name, state="too_few", message=found, rows=len(rows))
    model, card, comparison = found
    model_files.write(model, card, home)
    _tidy(name, home)
    return _placed(card, comparison, rows, settings, (who, home))


def _placed(
    card: Card, comparison: Comparison, rows: Sequence[Row], settings: Settings, by: tuple[str, Path]
) -> Trained:
    """In force, in the shadow, or merely kept."""
    (who, home), name = by, card.name
    done = Trained(name=name, state="kept", message="", rows=len(rows), version=card.version, comparison=comparison)
    if not comparison.better:
        write_event(name, {"event": "kept", "version": card.version, "who": who, "why": comparison.why}, home)
        return done.model_copy(update={"message": comparison.why})
    if settings.learning.shadow_documents > 0:
        model_files.point(name, model_files.SHADOW, card.version, home)
        why = f"It goes into the shadow for {settings.learning.shadow_documents} documents. {comparison.why}"
        write_event(name, {"event": "shadow", "version": card.version, "who": who, "why": why}, home)
        return done.model_copy(update={"state": "waits", "message": why})
    promote(name, card.version, who, {"why": comparison.why, "figures": comparison.model_dump(mode="json")}, home)
    return done.model_copy(update={"state": "promoted", "message": comparison.why})


def _out_of_the_shadow(store: Store, trainable: Trainable, settings: Settings, who: str) -> Trained | None:
    """Promotes the candidate that has been in the shadow long enough and was no worse there; None: there is none."""
    name, home = trainable.name, store.home
    try:
        version = model_files.pointed(name, model_files.SHADOW, home)
        if version is None:
            return None
        model_files.look(name, version, home)
    except ModelRefused as refused:
        model_files.point(name, model_files.SHADOW, None, home)
        return Trained(name=name, state="refused", message=str(refused))
    seen = shadow_figures(store, trainable, version, settings)
    need = settings.learning.shadow_documents
    if seen.documents < need:
        message = f"{version} was in the shadow on {seen.documents} of {need} documents."
        return Trained(name=name, state="waits", message=message, version=version)
    if seen.right_shadow < seen.right_now:
        message = (
            f"In the shadow {version} was right {seen.right_shadow} times, the one in force {seen.right_now} times."
        )
        model_files.point(name, model_files.SHADOW, None, home)
        write_event(name, {"event": "kept", "version": version, "who": who, "why": message}, home)
        return Trained(name=name, state="kept", message=message, version=version)
    return _promoted_from_shadow(name, version, seen, who, home)


def _promoted_from_shadow(name: str, version: str, seen: ShadowFigures, who: str, home: Path) -> Trained:
    why = f"In the shadow it was right {seen.right_shadow} times, the one before {seen.right_now} times."
    promote(name, version, who, {"why": why, "figures": seen.model_dump()}, home)
    return Trained(name=name, state="promoted", message=why, version=version)


def _is_known(name: str, rows: Sequence[Row], home: Path) -> bool:
    """Whether the newest version was made from the very same rows."""
    versions = model_files.versions(name, home)
    if not versions or not rows:
        return False
    with suppress(ModelRefused):
        made_from = model_files.look(name, versions[-1], home).data[-1:]
        ordered = sorted(rows, key=lambda row: (row.at, row.item))
        return any(data.sha256 == snapshot(ordered) for data in made_from)
    return False


def _now(name: str, home: Path) -> datetime:
    """Now, or a second after the newest version: versions are named by the second."""
    now = datetime.now(UTC).replace(microsecond=0)
    while now.strftime("%Y%m%dt%H%M%S") in model_files.versions(name, home):
        now += timedelta(seconds=1)
    return now


def _tidy(name: str, home: Path) -> None:
    """Old versions go, and so does what a killed training left half-written."""
    folder = home / "models" / name
    for unfinished in folder.glob(".new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    held = {model_files.pointed(name, model_files.CURRENT, home), model_files.pointed(name, model_files.SHADOW, home)}
    for version in [v for v in model_files.versions(name, home) if v not in held][:-KEPT]:
        shutil.rmtree(folder / version, ignore_errors=True)
