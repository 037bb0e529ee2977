"""Where opened documents lie while somebody reads them: a folder of this process's user alone, in memory where it fits.

`/dev/shm` is never written to a disk (but for swap). DESKHAND_SCRATCH names another folder. What a killed process has
left there is deleted by the next who opens one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workitems import owners

SCRATCH = "DESKHAND_SCRATCH"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of mode 0700 is made in it
ROOM_BYTES = 512 * 2**20
"""With less free room in memory the folders lie in the system's folder for temporary files."""
_PREFIX = "deskhand-"


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder (0700) that is deleted with what is in it when the block ends."""
    place = _place()
    _forget_the_dead(place)
    _, _, pid, start = owners.me().split("|")
    with tempfile.TemporaryDirectory(
        prefix=f"{_PREFIX}{pid}.{start}-", dir=place, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@contextlib.contextmanager
def private_file(content: bytes) -> Iterator[Path]:
    """A file with that content in such a folder."""
    with private_folder() as folder:
        path = folder / "file"
        path.write_bytes(content)
        yield path


def _place() -> Path | None:
    """None: the system's folder for temporary files."""
    named = os.environ.get(SCRATCH, "").strip()
    if named:
        return Path(named)
    try:
        if os.access(IN_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM_BYTES:
            return IN_MEMORY
    except OSError:
        pass
    return None


def _forget_the_dead(place: Path | None) -> None:
    """Deletes folders of processes that have ended; what is another user's is not ours to delete, and stays."""
    host, boot, _, _ = owners.me().split("|")
    with contextlib.suppress(OSError):
        for folder in Path(place or tempfile.gettempdir()).glob(f"{_PREFIX}*.*-*"):
            pid, _, start = folder.name.removeprefix(_PREFIX).partition("-")[0].partition(".")
            if pid.isdigit() and owners.is_dead(f"{host}|{boot}|{pid}|{start}"):
                shutil.rmtree(folder, ignore_errors=True)
