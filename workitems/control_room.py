"""A person's side of Control Room: what the review desk decides goes there, through its public API.

An answer is the item's new payload and a retry. Each is asked for again where no answer comes, so first of all is
written down which state of the item the person has seen (an effect record): once Control Room shows a later one, the
retry was heard.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workitems.database import Database, StoreError
from workitems.envelopes import seal, unseal
from workitems.errors import TryLater
from workitems.interventions import OVERTAKEN, NotAllowed
from workitems.journal import to_json
from workitems.ledger import Ledger
from workitems.projection import Projected, Projection
from workitems.rows import ItemRow
from workitems.states import State

if TYPE_CHECKING:
    import httpx

SECRET = "control_room"  # noqa: S105 - its name
"""The secret of robocorp's vault with `workspace_id` and `api_key`, and `endpoint` for workspaces with their own."""
ENDPOINT = "https://cloud.robocorp.com/api/v1"
_SAFE = re.compile(r"https://|http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/|$)")
SECONDS = 30.0
PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further try."""

LOCK_SECONDS = 300.0

Operation = Literal["retry", "mark_as_done"]
STATES: Mapping[str, State] = {"new": "ready", "pending": "ready", "in_progress": "taken", "done": "done"}
"""What the row shows for Control Room's states; `failed` is review or dead, and the row knows which."""


@dataclass(frozen=True)
class Seen:
    """A work item as the API shows it. `moved_at` is the moment of its last change of state, as text."""

    state: str
    moved_at: str
    payload: Any


class Unheard(Exception):
    """No answer, or one that says nothing about whether it was carried out."""


class ControlRoomApi:
    """The work items of one workspace. Raises StoreError where it does not answer or refuses the key."""

    def __init__(self, client: httpx.Client, wait: Callable[[float], None] = time.sleep) -> None:
        self._client, self._wait = client, wait

    def see(self, item_id: str) -> Seen:
        """The item now. Raises NotAllowed where there is none."""
        found = self._patiently(lambda: self._ask("GET", f"/{item_id}?include_data=true"))
        return Seen(str(found.get("state")), str(found.get("state_updated_at")), found.get("payload"))

    def update_payload(self, item_id: str, payload: Any) -> None:
        """Replaces the payload; twice is as good as once."""
        body = {"payload": payload}
        # Its documents name one method and its users' programs the other.
        self._patiently(lambda: self._ask("POST", f"/{item_id}/payload", body, other="PUT"))

    def run(self, operation: Operation, item_id: str, seen: Seen) -> None:
        """Retries or ends an item that failed, once, however often it has to be asked for. Raises NotAllowed."""

        def once() -> None:
            try:
                self._ask("POST", "/batch", {"batch_operation": operation, "work_item_ids": [item_id]})
            except (Unheard, NotAllowed):
                if not has_moved(self.see(item_id), seen):
                    raise

        self._patiently(once)

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        for pause in (*PAUSES, None):
            try:
                return ask()
            except Unheard as unheard:
                if pause is None:
                    raise StoreError(f"Control Room does not answer ({unheard}); try again later.") from None
                self._wait(pause)
        raise AssertionError  # the last pause is None

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, other: str | None = None) -> Any:
        import httpx

        try:
            response = self._client.request(method, f"/work-items{path}", json=body)
            if other is not None and response.status_code in (404, 405):
                response = self._client.request(other, f"/work-items{path}", json=body)
        except httpx.HTTPError as error:
            raise Unheard(type(error).__name__) from None
        status = response.status_code
        if status == 429 or status >= 500:
            raise Unheard(str(status))
        if status in (401, 403):
            raise StoreError(
                f"Control Room refuses the API key of the secret {SECRET!r} ({status}); it needs to read and write "
                "work items."
            )
        if status >= 400:
            raise NotAllowed(f"Control Room refuses this ({status}); look at the item there.")
        try:
            return response.json() if response.content else {}
        except ValueError:  # a proxy's page
            raise Unheard("no JSON") from None


def has_moved(now: Seen, then: Seen) -> bool:
    """Whether the item was moved since."""
    return now.state != "failed" or now.moved_at != then.moved_at


class ControlRoomRemote:
    """Where the decisions about Control Room's items go (projection.Remote)."""

    def __init__(self, home: Path, db: Database, api: ControlRoomApi | None = None) -> None:
        self._api = api
        self._ledger, self._projection = Ledger(db), Projection(db, "control_room")

    def answer(self, item: ItemRow, payload: Any, who: str, why: str) -> None:
        """The item gets the new payload and is retried at its step. Raises NotAllowed, StoreError."""
        self._decide(item, "retry", payload, who)
        self._show(item, "ready", payload, who, why)

    def retry(self, item: ItemRow, who: str) -> None:
        """The item is retried at its step. Raises NotAllowed, StoreError."""
        self._decide(item, "retry", None, who)
        self._show(item, "ready", item.payload, who, "retry")

    def cancel(self, item: ItemRow, who: str, why: str) -> None:
        """The item is marked as done there; nothing comes of it. Raises NotAllowed, StoreError."""
        self._decide(item, "mark_as_done", None, who)
        self._show(item, "cancelled", item.payload, who, why)

    def postpone(self, item: ItemRow, until: datetime, who: str, why: str) -> None:
        """Raises NotAllowed: an item of Control Room cannot wait for a moment."""
        raise NotAllowed("Control Room takes up an item when its step runs; postpone it by the step's schedule there.")

    def close(self) -> None:
        """Ends the connection."""
        if self._api is not None:
            self._api.close()

    def _decide(self, item: ItemRow, operation: Operation, payload: Any, who: str) -> None:
        """Once for each version of the row: whoever decides about one that has been decided about is refused."""
        if item.state not in ("review", "dead"):
            raise NotAllowed(f"The item {item.id} is {item.state}; Control Room goes on with it by itself.")
        self._api = self._api or connect()
        try:
            with self._ledger.lock(f"control_room:{item.id}", LOCK_SECONDS):
                self._once(self._api, item, operation, payload, who)
        except TryLater:
            raise NotAllowed(OVERTAKEN) from None

    def _once(self, api: ControlRoomApi, item: ItemRow, operation: Operation, payload: Any, who: str) -> None:
        now = api.see(item.id)
        said = hashlib.sha256(f"{operation}:{to_json(payload)}".encode()).hexdigest()
        key = f"control_room:{item.id}:{item.version}"
        before = self._ledger.effect(key)
        intent = (
            {"said": said, "who": who, "state": now.state, "moved_at": now.moved_at} if not before else before.intent
        )
        if has_moved(now, Seen(intent["state"], intent["moved_at"], None)):
            if before is None or intent["said"] != said:
                self._show(item, STATES.get(now.state, "review"), item.payload, "control_room", now.state)
                raise NotAllowed(f"The item is {now.state} in Control Room: somebody was faster. Please look again.")
        else:
            self._ledger.begin_effect(key, item.id, intent)
            if payload is not None:
                api.update_payload(item.id, seal(payload, unseal(now.payload)[1]))
            api.run(operation, item.id, now)
        self._ledger.finish_effect(key, {"operation": operation})

    def _show(self, item: ItemRow, state: State, payload: Any, who: str, why: str) -> None:
        """What follows; unless a robot has shown what followed on that already."""
        row = Projected(item.id, item.queue, state, to_json(payload), version=item.version + 1, priority=item.priority)
        self._projection.show([row], who, why, durable=True)


def connect() -> ControlRoomApi:
    """The API, with the key from robocorp's vault. Raises StoreError where the vault has none."""
    import httpx
    from robocorp.vault import RobocorpVaultError, get_secret

    name = os.environ.get("DESKHAND_CONTROL_ROOM_SECRET") or SECRET
    try:
        secret = dict(get_secret(name, hide=True))
        workspace, key = secret["workspace_id"], secret["api_key"]
    except (RobocorpVaultError, KeyError, OSError, ValueError):
        raise StoreError(
            f"To answer items of Control Room the vault needs a secret {name!r} with workspace_id and api_key "
            "(docs/control-room.md)."
        ) from None
    endpoint = str(secret.get("endpoint") or ENDPOINT).rstrip("/")
    if not _SAFE.match(endpoint):
        raise StoreError(f"The endpoint of the secret {name!r} begins with https:// (http:// only for this machine).")
    headers = {"Authorization": f"RC-WSKEY {key}"}
    return ControlRoomApi(httpx.Client(base_url=f"{endpoint}/workspaces/{workspace}", headers=headers, timeout=SECONDS))
