"""The child's side of tasks.bounded: `python -m tasks.bounded_child package.module:function MEMORY_MB`.

Questions come in on the standard input, answers go out on the standard output; before any library can touch
them, both are moved away, so that prints of libraries go nowhere.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from extractors.preparing import listen
from workitems.errors import NeedsReview, TryLater

LARGEST_MESSAGE = 1 << 30
YOUNG = 20_000
"""New objects after which cyclic garbage is looked for. A page has hundreds of words that live as long as the document:
looked through every 700 objects, they took a tenth of its time."""
_OUR_PACKAGES = frozenset(("workitems", "connectors", "extractors", "bots", "tasks"))
_PLAIN = {
    ("decimal", "Decimal"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "timezone"),
    ("datetime", "timedelta"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
    ("pathlib", "Path"),
}


@dataclass(frozen=True)
class Reply:
    """What came of a call. `error`: the class of an exception that nobody meant, and where, without any values.

    `preparing` and `prepared` come before: meanwhile something is loaded, and the document's clock stands still.
    """

    outcome: Literal["preparing", "prepared", "result", "needs_review", "try_later", "memory", "error"]
    value: Any = None


class SafeReplies(pickle.Unpickler):
    """Unpickles plain values and the project's own data classes and nouns; refuses every other name."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))

    def find_class(self, module: str, name: str) -> Any:
        """Called by pickle for each class that the message names."""
        found = super().find_class(module, name) if module.split(".")[0] in _OUR_PACKAGES else None
        ours = isinstance(found, type) and found.__module__ == module  # not what a module of ours has only imported
        if ours and (hasattr(found, "model_fields") or hasattr(found, "__dataclass_fields__")):
            return found
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a reply names {module}.{name}")


def write_message(pipe: BinaryIO | Any, data: bytes) -> None:
    """Length, then content. Raises OSError when nobody reads."""
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)
    pipe.flush()


def read_message(pipe: BinaryIO | Any) -> bytes:
    """Raises EOFError when the other side has gone, also in the middle of a message."""
    length = int.from_bytes(_exactly(pipe, 8), "big")
    if length > LARGEST_MESSAGE:
        raise EOFError
    return _exactly(pipe, length)


def _exactly(pipe: BinaryIO | Any, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return bytes(data)


def main() -> None:
    """Answers questions until the parent goes."""
    target, memory_mb = sys.argv[1], int(sys.argv[2])
    questions, answers = _private_pipes()
    _die_with_parent()
    _limit_memory(memory_mb)
    waiting = _Questions(questions)
    listen(lambda begins: write_message(answers, pickle.dumps(Reply("preparing" if begins else "prepared"))))
    try:
        module, name = target.split(":")
        function = getattr(importlib.import_module(module), name)
        gc.set_threshold(YOUNG)
        write_message(answers, pickle.dumps(Reply("prepared")))
    except Exception as error:  # noqa: BLE001 - told to the parent as the answer to its first question
        waiting.next()
        write_message(answers, pickle.dumps(_bug(error)))
        return
    while (question := waiting.next()) is not None:
        args, kwargs = pickle.loads(question)  # noqa: S301 - from the parent
        write_message(answers, _pickled(_answer(function, args, kwargs)))


def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Reply:
    try:
        return Reply("result", function(*args, **kwargs))
    except NeedsReview as error:
        return Reply("needs_review", error.doubts)
    except TryLater as error:
        return Reply("try_later", (error.code, str(error)))
    except MemoryError:
        return Reply("memory")
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent says so and goes on
        return _bug(error)


def _pickled(reply: Reply) -> bytes:
    try:
        return pickle.dumps(reply)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        return pickle.dumps(_bug(error))


def _bug(error: BaseException) -> Reply:
    """Class and places, never the message: it may hold what stands in a document."""
    places = [f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return Reply("error", (type(error).__name__, places[-6:]))


class _Questions:
    """Reads the pipe in a thread of its own, so that the child notices at once when its parent has gone."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._asked: list[bytes] = []
        self._there = threading.Semaphore(0)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                self._asked.append(read_message(self._pipe))
                self._there.release()
        os._exit(0)

    def next(self) -> bytes | None:
        self._there.acquire()
        return self._asked.pop(0)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes under new numbers; 0 and 1 lead nowhere from now on."""
    questions, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return os.fdopen(questions, "rb"), os.fdopen(answers, "wb")


def _die_with_parent() -> None:
    """Linux: killed when the parent's starting thread ends. Elsewhere the end of the pipe has to do."""
    if sys.platform == "linux":
        import ctypes
        import signal

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _limit_memory(memory_mb: int) -> None:
    """A ceiling on address space, far above the limit on resident memory that the parent watches: it stops the one
    huge allocation that would be through before the parent looks again."""
    if sys.platform == "linux":
        import resource

        ceiling = (memory_mb + 3000) * 1_000_000
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


if __name__ == "__main__":
    # under its real name, by which the parent knows Reply
    importlib.import_module("tasks.bounded_child").main()
