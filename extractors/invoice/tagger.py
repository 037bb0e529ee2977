"""First opinion on each line of a receipt's head: belongs to the shop's name, to its address, to neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractors.invoice.head import Head
from extractors.invoice.spans import NONE, Tags

_OWN = (
    "legal", "company", "street", "town", "region", "contact", "id", "title", "name", "date", "opening", "owner",
    "postcode", "brackets", "unclosed", "commas", "comma", "stop", "colon", "digits", "letters", "words", "capitals",
)  # fmt: skip
_PLACE = ("row", "row first", "row early", "gap", "height")
_NEAR = ("legal", "street", "town", "region", "contact", "id", "title", "name", "date", "opening", "postcode", "owner")

_STEPS = (-2, -1, 1, 2)
SIGN_NAMES = (*_OWN, *_PLACE, *(f"{s:+} {n}" for s in _STEPS for n in (*_NEAR, "none")))


def line_texts(head: Head) -> list[str]:
    """Each line as the tagger's letters see it: digits are all alike."""
    return ["".join("0" if c.isdigit() else c for c in line.folded) for line in head.lines]


def line_signs(head: Head) -> list[dict[str, float]]:
    """Place, size and kind of each line and the kinds of its neighbours."""
    found = []
    for n, line in enumerate(head.lines):
        signs = dict(line.signs)
        signs |= {
            "row": float(n),
            "row first": float(n == 0),
            "row early": float(n < 4),
            "gap": head.gap(n),
            "height": head.height(n),
            "letters": line.signs["letters"] / 30,
            "words": line.signs["words"] / 5,
        }
        for step in _STEPS:
            near = head.lines[n + step].signs if 0 <= n + step < len(head.lines) else {}
            signs |= {f"{step:+} {name}": near.get(name, 0.0) for name in _NEAR}
            signs[f"{step:+} none"] = float(not near)
        found.append(signs)
    return found


def tags_of(head: Head, model: Mapping[str, Any]) -> Tags:
    """The model's probabilities for each line."""
    return tags_from(line_matrix(head, model), model) if head.lines else []


def tags_from(lines: Any, model: Mapping[str, Any]) -> Tags:
    """The same from what the tagger sees of the lines."""
    chances = model["tagger"].predict_proba(lines)
    classes = [str(c) for c in model["tagger"].classes_]
    return [NONE | dict(zip(classes, (float(c) for c in row), strict=True)) for row in chances]


def line_matrix(head: Head, model: Mapping[str, Any]) -> Any:
    """What the tagger is fitted to: character n-grams of the line beside its signs."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    letters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=model["buckets"], alternate_sign=False
    ).transform(line_texts(head))
    signs = csr_matrix([[s.get(n, 0.0) for n in model["line_signs"]] for s in line_signs(head)])
    return hstack([letters, signs]).tocsr()
