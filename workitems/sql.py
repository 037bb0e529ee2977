"""The SQL of the items. Named parameters, and only what SQLite and PostgreSQL both understand.

What stands in `/*pg ... */` is for PostgreSQL alone: there a row that is read and then written is locked by the
statement that reads it. Rows are locked in this order: an item, its outputs, at the end of the transaction the sums;
several items at once only where others that somebody has locked are skipped. So no two writers wait for each other.

A statement that moves an item names the state it moves from (and the fence, where a worker moves it): no row touched
means that somebody else was faster, never that something is overwritten.
"""

from __future__ import annotations

# ---- coming into being

INSERT_ITEM = """
INSERT INTO items
       (id, queue, state, payload, priority, not_before, deadline, parent_id, root_id, created_at, updated_at)
VALUES (:id, :queue, 'ready', :payload, :priority, :not_before, :deadline, NULL, :id, :now, :now)
"""

# Only who holds the parent makes outputs. An output of a trigger begins a lineage of its own: what a mailbox gave in
# one batch has nothing else in common.
INSERT_OUTPUT = """
INSERT INTO items (id, queue, state, payload, priority, deadline, parent_id, root_id, created_at, updated_at)
SELECT :id, :queue, 'held', :payload, priority, deadline, id,
       CASE WHEN is_batch = 1 THEN :id ELSE root_id END, :now, :now
  FROM items
 WHERE id = :parent_id AND state = 'taken' AND fence = :fence
/*pg FOR UPDATE */
"""

MARK_BATCH = "UPDATE items SET is_batch = 1 WHERE id = :id AND state = 'taken'"

INSERT_EVENT = """
INSERT INTO events (item_id, at, from_state, to_state, who, why)
VALUES (:item_id, :now, :from_state, :to_state, :who, :why)
"""

COUNT = """
INSERT INTO counters (queue, state, slot, count) VALUES (:queue, :state, :slot, :change)
ON CONFLICT (queue, state, slot) DO UPDATE SET count = counters.count + excluded.count
"""
RATE = """
INSERT INTO rates (queue, state, minute, slot, count) VALUES (:queue, :state, :minute, :slot, :change)
ON CONFLICT (minute, queue, state, slot) DO UPDATE SET count = rates.count + excluded.count
"""

# ---- reserving

# What there is to do, looked up outside the transaction: who finds an empty queue disturbs nobody.
LOOK = """
SELECT EXISTS (SELECT 1 FROM items WHERE queue = :queue AND state = 'ready' AND not_before IS NULL
                                     AND host IS NULL) AS head,
       EXISTS (SELECT 1 FROM items WHERE queue = :queue AND state = 'taken' AND lease_until <= :lease_now) AS expired,
       EXISTS (SELECT 1 FROM items WHERE queue = :queue AND state = 'ready' AND not_before IS NOT NULL
                                     AND host IS NULL AND not_before <= :now) AS due
"""

SELECT_EXPIRED = """
SELECT id, queue, fence, lost_leases, lease_owner FROM items
 WHERE queue = :queue AND state = 'taken' AND lease_until <= :lease_now
/*pg FOR UPDATE SKIP LOCKED */
"""

# An item whose backoff is over is ready like any other, at its old place.
END_BACKOFF = """
UPDATE items SET not_before = NULL
 WHERE seq IN (SELECT seq FROM items
                WHERE queue = :queue AND state = 'ready' AND not_before IS NOT NULL AND not_before <= :now
                  AND host IS NULL
                /*pg FOR UPDATE SKIP LOCKED */)
"""

TAKE_HEAD = """
UPDATE items
   SET state = 'taken', fence = fence + 1, lease_owner = :owner, lease_until = :lease_until, taken_at = :now,
       updated_at = :now, version = version + 1
 WHERE seq = (SELECT seq FROM items
               WHERE queue = :queue AND state = 'ready' AND not_before IS NULL AND host IS NULL
               ORDER BY priority DESC, seq
               LIMIT 1 /*pg FOR UPDATE SKIP LOCKED */)
RETURNING id, fence
"""
# A reservation whose commit nobody answered: is it there? The moment tells it from this process's earlier ones.
SELECT_TAKEN_AT = """
SELECT id, fence FROM items
 WHERE queue = :queue AND state = 'taken' AND lease_until = :lease_until AND lease_owner = :owner AND taken_at = :now
"""

# A lease that has run out but that nobody has taken is still its holder's: the fence is the truth.
RENEW_LEASE = """
UPDATE items SET lease_until = :lease_until WHERE id = :id AND state = 'taken' AND fence = :fence
"""

# ---- releasing

RELEASE = """
UPDATE items
   SET state = :state, code = :code, message = :message, not_before = :not_before, attempts = attempts + :failures,
       lost_leases = :lost_leases, lease_owner = NULL, lease_until = NULL, updated_at = :now, version = version + 1
 WHERE id = :id AND state = 'taken' AND fence = :fence
"""

SELECT_HOLD = """
SELECT queue, attempts, lost_leases, deadline FROM items WHERE id = :id AND state = 'taken' AND fence = :fence
/*pg FOR UPDATE */
"""
# A transition whose commit nobody answered: is it there?
SELECT_EVENT_AT = """
SELECT to_state FROM events WHERE item_id = :id AND at = :now AND who = :who AND from_state = :from_state
"""

RELEASE_OUTPUTS = """
UPDATE items SET state = 'ready', updated_at = :now, version = version + 1
 WHERE parent_id = :id AND state = 'held'
RETURNING id, queue
"""

DELETE_OUTPUT_FILES = """
DELETE FROM item_files WHERE item_id IN (SELECT id FROM items WHERE parent_id = :id AND state = 'held')
"""
DELETE_OUTPUTS = "DELETE FROM items WHERE parent_id = :id AND state = 'held' RETURNING id, queue"

CONFIRM_MAILS = "UPDATE mails SET state = 'known' WHERE parent_id = :id AND state = 'claimed'"
HAS_MAILS = "SELECT 1 FROM mails WHERE parent_id = :id AND state = 'claimed' LIMIT 1"
DROP_MAILS = "DELETE FROM mails WHERE parent_id = :id AND state = 'claimed'"

# ---- payload and files, by the holder

SAVE_PAYLOAD = """
UPDATE items SET payload = :payload, updated_at = :now, version = version + 1
 WHERE id = :id AND state = 'taken' AND fence = :fence
"""
SAVE_OUTPUT_PAYLOAD = """
UPDATE items SET payload = :payload, updated_at = :now, version = version + 1 WHERE id = :id AND state = 'held'
"""
SELECT_OUTPUT_PARENT = "SELECT parent_id FROM items WHERE id = :id AND state = 'held'"
SELECT_PAYLOAD = "SELECT payload FROM items WHERE id = :id"
SELECT_ITEM_EXISTS = "SELECT 1 FROM items WHERE id = :id"

SELECT_FILES = "SELECT name, sha256, size FROM item_files WHERE item_id = :item_id ORDER BY seq"
SELECT_FILE = "SELECT name, sha256, size FROM item_files WHERE item_id = :item_id AND name = :name"
# A file that is written again keeps its place in the list.
UPSERT_FILE = """
INSERT INTO item_files (item_id, name, sha256, size) VALUES (:item_id, :name, :sha256, :size)
ON CONFLICT (item_id, name) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size
"""
DELETE_FILE = "DELETE FROM item_files WHERE item_id = :item_id AND name = :name"
BLOB_IS_USED = "SELECT 1 FROM item_files WHERE sha256 = :sha256 LIMIT 1"

# ---- what people do, and see

SELECT_ITEM = "SELECT * FROM items WHERE id = :id"
SELECT_SEQ = "SELECT seq FROM items WHERE id = :id"

# A person's word makes an item fresh: its failures are forgotten. `version` is NULL where nobody may be overtaken.
BACK_TO_READY = """
UPDATE items
   SET state = 'ready', payload = COALESCE(:payload, payload), code = NULL, message = NULL, not_before = NULL,
       attempts = 0, lost_leases = 0, updated_at = :now, version = version + 1
 WHERE id = :id AND state = :from_state AND version = :version
"""

# Who may still be working on it finishes nothing: the state is no longer `taken`, and the next fence is another one.
CANCEL = """
UPDATE items
   SET state = 'cancelled', code = 'cancelled', message = :why, not_before = NULL, lease_owner = NULL,
       lease_until = NULL, updated_at = :now, version = version + 1
 WHERE id = :id AND state = :from_state AND version = :version
"""

SELECT_TRIGGER = """
SELECT id FROM items WHERE queue = :queue AND state = 'ready' ORDER BY seq LIMIT 1 /*pg FOR UPDATE */
"""
PULL_FORWARD = "UPDATE items SET not_before = NULL WHERE id = :id AND state = 'ready'"

SELECT_DEPTH = """
SELECT c.queue, c.state, c.count,
       (SELECT created_at FROM items i WHERE i.state = c.state AND i.queue = c.queue ORDER BY i.seq LIMIT 1) AS oldest
  FROM (SELECT queue, state, SUM(count) AS count FROM counters GROUP BY queue, state) AS c
 WHERE c.count > 0
 ORDER BY c.queue, c.state
"""
SELECT_NEXT_DUE = """
SELECT MIN(not_before) AS due FROM items WHERE queue = :queue AND state = 'ready' AND not_before IS NOT NULL
"""

SELECT_EVENTS = "SELECT * FROM events WHERE item_id = :item_id ORDER BY seq"
SELECT_DECISIONS = "SELECT * FROM decisions WHERE item_id = :item_id ORDER BY seq"
SELECT_LINEAGE = "SELECT * FROM items WHERE root_id = :root_id ORDER BY seq"
SELECT_OWNERS = "SELECT DISTINCT lease_owner FROM items WHERE state = 'taken' AND lease_owner IS NOT NULL"
SELECT_TAKEN_BY = """
SELECT id, queue, fence, lost_leases, lease_owner FROM items WHERE state = 'taken' AND lease_owner = :owner
/*pg FOR UPDATE SKIP LOCKED */
"""
SELECT_MOVES = """
SELECT e.item_id, i.root_id, i.queue, e.at, e.from_state, e.to_state
  FROM events e JOIN items i ON i.id = e.item_id
 ORDER BY e.item_id, e.seq
"""
SELECT_MOVES_OF_ROOT = """
SELECT e.item_id, i.root_id, i.queue, e.at, e.from_state, e.to_state
  FROM items i JOIN events e ON e.item_id = i.id
 WHERE i.root_id = :root_id
 ORDER BY e.item_id, e.seq
"""


def select_items(by_queue: bool, states: int) -> str:
    """A page of items, oldest first: of one queue or all, in `states` states (parameters state0, state1 ...) or all."""
    conditions = ["seq > :after"]
    if by_queue:
        conditions.append("queue = :queue")
    if states:
        conditions.append(f"state IN ({', '.join(f':state{n}' for n in range(states))})")
    return f"SELECT * FROM items WHERE {' AND '.join(conditions)} ORDER BY seq LIMIT :limit"  # noqa: S608 - no values
