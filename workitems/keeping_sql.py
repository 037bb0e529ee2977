"""The SQL of what keeps a store tidy: the sweep of files that no item has."""

from __future__ import annotations

# Hexadecimal names: every blob of the shard "ab" lies between "ab" and "abg", in any collation.
BLOBS_OF_SHARD = "SELECT DISTINCT sha256 FROM item_files WHERE sha256 >= :shard AND sha256 < :after"
BLOB_IS_USED = "SELECT 1 FROM item_files WHERE sha256 = :sha256 LIMIT 1"

# The database's own name, by which a store of files that lies elsewhere knows whose it is. It is no lock: nobody takes
# one of that name.
SELECT_STORE_ID = "SELECT token FROM locks WHERE name = 'store-id'"
INSERT_STORE_ID = """
INSERT INTO locks (name, owner, token, expires_at) VALUES ('store-id', '', :token, 0) ON CONFLICT (name) DO NOTHING
"""
SELECT_LOCK = "SELECT owner, expires_at FROM locks WHERE name = :name"

# ---- the demo's database on a server: whose it is, and a new beginning

SELECT_DEMO_MARK = "SELECT 1 FROM locks WHERE name = 'demo-database'"
INSERT_DEMO_MARK = """
INSERT INTO locks (name, owner, token, expires_at) VALUES ('demo-database', '', '', 0) ON CONFLICT (name) DO NOTHING
"""


def empty_table(table: str) -> str:
    """Empties one of our tables; of the locks those two stay that are none."""
    kept = " WHERE name NOT IN ('store-id', 'demo-database')" if table == "locks" else ""
    return f"DELETE FROM {table}{kept}"  # noqa: S608 - names of our own schema


# ---- retention: a lineage that has ended goes as a whole

# By pages of items; the primary key gives their order.
SELECT_ENDED = """
SELECT seq, id FROM items
 WHERE seq > :after AND id = root_id AND state = :state AND updated_at < :limit
 ORDER BY seq LIMIT :page
"""
SELECT_LINEAGE = """
SELECT id, queue, state, updated_at FROM items WHERE root_id = :root_id ORDER BY seq /*pg FOR UPDATE*/
"""
COUNT_FILES = """
SELECT COUNT(*) AS files FROM item_files WHERE item_id IN (SELECT id FROM items WHERE root_id = :root_id)
"""
DELETE_LINEAGE = (
    "DELETE FROM item_files WHERE item_id IN (SELECT id FROM items WHERE root_id = :root_id)",
    # The contents that another host has pinned for an item: projection.py, pins_of.
    "DELETE FROM item_files WHERE item_id IN (SELECT id || '#pins' FROM items WHERE root_id = :root_id)",
    "DELETE FROM events     WHERE item_id IN (SELECT id FROM items WHERE root_id = :root_id)",
    "DELETE FROM decisions  WHERE item_id IN (SELECT id FROM items WHERE root_id = :root_id)",
    # What must never be done twice, and what must be known again, stays by its key, without what was said about it.
    """
    UPDATE effects SET intent = '{}', result = CASE WHEN result IS NULL THEN NULL ELSE '{}' END
     WHERE item_id IN (SELECT id FROM items WHERE root_id = :root_id)
    """,
    """
    UPDATE mails SET details = '{}'
     WHERE state = 'known' AND parent_id IN (SELECT id FROM items WHERE root_id = :root_id)
    """,
    "UPDATE fingerprints SET filename = '' WHERE root_id = :root_id",
    "DELETE FROM items WHERE root_id = :root_id",
)

# ---- what goes before the item does: the pictures of an identity paper, and what was read from them

SELECT_ENDED_OF_QUEUE = """
SELECT seq, id, payload, updated_at FROM items
 WHERE queue = :queue AND seq > :after AND state IN ('done', 'cancelled', 'dead')
 ORDER BY seq LIMIT :page
"""
SELECT_FOR_REDUCTION = """
SELECT id, state, parent_id, root_id, payload FROM items WHERE id = :id /*pg FOR UPDATE*/
"""
FILES_OF = "SELECT sha256 FROM item_files WHERE item_id = :id"
ENDED_WITH_FILE = """
SELECT i.id, i.state, i.parent_id, i.root_id, i.payload FROM items i
 WHERE i.state IN ('done', 'cancelled', 'dead')
   AND i.id IN (SELECT item_id FROM item_files WHERE sha256 = :sha256)
"""
REDUCE_ITEM = (
    "DELETE FROM item_files WHERE item_id IN (:id, :pins)",
    "UPDATE items SET payload = :payload WHERE id = :id",
    "UPDATE fingerprints SET filename = '' WHERE root_id = :root_id",
)
DECISIONS_OF = "SELECT seq, body FROM decisions WHERE item_id = :id"
REDUCE_DECISION = "UPDATE decisions SET body = :body WHERE seq = :seq"
ROOTS_NAMING = """
SELECT DISTINCT root_id FROM items WHERE payload LIKE :what OR id = :item ORDER BY root_id
"""

# ---- backup and restore

SELECT_TABLES = """
SELECT name FROM sqlite_master
 WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'
 ORDER BY name
"""
SELECT_BLOBS = "SELECT sha256, MAX(size) FROM item_files GROUP BY sha256 ORDER BY sha256"
COUNT_ITEMS = "SELECT COUNT(*) FROM items"
SELECT_ALL_TAKEN = "SELECT id, queue, fence, lost_leases, lease_owner FROM items WHERE state = 'taken' AND host IS NULL"
SELECT_ANYTHING = (
    "SELECT 1 FROM items LIMIT 1",
    "SELECT 1 FROM effects LIMIT 1",
    "SELECT 1 FROM mails LIMIT 1",
    "SELECT 1 FROM fingerprints LIMIT 1",
)
