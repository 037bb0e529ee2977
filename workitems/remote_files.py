"""Files in an object store (S3 and what speaks like it) through fsspec, with verified copies on this machine.

An object is sent whole and sealed before a row names it, and appears whole or not at all. The home's cache holds sealed
copies. Credentials and endpoints are the library's own matter (AWS_* variables,
profiles, the machine's role; FSSPEC_S3_*); no message of ours repeats them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workitems.database import StoreError
from workitems.file_cache import Cache, cache_bytes
from workitems.file_errors import FilesAway
from workitems.file_keys import Keyring
from workitems.files import BLOB, FILES, FULL, MARKER, Blobs, fail
from workitems.sealing import seal, sealed_size

OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss")
"""Stores whose objects appear whole or not at all. S3 is what the tests hold; the others need fsspec's package."""

_PART_BYTES = 256 * 2**20
_REFUSED = {
    "AccessDenied",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "403",
    "Forbidden",
}
_NO_CREDENTIALS = re.compile(r"Credential|ProfileNotFound|TokenRetrieval|SSOToken|DefaultCredentialsError")


def open_remote(url: str, cache: Path, keys: Keyring) -> Blobs:
    """The files of an fsspec url. Raises StoreError for another kind of url; nothing is asked of the store yet."""
    scheme, _, rest = url.partition("://")
    if scheme == "file":
        return Blobs(Path(rest).absolute(), keys)
    if scheme not in OBJECT_STORES:
        raise StoreError(f"{FILES} must be a folder or an object store such as s3://bucket/prefix, not {scheme}://.")
    if "@" in rest or "?" in rest or not rest.strip("/"):
        raise StoreError(f"{FILES} must look like {scheme}://bucket/prefix, without credentials or options.")
    return RemoteBlobs(f"{scheme}://{rest.rstrip('/')}", Cache(cache, cache_bytes()), keys)


class RemoteBlobs(Blobs):
    """The objects `prefix/ab/cd/<address>` of an object store."""

    shards = tuple("0123456789abcdef")  # a question takes longer than a thousand names in its answer

    def __init__(self, url: str, cache: Cache, keys: Keyring) -> None:
        super().__init__(cache.folder, keys)
        self.url, self._cache = url, cache
        self._connection: tuple[int, Any] = (0, None)

    def __str__(self) -> str:
        return self.url

    @property
    def _store(self) -> Any:
        """The filesystem of this process: its connections do not outlive a fork."""
        pid, store = self._connection
        if pid != os.getpid():
            with self._asking():
                store = _filesystem(self.url)
            self._connection = (os.getpid(), store)
        return store

    def _object(self, address: str) -> str:
        return f"{self.url}/{address[:2]}/{address[2:4]}/{address}"

    def read_both(self, address: str) -> tuple[bytes, bytes]:
        """The object (a copy on this machine is as good) and its content. Raises FileNotFoundError, FilesAway."""
        copy = self._cache.find(address)
        if copy is not None:
            try:
                raw = copy.read_bytes()
                return raw, self.unsealed(address, raw)
            except FileNotFoundError:  # the cache was emptied in between
                pass
            except FilesAway:
                self._cache.drop(copy)
        return self._fetched(address)

    def _fetched(self, address: str) -> tuple[bytes, bytes]:
        try:
            new = self._cache.begin(address)
            try:
                both = self._fetch(address, new)
                self._cache.add(address, new)
            finally:
                self._cache.drop(new)
        except FileNotFoundError:
            raise
        except OSError as error:
            fail(self.folder, error)
        return both

    def _fetch(self, address: str, target: Path) -> tuple[bytes, bytes]:
        """Fetches the object into a local file. Raises FileNotFoundError, FilesAway; also where it is damaged."""
        for last in (False, True):  # what was damaged on the way comes right the second time
            try:
                with self._asking():
                    self._store.get_file(self._object(address), str(target))
            except FileNotFoundError:
                raise FileNotFoundError(f"The file store {self.url} has no object {address}.") from None
            raw = target.read_bytes()
            try:
                return raw, self.unsealed(address, raw)
            except FilesAway:
                if last:
                    raise
        raise AssertionError

    def beginning(self, address: str) -> bytes:
        """The first bytes of an object; nothing where it is gone."""
        try:
            with self._asking():
                return bytes(self._store.cat_file(self._object(address), start=0, end=64))
        except FileNotFoundError:
            return b""

    def ensure(self, address: str, content: bytes) -> None:
        """Makes sure that the object is there. Called again inside the transaction that names it."""
        if self._size(self._object(address)) != sealed_size(len(content)):
            self.put_sealed(address, seal(content, address, self.key()))

    def put_sealed(self, address: str, sealed: Iterable[bytes]) -> None:
        """Puts sealed bytes in the object's place. Raises FilesAway."""
        raw = b"".join(sealed)
        self._send(self._object(address), raw)
        self._copy(address, raw)

    def _size(self, name: str) -> int | None:
        try:
            with self._asking():
                return int(self._store.info(name, refresh=True)["size"])
        except FileNotFoundError:
            return None

    def _send(self, name: str, content: bytes) -> None:
        options = {"chunksize": _PART_BYTES} if self.url.startswith("s3") else {}
        try:
            with self._asking():
                self._store.pipe_file(name, content, **options)
        except FileNotFoundError:
            raise FilesAway("files_refused", _no_bucket(self.url)) from None

    def _copy(self, sha256: str, content: bytes) -> None:
        """The next step runs here, often enough. A disk without room for the copy is no failure: the object is kept."""
        try:
            new = self._cache.begin(sha256)
            try:
                new.write_bytes(content)
                self._cache.add(sha256, new)
            finally:
                self._cache.drop(new)
        except OSError:
            return

    def older_than(self, seconds: float, shard: str) -> Iterator[tuple[str, str]]:
        """What of a shard the store has had for so long, by the times that it says itself."""
        limit = datetime.fromtimestamp(time.time() - seconds, UTC)
        try:
            with self._asking():
                found: Mapping[str, Any] = self._store.find(self.url, prefix=shard, detail=True)
        except FileNotFoundError:
            return
        for place, about in found.items():
            since = next((about[key] for key in ("LastModified", "last_modified", "updated") if key in about), None)
            name = place.rpartition("/")[2]
            if isinstance(since, datetime) and since <= limit and BLOB.fullmatch(name):
                yield name, place

    def remove(self, place: str) -> None:
        """Deletes an object."""
        try:
            with self._asking():
                self._store.rm_file(place)
        except FileNotFoundError:
            return

    def tidy(self) -> None:
        """Deletes copies that nobody has asked for in a week, or that do not fit into the cache."""
        self._cache.shrink()

    def marker(self, name: str = MARKER) -> str | None:
        """The note of that name in the store; None: nothing yet."""
        try:
            with self._asking():
                return bytes(self._store.cat_file(f"{self.url}/{name}")).decode("ascii", "replace")
        except FileNotFoundError:
            return None

    def mark(self, text: str, name: str = MARKER) -> None:
        """Writes a note into the store."""
        self._send(f"{self.url}/{name}", text.encode("ascii"))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turns what the library raises into FilesAway; only "no such object" stays FileNotFoundError."""
        try:
            yield
        except FilesAway:
            raise
        except Exception as error:  # each store's library has errors of its own, with no common root
            codes = set(_codes(error))
            if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in codes:
                raise
            if isinstance(error, OSError) and error.errno in FULL:
                fail(self.folder, error)  # this machine's disk, not the store
            raise _sentence(self.url, error, codes) from None  # their messages may quote requests


def _filesystem(url: str) -> Any:
    """fsspec's filesystem. That an S3 server is away is told within seconds; FSSPEC_S3_CONFIG_KWARGS changes that."""
    import fsspec  # type: ignore[import-untyped]
    from fsspec.config import conf  # type: ignore[import-untyped]

    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if url.startswith("s3"):
        config = {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 2}}
        options["config_kwargs"] = config | conf.get("s3", {}).get("config_kwargs", {})
    return fsspec.filesystem(url.partition("://")[0], **options)


def _codes(error: BaseException | None) -> Iterator[str]:
    """The codes and classes of an error and of what caused it."""
    while error is not None:
        yield type(error).__name__
        answer = getattr(error, "response", None)
        if isinstance(answer, Mapping):
            yield str(answer.get("Error", {}).get("Code", ""))
        error = error.__cause__ or error.__context__


def _sentence(url: str, error: Exception, codes: set[str]) -> FilesAway:
    if isinstance(error, ImportError):
        return FilesAway("files_refused", f"{url} needs a package that is not installed ({error.name or error}).")
    if "NoSuchBucket" in codes:
        return FilesAway("files_refused", _no_bucket(url))
    if any(_NO_CREDENTIALS.search(code) for code in codes):
        ways = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role"
        return FilesAway("files_refused", f"There are no credentials for {url} (for S3: {ways}).")
    if isinstance(error, PermissionError) or codes & _REFUSED:
        return FilesAway("files_refused", f"The file store {url} refuses our credentials, or what we may do there.")
    return FilesAway("files_away", f"The file store {url} does not answer as it should ({type(error).__name__}).")


def _no_bucket(url: str) -> str:
    return f"There is no bucket for {url}: make it, or correct {FILES}."
