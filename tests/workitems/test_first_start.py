"""Many workers start at once on a database that was never used."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from benchmarks.servers import Postgres
from tests.postgres import drop_database, fresh_database
from workitems import schema
from workitems.database_postgresql import PostgresDatabase

WAITING = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_who_waits_while_another_makes_the_tables_finds_them_made(postgres_server: Postgres) -> None:
    url = fresh_database(postgres_server.url)
    opened = list[PostgresDatabase]()
    try:
        with psycopg.connect(url, autocommit=True) as connection, ThreadPoolExecutor() as others:
            mine = schema.PostgresSchema(connection, lambda: psycopg.connect(url), url)
            with mine.alone() as run:
                asked = others.submit(lambda: opened.append(PostgresDatabase(url)))
                while not asked.done() and connection.execute(WAITING).fetchone() != (1,):
                    time.sleep(0.01)
                schema._make("postgresql", run)
            asked.result(timeout=30)
    finally:
        for database in opened:
            database.close()
        drop_database(url)
