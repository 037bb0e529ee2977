"""The SQL of dossiers.py. A change names the version that was read: of two at once, one finds nothing to change."""

from __future__ import annotations

INSERT_DOSSIER = """
INSERT INTO dossiers (id, desk, key, state, version, body, created_at, updated_at)
VALUES (:id, :desk, :key, :state, 1, :body, :now, :now)
ON CONFLICT (desk, key) DO NOTHING
"""
UPDATE_DOSSIER = """
UPDATE dossiers SET state = :state, body = :body, version = version + 1, updated_at = :now
 WHERE id = :id AND version = :version
"""
SELECT_BY_KEY = "SELECT * FROM dossiers WHERE desk = :desk AND key = :key"
SELECT_BY_ID = "SELECT * FROM dossiers WHERE id = :id"
SELECT_OF_DESK = "SELECT * FROM dossiers WHERE desk = :desk AND id > :after ORDER BY id LIMIT :most"
SELECT_IN_STATE = """
SELECT * FROM dossiers WHERE desk = :desk AND state = :state AND id > :after ORDER BY id LIMIT :most
"""
SELECT_VERSIONS = "SELECT id, version FROM dossiers WHERE desk = :desk"
SELECT_MARKED = """
SELECT d.* FROM dossier_marks m JOIN dossiers d ON d.id = m.dossier_id
 WHERE m.desk = :desk AND m.mark = :mark ORDER BY d.created_at, d.id
"""
INSERT_MARK = """
INSERT INTO dossier_marks (dossier_id, desk, mark) VALUES (:id, :desk, :mark)
ON CONFLICT (desk, mark, dossier_id) DO NOTHING
"""
DELETE_MARKS = "DELETE FROM dossier_marks WHERE dossier_id = :id"
INSERT_CHANGE = """
INSERT INTO dossier_changes (dossier_id, version, state, item_id, who, why, at)
VALUES (:id, :version, :state, :item_id, :who, :why, :now)
"""
SELECT_CHANGES = "SELECT * FROM dossier_changes WHERE dossier_id = :id ORDER BY version"
DELETE_CHANGES = "DELETE FROM dossier_changes WHERE dossier_id = :id"
DELETE_DOSSIER = "DELETE FROM dossiers WHERE id = :id"
