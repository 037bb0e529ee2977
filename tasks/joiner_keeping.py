"""The joiners' part of `run.py retain`: identity papers after their check, all of who withdrew or has left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bots.joiners.keeping import dossier_due, identity_due, reduced_payload, without_identity
from bots.joiners.linking import marks
from bots.joiners.mailbag import Mailbags
from bots.joiners.nouns import JOINERS
from bots.joiners.office import joiner_of, state_of, values_of
from bots.joiners.policy import JoinersPolicy
from workitems.dossiers import By, Changed, Dossier, Dossiers
from workitems.journal import Cause
from workitems.reduction import ended_in, reduce_item
from workitems.retention import delete_lineages, roots_naming
from workitems.store import Store

WHO, WHY = "retention", "The identity paper is deleted: the time for which [joiners] keeps it is over."
QUEUE = "joiner"


def keep_joiners(store: Store, policy: JoinersPolicy, now: datetime, apply: bool) -> dict[str, int]:
    """Deletes (or, without `apply`, counts) what [joiners] does not keep any longer: pictures, dossiers."""
    dossiers = Dossiers(store.database, JOINERS)
    gone = _whole(store, dossiers, policy, (now, apply))
    return {"identity_papers": _identity(store, dossiers, policy, (now, apply)), "joiners": gone}


def _identity(store: Store, dossiers: Dossiers, policy: JoinersPolicy, run: tuple[datetime, bool]) -> int:
    """The files first: a run that is cut off finds the dossier as it was, and does it once more."""
    now, apply = run
    by_key = {d.key: d for d in dossiers.all()}
    due = {
        key
        for key, d in by_key.items()
        if (at := identity_due(joiner_of(d), state_of(d), d.updated_at, policy)) is not None and at <= now
    }
    cause, files = Cause(now.timestamp(), WHO, WHY), 0
    for item_id, payload, ended in ended_in(store.database, QUEUE) if policy.keep_identity_days is not None else ():
        if payload.get("source") != "identity":
            continue
        known = payload.get("joiner") in by_key
        over = datetime.fromtimestamp(ended, UTC) + timedelta(days=policy.keep_identity_days or 0) <= now
        if payload.get("joiner") in due or (not known and over):  # of nobody: it was rejected, or they are forgotten
            files += reduce_item(store.database, item_id, reduced_payload, cause, apply)
    for key in sorted(due) if apply else ():
        _reduce_dossier(dossiers, by_key[key])
    return files


def _reduce_dossier(dossiers: Dossiers, dossier: Dossier) -> None:
    joiner = joiner_of(dossier)
    reduced = without_identity(joiner)
    if reduced == joiner:
        return
    body, by = reduced.model_dump(mode="json"), By("", WHO, WHY)
    try:
        dossiers.save(dossier, body, dossier.state, by, marks(values_of(reduced)))
    except Changed:
        return  # a bot has it in hand; the next run does it


def _whole(store: Store, dossiers: Dossiers, policy: JoinersPolicy, run: tuple[datetime, bool]) -> int:
    """Everything of who withdrew or left long ago; the dossier last, for it names the rest."""
    now, apply = run
    count = 0
    for dossier in dossiers.all():
        at = dossier_due(state_of(dossier), dossier.updated_at, policy)
        if at is None or at > now:
            continue
        roots = roots_naming(store.database, dossier.key, (p.item for p in joiner_of(dossier).papers))
        _, all_gone = delete_lineages(store.database, roots, now.timestamp(), apply)
        if apply and all_gone:
            Mailbags(store.database).forget(dossier.key)
            _forget_files(store.home / "joiners", dossier.key)
            dossiers.forget(dossier.id)
        count += all_gone
    return count


def _forget_files(folder: Path, key: str) -> None:
    """Appointments and mails that went out into a folder: both are called after the joiner's key."""
    for pattern in (f"calendar/{key}.*", f"sent/{key}-*"):
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)
