"""The hosts of work items, each behind the same few questions: what waits, how it ended, what came of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

import psycopg
import pytest
from requests import HTTPError
from robocorp.workitems import BaseAdapter, FileAdapter, RobocorpAdapter

from tests.emulators.control_room import ControlRoom
from workitems.adapter import StoreAdapter
from workitems.envelopes import unseal
from workitems.store import Store

End = tuple[str, str | None, str | None]
"""DONE, BUSINESS or APPLICATION; the exception's code and message."""
NOTHING: Mapping[str, bytes] = {}


class Host(Protocol):
    """A host with a queue of inputs and one of outputs."""

    refuses: ClassVar[tuple[type[Exception], ...]]
    misses: ClassVar[tuple[type[Exception], ...]]
    finishes_late: ClassVar[bool]

    def put(self, payload: Any, files: Mapping[str, bytes] = NOTHING) -> None:
        """An input waits."""
        ...

    def adapter(self) -> BaseAdapter:
        """A new adapter, as robocorp's library makes it in a process of its own."""
        ...

    def ends(self) -> list[End]:
        """How the inputs that were released ended, in the order in which they came."""
        ...

    def payloads(self, queue: str) -> list[Any]:
        """The payloads of the queue `in` or `out`, as bots see them, in the order in which they came."""
        ...

    def output_files(self) -> list[dict[str, bytes]]:
        """The files of the outputs."""
        ...

    def close(self) -> None:
        """Ends what was started."""
        ...


class SqliteHost:
    """Our store on SQLite."""

    refuses = (ValueError,)
    misses = (FileNotFoundError,)
    kind = "workitems.adapter.StoreAdapter"
    finishes_late = True

    def __init__(self, request: pytest.FixtureRequest, tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
        self.use_database(request, patch)
        patch.setenv("RC_WORKITEM_ADAPTER", self.kind)
        patch.setenv("RC_WORKITEM_QUEUE_NAME", "in")
        patch.setenv("RC_WORKITEM_OUTPUT_QUEUE_NAME", "out")
        self.store = Store.open()
        self.adapters: list[StoreAdapter] = []
        build, made = StoreAdapter.__init__, self.adapters

        def noted(adapter: StoreAdapter) -> None:
            """Robocorp's library makes one too, and does not close it."""
            made.append(adapter)
            build(adapter)

        patch.setattr(StoreAdapter, "__init__", noted)

    def use_database(self, request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> None:
        """The home's own."""

    def put(self, payload: Any, files: Mapping[str, bytes] = NOTHING) -> None:
        self.store.put("in", payload, files)

    def adapter(self) -> BaseAdapter:
        return StoreAdapter()

    def ends(self) -> list[End]:
        names = {"done": "DONE", "review": "BUSINESS", "ready": "APPLICATION"}
        ended = [i for i in self.store.find("in") if i.state in names and (i.state != "ready" or i.attempts)]
        return [(names[i.state], i.code, i.message) for i in ended]

    def payloads(self, queue: str) -> list[Any]:
        return [i.payload for i in self.store.find(queue) if i.state != "held"]

    def output_files(self) -> list[dict[str, bytes]]:
        store, found = self.store, self.store.find("out")
        return [{n: store.read_file(i.id, n) for n in store.file_names(i.id)} for i in found]

    def close(self) -> None:
        for adapter in self.adapters:
            adapter.close()
        self.store.close()


class PostgresHost(SqliteHost):
    """Our store on PostgreSQL."""

    def use_database(self, request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> None:
        """An empty one. It is made once: with its schema that takes a second."""
        url = str(request.getfixturevalue("shared_postgres"))
        with psycopg.connect(url, autocommit=True) as connection:
            tables = (
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename !~ 'version|schema'"
            )
            for (name,) in connection.execute(tables).fetchall():
                connection.execute(f'TRUNCATE "{name}"')  # type: ignore[arg-type] # no value of a user
        patch.setenv("DESKHAND_DATABASE", url)


class TemporalHost(SqliteHost):
    """Temporal moves the items, and our database shows them.

    Of items that wait together it promises no order, so here each comes when the one before was reserved.
    """

    kind = "workitems.temporal.adapter.TemporalAdapter"
    finishes_late = False

    def use_database(self, request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> None:
        """A task queue of its own on the session's server."""
        from workitems.temporal.adapter import TemporalAdapter

        patch.setenv("DESKHAND_ENGINE", "temporal")
        patch.setenv("DESKHAND_TEMPORAL", request.getfixturevalue("temporal_server").address)
        patch.setenv("DESKHAND_TEMPORAL_QUEUE", f"test-{secrets.token_hex(4)}")
        self.later: list[tuple[Any, Mapping[str, bytes]]] = []
        self.waits = False
        reserve = TemporalAdapter.reserve_input

        def reserve_and_put(adapter: TemporalAdapter) -> str:
            item_id = reserve(adapter)
            self.waits = bool(self.later)
            if self.later:
                super(TemporalHost, self).put(*self.later.pop(0))
            return item_id

        patch.setattr(TemporalAdapter, "reserve_input", reserve_and_put)

    def put(self, payload: Any, files: Mapping[str, bytes] = NOTHING) -> None:
        if self.waits:
            self.later.append((payload, files))
        else:
            self.waits = True
            super().put(payload, files)

    def adapter(self) -> BaseAdapter:
        from workitems.temporal.adapter import TemporalAdapter

        return TemporalAdapter()


class FileHost:
    """Robocorp's FileAdapter keeps the items."""

    refuses = (ValueError,)
    misses = (KeyError,)
    finishes_late = True

    def __init__(self, request: pytest.FixtureRequest, tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
        self.inputs = tmp_path / "host" / "in" / "workitems.json"
        self.outputs = tmp_path / "host" / "out" / "workitems.json"
        for path in (self.inputs, self.outputs):
            path.parent.mkdir(parents=True)
        patch.setenv("RC_WORKITEM_INPUT_PATH", str(self.inputs))
        patch.setenv("RC_WORKITEM_OUTPUT_PATH", str(self.outputs))
        self.rows: list[dict[str, Any]] = []
        self.made: FileAdapter | None = None

    def put(self, payload: Any, files: Mapping[str, bytes] = NOTHING) -> None:
        for name, content in files.items():
            (self.inputs.parent / name).write_bytes(content)
        self.rows.append({"payload": payload, "files": {name: name for name in files}})
        self.inputs.write_text(json.dumps(self.rows))

    def adapter(self) -> BaseAdapter:
        self.made = FileAdapter()
        return self.made

    def ends(self) -> list[End]:
        from robocorp import workitems

        used = self.made or workitems._ctx().adapter  # type: ignore[attr-defined]
        return [
            ("DONE", None, None) if error is None else (str(error["type"]), error["code"], error["message"])
            for _, error in used._releases.values()
        ]

    def payloads(self, queue: str) -> list[Any]:
        path = self.inputs if queue == "in" else self.outputs
        return [row["payload"] for row in json.loads(path.read_text())] if path.exists() else []

    def output_files(self) -> list[dict[str, bytes]]:
        rows = json.loads(self.outputs.read_text())
        return [{n: (self.outputs.parent / p).read_bytes() for n, p in row["files"].items()} for row in rows]

    def close(self) -> None:
        """There is nothing to end."""


class ControlRoomHost:
    """Control Room keeps the items: robocorp's RobocorpAdapter against a server that speaks its protocol."""

    refuses = (HTTPError,)
    misses = (FileNotFoundError,)
    finishes_late = True

    def __init__(self, request: pytest.FixtureRequest, tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
        self.room, self.patch = ControlRoom().__enter__(), patch
        patch.setenv("DESKHAND_DATABASE", "sqlite:///shared.db")

    def put(self, payload: Any, files: Mapping[str, bytes] = NOTHING) -> None:
        self.room.put(payload, files)
        if len(self.room.items) == 1:  # a run begins with its first item
            for name, value in self.room.environment(*self.room.start(0)).items():
                self.patch.setenv(name, value)

    def adapter(self) -> BaseAdapter:
        return RobocorpAdapter()

    def ends(self) -> list[End]:
        errors = [(i.releases[-1][0], i.releases[-1][1] or {}) for i in self.room.of(0) if i.releases]
        return [("DONE" if s == "COMPLETED" else e["type"], e.get("code"), e.get("message")) for s, e in errors]

    def payloads(self, queue: str) -> list[Any]:
        return [unseal(i.payload)[0] for i in self.room.of(0 if queue == "in" else 1)]

    def output_files(self) -> list[dict[str, bytes]]:
        return [i.contents for i in self.room.of(1)]

    def close(self) -> None:
        self.room.__exit__()


HOSTS = {
    "file": FileHost,
    "sqlite": SqliteHost,
    "postgres": PostgresHost,
    "control_room": ControlRoomHost,
    "temporal": TemporalHost,
}
