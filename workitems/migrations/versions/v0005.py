"""Dossiers: what several documents are about."""

from __future__ import annotations

from alembic import op

from workitems import schema

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Runs 0005.sql."""
    connection = op.get_bind()
    for statement in schema.script(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
