"""A fitted model that a reader uses: the one in force, or another one for a while (to measure, to calibrate)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


class Fitted:
    """The model of that name, made for that reader; see extractors.model_files."""

    def __init__(self, name: str, reader: str) -> None:
        self._name, self._reader = name, reader
        self._instead: ContextVar[tuple[dict[str, Any], str] | None] = ContextVar(name, default=None)

    @contextmanager
    def using(self, model: dict[str, Any], label: str) -> Iterator[None]:
        """Another model for a while: one that has not seen the papers that are read."""
        token = self._instead.set((model, label))
        try:
            yield
        finally:
            self._instead.reset(token)

    def model_or_none(self) -> tuple[dict[str, Any], str] | None:
        """The model and its version; None where none can be used, so that the rules find alone."""
        if (instead := self._instead.get()) is not None:
            return instead
        from extractors import model_files

        try:
            loaded = model_files.load(self._name, self._reader)
        except model_files.ModelRefused:
            return None
        return loaded.model, loaded.label
