"""What a bot gets and gives back: the item in hand, and the outcome with its outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, Self

from pydantic import Field, model_validator

from workitems.files import check_name
from workitems.items import Decision, Item, Noun


class Output(Noun):
    """An item to be made. `files` are names of the parent's files that are handed on, `attach` are new ones.

    `key` names what the output is about, for ever and in every attempt: where a host may make an output twice, only one
    of a key is worked on. Without one it is the parent's n-th output.
    """

    item: Item = Field(repr=False)
    files: tuple[str, ...] = ()
    attach: dict[str, bytes] = Field(default={}, repr=False)
    key: str = ""

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        """The second of two files of one name would take the place of the first, and nobody would see it."""
        if len({*self.files, *self.attach}) < len(self.files) + len(self.attach):
            raise ValueError("two files of one output must not have the same name")
        return self


class Outcome(Noun):
    """What became of an item. `item.route` decides: review waits for a person, everything else is done."""

    item: Item = Field(repr=False)
    outputs: tuple[Output, ...] = ()
    decision: Decision | None = None


class FileSource(Protocol):
    """What Work needs of robocorp's Input."""

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        ...

    def get_file(self, name: str, path: Any = None) -> Path:
        """Writes the content of a file to `path`."""
        ...


class Work:
    """The item in hand: its id, its payload, and its files as local files in a folder that lives as long.

    The payload is a dictionary by the time a bot sees it: the loop has refused any other.
    """

    def __init__(self, id: str, payload: Any, source: FileSource, folder: Path) -> None:
        self.id = id
        self.payload: dict[str, Any] = payload
        self._source, self._folder = source, folder
        self._local: dict[str, Path] = {}
        self._scratches = 0

    def names(self) -> list[str]:
        """The names of the item's files, sorted."""
        return sorted(set(self._source.files))  # Control Room may list a file twice whose upload was tried twice

    def path(self, name: str) -> Path:
        """A local copy of the item's file, under its own name where that is safe. Raises FileNotFoundError."""
        if name not in self._local:
            # A folder per file: two names may differ in nothing that the local file system sees.
            place = self._folder / str(len(self._local))
            place.mkdir()
            self._local[name] = Path(self._source.get_file(name, place / _local_name(name)))
        return self._local[name]

    def scratch(self, content: bytes) -> Path:
        """A local file with that content."""
        self._scratches += 1
        path = self._folder / f"new-{self._scratches}"
        path.write_bytes(content)
        return path


Handle = Callable[[Work], Outcome]
Make = Callable[[str, Work], list[Output]]


def _local_name(name: str) -> str:
    """Control Room and robocorp's FileAdapter promise nothing about names; a path must not lead out of the folder."""
    try:
        return check_name(name)
    except ValueError:
        suffix = Path(name.replace("\0", "")).suffix
        return f"file{suffix if suffix.isascii() and suffix[1:].isalnum() else ''}"
