"""What `run.py check` looks at for the contract desk: the playbook, which lawyers edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from bots.contracts.playbook_files import PlaybookError, load_playbook

if TYPE_CHECKING:
    from tasks.desks import Look
    from tasks.settings import Settings


def looks(settings: Settings) -> Mapping[str, Look]:
    """By part."""
    return {"playbook": lambda: playbook(settings)}


def playbook(settings: Settings) -> tuple[Literal["ok", "warn", "fail"], str]:
    """Whether it can be understood; a mistake is named with its file and place."""
    folder = settings.contracts.playbook
    try:
        known = load_playbook(folder)
    except (PlaybookError, OSError) as error:
        return "fail", f"Until it is mended no contract is checked: {error}"
    return "ok", f"Version {known.version} of {folder or 'the suite'} is in force."
