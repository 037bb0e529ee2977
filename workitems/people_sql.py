"""The SQL of what people do to many items and look for in them. Named parameters, SQLite and PostgreSQL alike.

As in sql.py, a statement that changes an item names the state and version that were seen: no row touched means that
somebody else was faster. Items that another host moves (`host`) are not moved here.
"""

from __future__ import annotations

# A postponed item leaves the head of its queue until then; its attempts stay what they were.
POSTPONE = """
UPDATE items
   SET not_before = :until, code = 'postponed', message = :why, updated_at = :now, version = version + 1
 WHERE id = :id AND state = 'ready' AND version = :version AND host IS NULL
"""

# A dead letter goes back to work as good as new, at once or at a moment of its own (pacing).
REDRIVE = """
UPDATE items
   SET state = 'ready', code = NULL, message = NULL, not_before = :until, attempts = 0, lost_leases = 0,
       updated_at = :now, version = version + 1
 WHERE id = :id AND state = 'dead' AND version = :version AND host IS NULL
"""

# Who shall look at it is no part of the item's work: the version stays, so that nobody who is answering is overtaken.
ASSIGN = "UPDATE items SET assigned_to = :person WHERE id = :id AND state = :from_state"

MOVE_QUEUE = """
UPDATE items SET queue = :queue, updated_at = :now, version = version + 1
 WHERE id = :id AND state = :from_state AND version = :version AND host IS NULL
"""

SELECT_EFFECTS_OF = "SELECT * FROM effects WHERE item_id = :item_id ORDER BY created_at, key"

# Newest first, so that a tail reads its end alone.
SELECT_LAST_EVENTS = """
SELECT e.seq, e.item_id, i.queue, e.at, e.from_state, e.to_state, e.who, e.why
  FROM (SELECT * FROM events ORDER BY seq DESC LIMIT :scan) AS e JOIN items i ON i.id = e.item_id
 WHERE (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
 ORDER BY e.seq DESC
 LIMIT :limit
"""
SELECT_EVENTS_AFTER = """
SELECT e.seq, e.item_id, i.queue, e.at, e.from_state, e.to_state, e.who, e.why
  FROM events e JOIN items i ON i.id = e.item_id
 WHERE e.seq > :after AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
 ORDER BY e.seq
 LIMIT :limit
"""

# What went wrong last, in the order in which it did: looked for among the newest events, so the cost has a bound.
SELECT_LAST_FAILURES = """
SELECT e.item_id, e.at, i.queue, i.state, i.code, i.message, i.attempts, i.version, i.assigned_to
  FROM (SELECT * FROM events ORDER BY seq DESC LIMIT :scan) AS e JOIN items i ON i.id = e.item_id
 WHERE e.from_state = 'taken' AND e.to_state IN ('ready', 'review', 'dead') AND e.to_state = i.state
       AND i.code IS NOT NULL
 ORDER BY e.seq DESC
"""

SELECT_WORKERS = "SELECT id, step, started_at, seen_at, item_id FROM workers ORDER BY step, id"
SELECT_TAKEN = """
SELECT id, queue, lease_owner, taken_at FROM items WHERE state = 'taken' ORDER BY queue, seq LIMIT :limit
"""
SELECT_TARGETS = """
SELECT t.name, t.failures, t.open_until, t.asked_at,
       (SELECT COUNT(*) FROM target_slots s WHERE s.name = t.name AND s.expires_at > :now) AS in_use
  FROM targets t
 ORDER BY t.name
"""


def choose_items(columns: str, *, queue: bool, states: int, code: bool, assigned: str | None, newest: bool) -> str:
    """Items by any of queue, states (parameters state0, state1 ...), code and person ("nobody": without one)."""
    conditions = ["seq > 0"]
    if queue:
        conditions.append("queue = :queue")
    if states:
        conditions.append(f"state IN ({', '.join(f':state{n}' for n in range(states))})")
    if code:
        conditions.append("code = :code")
    if assigned is not None:
        conditions.append("assigned_to IS NULL" if assigned == "nobody" else "assigned_to = :assigned")
    order = "DESC" if newest else "ASC"
    return f"SELECT {columns} FROM items WHERE {' AND '.join(conditions)} ORDER BY seq {order} LIMIT :limit"  # noqa: S608
