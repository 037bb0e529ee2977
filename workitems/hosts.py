"""Which host keeps the items of this process."""

from __future__ import annotations

import importlib
import os

from workitems.adapter import StoreAdapter


def store_adapter() -> StoreAdapter | None:
    """An adapter of our store, where robocorp's library is told to use it; None where another host keeps the items.

    It is another instance than the one that robocorp's library makes on first use: this one looks and triggers, that
    one reserves.
    """
    name = os.environ.get("RC_WORKITEM_ADAPTER") or os.environ.get("RPA_WORKITEMS_ADAPTER") or ""
    module, _, attribute = name.rpartition(".")
    if not module or module == "robocorp.workitems":
        return None
    try:
        kind = getattr(importlib.import_module(module), attribute, None)
    except ImportError:
        return None  # robocorp's library will say so
    return kind() if isinstance(kind, type) and issubclass(kind, StoreAdapter) else None
