"""`/healthz`, `/readyz` and `/metrics` of the runner, for systemd, Kubernetes and Prometheus. No data of any item."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from tasks.figures import Figures
from workitems import runner_sql as sql
from workitems.database import StoreError
from workitems.store import Store

if TYPE_CHECKING:
    from tasks.runner import Runner

STUCK_AFTER_SECONDS = 120.0
"""A supervisor that has not looked at its workers for so long hangs; a database may keep it for a minute."""
REQUEST_SECONDS = 10.0
AT_ONCE = 8
"""Questions that are answered side by side; more are sent away."""


class ListenFailed(Exception):
    """The address cannot be listened on; the message says which and why."""


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


class Answer(NamedTuple):
    """An answer of HTTP."""

    status: int
    kind: str
    body: bytes


def address_of(text: str) -> Address:
    """`127.0.0.1:9464`, `[::1]:9464`, or a port alone for this machine only. Raises ValueError with a sentence."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    try:
        ip_address(host)
        number = int(port)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535:
        raise ValueError(f"{text!r} is no address such as 127.0.0.1:9464")
    return Address(host, number)


class Health:
    """The answers. Its connection to the store is its own, so that a slow question never keeps the runner."""

    def __init__(self, runner: Runner, store: Store) -> None:
        self._runner, self._store = runner, store
        self._lock, self._free = threading.Lock(), threading.Semaphore(AT_ONCE)
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(Figures(runner, store))

    def answer(self, path: str) -> Answer:
        """What GET says."""
        if not self._free.acquire(blocking=False):
            return _said(503, {"state": "fail", "message": "Too many questions at once."})
        try:
            if path == "/healthz":
                return self._live()
            if path == "/readyz":
                return self._ready()
            if path == "/metrics":
                with self._lock:
                    return Answer(200, CONTENT_TYPE_LATEST, generate_latest(self._registry))
            return _said(404, {"state": "fail", "message": "There are /healthz, /readyz and /metrics."})
        finally:
            self._free.release()

    def _live(self) -> Answer:
        """Whether the supervisor looks after its workers."""
        since = time.monotonic() - self._runner.ticked
        state = "ok" if since < STUCK_AFTER_SECONDS else "fail"
        return _said(200 if state == "ok" else 503, {"state": state, "seconds_since_tick": round(since, 1)})

    def _ready(self) -> Answer:
        """Whether work is done: the database answers, every worker that should run does, nobody asked to end."""
        faults = []
        try:
            self._store.database.row(sql.PING)
        except StoreError:
            faults.append("the database does not answer")
        faults += [f"{label} does not run" for label in self._runner.missing()]
        if self._runner.control.asked:
            faults.append("the runner is ending")
        return _said(503 if faults else 200, {"state": "fail" if faults else "ok", "faults": faults})


def _said(status: int, body: object) -> Answer:
    return Answer(status, "application/json", json.dumps(body).encode() + b"\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    health: Health


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_SECONDS
    server_version, sys_version = "deskhand", ""

    def do_GET(self) -> None:
        answer = self.server.health.answer(self.path.partition("?")[0])
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """A probe every few seconds is no news."""


@contextmanager
def served(address: Address, runner: Runner, home: Path) -> Iterator[str]:
    """Answers at the address as long as the block lasts; gives its url. Raises ListenFailed, StoreError."""

    class Server(_Server):
        address_family = AF_INET6 if ":" in address.host else AF_INET

    try:
        server = Server(address, _Handler)
    except OSError as error:
        raise ListenFailed(f"{address.host}:{address.port} cannot be listened on: {error.strerror}.") from None
    store = Store.open(home)
    server.health = Health(runner, store)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        yield f"http://{host}:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        store.close()
