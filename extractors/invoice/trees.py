"""Fitted trees as arrays: they load at once, and a model file holds numbers instead of a thousand objects.

Made from scikit-learn's estimators where a model is trained; numpy alone reads them. A row goes left at a node where
its value is at most the threshold. Leaves lead to themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Forest = Mapping[str, Any]
"""`sign`, `limit`, `left`, `right`, `value` of all nodes of all trees; `roots`; `depth`; `start`, `share` and `logit`
say how the leaves' values become a probability."""


def probabilities(forest: Forest, rows: Any) -> Any:
    """The probability for each row (float32)."""
    import numpy

    sign, limit, left, right = forest["sign"], forest["limit"], forest["left"], forest["right"]
    lines = numpy.arange(len(rows))[:, None]
    at = numpy.repeat(forest["roots"][None, :], len(rows), axis=0)
    for _ in range(int(forest["depth"])):
        at = numpy.where(rows[lines, sign[at]] <= limit[at], left[at], right[at])
    total = float(forest["start"]) + forest["value"][at].sum(axis=1) * float(forest["share"])
    return 1 / (1 + numpy.exp(-total)) if forest["logit"] else total


def of_boosting(estimator: Any) -> dict[str, Any]:
    """A HistGradientBoostingClassifier of two classes without categories and missing values."""
    trees = []
    for (predictor,) in estimator._predictors:
        n = predictor.nodes
        leaf = n["is_leaf"].astype(bool)
        trees.append((n["feature_idx"], n["num_threshold"], n["left"], n["right"], n["value"], leaf))
    return _packed(trees, start=float(estimator._baseline_prediction.ravel()[0]), share=1.0, logit=True)


def of_forest(estimator: Any) -> dict[str, Any]:
    """A forest classifier of two classes."""
    trees = []
    for one in estimator.estimators_:
        tree = one.tree_
        shares = tree.value[:, 0, 1] / tree.value[:, 0, :].sum(axis=1)
        leaf = tree.children_left < 0
        trees.append((tree.feature, tree.threshold, tree.children_left, tree.children_right, shares, leaf))
    return _packed(trees, start=0.0, share=1.0 / len(trees), logit=False)


def _packed(trees: list[Any], start: float, share: float, logit: bool) -> dict[str, Any]:
    import numpy

    offset, roots, parts, depth = 0, [], [], 0
    for sign, limit, left, right, value, leaf in trees:
        own = numpy.arange(len(leaf)) + offset
        go_left = numpy.where(leaf, own, left.astype(numpy.int64) + offset)
        go_right = numpy.where(leaf, own, right.astype(numpy.int64) + offset)
        parts.append((numpy.where(leaf, 0, sign), numpy.where(leaf, 0.0, limit), go_left, go_right, value))
        depth = max(depth, _depth(go_left - offset, go_right - offset))
        roots.append(offset)
        offset += len(leaf)
    names = (("sign", "int16"), ("limit", "float32"), ("left", "int32"), ("right", "int32"), ("value", "float32"))
    arrays = {name: numpy.concatenate([p[n] for p in parts]).astype(kind) for n, (name, kind) in enumerate(names)}
    # A threshold that float32 rounds down would send a row equal to it to the other side.
    arrays["limit"] = numpy.nextafter(arrays["limit"], numpy.float32(numpy.inf), dtype=numpy.float32)
    return arrays | {
        "roots": numpy.array(roots, dtype=numpy.int32), "depth": depth, "start": start, "share": share, "logit": logit,
    }  # fmt: skip


def _depth(left: Any, right: Any) -> int:
    """How many steps lead from the root to the farthest leaf."""
    depth, level = 0, {0}
    while level := {int(c) for n in level for c in (left[n], right[n]) if c != n}:
        depth += 1
    return depth
