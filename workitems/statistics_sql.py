"""The SQL of the figures that stay cheap: a statement reads kept counts, or a bounded number of rows by an index."""

from __future__ import annotations

# Arrivals per queue and state: in the last whole minute, and in the last hour and day up to now.
SELECT_RATES = """
SELECT queue, state,
       SUM(CASE WHEN minute = :now_minute - 1 THEN count ELSE 0 END) AS minute,
       SUM(CASE WHEN minute > :now_minute - 60 THEN count ELSE 0 END) AS hour,
       SUM(count) AS day, COUNT(*) AS parts
  FROM rates
 WHERE minute > :now_minute - 1440
 GROUP BY queue, state
 ORDER BY queue, state
"""
SELECT_RATES_SINCE = """
SELECT queue, state, SUM(count) AS count FROM rates WHERE minute > :since GROUP BY queue, state ORDER BY queue, state
"""

# One of a state, up to a bound. `deadline < now` is what the partial index items_deadline holds.
COUNT_OVERDUE = """
SELECT COUNT(*) AS count
  FROM (SELECT 1 FROM items WHERE state = :state AND queue = :queue AND deadline < :now LIMIT :limit) AS late
"""
COUNT_WAITING = """
SELECT COUNT(*) AS count
  FROM (SELECT 1 FROM items WHERE queue = :queue AND state = 'ready' AND not_before IS NOT NULL LIMIT :limit) AS later
"""

SELECT_AGES = "SELECT created_at FROM items WHERE state = :state AND queue = :queue ORDER BY seq LIMIT :limit"
SELECT_SPAN = """
SELECT (SELECT seq FROM items WHERE state = :state AND queue = :queue ORDER BY seq LIMIT 1) AS low,
       (SELECT seq FROM items WHERE state = :state AND queue = :queue ORDER BY seq DESC LIMIT 1) AS high
"""
# From a long queue, the items at evenly spaced places: one step into the index for each.
SELECT_AGES_AT = """
WITH RECURSIVE places(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM places WHERE n < :places)
SELECT DISTINCT i.seq, i.created_at
  FROM (SELECT (SELECT seq FROM items
                 WHERE state = :state AND queue = :queue AND seq >= :low + CAST(n AS BIGINT) * :span / :places
                 ORDER BY seq LIMIT 1) AS seq
          FROM places) AS found
  JOIN items i ON i.seq = found.seq
"""

# The newest that came to an outcome, and whether a person had to look. Their places come from the index alone; only
# of the few that are wanted is the row read, for payloads are long.
SELECT_OUTCOMES = """
SELECT i.state, i.created_at, i.updated_at,
       EXISTS (SELECT 1 FROM events e WHERE e.item_id = i.id AND e.to_state IN ('review', 'dead')) AS seen
  FROM (SELECT seq
          FROM (SELECT * FROM (SELECT seq FROM items WHERE state = 'done' AND queue = :queue
                                ORDER BY seq DESC LIMIT :limit) AS done
                UNION ALL
                SELECT * FROM (SELECT seq FROM items WHERE state = 'review' AND queue = :queue
                                ORDER BY seq DESC LIMIT :limit) AS review
                UNION ALL
                SELECT * FROM (SELECT seq FROM items WHERE state = 'dead' AND queue = :queue
                                ORDER BY seq DESC LIMIT :limit) AS dead) AS each_state
         ORDER BY seq DESC LIMIT :limit) AS newest
  JOIN items i ON i.seq = newest.seq
"""

# Minutes that nobody counts in any more are folded: the slots of a minute into one row, after a while an hour into
# its first minute. `old` is before `quiet`.
FOLD_RATES = """
DELETE FROM rates WHERE minute < :quiet AND (slot <> 0 OR (minute < :old AND minute % 60 <> 0))
RETURNING queue, state, minute, count
"""
INSERT_FOLDED = """
INSERT INTO rates (queue, state, minute, slot, count) VALUES (:queue, :state, :minute, 0, :count)
ON CONFLICT (minute, queue, state, slot) DO UPDATE SET count = rates.count + excluded.count
"""
