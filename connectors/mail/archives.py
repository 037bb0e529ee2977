"""Zip archives from strangers: opened wholly and within bounds, or not at all."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from workitems.items import Doubt, Noun

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA lets its header ask for 4 GB
_CHUNK = 1 << 20
_SYMLINK = 0o120000
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError)
_RUBBISH = ("__macosx/", "thumbs.db", ".ds_store", "desktop.ini")


class ArchiveLimits(Noun):
    """How much one archive may hold."""

    entries: int = 500
    total_bytes: int = 300_000_000
    ratio: int = 200  # unpacked to packed; asked of archives that unpack to more than 20 MB


@dataclass(frozen=True)
class Entry:
    """One file of an archive. `path` is as the archive says it, `why_ignored` is set for what is no document."""

    path: str
    data: bytes
    why_ignored: str | None = None


class Refused(Exception):
    """The archive stays closed. `doubt` says why."""

    def __init__(self, code: str, message: str) -> None:
        self.doubt = Doubt(code=code, message=message)
        super().__init__(code)


def open_zip(data: bytes, limits: ArchiveLimits) -> list[Entry]:
    """All files of the archive in its own order. Raises Refused when even one cannot be had, so nothing gets lost."""
    # Each directory entry costs the parser about a kilobyte, so they are counted before it runs. Archives inside
    # (stored uncompressed) add to the count: it is an upper bound.
    if data.count(b"PK\x01\x02") > 40 * limits.entries:
        raise _too_many(limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir()]
            _check_directory(infos, limits)
            return _read_all(archive, infos, len(data), limits)
    except NotImplementedError:
        raise Refused("archive_damaged", "The zip archive is packed in a way that cannot be opened here.") from None
    except RuntimeError:  # what zipfile raises for a missing password
        raise _encrypted() from None
    except _DAMAGED:
        raise Refused("archive_damaged", "The zip archive is damaged and cannot be opened completely.") from None


def _check_directory(infos: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(infos) > limits.entries:
        raise _too_many(limits)
    if any(i.flag_bits & 1 for i in infos):
        raise _encrypted()
    if any(i.compress_type not in _METHODS for i in infos):
        raise Refused("archive_damaged", "The zip archive is packed in a way that cannot be opened here.")


def _read_all(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], packed: int, limits: ArchiveLimits
) -> list[Entry]:
    allowed = min(limits.total_bytes, max(20_000_000, packed * limits.ratio))
    entries: list[Entry] = []
    for info in infos:
        path = _name(info)
        why = _why_ignored(info, path)
        if why:
            entries.append(Entry(path, b"", why))
            continue
        content = _read(archive, info, allowed)
        allowed -= len(content)
        entries.append(Entry(path, content))
    return entries


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowed: int) -> bytes:
    """What the entry really unpacks to: the sizes in the directory are only claims."""
    chunks: list[bytes] = []
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            chunks.append(chunk)
            allowed -= len(chunk)
            if allowed < 0:
                raise Refused("archive_too_large", "The zip archive unpacks to far more data than documents need.")
    return b"".join(chunks)


def _why_ignored(info: zipfile.ZipInfo, path: str) -> str | None:
    lower = path.lower()
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        return "a link to another file"
    if lower.startswith(_RUBBISH[0]) or lower.rsplit("/", 1)[-1] in _RUBBISH:
        return "a note of the operating system"
    return None


def _name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are decoded as CP437 by zipfile; many programs wrote UTF-8 all the same."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _too_many(limits: ArchiveLimits) -> Refused:
    return Refused("archive_too_large", f"The zip archive holds more than {limits.entries} files.")


def _encrypted() -> Refused:
    return Refused("archive_encrypted", "The zip archive is protected by a password.")
