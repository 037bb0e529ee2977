"""A contract as its finders see it: running text, pieces, headings, definitions, annexes, places on the pages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.contract.headings import (
    Definition,
    Exhibit,
    Heading,
    definitions_of,
    exhibits_of,
    headings_of,
    signature_of,
)
from extractors.contract.joining import Placed, joined
from extractors.contract.segments import Piece, pieces_of
from extractors.pages import box_around
from workitems.items import Box, Page

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list item without its number and heading; `heading` is an index into the headings."""

    start: int
    end: int
    label: str  # "8.2", "(a)", or nothing
    heading: int | None


class ContractText:
    """The text of a contract and what orders it. Offsets are those of `text`; for a .txt file also the file's own."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self.text, self._words = joined(pages)
        self._starts = [w.start for w in self._words]

    @classmethod
    def of_text(cls, text: str) -> ContractText:
        """A text without pages: nothing in it has a place on paper."""
        doc = cls(())
        doc.text = text
        return doc

    @cached_property
    def _pieces(self) -> list[Piece]:
        return pieces_of(self.text)

    @cached_property
    def _order(self) -> tuple[tuple[Heading, ...], tuple[int | None, ...]]:
        return headings_of(self._pieces)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences and list items in their order; headings are none."""
        under = self._order[1]
        return tuple(
            Sentence(p.start, p.end, p.label, at) for p, at in zip(self._pieces, under, strict=True) if not p.empty
        )

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings in their order; each knows the one above it."""
        return self._order[0]

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Defined terms and where they are defined."""
        return definitions_of(self.text)

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """Annexes behind the contract's body."""
        return exhibits_of(self.text)

    @cached_property
    def signature(self) -> Span | None:
        """Where the parties sign; None where nobody does."""
        return signature_of(self.text, self.exhibits)

    def titles(self, heading: int | None) -> tuple[str, ...]:
        """The titles that stand over a sentence, the nearest first."""
        found: list[str] = []
        while heading is not None:
            found.append(self.headings[heading].title)
            heading = self.headings[heading].parent
        return tuple(found)

    def page_of(self, offset: int) -> int:
        """The number of the page that the character stands on."""
        if not self._words:
            return self._pages[0].number if self._pages else 1
        at = max(bisect_right(self._starts, offset) - 1, 0)
        return self._pages[self._words[at].page].number

    def box_of(self, start: int, end: int) -> Box | None:
        """The box around the span's words on the page where it begins; None where it holds no word."""
        words = self.words_in(start, end)
        return box_around([w.word for w in words if w.page == words[0].page]) if words else None

    def words_in(self, start: int, end: int) -> list[Placed]:
        """The words that the span holds or touches."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._words[first].end <= start:
            first += 1
        return self._words[first : bisect_left(self._starts, end)]
