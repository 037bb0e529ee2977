"""What a desk is to the reading step: who takes a document that has been read, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from workitems.items import DocumentItem, Doubt, Kind, Paper, Route
from workitems.work import Outcome, Work

JudgeAlone = Callable[[Paper], tuple[Route, tuple[Doubt, ...]] | None]
"""The route of a document as far as it alone can say, and all doubts; None: not this desk's."""


class DocumentDesk(Protocol):
    """One desk's part in `read_documents`. The desks are asked in turn; the first that takes a document has it."""

    def takes(self, item: DocumentItem, kind: Kind) -> bool:
        """Whether the document is for this desk; `kind` is what a person said, else what was read."""
        ...

    def handle(self, work: Work, item: DocumentItem) -> Outcome:
        """The document: handed on as items of the desk, to a person with doubts, or to the end. Raises TryLater."""
        ...


def desk_for(desks: Sequence[DocumentDesk], item: DocumentItem, kind: Kind) -> DocumentDesk | None:
    """The desk that takes the document; None where nobody does."""
    return next((desk for desk in desks if desk.takes(item, kind)), None)
