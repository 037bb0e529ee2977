"""The cost of an item does not grow with the number of items: no statement of a working step scans a table."""

from __future__ import annotations

import re

import pytest

from workitems import ledger_sql, sql
from workitems.store import Store

GROWS = {
    "SELECT_MOVES",  # the figures of everything, for a report
    "SELECT_OWNERS",  # grows with the items in hand, not with the items
    "SELECT_DEPTH",  # grows with the queues
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
