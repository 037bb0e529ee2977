"""What Control Room answers, operation by operation."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from tests.emulators.control_room.room import NO_PAYLOAD, PROCESS, Refused, WorkItem

if TYPE_CHECKING:
    from tests.emulators.control_room.server import ControlRoom


class Call:
    """One request, taken apart."""

    def __init__(self, path: str, headers: Any, body: bytes, ids: tuple[str, ...]) -> None:
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
        self.headers, self.body, self.ids = headers, body, ids

    def json(self) -> Any:
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise Refused(400, "BAD_REQUEST", "the body is no JSON") from None


def _reserve(room: ControlRoom, call: Call) -> Any:
    return {"workItemId": room.reserve(call.ids[0])}


def _release(room: ControlRoom, call: Call) -> Any:
    said = call.json()
    room.release(call.ids[0], said.get("workItemId", ""), said.get("state", ""), said.get("exception"))
    return {}


def _output(room: ControlRoom, call: Call) -> Any:
    return {"id": room.output(call.ids[0], call.json().get("payload", NO_PAYLOAD))}


def _get_data(room: ControlRoom, call: Call) -> Any:
    payload = room.item(call.ids[0]).payload
    if payload is NO_PAYLOAD:
        raise Refused(404, "NOT_FOUND", "no payload")
    return payload


def _put_data(room: ControlRoom, call: Call) -> Any:
    room.item(call.ids[0]).payload = call.json()
    return {}


def _list_files(room: ControlRoom, call: Call) -> Any:
    return [{"fileName": f.name, "fileId": f.id} for f in room.item(call.ids[0]).files]


def _add_file(room: ControlRoom, call: Call) -> Any:
    added = room.add_file(call.ids[0], str(call.json()["fileName"]))
    fields = {"key": f"{call.ids[0]}/{added.id}", "policy": "cG9saWN5", "x-amz-signature": f"sig-{added.id}"}
    return {"url": f"{room.url('storage')}/bucket", "fields": fields, "fileId": added.id}


def _get_file(room: ControlRoom, call: Call) -> Any:
    found = room.file(*call.ids)
    return {"url": f"{room.url('storage')}/bucket/{call.ids[0]}/{found.id}?signature=sig-{found.id}"}


def _remove_file(room: ControlRoom, call: Call) -> Any:
    room.item(call.ids[0]).files.remove(room.file(*call.ids))
    return {}


def _upload(room: ControlRoom, call: Call) -> Any:
    head = f"Content-Type: {call.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + call.body)
    parts = {p.get_param("name", header="content-disposition"): p for p in form.iter_parts()}
    item_id, _, file_id = parts["key"].get_content().strip().partition("/")
    if parts["x-amz-signature"].get_content().strip() != f"sig-{file_id}":
        raise Refused(403, "SignatureDoesNotMatch")
    room.file(item_id, file_id).content = parts["file"].get_payload(decode=True)
    return b""


def _download(room: ControlRoom, call: Call) -> Any:
    found = room.file(*call.ids)
    if call.query.get("signature") != f"sig-{found.id}":
        raise Refused(403, "SignatureDoesNotMatch")
    if found.content is None:
        raise Refused(404, "NoSuchKey")
    return found.content


def _api_get(room: ControlRoom, call: Call) -> Any:
    return _resource(room.item(call.ids[0]), call.query.get("include_data") == "true")


def _api_payload(room: ControlRoom, call: Call) -> Any:
    room.update_payload(call.ids[0], call.json()["payload"])
    return {"payload": call.json()["payload"]}


def _api_batch(room: ControlRoom, call: Call) -> Any:
    said = call.json()
    room.batch(said["batch_operation"], said["work_item_ids"])
    return {"success": True}


def _resource(item: WorkItem, with_data: bool) -> dict[str, Any]:
    shown = {"id": item.id, "state": item.state, "state_updated_at": f"2026-01-01T00:00:00.{item.changes:06}Z"}
    shown |= {"exception": item.exception, "process": {"id": PROCESS}}
    if with_data:
        shown["payload"] = None if item.payload is NO_PAYLOAD else item.payload
    return shown


OPERATIONS: dict[str, Callable[[ControlRoom, Call], Any]] = {
    "reserve": _reserve,
    "release": _release,
    "output": _output,
    "get_data": _get_data,
    "put_data": _put_data,
    "list_files": _list_files,
    "add_file": _add_file,
    "get_file": _get_file,
    "remove_file": _remove_file,
    "upload": _upload,
    "download": _download,
    "api_get": _api_get,
    "api_payload": _api_payload,
    "api_batch": _api_batch,
}
