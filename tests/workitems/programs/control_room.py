"""Control Room's work item protocol, as robocorp's RobocorpAdapter speaks it, over a dictionary."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

WORK_ITEMS = "/json-v1/workspaces/W/workitems/"
PROCESS = "/process-v1/workspaces/W/processes/P/"


@dataclass
class Item:
    """A work item; `release` is (state, exception)."""

    payload: Any
    files: dict[str, bytes] = field(default_factory=dict)
    parent: str | None = None
    release: tuple[str, dict[str, Any] | None] | None = None


class ControlRoom:
    """One process run with one queue of inputs. Ids are numbers, in the order in which items came."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.waiting: list[str] = []
        handler = type("Handler", (_Handler,), {"room": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def add(self, item: Item) -> str:
        """Keeps an item and returns its id."""
        item_id = f"item{len(self.items)}"
        self.items[item_id] = item
        return item_id

    def environment(self) -> dict[str, str]:
        """What a robot run finds in its environment; its first input is reserved already."""
        return {
            "RC_WORKITEM_ADAPTER": "robocorp.workitems.RobocorpAdapter",
            "RC_API_WORKITEM_HOST": self.url,
            "RC_API_WORKITEM_TOKEN": "token1",
            "RC_API_PROCESS_HOST": self.url,
            "RC_API_PROCESS_TOKEN": "token2",
            "RC_WORKSPACE_ID": "W",
            "RC_PROCESS_ID": "P",
            "RC_PROCESS_RUN_ID": "R",
            "RC_ACTIVITY_RUN_ID": "A",
            "RC_WORKITEM_ID": self.waiting.pop(0),
        }

    def close(self) -> None:
        """Ends the server."""
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    room: ClassVar[ControlRoom]

    def do_GET(self) -> None:
        if self.path.startswith("/storage/"):
            _, _, item_id, name = self.path.split("/")
            return self.answer(self.room.items[item_id].files[bytes.fromhex(name).decode()])
        item_id, _, rest = self.path.removeprefix(WORK_ITEMS).partition("/")
        item = self.room.items[item_id]
        if rest == "data":
            return self.answer_json(item.payload)
        if rest == "files":
            return self.answer_json([{"fileName": n, "fileId": n.encode().hex()} for n in item.files])
        return self.answer_json({"url": f"{self.room.url}/storage/{item_id}/{rest.removeprefix('files/')}"})

    def do_PUT(self) -> None:
        item_id = self.path.removeprefix(WORK_ITEMS).partition("/")[0]
        self.room.items[item_id].payload = json.loads(self.body())
        self.answer_json({})

    def do_POST(self) -> None:
        if self.path.startswith("/storage/"):
            return self.upload()
        body = json.loads(self.body() or b"{}")
        if self.path.endswith("/reserve-next-work-item"):
            return self.answer_json({"workItemId": self.room.waiting.pop(0) if self.room.waiting else None})
        if self.path.endswith("/release-work-item"):
            self.room.items[body["workItemId"]].release = (body["state"], body.get("exception"))
            return self.answer_json({})
        if made := re.fullmatch(re.escape(PROCESS) + "work-items/(.+)/output", self.path):
            return self.answer_json({"id": self.room.add(Item(body["payload"], parent=made[1]))})
        item_id = self.path.removeprefix(WORK_ITEMS).partition("/")[0]
        return self.answer_json({"url": f"{self.room.url}/storage/{item_id}", "fields": {"key": body["fileName"]}})

    def upload(self) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + self.body())
        parts = {p.get_param("name", header="content-disposition"): p for p in form.iter_parts()}
        content = parts["file"].get_payload(decode=True)
        self.room.items[self.path.rpartition("/")[2]].files[parts["key"].get_content().strip()] = content
        self.answer(b"")

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer_json(self, value: Any) -> None:
        self.answer(json.dumps(value).encode())

    def answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass
