"""Overdue items, and storage."""

from __future__ import annotations

from alembic import op

from workitems import schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs 0003.sql."""
    connection = op.get_bind()
    for statement in schema.script(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
