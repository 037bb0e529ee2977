"""Other hosts, counters in slots, rates, targets, schedules, workers."""

from __future__ import annotations

from alembic import op

from workitems import schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs 0002.sql."""
    connection = op.get_bind()
    for statement in schema.script(revision, connection.dialect.name):
        connection.exec_driver_sql(statement)
