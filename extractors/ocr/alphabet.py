"""The recogniser's last layer in two steps: the common signs first, all others only where none of those is meant.

The recogniser knows 18,700 signs, nine in ten of them Chinese; to ask for all of them at each step along a line takes a
fifth of its time. How high the best sum is (before it becomes a probability) says whether a common sign is meant at
all: where it is low, the whole alphabet is asked, so that the same is read as without this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

CERTAIN = 16.0
"""The sum from which a common sign is meant. On receipts and invoices 99 % of the steps are above; of those where a
sign that is not common was the best one, or took more than 5 %, none is."""
_COMMON = ((0x0, 0x24F), (0x370, 0x3FF), (0x2000, 0x21FF), (0x3000, 0x303F), (0xFF00, 0xFFEF))
"""Unicode's ranges of letters, digits and punctuation: Latin, Greek, currencies, arrows; full-width forms."""


class Steps(NamedTuple):
    """What was seen at each step along a line."""

    best: Any  # place of the best sign in the whole alphabet; 0 is none
    sure: Any  # its probability
    gaps: Any  # the probability of a space


class Alphabet:
    """The last layer, for what the common signs do not explain."""

    def __init__(self, common: Any, weights: Any, added: Any) -> None:
        """`common`: places of the common signs in the whole alphabet; `weights`: a row a feature, a column a sign."""
        self._common, self._weights, self._added = common, weights, added

    def steps(self, found: Sequence[Any], at: int) -> Steps:
        """Of line `at` from the five outputs of the model that `split` made."""
        import numpy

        sure, best, gaps, sums = (found[i][at, :, 0] for i in range(4))
        best = self._common[best]
        low = numpy.flatnonzero(sums < CERTAIN)
        if not len(low):
            return Steps(best, sure, gaps)
        every = found[4][at][:, low].T @ self._weights + self._added
        every -= every.max(axis=1, keepdims=True)
        chances = numpy.exp(every, out=every)
        chances /= chances.sum(axis=1, keepdims=True)
        sure, gaps = sure.copy(), gaps.copy()
        best[low] = chances.argmax(axis=1)
        sure[low], gaps[low] = chances.max(axis=1), chances[:, -1]
        return Steps(best, sure, gaps)


def split(model: Any, characters: Sequence[str]) -> tuple[Any, Alphabet]:
    """The recogniser with a short last layer, and the rest of that layer.

    `characters`: the whole alphabet, "" for none, a space at the end.

    Outputs per step: the best common sign's probability, its place among the common ones, a space's probability, the
    best sum; and the features that the layer is fed with. Raises ValueError for a model of another make.
    """
    import numpy
    from openvino import Model
    from openvino import opset13 as operations

    features, weights, added = _last_layer(model)
    if weights.shape[1] != len(characters):
        raise ValueError("the recogniser's last layer is not as wide as its alphabet")
    common = numpy.array([i for i, sign in enumerate(characters) if not sign or _is_common(sign)])
    product = operations.matmul(features, operations.constant(weights[:, common]), True, False)
    sums = operations.add(product, operations.constant(added[common]))
    chances = operations.softmax(sums, 2)
    one, last = operations.constant(1, dtype=numpy.int32), operations.constant(2)
    best = operations.topk(chances, one, 2, "max", "none", index_element_type="i32")
    gap = operations.gather(chances, operations.constant([len(common) - 1], dtype=numpy.int32), last)
    highest = operations.reduce_max(sums, operations.constant([2]), keep_dims=True)
    outputs = [best.output(0), best.output(1), gap.output(0), highest.output(0), features]
    return Model(outputs, model.get_parameters(), "recogniser"), Alphabet(common, weights, added)


def _last_layer(model: Any) -> tuple[Any, Any, Any]:
    """What feeds the last layer, its weights and what it adds."""
    node = model.get_result().input_value(0).get_node()
    while node.get_type_name() in ("Softmax", "Identity"):
        node = node.input_value(0).get_node()
    product = node.input_value(0).get_node()
    if node.get_type_name() != "Add" or product.get_type_name() != "MatMul":
        raise ValueError("the recogniser's last layer is of another make")
    constants = product.input_value(1).get_node(), node.input_value(1).get_node()
    return product.input_value(0), *(constant.get_data().astype("float32") for constant in constants)


def _is_common(sign: str) -> bool:
    return any(first <= ord(sign[0]) <= last for first, last in _COMMON)
