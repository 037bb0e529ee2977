"""PostgreSQL: one database for many machines.

Statements of a transaction whose answer nobody needs are sent with the next one, in one round trip. A connection that
was lost is made again by the next call; only a transaction of which something was already known is given up.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import errors, pq

from workitems import schema
from workitems.database import (
    BUSY_SECONDS,
    Collided,
    Cursor,
    Database,
    Disconnected,
    Parameters,
    Sleep,
    StoreError,
    Wait,
)
from workitems.postgresql_batch import Answer, Line, Statement, WholeNumber

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 20.0
"""How long a call waits for a database that is being restarted."""
SERVER_TIME_SECONDS = 300.0
"""How often the server is asked for the time; in between this machine's steady clock counts on."""
TRIES = 3
"""How often a call makes a new connection."""
CHANNEL = "deskhand_ready"

# The planner's statistics of a queue are always yesterday's: an empty table becomes a million rows while a worker
# runs. Every statement has an index that fits (tests/workitems/test_cost.py), so it is told to take it, and plans once.
# The rest frees what a machine has locked whose network was unplugged, and keeps a commit from waiting for the disk
# unless it must (`write(durable=True)`).
SESSION = f"""
SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off;
SET plan_cache_mode = force_generic_plan;
SET synchronous_commit = off;
SET lock_timeout = '{BUSY_SECONDS:.0f}s'; SET idle_in_transaction_session_timeout = '60s';
SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = 30000;
"""
CONNECTION: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30000,
    "client_encoding": "utf8",
    "fallback_application_name": "deskhand",
}

# Whatever stands between the user's name and the last @, however it was meant; and what is named so.
_PASSWORD = re.compile(r"(?<=://)([^:@/?]*):(?P<secret>.*)@|(?<=password=)(?P<named>[^&]*)")


class PostgresDatabase(Database):
    """A connection to a PostgreSQL database. Writers do not exclude each other."""

    def __init__(self, url: str) -> None:
        """Connects, and brings the schema up to date. Raises StoreError."""
        super().__init__()
        self._url, self.name = url, without_password(url)
        self._line: Line | None = None
        self._closed = False
        self._server_time: tuple[float, float] | None = None
        self._in_transaction = self._answered = False
        self._later: list[Statement] = []
        try:
            self._line = self._connect()
            schema.bring_up_to_date(schema.PostgresSchema(self._line.connection, self._connect_plainly, self.name))
        except psycopg.Error as error:
            self.close()
            raise StoreError(f"The database {self.name} cannot be opened: {self._said(error)}.") from None
        except BaseException:
            self.close()
            raise

    # ---- the connection

    def _connect(self) -> Line:
        connection = psycopg.connect(self._url, **CONNECTION, autocommit=True, prepare_threshold=None)
        connection.adapters.register_loader("numeric", WholeNumber)
        connection.execute(SESSION)
        return Line(connection)

    def _connect_plainly(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._url, **CONNECTION)

    def _connected(self) -> Line:
        """The connection, made anew if it was lost; a database that is being restarted is waited for."""
        if self._closed:
            raise StoreError(f"The connection to the database {self.name} was closed.")
        if self._line is None or self._line.connection.closed:
            self._line = self._reconnect()
            self._server_time = None
        return self._line

    def _reconnect(self) -> Line:
        until, pause = time.monotonic() + RECONNECT_SECONDS, 0.05
        while True:
            try:
                line = self._connect()
            except psycopg.Error as error:
                if time.monotonic() + pause > until:
                    raise StoreError(f"The database {self.name} is away: {self._said(error)}.") from None
            else:
                log.info("connected to the database again")
                return line
            time.sleep(pause)
            pause = min(1.0, pause * 2)

    def _said(self, error: psycopg.Error) -> str:
        """What the database said, in one line and without the password."""
        text = error.diag.message_primary or next(iter(str(error).strip().splitlines()), type(error).__name__)
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            text = "the url in DESKHAND_DATABASE is no PostgreSQL url"  # libpq quotes what it does not understand
        for found in _PASSWORD.finditer(self._url):
            secret = found["secret"] or found["named"] or ""
            for part in (secret, unquote(secret), *re.split("[:@/]", secret)):
                text = text.replace(part, "***") if len(part) > 2 else text
        return text.rstrip(".")

    # ---- statements

    def _execute(self, sql: str, parameters: Parameters) -> Cursor:
        return self._send((sql, parameters))

    def change_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Inside a transaction these are sent with the next statement that has an answer, or with its end."""
        with self._lock:
            if not self._in_transaction:
                super().change_many(sql, parameters)
            else:
                self._later += [(sql, each) for each in parameters]

    def _send(self, last: Statement) -> Answer:
        """Sends what has waited and `last`, in one round trip, and returns the answer to `last`."""
        batch, self._later = [*self._later, last], []
        ends = last[0] == "COMMIT"
        for tries in range(1, TRIES + 1):
            if self._answered and (self._line is None or self._line.connection.closed):
                raise Disconnected(f"The connection to the database {self.name} was lost.", unclear=False)
            line = self._connected()
            try:
                answer = line.run(batch)
            except psycopg.Error as error:
                if not _is_lost(line.connection, error):
                    raise self._refused(error) from error
                _drop(line.connection)
                # Nobody has seen anything of this transaction yet, and it was not committed: begin it again.
                if self._answered or ends or tries == TRIES:
                    raise Disconnected(f"The connection to the database {self.name} was lost.", unclear=ends) from error
                continue
            if ends and answer.command != "COMMIT":  # PostgreSQL answers the end of a failed one with ROLLBACK
                raise StoreError(f"The database {self.name} has undone a transaction in which a statement failed.")
            self._answered = self._in_transaction
            return answer
        raise AssertionError

    def _refused(self, error: psycopg.Error) -> StoreError:
        said = self._said(error)
        if isinstance(error, errors.DeadlockDetected | errors.SerializationFailure):
            return Collided(f"The database {self.name} has undone a transaction: {said}.")
        return StoreError(f"The database {self.name} cannot be used: {said}.")

    # ---- transactions

    def _begin(self, durable: bool) -> None:
        self._in_transaction, self._answered = True, False
        self._later = [("BEGIN", {})]
        if durable:
            self._later.append(("SET LOCAL synchronous_commit TO DEFAULT", {}))  # what the server is configured for

    def _commit(self, news: Iterable[str]) -> None:
        for queue in sorted(news):
            self._later.append((f"SELECT pg_notify('{CHANNEL}', :queue)", {"queue": queue[:2000]}))
        self._run("COMMIT")

    def _rollback(self) -> None:
        self._later = []
        if self._line is None or self._line.connection.closed:
            return
        connection = self._line.connection
        try:
            if connection.info.transaction_status != pq.TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        except psycopg.Error:  # the server rolls back what has no client any more
            _drop(connection)

    def _end(self, durable: bool) -> None:
        self._in_transaction = self._answered = False
        self._later = []

    def exclude(self, name: str, shared: bool = False) -> None:
        """By an advisory lock."""
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        self._run(f"SELECT {function}(hashtextextended(:name, 0))", {"name": name})

    # ---- waiting and time

    @contextmanager
    def listening(self, queue: str) -> Iterator[Wait]:
        """Is told by the transaction that made something takeable, in the moment of its commit."""

        def wait(seconds: float, sleep: Sleep) -> None:
            until = time.monotonic() + seconds
            while not sleep(0.0) and (left := until - time.monotonic()) > 0:
                if self._told(queue, min(left, 0.5)):
                    return

        with self._lock:
            self._run(f"LISTEN {CHANNEL}")
        try:
            yield wait
        finally:
            with self._lock, suppress(psycopg.Error):
                if self._line is not None and not self._line.connection.closed:
                    self._line.connection.execute(f"UNLISTEN {CHANNEL}")

    def _told(self, queue: str, seconds: float) -> bool:
        """Whether there is news of the queue, within so many seconds. After a lost connection there may be."""
        with self._lock:
            connection = self._connected().connection
            try:
                return any(n.payload == queue[:2000] for n in connection.notifies(timeout=seconds, stop_after=1))
            except psycopg.Error as error:
                if not _is_lost(connection, error):
                    raise self._refused(error) from error
                _drop(connection)
                self._run(f"LISTEN {CHANNEL}")
                return True

    def clock(self) -> float:
        """The server's time: the machines that share the database need not agree about theirs."""
        with self._lock:
            steady = time.monotonic()
            if self._server_time is None or (
                steady - self._server_time[1] > SERVER_TIME_SECONDS and not self._in_transaction
            ):
                now = self.rows("SELECT extract(epoch FROM clock_timestamp())::float8")[0][0]
                self._server_time = (now, time.monotonic())
            return self._server_time[0] + time.monotonic() - self._server_time[1]

    def wall(self) -> float:
        """The same."""
        return self.clock()

    def identity(self) -> str:
        """A database that was emptied stays itself."""
        return self.name

    def another(self) -> PostgresDatabase:
        """A new connection to the same database."""
        return PostgresDatabase(self._url)

    def close(self) -> None:
        """Ends the connection."""
        with self._lock:
            self._closed = True
            if self._line is not None:
                _drop(self._line.connection)


def without_password(url: str) -> str:
    """The url as a message may show it."""
    return _PASSWORD.sub(lambda found: "***" if found["secret"] is None else f"{found[1]}:***@", url)


def _is_lost(connection: psycopg.Connection[Any], error: psycopg.Error) -> bool:
    """Whether the connection is gone, or of no use any more.

    The server is about to end it (57P..); what was prepared is not there (26000) or no longer fits (0A000), because
    the schema was changed or something between us and the server has mixed up the connections.
    """
    state = error.sqlstate or ""
    return connection.closed or connection.broken or state.startswith("57P") or state in ("26000", "0A000")


def _drop(connection: psycopg.Connection[Any]) -> None:
    with suppress(psycopg.Error):
        connection.close()
