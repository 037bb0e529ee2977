"""The schema's versions, as alembic revisions: versions/NNNN.sql is what a revision does, vNNNN.py its number.

Nothing here is imported on a usual start: schema.py looks at one row first. To change the schema, add the next number's
two files and raise schema.HEAD. A revision that was released is never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from workitems.database import StoreError


def config() -> Config:
    """Where alembic finds the revisions. (A developer's own alembic commands need no ini file either.)"""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return found


def upgrade(
    dialect: str, connect: Callable[[], Any], lock: str, found: Callable[[Callable[[str], Any]], str], last: str = ""
) -> None:
    """Brings an old database up to date, in one transaction that begins with the statement `lock`, ends with `last`.

    `found(scalar)` says which version is there once the lock is had: another process may just have done it. A database
    without a stamp, of a version that was released before alembic, gets one.
    """
    engine = create_engine(f"{dialect}://", creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(lock)

            def scalar(statement: str) -> Any:
                return connection.exec_driver_sql(statement).scalar()

            settings = config()
            settings.attributes["connection"] = connection
            version = found(scalar)
            command.stamp(settings, version)
            command.upgrade(settings, "head")
            if last:
                connection.exec_driver_sql(last)
            connection.commit()
    except DBAPIError as error:
        raise StoreError(f"The database's schema could not be brought up to date: {error.orig}.") from error
    finally:
        engine.dispose()
