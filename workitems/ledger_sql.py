"""The SQL of the ledger: effects, mails, fingerprints, decisions, locks."""

from __future__ import annotations

# ---- effects: one per key, for ever

BEGIN_EFFECT = """
INSERT INTO effects (key, item_id, state, intent, created_at) VALUES (:key, :item_id, 'intent', :intent, :now)
ON CONFLICT (key) DO NOTHING
"""
SELECT_EFFECT = "SELECT * FROM effects WHERE key = :key"
FINISH_EFFECT = """
UPDATE effects SET state = 'done', result = :result, finished_at = :now WHERE key = :key
"""
# A look through all of them, for it is rare; the caller compares what it finds.
SELECT_EFFECTS_NAMING = """
SELECT * FROM effects
 WHERE state = 'done' AND key LIKE :prefix ESCAPE '!' AND result LIKE :text ESCAPE '!'
 ORDER BY created_at
"""

# ---- mails

SELECT_MAIL = """
SELECT m.*, (SELECT 1 FROM items i WHERE i.id = m.parent_id AND i.state = 'taken' AND i.fence = m.fence) AS in_hand
  FROM mails m
 WHERE m.message_key = :message_key
"""
# The parent's reservation, where our store keeps it; no row: another host does.
SELECT_PARENT = "SELECT state, fence, lease_owner FROM items WHERE id = :id AND host IS NULL /*pg FOR UPDATE */"
CLAIM_MAIL = """
INSERT INTO mails (message_key, mailbox, state, parent_id, fence, owner, details, created_at)
VALUES (:message_key, :mailbox, 'claimed', :parent_id, :fence, :owner, :details, :now)
ON CONFLICT (message_key) DO UPDATE
   SET mailbox = excluded.mailbox, parent_id = excluded.parent_id, fence = excluded.fence, owner = excluded.owner,
       details = excluded.details, created_at = excluded.created_at
"""
# Claims of another host's items belong to a process, so that two processes with an item "0" do not mix.
CONFIRM_OWN_MAILS = """
UPDATE mails SET state = 'known' WHERE parent_id = :parent_id AND owner = :owner AND fence IS NULL AND state = 'claimed'
"""
DROP_OWN_MAILS = """
DELETE FROM mails WHERE parent_id = :parent_id AND owner = :owner AND fence IS NULL AND state = 'claimed'
"""

# ---- fingerprints

SELECT_ROOT = "SELECT root_id, payload FROM items WHERE id = :id"
REMEMBER = """
INSERT INTO fingerprints (key, root_id, item_id, document_id, filename, created_at)
VALUES (:key, :root_id, :item_id, :document_id, :filename, :now)
ON CONFLICT (key, root_id) DO NOTHING
"""
SELECT_TWINS = """
SELECT * FROM fingerprints
 WHERE key = :key AND root_id <> :root_id AND root_id <> :document_id
 ORDER BY seq
"""

# ---- decisions

INSERT_DECISION = "INSERT INTO decisions (item_id, at, body) VALUES (:item_id, :now, :body)"

# ---- locks

SELECT_LOCK = "SELECT owner, token, expires_at FROM locks WHERE name = :name"
TAKE_LOCK = """
INSERT INTO locks (name, owner, token, expires_at) VALUES (:name, :owner, :token, :expires_at)
ON CONFLICT (name) DO UPDATE
   SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
"""
FREE_LOCK = "DELETE FROM locks WHERE name = :name AND token = :token"
