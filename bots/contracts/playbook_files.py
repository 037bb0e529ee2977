"""The playbook's files: YAML that lawyers edit, checked when it is loaded, a mistake is named with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bots.contracts.playbook_nouns import Chapter, Position, Side
from bots.edited_files import edited

SHIPPED = Path(__file__).parent / "playbook"


class PlaybookError(Exception):
    """A file of the playbook is not valid; the message names the file and the place."""


@dataclass(frozen=True)
class Playbook:
    """All chapters; `version` names their content."""

    chapters: tuple[Chapter, ...]
    version: str

    def positions(self, contract_type: str, side: Side) -> Mapping[str, Position]:
        """What holds for such a contract, by category: the most special chapter that speaks of it decides."""
        ranked = [(rank, c) for c in self.chapters if (rank := c.rank(contract_type, side)) is not None]
        made: dict[str, Position] = {}
        for _, chapter in sorted(ranked, key=lambda each: each[0]):
            made |= {p.category: _inheriting(p, made.get(p.category)) for p in chapter.positions}
        return MappingProxyType(made)


def load_playbook(folder: Path | None = None) -> Playbook:
    """The playbook of a folder of YAML files (default: the one that comes with the suite). Raises PlaybookError."""
    folder = folder or SHIPPED
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise PlaybookError(f"{folder} holds no playbook (*.yaml).")
    print_of = hashlib.sha256()
    chapters = []
    for file in files:
        chapters.append(edited(file, Chapter, PlaybookError))
        print_of.update(file.read_bytes())
    newest = max(c.version for c in chapters)
    return Playbook(tuple(chapters), f"{newest}+{print_of.hexdigest()[:8]}")


def _inheriting(special: Position, general: Position | None) -> Position:
    """A special position without wording of its own keeps the approved words of the general one."""
    if general is None or special.wordings:
        return special
    return special.model_copy(update={"preferred": general.preferred, "fallback": general.fallback})
