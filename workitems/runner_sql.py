"""The SQL of the runner's tables: workers, schedules, and the rates that are old enough to go."""

from __future__ import annotations

# ---- workers

# What a worker has in hand is what its lease says; a host that keeps leases elsewhere tells it.
SAY_ALIVE = """
INSERT INTO workers (id, step, started_at, seen_at, item_id)
VALUES (:id, :step, :started_at, :now,
        COALESCE(:item_id, (SELECT MIN(i.id) FROM items i WHERE i.state = 'taken' AND i.lease_owner = :id)))
ON CONFLICT (id) DO UPDATE SET step = excluded.step, seen_at = excluded.seen_at, item_id = excluded.item_id
"""
SAY_GOODBYE = "DELETE FROM workers WHERE id = :id"
SELECT_WORKERS = "SELECT * FROM workers WHERE seen_at > :since ORDER BY step, started_at, id"
SELECT_ALL_WORKERS = "SELECT id, seen_at FROM workers"
SELECT_WORKER = "SELECT seen_at, item_id FROM workers WHERE id = :id"
SELECT_IN_HAND = "SELECT id, fence FROM items WHERE state = 'taken' AND lease_owner = :owner ORDER BY taken_at LIMIT 1"

# ---- schedules

SELECT_FIRED = "SELECT fired_at FROM schedules WHERE name = :name"
# Whoever sees a schedule first begins it: nothing was missed before.
BEGIN_SCHEDULE = "INSERT INTO schedules (name, fired_at) VALUES (:name, :now) ON CONFLICT (name) DO NOTHING"
# The one whose UPDATE touches the row fires.
CLAIM_MOMENT = "UPDATE schedules SET fired_at = :moment WHERE name = :name AND fired_at = :seen"

# ---- rates

PRUNE_RATES = "DELETE FROM rates WHERE minute < :minute"

# ---- for the metrics: the systems outside that bots drive

SELECT_TARGETS = """
SELECT t.name, t.failures, t.open_until,
       (SELECT COUNT(*) FROM target_slots s WHERE s.name = t.name AND s.expires_at > :now) AS used
  FROM targets t
 ORDER BY t.name
"""
PING = "SELECT 1 AS one"
