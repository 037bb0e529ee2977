"""Whether the visible page says what the XML says."""

from __future__ import annotations

from workitems.items import Doubt, Page, Paper


def disagreements(paper: Paper, pages: list[Page]) -> list[Doubt]:
    """Doubts for values that the page clearly shows otherwise."""
    return []
