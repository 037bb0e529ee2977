"""The recogniser's large convolutions in numbers of eight bits: a fifth less time, the same words.

The range of the numbers that flow into each convolution was measured once (benchmarks/ocr_ranges.py) and stands in
eight_bits.json; weights are rounded for each output channel by itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RANGES = Path(__file__).with_suffix(".json")
CPU_INFO = Path("/proc/cpuinfo")


def pays_here() -> bool:
    """Whether the processor has the instructions (VNNI) that make it worth while."""
    try:
        return "vnni" in CPU_INFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def measured_ranges() -> dict[str, tuple[float, float]]:
    """Least and largest input of each convolution by its name in the model."""
    ranges: dict[str, tuple[float, float]] = json.loads(RANGES.read_text(encoding="utf-8"))["ranges"]
    return ranges


def large_convolutions(model: Any) -> list[Any]:
    """The convolutions on which the time goes: many channels in, over the whole line (not over its mean)."""
    found = []
    for node in model.get_ordered_ops():
        if node.get_type_name() == "Convolution" and node.input_value(1).get_node().get_type_name() == "Constant":
            before = node.input_value(0).get_node().get_type_name()
            shape = node.input_value(1).partial_shape
            if shape[1].get_length() >= 48 and not _over_one_pixel(node) and before != "ReduceMean":
                found.append(node)
    return found


def _over_one_pixel(node: Any) -> bool:
    high, wide = node.output(0).partial_shape[2], node.output(0).partial_shape[3]
    return bool(high.is_static and high.get_length() == 1 and wide.is_static)


def in_eight_bits(model: Any, ranges: dict[str, tuple[float, float]]) -> Any:
    """The model, changed in place: OpenVINO computes the named convolutions with bytes."""
    import numpy
    from openvino import opset13 as operations

    for node in large_convolutions(model):
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
