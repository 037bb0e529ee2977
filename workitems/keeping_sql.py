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
