"""Where Temporal is and how it is reached: the environment, one connection per process, one thread for all of it."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

from workitems.database import StoreError
from workitems.temporal.nouns import QUEUE_KEY, STATE_KEY

PREFIX = "DESKHAND_TEMPORAL"
CALL_SECONDS = 30.0
T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """A Temporal server, a namespace there, and the task queue that this installation's items are under."""

    address: str
    namespace: str = "default"
    queue: str = "deskhand"
    tls: bool = False
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    server_name: str | None = None
    vault: str | None = None

    @classmethod
    def from_environment(cls) -> Site:
        """Reads DESKHAND_TEMPORAL and what begins with it. Raises StoreError where the address is missing."""
        address = os.environ.get(PREFIX)
        if not address:
            raise StoreError("DESKHAND_ENGINE is temporal, so DESKHAND_TEMPORAL must name the server as host:port.")
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise StoreError("DESKHAND_TEMPORAL must look like host:port.")
        texts = {name: os.environ.get(f"{PREFIX}_{name.upper()}") or None for name in _TEXTS}
        return cls(address, tls=os.environ.get(f"{PREFIX}_TLS", "") == "1", **{k: v for k, v in texts.items() if v})

    async def connect(self) -> Client:
        """A client. Raises StoreError with a sentence."""
        secret = self._secret()
        try:
            client = await Client.connect(
                self.address, namespace=self.namespace, tls=self._tls(secret), api_key=secret.get("api_key")
            )
        except (RuntimeError, OSError, ValueError) as error:
            raise StoreError(f"Temporal at {self.address} does not answer: {_said(error)}.") from None
        return client

    def _tls(self, secret: dict[str, str]) -> TLSConfig | bool:
        certificate = _read(self.certificate) or _bytes(secret.get("certificate"))
        key, ca = _read(self.key) or _bytes(secret.get("key")), _read(self.ca)
        if certificate or ca or self.server_name:
            return TLSConfig(
                server_root_ca_cert=ca, domain=self.server_name, client_cert=certificate, client_private_key=key
            )
        return self.tls or bool(secret.get("api_key"))

    def _secret(self) -> dict[str, str]:
        """api_key, or certificate and key (PEM), from the vault; an API key may also stand in the environment."""
        found = {"api_key": os.environ[f"{PREFIX}_API_KEY"]} if os.environ.get(f"{PREFIX}_API_KEY") else {}
        if self.vault is None:
            return found
        from robocorp import vault

        try:
            return found | {str(k): str(v) for k, v in vault.get_secret(self.vault).items()}
        except Exception as error:  # noqa: BLE001 - the vaults share no class of errors
            raise StoreError(f"The vault has no secret {self.vault!r} for Temporal: {type(error).__name__}.") from None


def _said(error: Exception) -> str:
    """The sentence inside of what the library's layers have wrapped around it."""
    found = re.findall(r'message: "([^"]+)"', str(error))
    return (found[-1] if found else str(error)[:300]).rstrip(".")


_TEXTS = ("namespace", "queue", "ca", "certificate", "key", "server_name", "vault")


def _read(path: str | None) -> bytes | None:
    try:
        return None if path is None else Path(path).read_bytes()
    except OSError as error:
        raise StoreError(f"Temporal's certificates: {path} cannot be read ({error.strerror}).") from None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8")


class Line:
    """The connection of this process to one site. Everything asynchronous happens on its thread."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="temporal", daemon=True).start()
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._searchable: bool | None = None

    def run(self, work: Coroutine[Any, Any, T], seconds: float | None = CALL_SECONDS) -> T:
        """Runs it on the line's thread and waits. Raises StoreError where Temporal does not answer in time."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(seconds)
        except TooSlow:
            future.cancel()
            raise StoreError(f"Temporal at {self.site.address} does not answer.") from None
        except BaseException:
            future.cancel()  # an interrupt: nobody waits for it any more
            raise

    def client(self) -> Client:
        """The client, connected when it is first asked for."""
        with self._lock:
            if self._client is None:
                self._client = self.run(self.site.connect())
            return self._client

    def searchable(self) -> bool:
        """Whether the namespace has our search attributes; where we may, they are made."""
        client = self.client()
        with self._lock:
            if self._searchable is None:
                self._searchable = self.run(_make_searchable(client))
            return self._searchable


async def _make_searchable(client: Client) -> bool:
    wanted = {key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for key in (QUEUE_KEY, STATE_KEY)}
    service, limit = client.operator_service, timedelta(seconds=10)
    try:
        known = await service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), timeout=limit
        )
        missing = {name: kind for name, kind in wanted.items() if name not in known.custom_attributes}
        if missing:
            request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
            await service.add_search_attributes(request, timeout=limit)
    except RPCError as error:  # a cluster where only its operators may: the items are there, but not searched by state
        return error.status == RPCStatusCode.ALREADY_EXISTS
    return True


_lines: dict[tuple[int, Site], Line] = {}
_lines_lock = threading.Lock()


def line(site: Site) -> Line:
    """This process's line to a site."""
    with _lines_lock:
        key = (os.getpid(), site)
        if key not in _lines:
            _lines[key] = Line(site)
        return _lines[key]
