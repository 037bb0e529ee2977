"""Which OCR engine a company uses."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.ocr.eight_bits import pays_here
from extractors.preparing import preparing
from extractors.settings import ReadingSettings

if TYPE_CHECKING:
    from extractors import OcrEngine


def engine_in_use(settings: ReadingSettings) -> tuple[str, str]:
    """The engine that runs here with these settings, and what it is, in words. Loads nothing."""
    if settings.engine == "tesseract":
        return "tesseract", "Tesseract " + ("in process (tesserocr)" if find_spec("tesserocr") else "as a program")
    if settings.engine == "openvino" and find_spec("openvino"):
        bits = ", lines in eight bits" if pays_here() else ""
        return "openvino", f"PaddleOCR's models on OpenVINO{bits}"
    return "paddle", "paddleocr on ONNX Runtime"


def engine_named(settings: ReadingSettings) -> OcrEngine:
    """The engine that the settings name, made once in a process. Raises ModelsMissing, TesseractMissing.

    Where OpenVINO does not install, paddleocr reads with the same models; a page's `engine` says which one did.
    """
    return _engine(engine_in_use(settings)[0], settings.model_folder, settings.detection_side)


def engine_loaded(name: str) -> OcrEngine | None:
    """The engine of that name if this process has read with it: a second look is not worth loading one."""
    return _LOADED.get(name)


_LOADED: dict[str, OcrEngine] = {}


@cache
def _engine(name: str, folder: Path | None, detection_side: int) -> OcrEngine:
    with preparing():
        engine = _made(name, folder, detection_side)
    _LOADED[name] = engine
    return engine


def _made(name: str, folder: Path | None, detection_side: int) -> OcrEngine:
    if name == "tesseract":
        from extractors.ocr.tesseract import TesseractEngine

        return TesseractEngine()
    if name == "openvino":
        from extractors.ocr.vino import VinoEngine

        return VinoEngine(folder, detection_side)
    from extractors.ocr.paddle import PaddleEngine

    return PaddleEngine(folder, detection_side)
