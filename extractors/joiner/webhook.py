"""What HR and applicant systems send when somebody is hired (JSON) as a page that the form reader reads.

The shapes differ: nested or flat, `firstName` or `first_name`, lists of name and value. Each leaf becomes a line with
its key in words, so that one list of labels serves all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.joiner.labels import label_of
from extractors.plain import decoded, text_pages
from extractors.refusal import Refused
from workitems.items import Page

MOST_BYTES = 2_000_000
MOST_LEAVES, DEEPEST = 600, 12
HEADING = "New employee form (message of an HR system)"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMING = ("name", "label", "key", "field", "title", "question", "id")
_VALUED = ("value", "answer", "text", "content")
_INNER = ("name", "title", "label", "value", "displayname", "display", "fullname", "full_name", "formatted", "text")
# Keys that belong to the message, not to the person:
_ASIDE = frozenset(
    (
        "meta",
        "metadata",
        "webhook",
        "links",
        "sender",
        "signature",
        "created_by",
        "requested_by",
        "recruiter",
        "emergency",
    )
)
Leaf = tuple[tuple[str, ...], str]


def is_webhook(path: Path | str) -> bool:
    """Whether a file is JSON that says who somebody is: at least a name and one more field of a joiner."""
    try:
        found = {label.field for keys, _ in _leaves(_loaded(path)) if (label := label_of(_key_words(keys)))}
    except Refused:
        return False
    named = bool(found & {"surname", "given_names", "name"})
    return named and len(found - {"name", "other"}) >= 2


def read_webhook(path: Path | str) -> list[Page]:
    """The message as pages of lines `first name: Anna`. Raises Refused (unreadable, too_large, blank)."""
    named = ((_key_words(keys), value) for keys, value in _leaves(_loaded(path)))
    lines = [f"{words}: {value}" for words, value in named if words]
    if not lines:
        raise Refused("blank", "The message is empty.")
    return text_pages("\n".join([HEADING, "", *lines]))


def _loaded(path: Path | str) -> Any:
    path = Path(path)
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", "The message is larger than any that a HR system sends.")
    try:
        return json.loads(decoded(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise Refused("unreadable", "The file is no valid JSON.") from error


def _leaves(data: Any) -> list[Leaf]:
    found: list[Leaf] = []
    for leaf in _walk(data, (), 0):
        found.append(leaf)
        if len(found) >= MOST_LEAVES:
            break
    return found


def _walk(data: Any, keys: tuple[str, ...], depth: int) -> Iterator[Leaf]:
    """Keys and values, in the order of the file; `{"label": "Start date", "value": "..."}` counts as one leaf."""
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        pair = _named_value(data)
        if pair is not None:
            yield from _walk(pair[1], (*keys, pair[0]), depth + 1)
            return
        if keys and getattr(label_of(_in_words(keys[-1])), "field", "") == "manager" and (whole := _whole_name(data)):
            yield (*keys, "name"), whole
        for key, value in data.items():
            if str(key).lower() not in _ASIDE:
                yield from _walk(value, (*keys, str(key)), depth + 1)
    elif isinstance(data, list):
        for value in data[:MOST_LEAVES]:
            yield from _walk(value, keys, depth + 1)
    elif data is not None and not isinstance(data, bool) and (text := " ".join(str(data).split())):
        yield keys, text[:300]


def _whole_name(data: dict[Any, Any]) -> str:
    """First and last name in one, where a dictionary has both and no whole name."""
    plain = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in data.items() if isinstance(value, str)}
    first = next((plain[k] for k in ("firstname", "givenname", "vorname", "prenom") if k in plain), "")
    last = next((plain[k] for k in ("lastname", "surname", "familyname", "nachname", "nom") if k in plain), "")
    return f"{first} {last}" if first and last and "name" not in plain else ""


def _named_value(data: dict[Any, Any]) -> tuple[str, Any] | None:
    """A label and its value, where a dictionary is such a pair."""
    lower = {str(key).lower(): value for key, value in data.items()}
    value = next((lower[key] for key in _VALUED if key in lower), None)
    name = next((lower[key] for key in _NAMING if isinstance(lower.get(key), str)), None)
    return (name, value) if value is not None and name is not None and len(data) <= 6 else None


def _key_words(keys: tuple[str, ...]) -> str:
    """The last key in words; one that says nothing alone (`manager.name`, `department.title`) with the one before.

    First and last names of somebody else than the joiner (`manager.firstName`) keep whose they are.
    """
    words = [_in_words(key) for key in keys]
    if not words:
        return ""
    last = words[-1]
    owner = next((w for w in reversed(words[:-1]) if (at := label_of(w)) and at.share == 1.0), "")
    return last if not owner or owner == last else _owned(last, owner)


def _in_words(key: str) -> str:
    return " ".join(_HUMP.sub(" ", key).replace("_", " ").replace("-", " ").split()).lower()


def _owned(last: str, owner: str) -> str:
    """A key below that of something else: its value, or a detail of it that nobody asks for ("")."""
    field = getattr(label_of(owner), "field", "")
    if last.replace(" ", "") in _INNER or last in ("name", "id", "code"):
        return owner if last not in ("id", "code") else f"{owner} id"
    if field in ("manager", "employer", "department", "other"):
        return ""  # the manager's own mail, the department's address
    if field == "address" and last in ("street", "line1", "line 1", "full"):
        return owner
    return last
