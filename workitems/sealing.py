"""How a file of an item is sealed: AES-256-GCM in parts of 1 MiB, under a key of its own.

A sealed file is MAGIC, the id of the key (8 bytes), 16 random bytes, then the parts, each with its tag of 16 bytes. The
file's own key is derived from the key and the random bytes; the parts' nonces count, and the last one says that it is
the last (the STREAM construction), so that nothing can be cut off, swapped or added. The address under which the file
is kept is authenticated, too: one document cannot be put in the place of another.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

from workitems.file_keys import ID_BYTES, Key, Keyring

MAGIC = b"DHSEAL1\n"
SALT_BYTES = 16
TAG_BYTES = 16
PART_BYTES = 2**20
HEAD_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES


class NoKey(Exception):
    """The key that has sealed a file is not here. Its argument is the key's id."""


class Damaged(Exception):
    """These are not the bytes that were kept."""


def sealed_size(size: int) -> int:
    """How many bytes a content of that size takes when it is sealed."""
    return HEAD_BYTES + size + TAG_BYTES * max(1, -(-size // PART_BYTES))


def seal(content: bytes, address: str, key: Key) -> Iterator[bytes]:
    """The sealed file, in parts."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, view = secrets.token_bytes(SALT_BYTES), memoryview(content)
    yield MAGIC + bytes.fromhex(key.id) + salt
    own = AESGCM(key.derive(b"file" + salt))
    count = max(1, -(-len(content) // PART_BYTES))
    for n in range(count):
        part = view[n * PART_BYTES : (n + 1) * PART_BYTES]
        yield own.encrypt(_nonce(n, last=n + 1 == count), part, address.encode("ascii"))


def key_of(raw: bytes) -> str | None:
    """The id of the key that has sealed the file (its beginning is enough); None: it is not sealed."""
    return raw[len(MAGIC) : len(MAGIC) + ID_BYTES].hex() if raw.startswith(MAGIC) else None


def unseal(raw: bytes, address: str, keys: Keyring) -> bytes:
    """The content of a kept file. Raises NoKey, and Damaged where it is not what was kept under that address.

    Files of a Deskhand that did not seal lie under their SHA-256, as they came.
    """
    key_id = key_of(raw)
    if key_id is None and hashlib.sha256(raw).hexdigest() == address:
        return raw
    if key_id is None or len(raw) < HEAD_BYTES + TAG_BYTES:
        raise Damaged(address)
    key = keys.find(key_id)
    if key is None:
        raise NoKey(key_id)
    return _opened(raw, address, key)


def _opened(raw: bytes, address: str, key: Key) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = AESGCM(key.derive(b"file" + raw[HEAD_BYTES - SALT_BYTES : HEAD_BYTES]))
    view, whole = memoryview(raw)[HEAD_BYTES:], PART_BYTES + TAG_BYTES
    count = -(-len(view) // whole)
    try:
        parts = [
            own.decrypt(_nonce(n, last=n + 1 == count), view[n * whole : (n + 1) * whole], address.encode("ascii"))
            for n in range(count)
        ]
    except (InvalidTag, ValueError):
        raise Damaged(address) from None
    return parts[0] if count == 1 else b"".join(parts)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
