"""Items, their events, the ledger."""

from __future__ import annotations

from alembic import op

from workitems import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Runs 0001.sql."""
    connection = op.get_bind()
    for statement in schema.script(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
