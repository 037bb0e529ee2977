"""The name that an output carries in its payload where its host may make it twice: one document, one key.

A bot never sees it: it is taken off before and put on again after. With our own store there is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

NAME = "deskhand"
"""The field of the payload."""


class Envelope(NamedTuple):
    """`key` is the same for everything that was made for one output. `unfinished`: its files are still on their way."""

    key: str
    unfinished: bool = False


def seal(payload: Any, envelope: Envelope | None) -> Any:
    """The payload with its envelope. What is no object cannot carry one."""
    if envelope is None or not isinstance(payload, dict):
        return payload
    about: dict[str, Any] = {"key": envelope.key}
    return payload | {NAME: about | ({"unfinished": True} if envelope.unfinished else {})}


def unseal(payload: Any) -> tuple[Any, Envelope | None]:
    """The payload as bots know it, and the envelope that it came in. Whatever looks otherwise is left as it is."""
    about = payload.get(NAME) if isinstance(payload, dict) else None
    if not isinstance(about, dict) or not isinstance(about.get("key"), str):
        return payload, None
    bare = {name: value for name, value in payload.items() if name != NAME}
    return bare, Envelope(about["key"], about.get("unfinished") is True)
