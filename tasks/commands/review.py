"""`run.py review`: serves the review desk on 127.0.0.1 and prints its address."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import sys
from pathlib import Path

from bots.outcomes import DocumentOutcome
from tasks.bounded import Bounded, Stopped
from tasks.settings import home
from workitems.store import Store


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py review", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: 8765, else a free one)")
    args = parser.parse_args(argv)
    try:
        listener = _listen(args.port)
    except (OSError, OverflowError):
        print(f"run.py review: port {args.port} is taken or not allowed; choose another with --port.", file=sys.stderr)
        return 1
    import uvicorn

    from desk.app import create_app

    token = key(home())
    pictures = Bounded("desk.pictures:page_png", seconds=20, memory_mb=1000)
    store = Store.open(home())
    app = create_app(store, token, lambda path, number: draw(pictures, path, number), lambda: waiting(store))
    print(f"The review desk: http://127.0.0.1:{listener.getsockname()[1]}/?token={token}", flush=True)
    print(
        "Ctrl-C ends it. Corrected documents go on when the bots run: python3 run.py work", file=sys.stderr, flush=True
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _listen(port: int) -> socket.socket:
    """A socket on the loopback interface alone."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port or 8765))
    except OSError:
        if port:
            raise
        listener.bind(("127.0.0.1", 0))
    return listener


def key(folder: Path) -> str:
    """The desk's key: made once per home, readable by its owner alone."""
    file = folder / "desk.key"
    if not file.exists():
        new = file.with_suffix(f".{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(24))
        new.replace(file)
    return file.read_text(encoding="ascii").strip()


def draw(pictures: Bounded, path: str, number: int) -> bytes | None:
    """A page as PNG from the bounded child; None where it cannot be drawn in time."""
    try:
        png: bytes | None = pictures.call(path, number)
    except Stopped:
        return None
    return png


def waiting(store: Store) -> list[DocumentOutcome]:
    """What waits for a person, oldest first."""
    from tasks.outcomes import all_outcomes

    return [o for o in all_outcomes(store) if o.state == "review"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
