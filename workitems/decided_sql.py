"""The SQL behind `decided`: by the primary key, a bounded number of rows at a time."""

from __future__ import annotations

SELECT_DECIDED = """
SELECT d.seq, d.item_id, d.at, d.body, i.payload,
       (SELECT MIN(f.seq) FROM decisions f WHERE f.item_id = d.item_id AND f.seq < d.seq) AS earlier
  FROM decisions d JOIN items i ON i.id = d.item_id
 WHERE d.seq > :after AND d.at < :until AND i.queue = :queue
 ORDER BY d.seq
 LIMIT :most
"""

SELECT_LAST = "SELECT MAX(seq) AS seq FROM decisions"
