"""Short words for creating records through proteus; the seed's scripts share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proteus.config import get_config

Values = dict[str, Any]


def call(model: str, method: str, *args: Any) -> Any:
    """Calls a method of the model in the context of the company."""
    config = get_config()
    return getattr(config.get_proxy(model), method)(*args, config.context)


def create(model: str, rows: Sequence[Values]) -> list[int]:
    """Creates the records in one call; what a row does not say gets the ERP's default. Returns their ids."""
    return call(model, "create", list(rows))


def find(model: str, *domain: Any) -> int:
    """The id of the one record that fits."""
    (found,) = call(model, "search", list(domain), 0, 2, None)
    return found


def read(model: str, domain: Sequence[Any], fields: Sequence[str]) -> list[Values]:
    """Fields of all records that fit, by id."""
    return call(model, "search_read", list(domain), 0, None, [("id", "ASC")], list(fields))


def data_id(module: str, name: str) -> int:
    """The id of a record that a module brings along."""
    return call("ir.model.data", "get_id", f"{module}.{name}")
