"""What keeps a store tidy: leases of processes that died. Contents that no item has: sweep.py."""

from __future__ import annotations

from workitems import owners, sql
from workitems.database import Database
from workitems.journal import Cause, lose_lease


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
