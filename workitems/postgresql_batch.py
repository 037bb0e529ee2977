"""Several statements to PostgreSQL in one round trip, each prepared once: psycopg's connection, libpq's pipeline.

psycopg's own pipeline costs 35 µs of CPU for a statement, and 80 for itself; a working step sends thirty statements
an item. What is here costs a tenth, and leaves parameters, results and waiting to psycopg.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.abc import Buffer
from psycopg.adapt import Loader, PyFormat, Transformer
from psycopg.waiting import Ready, Wait

from workitems import schema

Statement = tuple[str, Mapping[str, Any]]
Key = tuple[bytes, tuple[int, ...]]
"""A prepared statement: its text and the types of its parameters."""

_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")
_DATA, _DONE = pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK
_SYNC, _ABORTED = pq.ExecStatus.PIPELINE_SYNC, pq.ExecStatus.PIPELINE_ABORTED


class Answer:
    """What a statement gave: as a cursor of the driver shows it."""

    def __init__(self, connection: psycopg.Connection[Any], result: pq.abc.PGresult) -> None:
        self._connection, self._result = connection, result

    @property
    def command(self) -> str:
        """What was done, as the server says it."""
        return (self._result.command_status or b"").decode()

    @property
    def rowcount(self) -> int:
        """How many rows were touched, or found."""
        return self._result.command_tuples or 0

    @property
    def description(self) -> bool:
        """Whether there are rows to fetch."""
        return self._result.status == _DATA

    def fetchall(self) -> list[Any]:
        """The rows."""
        result = self._result
        columns = tuple((result.fname(n) or b"").decode() for n in range(result.nfields))
        transformer = Transformer(self._connection)
        transformer.set_pgresult(result, set_loaders=True)
        return transformer.load_rows(0, result.ntuples, row_class(columns))


class Line:
    """A connection, and the statements that were prepared on it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._prepared: dict[Key, bytes] = {}
        self._names = 0

    def run(self, batch: Sequence[Statement]) -> Answer:
        """Runs the statements in their order until one fails, and returns the answer to the last.

        Raises psycopg.Error, which is the first statement's that failed.
        """
        connection = self.connection
        if connection.closed:
            raise psycopg.OperationalError("the connection is closed")
        new: dict[Key, bytes] = {}
        calls = [call for statement in batch for call in self._calls(statement, new)]
        pgconn = connection.pgconn
        try:
            pgconn.enter_pipeline_mode()
            for call in calls:
                call()
            pgconn.pipeline_sync()
            results = connection.wait(_talk(pgconn))
            pgconn.exit_pipeline_mode()
        except BaseException:  # an interrupt too: what is under way on this connection is not known any more
            connection.close()
            raise
        for result in results:
            if result.status not in (_DATA, _DONE, _ABORTED):
                raise errors.error_from_result(result)
        self._prepared |= new
        return Answer(connection, results[-1])

    def _calls(self, statement: Statement, new: dict[Key, bytes]) -> list[Callable[[], None]]:
        """What sends a statement: its preparation, if it is met for the first time, and its run."""
        sql, parameters = statement
        query, names = translate(sql)
        transformer = Transformer(self.connection)
        values = transformer.dump_sequence([parameters[name] for name in names], [PyFormat.AUTO] * len(names))
        types = transformer.types or ()
        key = query, types
        known = self._prepared.get(key) or new.get(key)
        pgconn = self.connection.pgconn
        if known is not None:
            return [partial(pgconn.send_query_prepared, known, values, transformer.formats)]
        self._names += 1
        name = new[key] = b"deskhand_%d" % self._names
        send = partial(pgconn.send_query_prepared, name, values, transformer.formats)
        return [partial(pgconn.send_prepare, name, query, types), send]


def _talk(pgconn: pq.abc.PGconn) -> Generator[Wait, Ready | int, list[pq.abc.PGresult]]:
    """Sends what is waiting and collects the results up to the end of the batch."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    results: list[pq.abc.PGresult] = []
    while True:
        while pgconn.is_busy():
            if (yield Wait.R) & Ready.R:
                pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            if pgconn.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError("the connection is lost")
        elif result.status == _SYNC:
            return results
        else:
            results.append(result)


@lru_cache(maxsize=500)
def translate(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement with `:name` parameters as libpq takes it: with $1, $2 ..., and their names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    text = _PARAMETER.sub(number, schema.for_postgresql(sql))
    return text.encode(), tuple(names)


class WholeNumber(Loader):
    """Sums of whole numbers come as `numeric`."""

    def load(self, data: Buffer) -> int | float:
        """An int where it is one."""
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class Row(tuple[Any, ...]):
    """A row that is read by column name or position, as sqlite3.Row is."""

    __slots__ = ()
    _places: dict[str, int] = {}  # noqa: RUF012 - one class per list of columns

    def __getitem__(self, key: Any) -> Any:
        """A column by its name or its position."""
        return tuple.__getitem__(self, self._places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self._places)


@lru_cache(maxsize=500)
def row_class(columns: tuple[str, ...]) -> type[Row]:
    """The class of rows with these columns."""
    return type("Row", (Row,), {"__slots__": (), "_places": {name: n for n, name in enumerate(columns)}})
