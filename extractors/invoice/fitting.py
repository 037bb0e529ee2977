"""What the rankers are fitted to: candidates with their signs, which of them are right, and the trees through them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.invoice.head import Head
from extractors.invoice.ranking import matrix
from extractors.invoice.spans import Span, Tags, address_signs, address_spans, name_signs, name_spans
from extractors.invoice.spelling import mend_address, mend_name
from extractors.invoice.trees import of_boosting, of_forest

ENOUGH = 80.0
"""How alike (of 100) the nearest span must be to the label to be the right one, misread letters and all."""
KEPT = 40
"""Wrong candidates of a receipt that the trees see."""

Signs = Mapping[str, float]


def squeezed(value: str) -> str:
    """Letters and digits in lower case; `&` is a word."""
    folded = unicodedata.normalize("NFKC", value).replace("&", " and ").casefold()
    return "".join(c for c in folded if c.isalnum())


@dataclass
class Rows:
    """Candidates with their signs, whether each is right, and what it weighs."""

    signs: list[Signs] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, candidates: Sequence[tuple[Signs, bool]], weight: float) -> None:
        """The candidates of one paper."""
        for signs, right in candidates:
            self.signs.append(signs)
            self.right.append(right)
            self.weights.append(weight)


def names_of(head: Head, label: str) -> tuple[list[Span], list[bool]]:
    """Spans that may be the name, and which of them are the nearest to the label."""
    return gold_spans(list(name_spans(head)), label, mend_name)


def addresses_of(head: Head, label: str) -> tuple[list[Span], list[bool]]:
    """Spans that may be the address, and which of them are the nearest to the label."""
    return gold_spans(list(address_spans(head)), label, mend_address)


def gold_spans(spans: list[Span], label: str, mend: Callable[[str], str]) -> tuple[list[Span], list[bool]]:
    """The spans, and which of them are the nearest to the label."""
    from rapidfuzz.fuzz import ratio

    wanted = squeezed(label)
    fits = [ratio(squeezed(mend(s.text)), wanted) if _alike_in_size(s.text, wanted) else 0.0 for s in spans]
    best = max(fits, default=0.0)
    return spans, [best >= ENOUGH and f == best for f in fits]


def _alike_in_size(text: str, wanted: str) -> bool:
    """Whether a text may be alike enough: most are too short or too long, and mending them takes time."""
    size = sum(c.isalnum() for c in text)
    return bool(wanted) and 0.55 * len(wanted) < size < 1.8 * len(wanted)


def span_rows(head: Head, tags: Tags, found: tuple[list[Span], list[bool]], kind: str) -> list[tuple[Signs, bool]]:
    """The right spans, and wrong ones near and far from them; nothing where none is right."""
    spans, right = found
    if not any(right):
        return []
    signs_of = name_signs if kind == "name" else address_signs
    gold = next(s for s, r in zip(spans, right, strict=True) if r)
    wrong = [n for n, r in enumerate(right) if not r]
    near = [n for n in wrong if spans[n].last >= gold.first - 1 and spans[n].first <= gold.last + 1]
    far = sorted(set(wrong) - set(near))
    kept = [n for n, r in enumerate(right) if r] + _some(near, KEPT * 2 // 3) + _some(far, KEPT // 3)
    return [(signs_of(head, tags, spans[n]), right[n]) for n in kept]


def _some(items: list[int], count: int) -> list[int]:
    """At most `count` of them, evenly spread."""
    return items if len(items) <= count else [items[n * len(items) // count] for n in range(count)]


def trees(rows: Rows, seed: int = 7) -> dict[str, Any]:
    """Two kinds of trees whose mean opinion is better than either."""
    import numpy
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

    names = sorted({n for s in rows.signs for n in s})
    x, y, w = matrix(rows.signs, names), numpy.array(rows.right), numpy.array(rows.weights)
    boost = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.07, max_leaf_nodes=15, min_samples_leaf=12, l2_regularization=2.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    forest = ExtraTreesClassifier(80, min_samples_leaf=3, max_features=0.3, max_depth=16, random_state=seed, n_jobs=1)
    boost.fit(x, y, sample_weight=w)
    forest.fit(x, y, sample_weight=w)
    return {"signs": names, "forests": [of_boosting(boost), of_forest(forest)]}


def small_forest(rows: Rows, names: Sequence[str], seed: int = 7) -> dict[str, Any]:
    """Few trees through few rows, over signs that are named already."""
    import numpy
    from sklearn.ensemble import ExtraTreesClassifier

    forest = ExtraTreesClassifier(60, min_samples_leaf=3, max_features=0.3, max_depth=10, random_state=seed, n_jobs=1)
    forest.fit(matrix(rows.signs, names), numpy.array(rows.right), sample_weight=numpy.array(rows.weights))
    return of_forest(forest)
