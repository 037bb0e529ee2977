"""The cost of an item does not grow with the number of items: no statement of a working step scans a table."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from workitems import ledger_sql, sql
from workitems.postgresql_batch import translate
from workitems.store import Store

PLAN = "looked_at"
IN_ORDER = {"TAKE_HEAD", "SELECT_TRIGGER", "one queue", "one queue, one state", "all"}
"""The first of many rows: found by an index in that order, never by sorting them."""

GROWS = {
    "SELECT_MOVES",  # the figures of everything, for a report
    "SELECT_OWNERS",  # grows with the items in hand, not with the items
    "SELECT_DEPTH",  # grows with the queues
    "SELECT_EFFECTS_NAMING",  # a search of a person, grows with the effects
}
STATEMENTS = {
    name: text
    for module in (sql, ledger_sql)
    for name, text in vars(module).items()
    if isinstance(text, str) and name.isupper()
}
STATEMENTS |= {
    "one queue": sql.select_items(by_queue=True, states=0),
    "one queue, one state": sql.select_items(by_queue=True, states=1),
    "two states": sql.select_items(by_queue=False, states=2),
    "all": sql.select_items(by_queue=False, states=0),
}


@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - GROWS))
def test_every_statement_finds_its_rows_by_an_index(store: Store, name: str) -> None:
    text = STATEMENTS[name]
    values = dict.fromkeys(re.findall(r":(\w+)", text), "x")
    plan = [row["detail"] for row in store.database.rows(f"EXPLAIN QUERY PLAN {text}", values)]
    assert not [step for step in plan if re.match(r"SCAN (?!CONSTANT)", step)], plan


def test_postgresql_finds_them_by_an_index_too_whatever_its_statistics_say(home: Path, postgres_url: str) -> None:
    """The tables are empty, and that is what the plans are made for."""
    store = Store.open(home, postgres_url)
    scans = {}
    for name in sorted(set(STATEMENTS) - GROWS):
        text, names = translate(STATEMENTS[name])
        number = Counter(re.findall(rb"\$\d+", text))
        plan = store.database.rows(f"PREPARE {PLAN} AS {text.decode()}") or store.database.rows(
            f"EXPLAIN EXECUTE {PLAN}({', '.join(['NULL'] * len(number))})" if number else f"EXPLAIN EXECUTE {PLAN}"
        )
        assert len(number) == len(names)
        found = [row[0] for row in plan if "Seq Scan" in row[0] or ("Sort" in row[0] and name in IN_ORDER)]
        if found:
            scans[name] = found
        store.database.rows(f"DEALLOCATE {PLAN}")
    assert scans == {}
    store.close()
