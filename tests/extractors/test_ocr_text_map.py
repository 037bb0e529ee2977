"""The detector's short end gives the same map as the model's own."""

from __future__ import annotations

import numpy

from extractors.ocr.text_map import POINTS, full_map, with_short_end


def test_a_map_in_sixteen_numbers_a_point_is_the_map_of_the_two_enlargings() -> None:
    from openvino import Core, Model
    from openvino import opset13 as operations

    random = numpy.random.default_rng(5)

    def numbers(*shape: int) -> numpy.ndarray:
        return random.normal(size=shape).astype(numpy.float32)

    given = operations.parameter([1, 3, -1, -1], numpy.float32)
    strides = [2, 2]
    first = operations.convolution_backprop_data(
        given, operations.constant(numbers(3, 5, 2, 2)), strides, None, [0, 0], [0, 0], [1, 1]
    )
    first = operations.relu(operations.add(first, operations.constant(numbers(1, 5, 1, 1))))
    second = operations.convolution_backprop_data(
        first, operations.constant(numbers(5, 1, 2, 2)), strides, None, [0, 0], [0, 0], [1, 1]
    )
    chances = operations.sigmoid(operations.add(second, operations.constant(numbers(1, 1, 1, 1))))
    exactly = {"INFERENCE_PRECISION_HINT": "f32"}
    features = numbers(1, 3, 6, 4)
    whole = Core().compile_model(Model([chances.output(0)], [given], "whole"), "CPU", exactly)(features)[0]
    short = with_short_end(Model([chances.output(0)], [given], "whole"))
    found = Core().compile_model(short, "CPU", exactly)(features)[0]
    assert found.shape == (1, 6, 4, POINTS)
    assert numpy.abs(full_map(found[0]).astype(float) - 255 * whole[0, 0]).max() <= 0.51


def test_a_model_of_another_make_keeps_its_end() -> None:
    from openvino import Core, Model
    from openvino import opset13 as operations

    given = operations.parameter([1, 1, -1, -1], numpy.float32)
    short = with_short_end(Model([operations.sigmoid(given).output(0)], [given], "other"))
    found = Core().compile_model(short, "CPU")(numpy.zeros((1, 1, 8, 6), numpy.float32))[0]
    assert full_map(found[0]).shape == (8, 6)
    assert set(full_map(found[0]).ravel().tolist()) == {128}
