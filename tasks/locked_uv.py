"""uv from PyPI, exactly as requirements.lock names it: it installs ten times as fast as pip, counting its download.

Standard library only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

_BLOCK = re.compile(r"^uv==.*(?:\n\s+--hash.*)*", re.MULTILINE)


def install_uv(python: Path, lock: Path, run: Callable[[Sequence[str], str], None]) -> str:
    """Installs it beside the interpreter `python` and returns its path; what is not what the lock says is refused.

    `run` runs a command, or raises with the sentence that it was given.
    """
    block = _BLOCK.search(lock.read_text(encoding="utf-8"))
    if block is None:
        raise LookupError(f"{lock} does not name uv")
    only = python.with_name("uv.lock")
    only.write_text(block.group(), encoding="utf-8")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*pip, "-r", str(only)], "uv could not be installed from PyPI: is it reachable?")
    return str(python.with_name("uv.exe" if os.name == "nt" else "uv"))
