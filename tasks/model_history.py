"""Who promoted which model when, and with which figures: HOME/models/NAME/history.jsonl, signed row upon row."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors import model_files
from extractors.model_files import ModelRefused
from extractors.model_keys import key_for_signing, known_key, signature


def promote(name: str, version: str | None, who: str, figures: Mapping[str, Any], home: Path) -> None:
    """Makes a version the current one (None: the shipped one). The row is written first. Raises ModelRefused."""
    if version is not None:
        model_files.look(name, version, home)
    write_event(name, {"event": "promoted", "version": version or "shipped", "who": who, **figures}, home)
    model_files.point(name, model_files.CURRENT, version, home)
    if model_files.pointed(name, model_files.SHADOW, home) == version:
        model_files.point(name, model_files.SHADOW, None, home)


def write_event(name: str, event: Mapping[str, Any], home: Path) -> None:
    """Appends a row. Each is signed together with the one before, so that none can be taken out or changed."""
    file = home / "models" / name / "history.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = events(name, home)
    row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **event}
    row["before"] = str(rows[-1].get("signature", "")) if rows else ""
    row["signature"] = signature(key_for_signing(home), row)
    with file.open("ab") as out:
        out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def events(name: str, home: Path) -> list[dict[str, Any]]:
    """All rows, oldest first. A row that a crash cut off is left out."""
    try:
        lines = (home / "models" / name / "history.jsonl").read_bytes().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(dict(json.loads(line)))
        except ValueError:
            continue
    return found


def is_whole(name: str, home: Path) -> bool:
    """Whether no row was changed, taken out or added by somebody else."""
    key, before = known_key(home) or b"", ""
    for row in events(name, home):
        said = row.pop("signature", "")
        if row.get("before") != before or said != signature(key, row):
            return False
        before = said
    return True


def before_current(name: str, home: Path) -> str | None:
    """The version that was in force before this one and is still there; None: the shipped one."""
    stack: list[str] = []
    for row in events(name, home):
        if row.get("event") == "promoted":
            stack.append(str(row["version"]))
        elif row.get("event") == "rolled_back" and stack:
            stack.pop()
    there = set(model_files.versions(name, home))
    return next((v for v in reversed(stack[:-1]) if v in there or v == "shipped"), None)


def roll_back(name: str, who: str, home: Path) -> str:
    """Puts the version before the current one in force again; says which. Raises ModelRefused."""
    current, earlier = model_files.pointed(name, model_files.CURRENT, home), before_current(name, home)
    if current is None:
        raise ModelRefused("shipped", f"The model {name!r} in force is the shipped one; nothing lies before it.")
    earlier = None if earlier == "shipped" else earlier
    if earlier is not None:
        model_files.look(name, earlier, home)
    write_event(name, {"event": "rolled_back", "version": earlier or "shipped", "from": current, "who": who}, home)
    model_files.point(name, model_files.CURRENT, earlier, home)
    return earlier or "shipped"
