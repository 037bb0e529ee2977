"""PP-OCRv6 small, the models of PaddleOCR, on OpenVINO: the same weights in half of the time and memory.

On processors that can, OpenVINO computes in bfloat16, which reads as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.ocr.alphabet import split
from extractors.ocr.eight_bits import in_eight_bits, measured_ranges, pays_here
from extractors.ocr.lines import Letters, as_read, cut_out, found_lines, groups_of, letters_of, width_of, words_of
from extractors.ocr.models import DETECTION, RECOGNITION, build_models, characters_of
from extractors.ocr.shape import detection_size
from extractors.ocr.text_map import full_map, with_short_end
from workitems.items import Page, Word

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_SCORE = 0.3  # lines recognised with less are noise
ONE_CORE = {
    "INFERENCE_NUM_THREADS": 1,  # the company's workers share the cores, not one page's lines
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": False,
}
# The models' own normalisation, for pixels from 0 to 255 in the order blue, green, red:
DETECTION_MEAN, DETECTION_SCALE = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
RECOGNITION_MEAN, RECOGNITION_SCALE = [127.5] * 3, [127.5] * 3


class VinoEngine:
    """Reads lines of print in many languages. Loading costs about a CPU second."""

    name = "openvino"

    def __init__(self, folder: Path | None = None, detection_side: int = 1280) -> None:
        """`detection_side`: see ReadingSettings. Raises ModelsMissing; ImportError where OpenVINO does not install."""
        from openvino import Core

        folder = build_models(folder)
        self._side = detection_side
        self._characters = ("", *characters_of(folder), " ")
        core = Core()
        detector, recogniser = detector_with_pixels(core, folder), recogniser_with_pixels(core, folder)
        if pays_here():
            detector = in_eight_bits(detector, measured_ranges("detector"))
            recogniser = in_eight_bits(recogniser, measured_ranges("recogniser"))
        recogniser, self._alphabet = split(recogniser, self._characters)
        self._detect = core.compile_model(detector, "CPU", ONE_CORE).create_infer_request()
        self._recognise = core.compile_model(recogniser, "CPU", ONE_CORE).create_infer_request()

    def read(self, image: Image, number: int, language: str | None = None) -> Page:
        """The words of the page; the model knows all its languages at once, so `language` changes nothing."""
        import numpy

        pixels = numpy.asarray(image.convert("RGB"))
        lines = as_read(self.found_lines(pixels))
        words: dict[int, list[Word]] = {}
        for width, group in groups_of([width_of(line) for line in lines]):
            read = self._letters([cut_out(pixels, lines[at], width) for at in group])
            for at, letters in zip(group, read, strict=True):
                if letters.text.strip() and sum(letters.sure) / len(letters.sure) >= LEAST_SCORE:
                    words[at] = words_of(letters, lines[at], image.size)
        ordered = tuple(word for at in sorted(words) for word in words[at])
        return Page(
            number=number, width=image.width, height=image.height, words=ordered, source="ocr", engine=self.name
        )

    def read_line(self, image: Image) -> Letters:
        """What stands on an image of one single line."""
        import numpy

        wide, high = image.size
        corners = numpy.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=numpy.float32)
        return self._letters([cut_out(numpy.asarray(image.convert("RGB")), corners, width_of(corners))])[0]

    def found_lines(self, pixels: Any) -> list[Any]:
        """The corners of the lines in an array of RGB pixels."""
        high, wide = pixels.shape[:2]
        found = self._detect.infer({0: self.as_looked_at(pixels)[None]}, share_inputs=True, share_outputs=True)
        return found_lines(full_map(found[0][0]), (wide, high))

    def as_looked_at(self, pixels: Any) -> Any:
        """The page in the size in which lines are looked for."""
        import cv2

        high, wide = pixels.shape[:2]
        size = detection_size(wide, high, self._side)
        way = cv2.INTER_AREA if size[0] < 0.6 * wide else cv2.INTER_LINEAR
        return cv2.resize(pixels, size, interpolation=way)

    def _letters(self, lines: Sequence[Any]) -> list[Letters]:
        """What stands on images of one size."""
        import numpy

        found = self._recognise.infer({0: numpy.stack(lines)}, share_inputs=True, share_outputs=True)
        outputs = [found[i] for i in range(5)]
        return [letters_of(*self._alphabet.steps(outputs, at), self._characters) for at in range(len(lines))]


def _with_pixels(model: Any, mean: list[float], scale: list[float]) -> Any:
    """The model with bytes of RGB pixels (rows, columns, colours) as its input, normalised inside."""
    from openvino import Layout, Type
    from openvino.preprocess import ColorFormat, PrePostProcessor

    steps = PrePostProcessor(model)
    asked = steps.input()
    asked.tensor().set_element_type(Type.u8).set_layout(Layout("NHWC")).set_color_format(ColorFormat.RGB)
    asked.model().set_layout(Layout("NCHW"))
    asked.preprocess().convert_color(ColorFormat.BGR).convert_element_type(Type.f32).mean(mean).scale(scale)
    return steps.build()


def detector_with_pixels(core: Any, folder: Path | None = None) -> Any:
    """The detector, which takes an image of a page as bytes and gives bytes (see text_map)."""
    model = core.read_model(build_models(folder) / DETECTION / "inference.onnx")
    return with_short_end(_with_pixels(model, DETECTION_MEAN, DETECTION_SCALE))


def recogniser_with_pixels(core: Any, folder: Path | None = None) -> Any:
    """The recogniser, which takes an image of a line as bytes."""
    model = core.read_model(build_models(folder) / RECOGNITION / "inference.onnx")
    return _with_pixels(model, RECOGNITION_MEAN, RECOGNITION_SCALE)
