"""A function that runs in a child process with bounded time and memory.

Whatever a hostile file does to a parser (an endless loop, a crash of a C library, gigabytes of memory) happens to
the child; the caller gets an exception, and the next call gets a new child. The child is long-lived, because
importing the readers costs more than most documents.

The two sides speak over pipes: 8 bytes of length, then a pickle. The parent unpickles only plain values and the
project's own nouns, so that a child that was taken over cannot make its parent run code.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from tasks.bounded_child import Reply, SafeReplies, read_message, write_message
from tasks.memory import resident_mb, starved_seconds
from workitems.errors import NeedsReview, TryLater

log = logging.getLogger(__name__)

POLL_SECONDS = 0.02
PREPARE_SECONDS = 180.0  # for importing libraries and loading models, on the slowest machine
PATIENCE = 4  # on a busy machine a call may take at most so many times its limit
RECYCLE_AFTER_CALLS = 500
ROOT = Path(__file__).resolve().parent.parent


class Stopped(Exception):
    """The child did not finish a call; the next call gets a new child."""


class OverTime(Stopped):
    """The call took too long."""


class OverMemory(Stopped):
    """The call needed too much memory."""


class ChildDied(Stopped):
    """The child crashed, or its function raised something that nobody meant: `detail` names it without any values."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


_starter = ThreadPoolExecutor(1, "bounded")
"""Linux ends a child when the *thread* that started it ends (PR_SET_PDEATHSIG), so one thread that lives as long
as the process starts all children."""


class Bounded:
    """Calls `target` ("package.module:function") in a child. One call at a time; several threads may share it."""

    def __init__(self, target: str, seconds: float = 30.0, memory_mb: int = 1500) -> None:
        """`seconds` is wall time for one call, less what a busy machine kept from the child and what loading models
        took (extractors.preparing); `memory_mb` is resident memory of the child and what it started."""
        self._target = target
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._one_call = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Bounded:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def warm(self) -> None:
        """Starts the child without waiting for it, so that the first call is quick."""
        with self._one_call:
            self._ready_child()

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The function's result. Raises OverTime, OverMemory, ChildDied, or the NeedsReview or TryLater it raised."""
        with self._one_call:
            child = self._ready_child()
            try:
                reply = child.ask((args, kwargs), self._seconds, self._memory_mb)
            except BaseException:  # also Ctrl-C: a child in the middle of an answer is of no further use
                self._drop()
                raise
            if child.calls >= RECYCLE_AFTER_CALLS or resident_mb(child.pid) > 0.75 * self._memory_mb:
                self._drop()
        return _result(reply)

    def close(self) -> None:
        """Ends the child. A later call starts a new one."""
        with self._one_call:
            self._drop()

    def _ready_child(self) -> _Child:
        if self._child is not None and not self._child.alive():
            self._drop()
        if self._child is None:
            self._child = _starter.submit(_Child, self._target, self._memory_mb).result()
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """One process and the thread that listens to it."""

    def __init__(self, target: str, memory_mb: int) -> None:
        debug = bool(os.environ.get("DESKHAND_DEBUG"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tasks.bounded_child", target, str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=os.name == "posix",  # Ctrl-C reaches the parent alone; it ends the child in order
        )
        self.pid = self._process.pid
        self.calls = 0
        self._replies: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name=f"listen-{self.pid}", daemon=True).start()

    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, question: Any, seconds: float, memory_mb: int) -> Reply:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        clock = _Clock(self.pid, seconds, running=self.calls > 0)  # a new child is still importing its function
        self.calls += 1
        try:
            write_message(self._process.stdin, pickle.dumps(question))
        except OSError as error:
            raise ChildDied(self._how_it_ended()) from error
        while True:
            with contextlib.suppress(queue.Empty):
                reply = self._replies.get(timeout=POLL_SECONDS)
                if reply is None:
                    raise ChildDied(self._how_it_ended())
                if reply.outcome not in ("preparing", "prepared"):
                    return reply
                clock.switch(running=reply.outcome == "prepared")
            if clock.is_over():
                raise OverTime
            if resident_mb(self.pid) > memory_mb:
                raise OverMemory

    def end(self) -> None:
        """Kills the process with everything that it started, and collects it."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        try:
            while True:
                reply = SafeReplies(read_message(self._process.stdout)).load()
                if not isinstance(reply, Reply):
                    raise pickle.UnpicklingError(f"a reply is a {type(reply).__name__}")
                self._replies.put(reply)
        except (OSError, EOFError, ValueError):  # the child has gone, or the pipe was closed on this side
            self._replies.put(None)
        except (pickle.UnpicklingError, AttributeError, TypeError, ImportError) as error:
            log.error("an answer of a bounded call was refused: %s", error)
            self._replies.put(None)

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "no answer"
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"


class _Clock:
    """The time of one call: without what the child needed to load itself, which has a limit of its own, and without
    the time in which a busy machine gave it no processor, so that the same document ends alike on any day."""

    def __init__(self, pid: int, seconds: float, running: bool) -> None:
        self._pid = pid
        self._left = {True: seconds, False: PREPARE_SECONDS}
        self._latest = time.monotonic() + PATIENCE * seconds + PREPARE_SECONDS
        self._running = running
        self._since = self._now()

    def _now(self) -> float:
        return time.monotonic() - starved_seconds(self._pid)

    def switch(self, running: bool) -> None:
        """The child begins to work on the document, or stops to load something."""
        now = self._now()
        self._left[self._running] -= now - self._since
        self._running, self._since = running, now

    def is_over(self) -> bool:
        """Whether the call has used up its time."""
        return self._now() - self._since > self._left[self._running] or time.monotonic() > self._latest


def _result(reply: Reply) -> Any:
    match reply.outcome:
        case "result":
            return reply.value
        case "needs_review":
            raise NeedsReview(reply.value)
        case "try_later":
            raise TryLater(*reply.value)
        case "memory":
            raise OverMemory
        case _:
            log.error("%s in a bounded call at %s", reply.value[0], "; ".join(reply.value[1]))
            raise ChildDied(reply.value[0])
