"""The detector's last layers at a fourth of their cost: the same map of text, as bytes.

The model enlarges its map twice by the factor two, at full size and with four bytes a number. Each enlarging
computes four new points of one old one, so both are done as layers over the small map that give sixteen numbers a
point; those are put in their places afterwards.
"""

from __future__ import annotations

from typing import Any

POINTS = 16  # of the full map for one of the small map: four rows of four
_WHOLE = 255  # what probability 1 is as a byte


def with_short_end(model: Any) -> Any:
    """The model with bytes (rows, columns, POINTS) as its output; one of another make with bytes of its full map.

    The new layers are named "four" and "sixteen".
    """
    import numpy
    from openvino import Model
    from openvino import opset13 as operations

    steps = _enlarging(model)
    if steps is None:
        chances = operations.transpose(
            model.get_result().input_value(0), operations.constant(numpy.array([0, 2, 3, 1]))
        )
    else:
        features, (first, first_added), (second, second_added) = steps
        four = operations.relu(_layer(features, _as_four(first), numpy.tile(first_added, 4), "four"))
        sixteen = _layer(four, _as_sixteen(second), numpy.repeat(second_added, POINTS), "sixteen")
        chances = operations.transpose(operations.sigmoid(sixteen), operations.constant(numpy.array([0, 2, 3, 1])))
    scaled = operations.add(
        operations.multiply(chances, operations.constant(numpy.float32(_WHOLE))),
        operations.constant(numpy.float32(0.5)),
    )
    return Model([operations.convert(scaled, "u8").output(0)], model.get_parameters(), "detector")


def full_map(found: Any) -> Any:
    """The map of text, 0 to 255, from what the model of `with_short_end` gave for one page."""
    import numpy

    high, wide, points = found.shape
    if points != POINTS:
        return found[:, :, 0]
    return numpy.ascontiguousarray(found.reshape(high, wide, 4, 4).transpose(0, 2, 1, 3)).reshape(4 * high, 4 * wide)


def _layer(features: Any, weights: Any, added: Any, name: str) -> Any:
    from openvino import opset13 as operations

    found = operations.convolution(features, operations.constant(weights), [1, 1], [0, 0], [0, 0], [1, 1])
    found.set_friendly_name(name)
    return operations.add(found, operations.constant(added.reshape(1, -1, 1, 1)))


def _as_four(weights: Any) -> Any:
    """Weights (from, to, 2, 2) of an enlarging layer as those of a layer that gives (row, column, to) at each point."""
    import numpy

    before, after = weights.shape[:2]
    return numpy.ascontiguousarray(weights.transpose(2, 3, 1, 0)).reshape(4 * after, before, 1, 1)


def _as_sixteen(weights: Any) -> Any:
    """The same for the second enlarging, which is fed with the four points that the first one made of one."""
    import numpy

    before = weights.shape[0]
    made = numpy.zeros((2, 2, 2, 2, 4, before), numpy.float32)  # row, row in it, column, column in it, point, from
    for row in range(2):
        for column in range(2):
            made[row, :, column, :, 2 * row + column] = weights[:, 0].transpose(1, 2, 0)
    return made.reshape(POINTS, 4 * before, 1, 1)


def _enlarging(model: Any) -> tuple[Any, tuple[Any, Any], tuple[Any, Any]] | None:
    """What feeds the first enlarging layer, and weights and sums of both; None for a model of another make."""
    last = _before(model.get_result().input_value(0), "Sigmoid")
    second = _weighed(last)
    first = _weighed(_before(second[0], "Relu")) if second else None
    if first is None or second is None or second[1].shape[1] != 1:
        return None
    return first[0], first[1:], second[1:]


def _before(output: Any, kind: str) -> Any:
    """What feeds the operation of this kind that `output` comes from; None where it comes from another."""
    node = _real(output)
    return node.input_value(0) if node is not None and node.get_type_name() == kind else None


def _weighed(output: Any) -> tuple[Any, Any, Any] | None:
    """Input, weights and added numbers where the output comes from a layer that doubles both sides."""
    total = _real(output)
    if total is None or total.get_type_name() != "Add":
        return None
    product, added = _real(total.input_value(0)), _numbers(total.input_value(1))
    if product is None or product.get_type_name() != "ConvolutionBackpropData" or added is None:
        return None
    weights = _numbers(product.input_value(1))
    doubles = weights is not None and weights.shape[2:] == (2, 2)
    doubles = doubles and list(product.get_attributes()["strides"]) == [2, 2] and added.size == weights.shape[1]
    return (product.input_value(0), weights, added.ravel()) if doubles else None


def _numbers(output: Any) -> Any:
    node = _real(output)
    return node.get_data().astype("float32") if node.get_type_name() == "Constant" else None


def _real(output: Any) -> Any:
    """The operation that an output comes from, beyond those that do nothing."""
    node = output.get_node() if output is not None else None
    while node is not None and node.get_type_name() == "Identity":
        node = node.input_value(0).get_node()
    return node
