"""Measures the ranges of numbers in the recogniser for extractors/ocr/eight_bits.json.

    .venv/bin/python -m benchmarks.ocr_ranges PICTURE... > extractors/ocr/eight_bits.json

About a dozen scanned receipts and invoices are enough. Only two numbers for each layer come out of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

EVERY = 6  # one line of so many is measured


def lines_of(paths: list[str]) -> list[Any]:
    """Lines cut out of the pictures, as the recogniser gets them."""
    import numpy
    from PIL import Image

    from extractors.ocr.lines import as_read, cut_out, width_of
    from extractors.ocr.vino import VinoEngine

    engine = VinoEngine()
    found = []
    for path in paths:
        with Image.open(path) as image:
            pixels = numpy.asarray(image.convert("RGB"))
        found += [cut_out(pixels, line, width_of(line)) for line in as_read(engine.found_lines(pixels))[::EVERY]]
    return found


def measured(lines: list[Any]) -> dict[str, tuple[float, float]]:
    """For each large convolution the means of the lines' least and largest input."""
    import numpy
    from openvino import Core, Model

    from extractors.ocr.eight_bits import large_convolutions
    from extractors.ocr.vino import recogniser_with_pixels

    core = Core()
    model = recogniser_with_pixels(core)
    nodes = large_convolutions(model)
    model = Model([node.input_value(0) for node in nodes], model.get_parameters(), "ranges")
    request = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    ends = numpy.array([[(v.min(), v.max()) for v in request.infer({0: line[None]}).values()] for line in lines])
    means = ends.astype(float).mean(axis=0).round(4).tolist()
    return {node.get_friendly_name(): (low, high) for node, (low, high) in zip(nodes, means, strict=True)}


def main(paths: list[str]) -> int:
    """Prints the JSON."""
    lines = lines_of(paths)
    told = {"model": "PP-OCRv6_small_rec", "pictures": [Path(path).name for path in paths], "lines": len(lines)}
    print(json.dumps(told | {"ranges": measured(lines)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
