"""The SQL of outputs that are written after their parent was released, as robocorp's library allows (its reporters
make one output, work through all inputs, and save it then). Whoever made it may, until somebody takes it.
"""

from __future__ import annotations

_UNTOUCHED = """
 WHERE id = :id AND parent_id = :parent_id AND state = 'ready' AND fence = 0
   AND EXISTS (SELECT 1 FROM items p WHERE p.id = :parent_id AND p.state = 'done' AND p.fence = :fence)
"""
# Locks the row in every database, so that nobody takes it before the transaction ends.
TOUCH = f"UPDATE items SET updated_at = :now, version = version + 1 {_UNTOUCHED}"  # noqa: S608 - no values
SAVE_PAYLOAD = "UPDATE items SET payload = :payload WHERE id = :id AND state = 'ready'"
