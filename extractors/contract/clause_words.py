"""What a sentence of a contract says, as weighted words: its own, those of its headings, those that lead in a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING, Any

from extractors.contract.document import ContractText

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BLOCKS = ("own", "heading", "lead")
WEIGHTS = {"own": 1.0, "heading": 0.4, "lead": 0.3}
"""A heading helps at a third of the sentence's weight and hurts at all of it."""
FEWEST = {"own": 6, "heading": 4, "lead": 10}
"""In so many sentences of the training set a word has to stand."""
LONGEST_LEAD = 40  # words
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[$%€£]")

Said = tuple[list[str], list[str], list[str]]
"""The features of a sentence by block."""


def words_of(text: str) -> list[str]:
    """Lower-case words; a number counts by its digits alone, so that amounts and years are alike."""
    return ["0" * min(len(w), 4) if w[0].isdigit() else w for w in _WORD.findall(text.lower())]


def said_by(doc: ContractText) -> list[Said]:
    """What each sentence says, in order."""
    rows = [words_of(doc.text[s.start : s.end]) for s in doc.sentences]
    found: list[Said] = []
    lead: list[str] = []
    for n, sentence in enumerate(doc.sentences):
        if n and doc.text[doc.sentences[n - 1].end - 1] == ":":
            lead = rows[n - 1]
        elif not (sentence.label.startswith("(") or doc.text[sentence.start].islower()):
            lead = []
        titles = [words_of(t) for t in doc.titles(sentence.heading)[:2]]
        found.append((_own(rows[n]), _heading(titles), sorted({"l:" + w for w in lead[-LONGEST_LEAD:]})))
    return found


def _own(words: Sequence[str]) -> list[str]:
    pairs = [f"{a}_{b}" for a, b in pairwise(words)]
    triples = [f"{a}_{b}_{c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)]
    return [*words, *pairs, *triples]


def _heading(titles: Sequence[Sequence[str]]) -> list[str]:
    if not titles:
        return []
    near = titles[0]
    pairs = [f"h:{a}_{b}" for a, b in pairwise(near)]
    return [*("h:" + w for w in near), *pairs, *("g:" + w for title in titles[1:] for w in title)]


@dataclass(frozen=True)
class Vocabulary:
    """Columns and rarity weights of the words that count."""

    column: Mapping[str, int]
    rarity: Any  # float32 by column

    @classmethod
    def fitted(cls, said: Iterable[Said]) -> Vocabulary:
        """The words that stand in enough of the sentences."""
        import numpy as np

        counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
        total = 0
        for row in said:
            total += 1
            for counter, words in zip(counts, row, strict=True):
                counter.update(set(words))
        kept = [(w, n) for b, c in zip(BLOCKS, counts, strict=True) for w, n in sorted(c.items()) if n >= FEWEST[b]]
        rarity = np.log((1 + total) / (1 + np.array([n for _, n in kept]))) + 1
        return cls({w: i for i, (w, _) in enumerate(kept)}, rarity.astype(np.float32))

    def matrix(self, said: Sequence[Said]) -> csr_matrix:
        """A row for each sentence; each block has the length of its weight."""
        import numpy as np
        from scipy.sparse import csr_matrix

        blocks = [words for row in said for words in row]
        which = np.repeat(np.arange(len(blocks)), [len(words) for words in blocks])
        every = chain.from_iterable(blocks)
        column = np.fromiter(map(self.column.get, every, repeat(-1)), np.int64, len(which))
        places, counts = np.unique((which * len(self.rarity) + column)[column >= 0], return_counts=True)
        which, column = np.divmod(places, len(self.rarity))
        data = (1 + np.log(counts.astype(np.float32))) * self.rarity[column]
        lengths = np.sqrt(np.bincount(which, data * data, len(blocks)))
        data *= np.tile([WEIGHTS[block] for block in BLOCKS], len(said))[which] / lengths[which]
        ends = np.searchsorted(which, np.arange(len(said) + 1) * len(BLOCKS))
        return csr_matrix((data.astype(np.float32), column, ends), shape=(len(said), len(self.rarity)))
