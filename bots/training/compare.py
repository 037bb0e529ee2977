"""Is a candidate better than the model in force? A paired comparison on answers that neither was fitted to."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from extractors.learning import Row, Scored
from workitems.items import Noun

FOLDS = 5


class TrainingPolicy(Noun):
    """When a learnt model is promoted."""

    documents: int = 60  # fewer answered documents teach nothing that could be told from chance
    suppliers: int = 8  # neither do fewer suppliers
    margin: float = 0.002  # the mean loss of a reading must fall by so much
    sureness: float = 1.645  # and by so many standard errors over suppliers: 1.645 is 95%, one-sided
    field_margin: float = 0.01  # no field's share of right readings may fall by more
    shadow_documents: int = 0  # the candidate must have been in the shadow on so many documents first
    newest: int = 3000  # rows: of more documents the newest are taken


class Comparison(Noun):
    """The figures of a comparison, and whether they speak for the candidate."""

    better: bool
    why: str
    documents: int
    suppliers: int
    readings: int
    gain: float = 0.0  # mean loss of the model in force less that of the candidate
    error: float = 0.0  # standard error of it, over suppliers
    right_before: float = 0.0
    right_after: float = 0.0


def fold_of(text: str) -> int:
    """The fold of a group or of an item: always the same."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) % FOLDS


def too_few(rows: Sequence[Row], policy: TrainingPolicy) -> str | None:
    """A sentence where the rows cannot teach anything yet."""
    groups = len({row.group for row in rows})
    if len(rows) >= policy.documents and groups >= policy.suppliers:
        return None
    need = f"{policy.documents} documents of {policy.suppliers} suppliers"
    return f"There are answers for {len(rows)} documents of {groups} suppliers; training begins at {need}."


def loss(scored: Scored) -> float:
    """0 for a reading that is right and sure, 2 for one that is wrong and sure."""
    return (scored.confidence - scored.right) ** 2 + (0.0 if scored.right else 1.0)


def compare(
    before: Sequence[Scored], after: Sequence[Scored], rows: Sequence[Row], policy: TrainingPolicy
) -> Comparison:
    """`before` and `after` score the same rows; `after` comes from models that did not see the row's supplier."""
    groups = {row.item: row.group for row in rows}
    old = {(s.item, s.field): s for s in before}
    pairs = [(old[s.item, s.field], s) for s in after if (s.item, s.field) in old]
    by_group: dict[str, list[float]] = defaultdict(list)
    for b, a in pairs:
        by_group[groups[b.item]].append((loss(b) - loss(a)) * b.weight)
    total = sum(b.weight for b, _ in pairs) or 1.0
    gain = sum(sum(g) for g in by_group.values()) / total
    error = _clustered_error(by_group, gain, total)
    figures = Comparison(
        better=False,
        why="",
        documents=len({b.item for b, _ in pairs}),
        suppliers=len(by_group),
        readings=len(pairs),
        gain=round(gain, 6),
        error=round(error, 6),
        right_before=_right([b for b, _ in pairs]),
        right_after=_right([a for _, a in pairs]),
    )
    why = _against(figures, pairs, policy)
    return figures.model_copy(update={"better": why is None, "why": why or "It is better by more than chance."})


def _clustered_error(by_group: Mapping[str, Sequence[float]], gain: float, total: float) -> float:
    """Readings of one supplier go wrong together: the groups are what is independent."""
    count = len(by_group)
    if count < 2:
        return math.inf
    mean_size = total / count
    residuals = [sum(values) - gain * mean_size for values in by_group.values()]
    return math.sqrt(sum(r * r for r in residuals) * count / (count - 1)) / total


def _against(figures: Comparison, pairs: Sequence[tuple[Scored, Scored]], policy: TrainingPolicy) -> str | None:
    if figures.gain < policy.margin:
        return f"It is not better: the mean loss falls by {figures.gain:.4f}, and {policy.margin:.4f} is asked."
    if figures.gain < policy.sureness * figures.error:
        return f"It may be chance: the mean loss falls by {figures.gain:.4f} ± {figures.error:.4f}."
    for field in sorted({b.field for b, _ in pairs}):
        mine = [(b, a) for b, a in pairs if b.field == field]
        fall = _right([b for b, _ in mine]) - _right([a for _, a in mine])
        if len(mine) >= 20 and fall > policy.field_margin:
            return f"It is worse at {field}: {fall:.1%} fewer are right."
    return None


def _right(scored: Sequence[Scored]) -> float:
    total = sum(s.weight for s in scored)
    return round(sum(s.weight * s.right for s in scored) / total, 6) if total else 0.0


def figures_of(unknown: Sequence[Scored], known: Sequence[Scored]) -> dict[str, dict[str, float | None]]:
    """By field: how many, the share that is right, the calibration's error, for suppliers unknown and known."""
    found: dict[str, dict[str, float | None]] = {}
    for field in ["all", *sorted({s.field for s in (*unknown, *known)})]:
        row: dict[str, float | None] = {}
        for name, scored in (("unknown", unknown), ("known", known)):
            mine = [s for s in scored if field in ("all", s.field)]
            row |= {f"{name}_n": float(len(mine)), f"{name}_right": _right(mine) if mine else None}
            row[f"{name}_calibration"] = calibration_error(mine) if mine else None
        found[field] = row
    return found


def calibration_error(scored: Sequence[Scored]) -> float:
    """The mean distance between how sure and how often right, in ten bins."""
    bins: dict[int, list[Scored]] = defaultdict(list)
    for s in scored:
        bins[min(9, int(10 * s.confidence))].append(s)
    return round(sum(abs(sum(s.confidence - s.right for s in b)) for b in bins.values()) / len(scored), 4)
