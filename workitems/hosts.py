"""Which host keeps the items of this process."""

from __future__ import annotations

import importlib
import os

from robocorp.workitems import RobocorpAdapter

from workitems.adapter import StoreAdapter
from workitems.control_room_run import ControlRoomDelivery
from workitems.deliveries import Delivery, PlainDelivery
from workitems.ledger import Ledger

RUN_VARIABLES = ("RC_WORKSPACE_ID", "RC_PROCESS_RUN_ID", "RC_ACTIVITY_RUN_ID")
"""What Control Room gives to every step run, and robocorp's library goes by where no adapter is named."""


def delivery(ledger: Ledger, step: str) -> Delivery:
    """How items of this process's host come and go. Raises StoreError where Control Room has no database for us."""
    return ControlRoomDelivery(ledger, step) if in_control_room() else PlainDelivery()


def in_control_room() -> bool:
    """Whether Control Room keeps the items of this process."""
    if not _adapter_name():
        return all(os.environ.get(name) for name in RUN_VARIABLES)
    kind = _named(_adapter_name())
    return isinstance(kind, type) and issubclass(kind, RobocorpAdapter)


def store_adapter() -> StoreAdapter | None:
    """An adapter of our store, where robocorp's library is told to use it; None where another host keeps the items.

    It is another instance than the one that robocorp's library makes on first use: this one looks and triggers, that
    one reserves.
    """
    kind = _named(_adapter_name())
    return kind() if isinstance(kind, type) and issubclass(kind, StoreAdapter) else None


def _adapter_name() -> str:
    return os.environ.get("RC_WORKITEM_ADAPTER") or os.environ.get("RPA_WORKITEMS_ADAPTER") or ""


def _named(name: str) -> object:
    """What a dotted name stands for; None where there is no such thing, as robocorp's library will say."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module or "robocorp.workitems"), attribute, None)
    except ImportError:
        return None
