"""`run.py review`: serves the review desk on 127.0.0.1 and prints its address; what is answered there goes on."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from desk.pictures import TEXT
from tasks.bounded import Bounded, Stopped
from tasks.desks import desks
from tasks.settings import SettingsError, home, load
from workitems.store import Store, StoreError

if TYPE_CHECKING:
    from connectors import ErpRecords

PORT = 8765
NOBODY_WORKS = "What you save goes on when the bots run: python3 run.py work"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py review", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help=f"port on 127.0.0.1 (default: {PORT}, else a free one)")
    parser.add_argument("--no-work", action="store_true", help="only the pages: `run.py work` runs the bots elsewhere")
    args = parser.parse_args(argv)
    try:
        listener = _listen(args.port)
    except (OSError, OverflowError):
        print(f"run.py review: port {args.port} is taken or not allowed; choose another with --port.", file=sys.stderr)
        return 1
    try:
        load()
        with closing(listener):
            serve(home(), listener, work=not args.no_work)
    except (SettingsError, StoreError) as failure:
        print(f"run.py review: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The review desk is closed.", file=sys.stderr)
    return 0


def serve(folder: Path, listener: socket.socket, work: bool) -> None:
    """Serves until Ctrl-C or SIGTERM, which end it with KeyboardInterrupt. Raises StoreError."""
    import uvicorn

    from desk.app import Backing, create_app
    from tasks.commands.review_bots import DeskBots
    from tasks.commands.review_records import Asked

    store = HomeStore(folder)
    with ExitStack() as stack:
        pictures = stack.enter_context(closing(Pictures()))
        records = stack.enter_context(closing(Asked(_records)))
        records.warm()
        bots = DeskBots(folder, store.current)
        sheets = [each.sheet() for each in desks()]
        backing = Backing(store.current, pictures, records, bots.sentence if work else lambda: NOBODY_WORKS, sheets)
        token = key(folder)
        app = create_app(backing, token)
        if work:
            bots.start()
            stack.callback(bots.close)
        print(f"The review desk: http://127.0.0.1:{listener.getsockname()[1]}/?token={token}", flush=True)
        goes_on = "What you answer goes on by itself while it runs." if work else f"{NOBODY_WORKS}."
        print(f"Ctrl-C ends it. {goes_on}", file=sys.stderr, flush=True)
        signal.signal(signal.SIGTERM, _end)  # uvicorn ends in order, then gives the signal back
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _records() -> ErpRecords:
    from tasks.wiring import records

    try:
        return records(load())
    except SettingsError:  # the file was broken while the desk was open; the workers say so
        from workitems.errors import TryLater

        raise TryLater("settings", "The settings are not valid.") from None


def _listen(port: int) -> socket.socket:
    """A socket on the loopback interface alone."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port or PORT))
    except OSError:
        if port:
            raise
        listener.bind(("127.0.0.1", 0))
    listener.listen(128)  # from now on nobody is refused, though the pages take a moment longer
    return listener


def key(folder: Path) -> str:
    """The desk's key: made once per home, readable by its owner alone."""
    file = folder / "desk.key"
    if not file.exists() or not file.read_text(encoding="ascii").strip():
        new = file.with_suffix(f".{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(24))
        new.replace(file)
    return file.read_text(encoding="ascii").strip()


class HomeStore:
    """The store of a home, opened anew when a new demo has begun on it with an empty one."""

    def __init__(self, folder: Path) -> None:
        """Opens the store. Raises StoreError."""
        self._folder = folder
        self._store = Store.open(folder)
        self._identity = self._look()

    def current(self) -> Store | None:
        """The store; None in the moments in which there is none."""
        found = self._look()
        if found is None or (self._folder / "fresh.pending").exists():
            return None
        if found != self._identity:
            try:
                self._store, self._identity = Store.open(self._folder), found
            except StoreError:
                return None
        return self._store

    def _look(self) -> object:
        """What tells one database from another of the same name."""
        return self._store.database.identity()


class Pictures:
    """Pages as pictures, drawn in a bounded child: documents are hostile."""

    def __init__(self) -> None:
        self._child = Bounded("desk.pictures:look", seconds=20, memory_mb=1000)

    def pages(self, path: str) -> int:
        """How many pages the file has; 0 where that cannot be told in time."""
        found = self._look(path, 0)
        return found if isinstance(found, int) else 0

    def page(self, path: str, number: int) -> bytes | None:
        """A page as PNG; None where it cannot be drawn in time."""
        found = self._look(path, number)
        return found if isinstance(found, bytes) else None

    def text(self, path: str) -> str:
        """The text of a Word file; "" where it cannot be told in time."""
        found = self._look(path, TEXT)
        return found if isinstance(found, str) else ""

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    def _look(self, path: str, number: int) -> object:
        try:
            return self._child.call(path, number)
        except Stopped:
            return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
