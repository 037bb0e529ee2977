"""Files that people edit (checklists, letters, playbooks): YAML, checked when read, a mistake told with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from workitems.items import Noun

MOST_BYTES = 1_000_000
N = TypeVar("N", bound=Noun)


def edited_folder(
    folder: Path,
    noun: type[N],
    error: type[Exception],
    name_of: Callable[[N], str],
    faults_of: Callable[[N], Iterable[str]],
) -> dict[str, N]:
    """What stands in all YAML files of a folder, by its name. Raises `error` also with the first fault found in one."""
    found: dict[str, N] = {}
    for file in sorted(folder.glob("*.yaml")):
        told = edited(file, noun, error)
        for fault in faults_of(told):
            raise error(f"{file.name}: {fault}")
        if name_of(told) in found:
            raise error(f"{file.name}: {name_of(told)!r} stands in another file already.")
        found[name_of(told)] = told
    return found


def edited(file: Path, noun: type[N], error: type[Exception]) -> N:
    """The file's content as that noun. Raises `error` with a sentence that names the file and the place."""
    import yaml

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        told = yaml.safe_load(content) if len(content) <= MOST_BYTES else None
    except OSError as fault:
        raise error(f"{file.name} cannot be read ({type(fault).__name__}).") from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise error(f"{file.name} is no YAML{f' (line {mark.line + 1})' if mark else ''}.") from None
    if len(content) > MOST_BYTES:
        raise error(f"{file.name} is larger than such a file may be.")
    if not isinstance(told, dict):
        raise error(f"{file.name} holds no names with values.")
    try:
        return noun.model_validate(told)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])  # as people count
        what = first["msg"].removeprefix("Value error, ")
        raise error(f"{file.name}{f', {where}' if where else ''}: {what}.") from None
