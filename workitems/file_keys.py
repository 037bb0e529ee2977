"""The keys that seal the files of items (sealing.py): a line of 64 hexadecimal digits each, the newest last.

DESKHAND_KEYS says where they are: nothing (HOME/keys/files.key, made with the first file, readable by its owner alone),
another file, or `vault:NAME`, the secret NAME of robocorp's vault with the field `keys`. The newest seals; the others
stay for what they have sealed. Whoever loses them loses the documents: they are in no backup.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workitems.database import StoreError

KEYS = "DESKHAND_KEYS"
KEY_BYTES = 32
ID_BYTES = 8
_VAULT = "vault:"
_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Key:
    """One key. Its id may be told: it says which key it is, and nothing else of it."""

    secret: bytes

    @property
    def id(self) -> str:
        """16 hexadecimal digits."""
        return hashlib.sha256(b"deskhand files " + self.secret).hexdigest()[: 2 * ID_BYTES]

    def derive(self, what: bytes) -> bytes:
        """A key of 32 bytes for one purpose; none leads back to this one or to another."""
        return hmac.digest(self.secret, what, "sha256")

    def address(self, content: bytes) -> str:
        """The name under which a content is kept: 64 hexadecimal digits, which say nothing without the key."""
        return hmac.digest(self.derive(b"address"), content, "sha256").hex()

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Keyring:
    """The keys of one home. They are read when they are first needed, and again when one is missing."""

    def __init__(self, home: Path) -> None:
        named = os.environ.get(KEYS, "").strip()
        self._secret = named.removeprefix(_VAULT) if named.startswith(_VAULT) else None
        self.file = (home / Path(named).expanduser()).absolute() if named else home / "keys" / "files.key"
        self._keys: tuple[Key, ...] = ()

    def __str__(self) -> str:
        return str(self.file) if self._secret is None else f"the vault's secret {self._secret!r}"

    def newest(self) -> Key | None:
        """The key that seals; None where there is none yet. Raises StoreError for what are no keys."""
        keys = self._keys or self.load()
        return keys[-1] if keys else None

    def find(self, key_id: str) -> Key | None:
        """The key of that id: also one that another process has just added."""
        known = next((key for key in self._keys if key.id == key_id), None)
        return known or next((key for key in self.load() if key.id == key_id), None)

    def load(self) -> tuple[Key, ...]:
        """All keys, read anew. Raises StoreError."""
        text = self._from_file() if self._secret is None else self._from_vault(self._secret)
        lines = text.split()
        if not all(_HEX.fullmatch(line) for line in lines):
            raise StoreError(f"What is in {self} are no keys for files: 64 hexadecimal digits a line are expected.")
        self._keys = tuple(Key(bytes.fromhex(line)) for line in lines)
        return self._keys

    def make(self) -> Key:
        """The newest key; made where there is none. Of two processes that make one, both get the same."""
        if self.newest() is None:
            self._must_be_file()
            self._write([Key(secrets.token_bytes(KEY_BYTES))], replace=False)
            self.load()
        found = self.newest()
        if found is None:
            raise StoreError(f"No key can be kept in {self}.")
        return found

    def add(self) -> Key:
        """Another key, which seals from now on. Raises StoreError where the keys are the vault's."""
        self._must_be_file()
        new = Key(secrets.token_bytes(KEY_BYTES))
        self._write([*self.load(), new], replace=True)
        self.load()
        return new

    def _must_be_file(self) -> None:
        if self._secret is not None:
            raise StoreError(
                f"Keys in the vault are made there: add 64 random hexadecimal digits as the last line of the field "
                f"`keys` of {self}."
            )

    def _from_file(self) -> str:
        try:
            return self.file.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"The keys in {self.file} cannot be read: {type(error).__name__}.") from None

    def _from_vault(self, name: str) -> str:
        from robocorp.vault import RobocorpVaultError, get_secret

        try:
            return str(get_secret(name, hide=True)["keys"])
        except (RobocorpVaultError, KeyError, OSError, ValueError) as error:
            raise StoreError(
                f"The vault does not give the secret {name!r} with the field `keys`, which {KEYS} names for the files "
                f"({type(error).__name__})."
            ) from None

    def _write(self, keys: Sequence[Key], replace: bool) -> None:
        """Whole or not at all, and on the disk before anything is sealed with it."""
        text = "".join(f"{key.secret.hex()}\n" for key in keys)
        beside = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}.new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                beside.replace(self.file)
            else:
                _take_name(beside, self.file)
            _flush_folder(self.file.parent)
        except OSError as error:
            raise StoreError(f"The keys cannot be kept in {self.file}: {error.strerror or error}.") from None
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()


def _take_name(beside: Path, place: Path) -> None:
    """The file gets its name, unless somebody else's has it."""
    try:
        os.link(beside, place)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        if not place.exists():  # a disk without links
            beside.replace(place)


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
