"""A backup as one tar file."""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from workitems.database import StoreError
from workitems.files import FULL

SUFFIXES = (".tar", ".tar.gz", ".tgz")
_OURS = re.compile(r"manifest\.json|database-[\w]+\.db|files/[0-9a-f/]+|home(-\w+)?/.+")


def is_archive(path: Path) -> bool:
    """Whether the name says that it is a tar file."""
    return path.name.endswith(SUFFIXES)


@contextmanager
def packed(target: Path) -> Iterator[Path]:
    """A folder that becomes the tar file when the block ends well; the file is whole or the one that was there."""
    new = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as name:
            folder = Path(name) / "backup"
            yield folder
            with tarfile.open(new, "w" if target.suffix == ".tar" else "w:gz") as tar:
                tar.add(folder, arcname=".")
        new.replace(target)
    except OSError as error:
        said = "its disk is full" if error.errno in FULL else error.strerror or error
        raise StoreError(f"{target} cannot be written: {said}.") from error
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def unpacked(source: Path, beside: Path) -> Iterator[Path]:
    """The backup of a tar file as a folder for the block, made in the folder `beside`. Raises StoreError."""
    try:
        beside.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as name, tarfile.open(source, "r:*") as tar:
            for member in tar:
                path = PurePosixPath(member.name)
                if member.isfile() and ".." not in path.parts and _OURS.fullmatch(str(path)):
                    _extract(tar, member, Path(name, *path.parts))
            yield Path(name)
    except tarfile.TarError:
        raise StoreError(f"{source} is no tar file, or it is damaged.") from None
    except OSError as error:
        said = "the disk is full" if error.errno in FULL else error.strerror or error
        raise StoreError(f"{source} cannot be unpacked: {said}.") from error


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    content = tar.extractfile(member)
    if content is None:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
