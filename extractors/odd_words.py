"""Words that no honest document has, made harmless before any finder sees them.

Patterns take a time that grows with the square of one unbroken run of letters, so runs are cut; control characters and
marks that turn the direction of writing would make people and terminals see something else than what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workitems.items import Page, Word

LONGEST = 250  # characters; a long web address has 150
_UNSEEN = re.compile("[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def without_odd_words(pages: Sequence[Page]) -> list[Page]:
    """The pages with plain words only; offsets into a text file stay true."""
    return [_plain(page) for page in pages]


def _plain(page: Page) -> Page:
    if not any(_is_odd(word) for word in page.words):
        return page
    words = (piece for word in page.words for piece in (_pieces(word) if _is_odd(word) else (word,)))
    return page.model_copy(update={"words": tuple(words)})


def _is_odd(word: Word) -> bool:
    return len(word.text) > LONGEST or (not word.text.isprintable() and _UNSEEN.search(word.text) is not None)


def _pieces(word: Word) -> Iterator[Word]:
    x0, y0, x1, y1 = word.box
    step = (x1 - x0) / len(word.text)
    for at in range(0, len(word.text), LONGEST):
        whole = word.text[at : at + LONGEST]
        box = (x0 + at * step, y0, x0 + (at + len(whole)) * step, y1)
        start = None if word.start is None else word.start + at
        if seen := _UNSEEN.sub("", whole):
            yield word.model_copy(update={"text": seen, "box": box, "start": start})
