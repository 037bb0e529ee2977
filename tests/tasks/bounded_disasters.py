"""What can go wrong inside a bounded child. Each function is called there by name; the process really dies."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

from extractors.preparing import preparing
from workitems.errors import NeedsReview, TryLater
from workitems.items import Doubt, Paper

_kept: list[bytes] = []


def echo(value: Any) -> Any:
    """All is well."""
    return value


def paper() -> Paper:
    """A noun comes back."""
    return Paper(kind="letter", kind_confidence=0.5, doubts=(Doubt(code="c", message="m"),))


def amount() -> Decimal:
    """Money comes back as money."""
    return Decimal("12.30")


def my_pid() -> int:
    """Tells one child from the next."""
    return os.getpid()


def hang() -> None:
    """Never ends."""
    time.sleep(3600)


def hang_with_lock_held() -> None:
    """Never ends and lets no other Python thread run: a regular expression that backtracks for ever."""
    import re

    re.match(r"(a+)+$", "a" * 64 + "b")


def eat_memory() -> None:
    """Takes memory step by step, faster than any document should."""
    while True:
        _kept.append(b"x" * 20_000_000)
        time.sleep(0.005)


def eat_memory_at_once() -> int:
    """One allocation larger than everything."""
    return len(bytearray(40_000_000_000))


def leak(megabytes: int) -> int:
    """Keeps memory after the call."""
    _kept.append(b"x" * (megabytes * 1_000_000))
    return os.getpid()


def load_a_model(seconds: float, then: float) -> str:
    """Work that the document is not to blame for, and some that it is."""
    with preparing():
        time.sleep(seconds)
    time.sleep(then)
    return "read"


def crash() -> None:
    """What a C library does with a crafted file."""
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    """The process ends without a word."""
    os._exit(3)


def bug() -> None:
    """An exception that nobody meant, with something personal in its message."""
    raise KeyError("DE89370400440532013000")


def refuse() -> None:
    """A business exception."""
    raise NeedsReview([Doubt(code="encrypted", message="Locked.")])


def busy() -> None:
    """An application exception."""
    raise TryLater("erp_away", "The ERP is away.")


def print_a_lot() -> str:
    """A library that talks, also from C."""
    print("x" * 1_000_000)
    os.write(1, b"from below")
    subprocess.run([sys.executable, "-c", "print('from a program')"], check=True)
    return "heard"


class Evil:
    """Its pickle runs a command where it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("echo taken over",)


def evil() -> Evil:
    """A child that was taken over."""
    assert pickle.dumps(Evil())
    return Evil()


def start_a_program_that_hangs() -> None:
    """An OCR program that never comes back."""
    subprocess.run(["sleep", "3600"], check=True)
