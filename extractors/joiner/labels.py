"""The words that forms put beside or above a value, in English, German and French (some Spanish, Italian and Dutch)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from extractors.values import plain

# Expressions over folded text. `name` is a whole name; `other` is asked for by forms and is nothing that we want: what
# stands there is no other value.
_LABELS: dict[str, list[str]] = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))
_EXACT = {field: re.compile("|".join(patterns)) for field, patterns in _LABELS.items()}
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})?[.)]\s+|[a-z]\)\s+|[-•*□☐]\s+)")
_CLOSING = re.compile(r"[\s:.*_…?!]*$")
_OWNER = re.compile(
    r"^(?:the |your |ihr[e]? |votre )?(?:employee|person|personal|new hire|new starter|joiner|candidate|worker"
    r"|applicant|employment|job|contact|passport|identity|mitarbeiter(?:s|in)?|du salarie|position|contract|contrat"
    r"|primary|assignment|data|profile)(?:'s)?[ /:.-]+"
)
FIELDS = tuple(field for field in _LABELS if field not in ("name", "other"))


class Label(NamedTuple):
    """A label: of which field, where in its cell it ends, and how much of what stands before a colon it explains."""

    field: str
    end: int
    share: float


def label_of(text: str) -> Label | None:
    """The label with which the text of a cell begins; the longest where several would do."""
    folded = plain(text).replace("ß", "s")
    start = found.end() if (found := _NUMBERING.match(folded)) else 0
    colon = folded.find(":", start)
    head = _CLOSING.sub("", folded[start : colon if 0 <= colon <= 60 else len(folded)])
    parts = _parts(head)
    whole = [field for part in parts for field, pattern in _EXACT.items() if pattern.fullmatch(part)]
    whole.sort(key=lambda field: field == "name")  # "Nom / Surname" is no whole name
    if whole:
        end = colon + 1 if 0 <= colon <= 60 else len(folded)
        return Label(whole[0], end, 1.0)
    best = _longest(folded, start)
    if best is None:
        return None
    share = (best[0] - start) / max(len(head), 1)
    if 0 <= colon <= 60:
        return Label(best[1], colon + 1, share) if share >= 0.4 else None
    return Label(best[1], best[0], share)


def _longest(folded: str, start: int) -> tuple[int, str] | None:
    """Where the longest label ends with which a text begins, and its field."""
    ends = [found.end() for found in re.finditer(r"\S+", folded)][:8]
    for end in reversed([end for end in ends if end > start]):
        head = _CLOSING.sub("", folded[start:end])
        for field, pattern in _EXACT.items():
            if any(pattern.fullmatch(part) for part in _parts(head)):
                return end, field
    return None


def _parts(head: str) -> list[str]:
    """A label without what it says in brackets and whose it is, in each of the languages that it is written in."""
    head = re.sub(r"\s*\([^)]{4,}\)?$", "", head)
    parts = [head, *re.split(r"\s*[/|]\s+|\s+[/|]\s*|\s+-\s+", head)]
    return [short for part in parts for short in (part.strip(), _OWNER.sub("", part.strip()))]
