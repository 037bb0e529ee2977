"""A new beginning of the demo: its database is emptied, and nobody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workitems import schema
from workitems.database import StoreError, connect, is_postgresql
from workitems.emptying import claim_for_demo, empty_for_demo
from workitems.reservations import Ending
from workitems.store import Store

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def rows(home: Path) -> dict[str, int]:
    """How many rows are in which table, where there are any."""
    db = connect(home)
    counted = {t: int(db.rows(f"SELECT COUNT(*) AS n FROM {t}")[0]["n"]) for t in schema.tables()}  # noqa: S608
    db.close()
    return {table: count for table, count in counted.items() if count and table != "locks"}


def used(home: Path) -> None:
    store = Store.open(home)
    store.put("in", {}, {"a.txt": b"a"})
    hold = store.reservations("w").reserve("in", 60)
    assert hold is not None
    store.reservations("w").release(hold, Ending("done"))
    store.close()


def test_the_demo_empties_what_is_its_own_as_often_as_it_likes(home: Path) -> None:
    claim_for_demo(home)
    for _ in range(2):
        used(home)
        assert rows(home)["items"] == 1
        said = empty_for_demo(home)
        assert ("empty" if is_postgresql(None) else "deleted") in said
        assert "s3cret" not in said
        assert rows(home) == {}
    claim_for_demo(home)
    used(home)


def test_our_tables_are_those_of_the_database(home: Path, database: Any) -> None:
    Store.open(home).close()
    db = connect(home)
    listed = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    if not is_postgresql(None):
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    assert sorted({r["name"] for r in db.rows(listed)} - {"alembic_version"}) == schema.tables()
    db.close()


def test_a_database_on_a_server_with_other_items_is_not_the_demos(home: Path) -> None:
    used(home)
    if not is_postgresql(None):
        claim_for_demo(home)  # the file of its own home
        return
    for touches in (claim_for_demo, empty_for_demo):
        with pytest.raises(StoreError, match="not the demo's"):
            touches(home)
    assert rows(home)["items"] == 1
