"""The SQL of the projection: rows of `items` that show what another host said last (`host` names it)."""

from __future__ import annotations

INSERT = """
INSERT INTO items
       (id, queue, state, payload, code, message, priority, not_before, deadline, attempts, lost_leases, fence,
        parent_id, root_id, version, host, created_at, updated_at)
VALUES (:id, :queue, :state, :payload, :code, :message, :priority, :not_before, :deadline, :attempts, :lost_leases,
        :fence, :parent_id, :root_id, :version, :host, :now, :now)
ON CONFLICT (id) DO NOTHING
"""

# Locks the row, in every database, and reads it.
LOCK = """
UPDATE items SET host = :host WHERE id = :id AND host = :host RETURNING state, version, queue, created_at
"""
WHOSE = "SELECT host FROM items WHERE id = :id"
SELECT = "SELECT * FROM items WHERE id = :id AND host = :host"

UPDATE = """
UPDATE items
   SET queue = :queue, state = :state, payload = :payload, code = :code, message = :message, priority = :priority,
       not_before = :not_before, deadline = :deadline, attempts = :attempts, lost_leases = :lost_leases,
       fence = :fence, version = :version, updated_at = :now
 WHERE id = :id
"""

# An output is staged only for the attempt that the row shows, and belongs to its parent's lineage unless that is a
# trigger: see INSERT_OUTPUT in sql.py.
STAGE = """
INSERT INTO items
       (id, queue, state, payload, priority, deadline, parent_id, root_id, version, host, created_at, updated_at)
SELECT :id, :queue, 'held', :payload, priority, deadline, id, CASE WHEN is_batch = 1 THEN :id ELSE root_id END, 0,
       host, :now, :now
  FROM items
 WHERE id = :parent_id AND host = :host AND state = 'taken' AND fence = :fence
RETURNING root_id, priority, deadline
"""

SELECT_HELD = "SELECT id, queue FROM items WHERE parent_id = :parent_id AND state = 'held' AND host = :host"
# A new item whose `put` has not ended: its row came first, and the host has it or not.
SELECT_BEGUN = """
SELECT id FROM items WHERE state = 'held' AND parent_id IS NULL AND host = :host AND created_at <= :before
"""
SELECT_TAKEN = "SELECT id FROM items WHERE state = 'taken' AND host = :host"
DELETE = "DELETE FROM items WHERE id = :id AND state = 'held' AND host = :host"
DELETE_FILES = "DELETE FROM item_files WHERE item_id = :id"

# Only the claims of attempts that are over: a later attempt's have a higher fence.
CONFIRM_MAILS = """
UPDATE mails SET state = 'known' WHERE parent_id = :id AND state = 'claimed' AND (fence = :fence OR fence IS NULL)
"""
DROP_MAILS = """
DELETE FROM mails WHERE parent_id = :id AND state = 'claimed' AND (fence <= :fence OR fence IS NULL)
"""

HAS_WORK = """
SELECT 1 FROM items
 WHERE queue = :queue AND state = 'ready' AND host = :host AND (not_before IS NULL OR not_before <= :now) LIMIT 1
"""
