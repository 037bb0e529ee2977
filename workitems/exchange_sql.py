"""The SQL of taking items out of one database and into another."""

from __future__ import annotations

# Outputs of an attempt that has not ended do not exist yet.
SELECT_ITEM = "SELECT * FROM items WHERE id = :id AND state <> 'held'"
SELECT_LINEAGE_IDS = "SELECT id FROM items WHERE root_id = :root_id ORDER BY seq"
SELECT_FINGERPRINTS = (
    "SELECT key, root_id, document_id, filename, created_at FROM fingerprints WHERE item_id = :item_id"
)

# The id is the claim: an item that is here stays as it is.
INSERT_ITEM = """
INSERT INTO items
       (id, queue, state, payload, code, message, priority, not_before, deadline, attempts, lost_leases, parent_id,
        root_id, is_batch, version, created_at, updated_at, assigned_to)
VALUES (:id, :queue, :state, :payload, :code, :message, :priority, :not_before, :deadline, :attempts, :lost_leases,
        :parent_id, :root_id, :is_batch, :version, :created_at, :updated_at, :assigned_to)
ON CONFLICT (id) DO NOTHING
"""
INSERT_DECISION = "INSERT INTO decisions (item_id, at, body) VALUES (:item_id, :at, :body)"

# What was done outside is never forgotten: "done" replaces an intent, and nothing replaces "done".
INSERT_EFFECT = """
INSERT INTO effects (key, item_id, state, intent, result, created_at, finished_at)
VALUES (:key, :item_id, :state, :intent, :result, :created_at, :finished_at)
ON CONFLICT (key) DO UPDATE SET state = excluded.state, result = excluded.result, finished_at = excluded.finished_at
 WHERE effects.state = 'intent' AND excluded.state = 'done'
"""
INSERT_FINGERPRINT = """
INSERT INTO fingerprints (key, root_id, item_id, document_id, filename, created_at)
VALUES (:key, :root_id, :item_id, :document_id, :filename, :created_at)
ON CONFLICT (key, root_id) DO NOTHING
"""
