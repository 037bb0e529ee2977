"""Deletes file contents that no item has: of attempts that failed, of files that were replaced, of deleted items."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from workitems import keeping_sql as sql
from workitems import owners
from workitems.database import Database, StoreError
from workitems.files import MARKER, Blobs

AFTER_SECONDS = 3600.0
"""What was not touched for so long and has no row is swept: who keeps a content names it much sooner."""
MOST_SECONDS = 10.0
"""A sweep of the runner's housekeeping ends after so long; the next one goes on there."""
BACKUP = "backup"
"""The lock under which files are copied; as long as somebody holds it, none is deleted."""


@dataclass
class Sweeper:
    """Goes round the shards of a store of files. `own`: it lies in the home, so that nobody else's files are in it."""

    db: Database
    blobs: Blobs
    own: bool
    next_shard: int = field(default_factory=lambda: secrets.randbelow(256))

    def sweep(self, older_than_seconds: float, most_seconds: float | None) -> int:
        """Deletes what no row names, in all shards or (`most_seconds`) in as many as time allows. Returns how many.

        Raises StoreError where the store is another database's, or away.
        """
        if not self.own:
            check_owner(self.db, self.blobs)
        self.blobs.tidy()
        swept, began = 0, time.monotonic()
        shards = self.blobs.shards
        for _ in shards:
            swept += self._shard(shards[self.next_shard % len(shards)], older_than_seconds)
            self.next_shard += 1
            if most_seconds is not None and time.monotonic() - began >= most_seconds:
                break
        return swept

    def _shard(self, shard: str, older_than_seconds: float) -> int:
        """One listing and one query for all of a shard; only what looks like nobody's is looked at once more."""
        old = list(self.blobs.older_than(older_than_seconds, shard))
        if not old:
            return 0
        used = {row["sha256"] for row in self.db.rows(sql.BLOBS_OF_SHARD, {"shard": shard, "after": f"{shard}g"})}
        return sum(self._remove(sha256, place) for sha256, place in old if sha256 not in used)

    def _remove(self, sha256: str, place: str) -> int:
        """Whoever names a content makes sure of it in his transaction, under the same name as this one's."""
        with self.db.write():
            if sha256:
                self.db.exclude(sha256)
            if self._is_copied() or (sha256 and self.db.row(sql.BLOB_IS_USED, {"sha256": sha256}) is not None):
                return 0
            self.blobs.remove(place)
            return 1

    def _is_copied(self) -> bool:
        held = self.db.row(sql.SELECT_LOCK, {"name": BACKUP})
        return held is not None and held["expires_at"] > self.db.clock() and not owners.is_dead(held["owner"])


def check_owner(db: Database, blobs: Blobs) -> None:
    """Files outside the home belong to one database, the first that sweeps. Raises StoreError for any other."""
    found = db.row(sql.SELECT_STORE_ID)
    if found is None:
        with db.write():
            db.change(sql.INSERT_STORE_ID, {"token": secrets.token_hex(16)})
        found = db.row(sql.SELECT_STORE_ID)
    if blobs.marker() is None:
        blobs.mark(found["token"])
    if blobs.marker() != found["token"]:
        raise StoreError(
            f"The files in {blobs} belong to another database, so none is swept. If that one is given up, delete "
            f"{MARKER} there."
        )
