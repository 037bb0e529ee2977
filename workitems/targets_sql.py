"""The SQL of targets.py. What is read and then written is guarded by `exclude`, by the target's name."""

from __future__ import annotations

ADD_TARGET = "INSERT INTO targets (name) VALUES (:name) ON CONFLICT (name) DO NOTHING"
SELECT_TARGET = "SELECT failures, open_until, asked_at FROM targets WHERE name = :name"
BEGIN_USE = "UPDATE targets SET asked_at = :now, open_until = :open_until WHERE name = :name"
WENT_WELL = """
UPDATE targets SET failures = 0, open_until = NULL
 WHERE name = :name AND (failures > 0 OR open_until IS NOT NULL)
"""
# A circuit that was open has had its trial use, so one failure is enough to keep it open.
WENT_WRONG = """
UPDATE targets
   SET failures = failures + 1,
       open_until = CASE WHEN open_until IS NOT NULL OR failures + 1 >= :most THEN :until ELSE NULL END
 WHERE name = :name
"""
# A trial use that said nothing of the system: the next one may try at once.
TRY_AGAIN = "UPDATE targets SET open_until = :now WHERE name = :name AND open_until IS NOT NULL"

SELECT_SLOTS = "SELECT slot, owner, expires_at FROM target_slots WHERE name = :name AND expires_at > :now"
TAKE_SLOT = """
INSERT INTO target_slots (name, slot, owner, token, expires_at) VALUES (:name, :slot, :owner, :token, :expires_at)
ON CONFLICT (name, slot) DO UPDATE
   SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
"""
SELECT_TURN = """
SELECT t.open_until FROM target_slots s JOIN targets t ON t.name = s.name WHERE s.name = :name AND s.token = :token
"""
RENEW_SLOT = "UPDATE target_slots SET expires_at = :expires_at WHERE name = :name AND token = :token"
FREE_SLOT = "DELETE FROM target_slots WHERE name = :name AND token = :token"

SELECT_TARGETS = """
SELECT t.name, t.failures, t.open_until, t.asked_at,
       (SELECT count(*) FROM target_slots s WHERE s.name = t.name AND s.expires_at > :now) AS in_use
  FROM targets t
 ORDER BY t.name
"""
