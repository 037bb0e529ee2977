"""Which OCR engine a company uses."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.preparing import preparing
from extractors.settings import ReadingSettings

if TYPE_CHECKING:
    from extractors import OcrEngine


def engine_named(settings: ReadingSettings) -> OcrEngine:
    """The engine that the settings name, made once in a process. Raises ModelsMissing, TesseractMissing.

    Where OpenVINO does not install, paddleocr reads with the same models; a page's `engine` says which one did.
    """
    return _engine(settings.engine, settings.model_folder, settings.detection_side)


@cache
def _engine(name: str, folder: Path | None, detection_side: int) -> OcrEngine:
    with preparing():
        if name == "tesseract":
            from extractors.ocr.tesseract import TesseractEngine

            return TesseractEngine()
        if name == "openvino" and find_spec("openvino") is not None:
            from extractors.ocr.vino import VinoEngine

            return VinoEngine(folder, detection_side)
        from extractors.ocr.paddle import PaddleEngine

        return PaddleEngine(folder, detection_side)
