"""What keeps a store tidy: leases of processes that died, and contents that no item has."""

from __future__ import annotations

from workitems import owners, sql
from workitems.database import Database
from workitems.files import Blobs
from workitems.journal import Cause, lose_lease

SWEEP_AFTER_SECONDS = 3600.0


def release_dead_owners(db: Database, now: float, blame: bool) -> int:
    """Ends the leases of processes of this machine that have died, at once.

    Each counts as a lost lease of its item, unless the whole suite was killed (`blame` False): then no item did it.
    """
    freed = 0
    for row in db.rows(sql.SELECT_OWNERS):
        owner = row["lease_owner"]
        if not owners.is_dead(owner):
            continue
        with db.write():
            for taken in db.rows(sql.SELECT_TAKEN_BY, {"owner": owner}):
                lose_lease(db, taken, Cause(now, "store", f"the process {owner} has ended"), blame)
                freed += 1
    return freed


def sweep_blobs(db: Database, blobs: Blobs, older_than_seconds: float) -> int:
    """Deletes contents that no item has (of attempts that failed), if they were not touched for so long.

    Each is looked up and deleted inside a write transaction: rows that name a blob are written in one too, after a
    look whether the blob is there.
    """
    swept = 0
    for sha256, path in list(blobs.older_than(older_than_seconds)):
        with db.write():
            if not sha256 or db.row(sql.BLOB_IS_USED, {"sha256": sha256}) is None:
                path.unlink(missing_ok=True)
                swept += 1
    return swept
