"""Runs under devdata/env-*.json work on copies of their inputs: robocorp's FileAdapter writes into what it reads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUT = "RC_WORKITEM_INPUT_PATH"


def work_on_copies(root: Path = ROOT) -> None:
    """Copies an input folder of devdata into output/, and points robocorp's FileAdapter to the copy."""
    named = os.environ.get(INPUT)
    adapter = os.environ.get("RC_WORKITEM_ADAPTER") or "FileAdapter"
    if not named or adapter.rpartition(".")[2] != "FileAdapter":
        return
    source = Path(named).expanduser().resolve()
    if not source.is_file() or not source.is_relative_to(root / "devdata"):
        return
    copy = root / "output" / source.parent.relative_to(root / "devdata")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source.parent, copy)
    os.environ[INPUT] = str(copy / source.name)
