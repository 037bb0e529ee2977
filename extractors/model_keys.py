"""The key that signs what a company's own answers have taught.

HOME/keys/models.key, made at the first training, readable by its owner alone. Another machine gets it by the secret
`models` (field `key`) of the vault, or as a copy of the file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from extractors.atomic import write_file


def key_file(home: Path) -> Path:
    """Where the key lies."""
    return home / "keys" / "models.key"


def known_key(home: Path) -> bytes | None:
    """The key of the vault or of the home; None where there is neither."""
    return _from_vault() or _from_file(home)


def key_for_signing(home: Path) -> bytes:
    """The key; made where there is none yet. Raises OSError."""
    found = known_key(home)
    if found is not None:
        return found
    file = key_file(home)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(file, (secrets.token_hex(32) + "\n").encode(), mode=0o600, replace=False)
    return _from_file(home) or b""


def signature(key: bytes, content: Mapping[str, object]) -> str:
    """HMAC-SHA256 over the content as canonical JSON."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def fingerprint(key: bytes) -> str:
    """What may be told of a key: which one it is."""
    return hashlib.sha256(b"deskhand models " + key).hexdigest()[:12]


def _from_file(home: Path) -> bytes | None:
    try:
        return bytes.fromhex(key_file(home).read_text(encoding="ascii").strip()) or None
    except (OSError, ValueError):
        return None


def _from_vault() -> bytes | None:
    """Asks only where a vault is named, for asking loads a library."""
    if not (os.environ.get("RC_VAULT_SECRET_MANAGER") or os.environ.get("RC_API_SECRET_HOST")):
        return None
    from robocorp.vault import RobocorpVaultError, get_secret

    try:
        return bytes.fromhex(str(get_secret("models", hide=True)["key"]).strip()) or None
    except (RobocorpVaultError, KeyError, OSError, ValueError):
        return None
