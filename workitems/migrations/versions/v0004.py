"""What belongs to an item or a lineage is found from there."""

from __future__ import annotations

from alembic import op

from workitems import schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Runs 0004.sql."""
    connection = op.get_bind()
    for statement in schema.script(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
