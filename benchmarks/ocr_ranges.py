"""Measures the ranges of numbers in recogniser and detector for extractors/ocr/eight_bits.json.

    .venv/bin/python -m benchmarks.ocr_ranges PICTURE... > extractors/ocr/eight_bits.json

About two dozen scanned receipts and invoices are enough (PDFs: their first page). Only two numbers
for each layer come out of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from extractors.ocr.eight_bits import Part

EVERY = 6  # one line of so many is measured


def pages_of(paths: list[str]) -> list[Any]:
    """The pictures as arrays of RGB pixels."""
    import numpy
    from PIL import Image

    from extractors.render import render_file

    found = []
    for path in paths:
        if path.endswith(".pdf"):
            found.append(numpy.asarray(render_file(path, 1)))
            continue
        with Image.open(path) as image:
            found.append(numpy.asarray(image.convert("RGB")))
    return found


def lines_of(pages: list[Any], engine: Any) -> list[Any]:
    """Lines cut out of the pages, as the recogniser gets them."""
    from extractors.ocr.lines import as_read, cut_out, width_of

    return [
        cut_out(pixels, line, width_of(line))
        for pixels in pages
        for line in as_read(engine.found_lines(pixels))[::EVERY]
    ]


def measured(model: Any, images: list[Any], part: Part) -> dict[str, tuple[float, float]]:
    """For each large convolution the means of the images' least and largest input."""
    import numpy
    from openvino import Core, Model

    from extractors.ocr.eight_bits import large_convolutions

    nodes = large_convolutions(model, part)
    model = Model([node.input_value(0) for node in nodes], model.get_parameters(), "ranges")
    request = Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    ends = numpy.array([[(v.min(), v.max()) for v in request.infer({0: image[None]}).values()] for image in images])
    means = ends.astype(float).mean(axis=0).round(4).tolist()
    return {node.get_friendly_name(): (low, high) for node, (low, high) in zip(nodes, means, strict=True)}


def main(paths: list[str]) -> int:
    """Prints the JSON."""
    from openvino import Core

    from extractors.ocr.vino import VinoEngine, detector_with_pixels, recogniser_with_pixels

    engine, pages = VinoEngine(), pages_of(paths)
    lines = lines_of(pages, engine)
    told = {"models": "PP-OCRv6_small", "pictures": [Path(path).name for path in paths], "lines": len(lines)}
    ranges = {
        "recogniser": measured(recogniser_with_pixels(Core()), lines, "recogniser"),
        "detector": measured(detector_with_pixels(Core()), [engine.as_looked_at(page) for page in pages], "detector"),
    }
    print(json.dumps(told | ranges, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
