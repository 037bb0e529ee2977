"""Logins, by the name of a secret in robocorp's vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workitems.errors import TryLater

Secrets = Callable[[str], Mapping[str, str]]
"""Gives the fields of a secret by its name."""


def vault(name: str) -> Mapping[str, str]:
    """The secret's fields. Raises TryLater when the vault cannot be read or has no such secret."""
    from robocorp.vault import RobocorpVaultError, get_secret

    try:
        return dict(get_secret(name, hide=True))
    except (RobocorpVaultError, KeyError, OSError, ValueError):
        raise TryLater("vault", f"The vault has no secret named {name!r}, or cannot be read.") from None


def field(secret: Mapping[str, str], name: str, secret_name: str) -> str:
    """One field of a secret. Raises TryLater, which names the field and never its value, when it is missing."""
    value = secret.get(name)
    if not value:
        raise TryLater("vault", f"The secret {secret_name!r} of the vault has no field {name!r}.")
    return value
