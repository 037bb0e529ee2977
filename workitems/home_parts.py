"""What of a home is saved beside database and files: settings, models, reports, what the desks keep in folders."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from workitems.database import StoreError
from workitems.files import sha256_of

HOME_PARTS = (
    *("settings.toml", "models", "memory", "reports"),
    *("joiners", "precedents", "checklists", "letters", "playbook"),
)
"""Not the keys that seal files and sign models (keys/), nor vault.json: those are secrets. What can be made again from
documents (training/, cache/) and what is soon deleted (evidence/, logs/) is left out, too."""
TRIES = 5


def copy_home(home: Path, target: Path) -> dict[str, str]:
    """Copies the parts that are there; returns each file's SHA-256 by its path. Raises StoreError.

    A folder that somebody writes into meanwhile is copied once more, until nothing has changed during the copy.
    """
    shutil.rmtree(target, ignore_errors=True)
    for name in HOME_PARTS:
        if (home / name).is_dir():
            _copy_folder(home / name, target / name)
        elif (home / name).is_file():
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(home / name, target / name)
    return {path.relative_to(target).as_posix(): sha256_of(path) for path in _files(target)}


def check_home(saved: Path, told: Mapping[str, str]) -> None:
    """Raises StoreError where what was saved is not whole."""
    for name, sha256 in told.items():
        path = saved / name
        if ".." in Path(name).parts or not path.is_file() or sha256_of(path) != sha256:
            raise StoreError(f"The backup is not whole: its file {name} is missing or damaged.")


def put_back(saved: Path, home: Path) -> None:
    """Into the home; a single file that the home has of its own stays."""
    for name in HOME_PARTS:
        if (saved / name).is_dir():
            shutil.copytree(saved / name, home / name, dirs_exist_ok=True)
        elif (saved / name).is_file() and not (home / name).exists():
            shutil.copyfile(saved / name, home / name)


def _copy_folder(source: Path, target: Path) -> None:
    for _ in range(TRIES):
        shutil.rmtree(target, ignore_errors=True)
        before = _seen(source)
        try:
            shutil.copytree(source, target)
        except (shutil.Error, FileNotFoundError):  # a file has gone in between
            continue
        if _seen(source) == before:
            return
    raise StoreError(f"{source} changes all the time: nothing was saved; call it again.")


def _seen(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in _files(folder):
        try:
            about = path.stat()
        except FileNotFoundError:
            continue
        found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
