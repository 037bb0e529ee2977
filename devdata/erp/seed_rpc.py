"""Short words for creating records through proteus; the seed's scripts share them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proteus.config import get_config

Values = dict[str, Any]

MOST_AT_ONCE = 64


def call(model: str, method: str, *args: Any) -> Any:
    """Calls a method of the model in the context of the company."""
    config = get_config()
    return getattr(config.get_proxy(model), method)(*args, config.context)


def create(model: str, rows: Sequence[Values]) -> list[int]:
    """Creates the records; what a row does not say gets the ERP's default. Returns their ids, in the same order."""
    return [made for part in parts(rows) for made in call(model, "create", part)]


def parts(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """As many as go into one call: SQLite's parser refuses the ERP's checks of a hundred records at once."""
    for start in range(0, len(rows), MOST_AT_ONCE):
        yield list(rows[start : start + MOST_AT_ONCE])


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
