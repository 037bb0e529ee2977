"""What a company may say about reading."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workitems.items import Noun


class ReadingSettings(Noun):
    """Limits and choices of the readers. The defaults fit a 2-core machine and a day's post."""

    engine: Literal["openvino", "paddle", "tesseract"] = "openvino"
    model_folder: Path | None = None  # OCR models; None: built beside the Python that runs (see ocr/models.py)
    detection_side: int = 1280  # long side in pixels at which PaddleOCR looks for lines on a sheet; larger is slower
    second_looks: int = 3  # places a recognised page that Tesseract reads once more where values are doubtful
    max_bytes: int = 60_000_000  # larger files are not opened
    max_pages: int = 30  # of a longer document the first `max_pages - 1` pages and the last one are read
    max_contract_pages: int = 600  # of a contract, where its pages hold their text: they cost little
    ocr_seconds: float = 14.0  # after that many CPU seconds in a document no further page is recognised
    seconds: float = 25.0  # hard limit of one document, in a child process that is then killed; loading models apart
    memory_mb: int = 1500  # hard limit of that child's resident memory
