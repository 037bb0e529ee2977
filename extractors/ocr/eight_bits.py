"""Large convolutions in numbers of eight bits: a fifth less time in the recogniser, a tenth in the detector.

The range of the numbers that flow into each convolution was measured once (benchmarks/ocr_ranges.py) and stands in
eight_bits.json; weights are rounded for each output channel by itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

Part = Literal["recogniser", "detector"]
RANGES = Path(__file__).with_suffix(".json")
CPU_INFO = Path("/proc/cpuinfo")


def pays_here() -> bool:
    """Whether the processor has the instructions (VNNI) that make it worth while."""
    try:
        return "vnni" in CPU_INFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def measured_ranges(part: Part) -> dict[str, tuple[float, float]]:
    """Least and largest input of each convolution by its name in the model."""
    ranges: dict[str, tuple[float, float]] = json.loads(RANGES.read_text(encoding="utf-8"))[part]
    return ranges


def large_convolutions(model: Any, part: Part) -> list[Any]:
    """The convolutions on which the time goes and which eight bits make faster.

    In the recogniser: many channels in, over the whole line (not over its mean). In the detector, whose map is so large
    that rounding it costs as much as it saves: those whose input an activation alone makes, which rounds in
    passing, and the one over a square of all scales.
    """
    found = []
    for node in _convolutions(model):
        before = _before(node)
        shape = node.input_value(1).partial_shape
        channels, square = shape[1].get_length(), shape[2].get_length() > 2
        if _over_one_pixel(node) or before.get_type_name() == "ReduceMean":
            continue
        alone = before.get_type_name() in ("Relu", "Gelu") and len(before.output(0).get_target_inputs()) == 1
        if channels >= 48 if part == "recogniser" else alone or (square and channels >= 96):
            found.append(node)
    return found


def _convolutions(model: Any) -> list[Any]:
    """Those whose weights are known."""
    found = [node for node in model.get_ordered_ops() if node.get_type_name() == "Convolution"]
    return [node for node in found if node.input_value(1).get_node().get_type_name() == "Constant"]


def _before(node: Any) -> Any:
    """The operation that feeds a convolution, beyond those that do nothing."""
    before = node.input_value(0).get_node()
    while before.get_type_name() == "Identity":
        before = before.input_value(0).get_node()
    return before


def _over_one_pixel(node: Any) -> bool:
    high, wide = node.output(0).partial_shape[2], node.output(0).partial_shape[3]
    return bool(high.is_static and high.get_length() == 1 and wide.is_static)


def in_eight_bits(model: Any, ranges: dict[str, tuple[float, float]]) -> Any:
    """The model, changed in place: OpenVINO computes the convolutions that `ranges` names with bytes."""
    import numpy
    from openvino import opset13 as operations

    for node in _convolutions(model):
        if node.get_friendly_name() not in ranges:
            continue
        low, high = with_zero(*ranges[node.get_friendly_name()])
        ends = [operations.constant(numpy.float32(end)) for end in (low, high, low, high)]
        rounded = operations.fake_quantize(node.input_value(0), *ends, 256)
        weights = node.input_value(1).get_node().get_data().astype(numpy.float32)
        most = numpy.abs(weights).max(axis=(1, 2, 3), keepdims=True) + 1e-9
        ends = [operations.constant(end) for end in (-most, most, -most, most)]
        rounded_weights = operations.fake_quantize(operations.constant(weights), *ends, 255)
        node.input(0).replace_source_output(rounded.output(0))
        node.input(1).replace_source_output(rounded_weights.output(0))
    return model


def with_zero(low: float, high: float) -> tuple[float, float]:
    """The range moved so that zero, which stands for nothing in padding, is one of its 256 steps."""
    if low >= 0:
        return 0.0, high
    below = min(max(round(-low / (high - low) * 255), 1), 254)
    step = max(high / (255 - below), -low / below)
    return -below * step, (255 - below) * step
