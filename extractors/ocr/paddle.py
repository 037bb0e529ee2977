"""PaddleOCR (PP-OCRv6 small) on ONNX Runtime, offline: the models are local folders and nothing is ever downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.ocr.models import DETECTION, RECOGNITION, build_models
from extractors.ocr.shape import is_strip
from extractors.pages import split_line
from workitems.items import Box, Page, Word

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_SCORE = 0.3  # lines recognised with less are noise


class PaddleEngine:
    """Reads lines of print in many languages. The first page costs about 4 CPU seconds more (imports)."""

    name = "paddle"

    def __init__(self, folder: Path | None = None, detection_side: int = 1280) -> None:
        """`detection_side`: long side in pixels at which lines are looked for on a sheet; strips, whose print is
        large, are looked at with three quarters of it. Raises ModelsMissing."""
        self._side = detection_side
        folder = build_models(folder)  # checked before paddleocr, which would look for missing ones on the internet
        from paddleocr import PaddleOCR

        self._ocr = PaddleOCR(
            engine="onnxruntime",
            device="cpu",
            engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1},
            text_detection_model_name=DETECTION,
            text_detection_model_dir=str(folder / DETECTION),
            text_recognition_model_name=RECOGNITION,
            text_recognition_model_dir=str(folder / RECOGNITION),
            use_doc_orientation_classify=False,  # each of these three would be a download
            use_doc_unwarping=False,
            use_textline_orientation=False,
            text_det_limit_type="max",
            text_det_limit_side_len=detection_side,
            text_recognition_batch_size=1,  # padding to the widest line of a batch eats spaces
        )

    def read(self, image: Image, number: int, language: str | None = None) -> Page:
        """The words of the page; the model knows all its languages at once, so `language` changes nothing."""
        import numpy

        pixels = numpy.ascontiguousarray(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
        side = self._side * 3 // 4 if is_strip(image) else self._side
        found = self._ocr.predict(pixels, text_det_limit_side_len=side)[0]
        words: list[Word] = []
        for text, score, corners in zip(found["rec_texts"], found["rec_scores"], found["rec_boxes"], strict=True):
            if text.strip() and score >= LEAST_SCORE:
                words.extend(split_line(text, _box(corners, image), round(float(score), 4)))
        return Page(
            number=number, width=image.width, height=image.height, words=tuple(words), source="ocr", engine=self.name
        )


def _box(corners: Any, image: Image) -> Box:
    x0, y0, x1, y1 = (float(side) for side in corners)
    return (
        max(x0 / image.width, 0.0),
        max(y0 / image.height, 0.0),
        min(x1 / image.width, 1.0),
        min(y1 / image.height, 1.0),
    )
