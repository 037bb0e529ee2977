"""The kinds' model learns from answers: the small second model moves a little, the model of the text stays.

Answers come from documents that were posted, so nearly all are invoices and credit notes. That must not teach that
everything is one: the kinds' starting points stay as they are, and the weights are held close to those in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from extractors.kind_features import READER
from extractors.kinds import KINDS, NAME, Look, chances_by, opinions
from extractors.learning import Row, Said
from extractors.model_files import Loaded, load

HELD = 20.0  # how strongly the weights are held: so many documents speak for those in force
STEPS, RATE = 200, 0.02


class KindsLearning:
    """What answers teach about kinds."""

    name = NAME
    reader = READER
    learns_from: Literal["pages"] = "pages"
    about = "Tells which of ten kinds a document is of, with a calibrated probability."

    def base(self) -> Loaded:
        return load(NAME, READER)

    def fit(self, rows: Sequence[Row], base: Any) -> Any:
        """The weights of the second model that explain the answers best, near those in force."""
        import numpy

        known = [r for r in rows if r.pages and _kind(r) in KINDS]
        if not known:
            return base
        x = numpy.array([opinions(base, Look(r.pages))[0] for r in known])
        wanted = numpy.eye(len(KINDS))[[KINDS.index(_kind(r)) for r in known]]
        weight = numpy.array([r.weight for r in known])[:, None]
        start = base["weights"].astype(float)
        moved = start.copy()
        for _ in range(STEPS):
            scores = x @ moved.T + base["bias"]
            chances = numpy.exp(scores - scores.max(1, keepdims=True))
            chances /= chances.sum(1, keepdims=True)
            slope = ((chances - wanted) * weight).T @ x + HELD * (moved - start)
            moved -= RATE * slope / (len(known) + HELD)
        return base | {"weights": moved.astype(numpy.float32)}

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        if not any(page.words for page in row.pages):
            return {}
        chances = chances_by(model, Look(row.pages))
        best = max(range(len(KINDS)), key=chances.__getitem__)
        return {"kind": Said(value=KINDS[best], confidence=chances[best])}

    def same(self, field: str, value: str, label: str) -> bool:
        return value == label


def _kind(row: Row) -> Any:
    return row.truth.get("kind") or row.kind


TRAINABLE = KindsLearning()
