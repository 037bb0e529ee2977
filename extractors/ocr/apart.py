"""Lines on one strip kept apart inside the recogniser: each is read as if it stood alone.

In two places the recogniser looks at all of its image at once: at gates, which weigh features by their mean, and
where each step attends to every other one. Both are told here which columns belong to which line: a gate takes the
mean of each line by itself, and a step attends to its own line's steps only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.ocr.lines import STEP

MOST_PIECES = 24  # lines on a strip, more than there is room for; a fixed number, since another shape costs time
COLUMN = 4  # pixels along a strip for one column of features
FAR = -10_000.0  # added to what steps of different lines have in common


def with_lines_apart(model: Any) -> Any:
    """The recogniser, changed in place, with three more inputs: see `places`. One of another make keeps its answers."""
    from openvino import Type
    from openvino import opset13 as operations

    shares, members, apart = (
        operations.parameter(shape, Type.f32) for shape in ([-1, MOST_PIECES], [MOST_PIECES, -1], [-1, -1])
    )
    model.add_parameters([shares, members, apart])
    gates = [(node, _end_of_gate(node)) for node in model.get_ordered_ops() if _takes_all(node, "ReduceMean")]
    for mean, _ in gates:
        rows = operations.reduce_mean(mean.input_value(0), operations.constant([2]), keep_dims=True)
        mean.output(0).replace(operations.matmul(rows, shares, False, False).output(0))
    model.validate_nodes_and_infer_types()
    for _, gate in gates:
        weighed = list(gate.output(0).get_target_inputs())
        along = operations.matmul(gate, members, False, False)
        for taken in weighed:
            taken.replace_source_output(along.output(0))
    for node in model.get_ordered_ops():
        if _takes_all(node, "Softmax") and node.input_value(0).get_node().get_type_name() == "MatMul":
            node.input(0).replace_source_output(operations.add(node.input_value(0), apart).output(0))
    model.validate_nodes_and_infer_types()
    return model


def _takes_all(node: Any, kind: str) -> bool:
    """Whether it is an operation of this kind over images or over steps by steps: four dimensions."""
    return bool(node.get_type_name() == kind and node.output(0).partial_shape.rank.get_length() == 4)


def _end_of_gate(mean: Any) -> Any:
    """The last operation of a gate: the one before features are multiplied."""
    node = mean
    while True:
        following = next(iter(node.output(0).get_target_inputs())).get_node()
        if following.get_type_name() == "Multiply":
            return node
        node = following


def places(length: int, pieces: Sequence[tuple[int, int]]) -> tuple[Any, Any, Any]:
    """Which columns of a strip belong to which line, from start and width of each in pixels (multiples of STEP).

    What a column counts for in its line's mean (columns, lines), which columns are a line's (lines, columns), and
    what is added between two steps (steps, steps): nothing within a line.
    """
    import numpy

    members = numpy.zeros((MOST_PIECES, length // COLUMN), dtype=numpy.float32)
    steps = numpy.zeros((MOST_PIECES, length // STEP), dtype=numpy.float32)
    shares = numpy.zeros((length // COLUMN, MOST_PIECES), dtype=numpy.float32)
    for line, (start, width) in enumerate(pieces):
        members[line, start // COLUMN : (start + width) // COLUMN] = 1
        steps[line, start // STEP : (start + width) // STEP] = 1
        shares[start // COLUMN : (start + width) // COLUMN, line] = COLUMN / width
    return shares, members, (1 - steps.T @ steps) * numpy.float32(FAR)
