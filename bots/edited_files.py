"""Files that people edit (checklists, letters, playbooks): YAML, checked when read, a mistake told with its place."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from workitems.items import Noun

MOST_BYTES = 1_000_000
N = TypeVar("N", bound=Noun)


def edited(name: str, content: bytes, noun: type[N], error: type[Exception]) -> N:
    """The file's content as that noun. Raises `error` with a sentence that names the file and the place."""
    import yaml

    if len(content) > MOST_BYTES:
        raise error(f"{name} is larger than such a file may be.")
    try:
        told = yaml.safe_load(content)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise error(f"{name} is no YAML{f' (line {mark.line + 1})' if mark else ''}.") from None
    if not isinstance(told, dict):
        raise error(f"{name} holds no names with values.")
    try:
        return noun.model_validate(told)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise error(f"{name}{f', {where}' if where else ''}: {first['msg']}.") from None
