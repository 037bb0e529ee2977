"""Recognition: the engines on a printed page, however it lies; models built once, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors import OcrEngine
from extractors.ocr import models, read_upright
from extractors.ocr.tesseract import TesseractEngine, installed_languages
from extractors.ocr.upright import lie_of
from extractors.pages import document_text, page_text, rows_of, split_line, text_of, turned_box
from workitems.items import Page

LINES = (
    "Muster Maschinenbau GmbH",
    "Rechnung Nr. 2024-0815 vom 12.03.2024",
    "Pos Bezeichnung Menge Preis Betrag",
    "1 Schrauben M8 verzinkt 100 0,12 12,00",
    "2 Unterlegscheiben 200 0,05 10,00",
    "Nettobetrag 22,00 EUR",
    "Mehrwertsteuer 19 Prozent 4,18 EUR",
    "Gesamtbetrag 26,18 EUR",
    "Zahlbar innerhalb von 30 Tagen ohne Abzug",
)


def printed(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (1000, 1400)) -> Image.Image:
    """A page of print."""
    image = Image.new("RGB", size, "white")
    font = ImageFont.load_default(size=28)
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines * 2):
        draw.text((90, 120 + 60 * i), line, fill="black", font=font)
    return image


class Careful:
    """Reads LINES from a page that is held upright and noise from any other, as engines do."""

    name = "careful"

    def __init__(self) -> None:
        self.seen = list[Image.Image]()

    def read(self, image: Image.Image, number: int, language: str | None = None) -> Page:
        self.seen.append(image)
        right = self._is_upright(image)
        lines = LINES if right else ("6u1n rvxh 3qz", "bnw lxz pqtt", "wzx ktr 8hx") * 3
        words = [
            w
            for i, line in enumerate(lines)
            for w in split_line(line, (0.1, 0.1 + i * 0.05, 0.8, 0.12 + i * 0.05), 0.98 if right else 0.5)
        ]
        return Page(number=number, width=image.width, height=image.height, words=tuple(words), source="ocr")

    @staticmethod
    def _is_upright(image: Image.Image) -> bool:
        """The mark in the upper left corner tells."""
        return image.getpixel((30, 30))[0] < 128 and image.height > image.width  # type: ignore[index]


def marked() -> Image.Image:
    image = printed()
    ImageDraw.Draw(image).rectangle((10, 10, 60, 60), fill="black")
    return image


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_turned_until_it_reads(turn: int) -> None:
    image = marked().rotate(-turn, expand=True)  # Pillow turns counter-clockwise
    page, levelled = read_upright(Careful(), image, 1)
    assert page_text(page).splitlines() == list(LINES)
    assert (page.rotation, levelled) == ((360 - turn) % 360, 0.0)


def test_an_upright_page_is_recognised_once() -> None:
    engine = Careful()
    read_upright(engine, marked(), 1)
    assert len(engine.seen) == 1


@pytest.mark.parametrize("skew", [-6.0, -2.5, 3.0, 7.0])
def test_a_skewed_page_is_levelled(skew: float) -> None:
    image = printed().rotate(skew, expand=True, fillcolor="white")
    lie = lie_of(image)
    assert not lie.sideways
    assert lie.skew == pytest.approx(skew, abs=0.4)
    assert lie_of(image.rotate(-lie.skew, fillcolor="white")).skew == pytest.approx(0, abs=0.4)


def test_a_page_on_its_side_is_seen_by_its_rows() -> None:
    assert lie_of(printed().rotate(90, expand=True)).sideways
    assert not lie_of(printed()).sideways


def test_nothing_is_recognised_on_an_empty_page() -> None:
    engine = Careful()
    page, _ = read_upright(engine, Image.new("RGB", (800, 1000), "#eeeeee"), 1)
    assert (page.words, engine.seen) == ((), [])


def test_a_recognised_line_becomes_words_with_their_share_of_its_box() -> None:
    words = split_line("Total  12,00", (0.1, 0.5, 0.7, 0.52), 0.9)
    assert [w.text for w in words] == ["Total", "12,00"]
    assert words[0].box == pytest.approx((0.1, 0.5, 0.35, 0.52))
    assert words[1].box == pytest.approx((0.45, 0.5, 0.7, 0.52))


def test_a_turned_box_comes_back() -> None:
    box = (0.1, 0.2, 0.3, 0.25)
    for degrees in (0, 90, 180, 270):
        assert turned_box(turned_box(box, degrees), -degrees) == pytest.approx(box)
    assert turned_box((0.0, 0.0, 0.1, 0.2), 90) == pytest.approx((0.8, 0.0, 1.0, 0.1))


@pytest.fixture(scope="module")
def paddle() -> OcrEngine:
    from extractors.ocr.paddle import PaddleEngine

    return PaddleEngine()


@pytest.fixture(scope="module")
def tesseract() -> OcrEngine:
    if not installed_languages():
        pytest.skip("Tesseract is not installed")
    return TesseractEngine()


@pytest.fixture(scope="module")
def openvino() -> OcrEngine:
    pytest.importorskip("openvino")
    from extractors.ocr.vino import VinoEngine

    return VinoEngine()


@pytest.mark.parametrize("name", ["openvino", "paddle", "tesseract"])
def test_every_engine_reads_words_in_their_rows(name: str, request: pytest.FixtureRequest) -> None:
    engine: OcrEngine = request.getfixturevalue(name)
    page = engine.read(printed(), 3, "de")
    rows = [text_of(row) for row in rows_of(page)]
    assert (page.number, page.source, page.engine) == (3, "ocr", name)
    assert sum(line in rows for line in LINES) >= 7
    total = next(w for w in page.words if w.text == "26,18")
    assert total.confidence > 0.7
    assert total.box[1] < (120 + 60 * 7 + 14) / 1400 < total.box[3]


def test_a_page_that_lies_on_its_side_and_is_skewed_is_read(openvino: OcrEngine) -> None:
    image = printed().rotate(3, fillcolor="white").rotate(90, expand=True)
    page, levelled = read_upright(openvino, image, 1)
    assert page.rotation == 90
    assert levelled == pytest.approx(3, abs=0.5)
    assert sum(line in page_text(page).splitlines() for line in LINES) >= 7


def test_models_are_whole_or_missing(tmp_path: Path) -> None:
    folder = models.build_models(tmp_path / "ocr")
    assert models.models_fault(folder) is None
    assert list(tmp_path.iterdir()) == [folder]  # nothing half-made stays behind
    before = (folder / models.MANIFEST).stat().st_mtime_ns
    assert models.build_models(folder) == folder
    assert (folder / models.MANIFEST).stat().st_mtime_ns == before

    (folder / models.DETECTION / "inference.onnx").write_bytes(b"cut")
    fault = models.models_fault(folder)
    assert fault is not None
    assert "missing or damaged" in fault
    models.build_models(folder)
    assert models.models_fault(folder) is None


def test_the_manifest_names_the_source_of_the_models(tmp_path: Path) -> None:
    manifest = json.loads((models.build_models(tmp_path / "ocr") / models.MANIFEST).read_text())
    assert set(manifest["sha256"]) == set(manifest["sizes"]) and "rapidocr" in manifest["source"]  # noqa: PT018


def test_models_that_cannot_be_had_are_named_before_paddle_looks_on_the_internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(models.ModelsMissing, match="rapidocr"):
        models.build_models(tmp_path / "ocr")


def test_the_readers_import_no_heavy_library_before_it_is_needed() -> None:
    script = (
        "import sys, extractors.cascade; "
        "heavy = ('paddleocr', 'paddlex', 'cv2', 'sklearn', 'onnxruntime', 'openvino', 'pandas'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_real_receipts_are_recognised(real_data: Path, openvino: OcrEngine) -> None:
    labels = [json.loads(line) for line in (real_data / "sroie" / "labels.jsonl").read_text().splitlines()]
    chosen = labels[:: len(labels) // 6][: int(os.environ.get("DESKHAND_TEST_RECEIPTS", "6"))]
    found = 0
    for row in chosen:
        with Image.open(real_data / "sroie" / row["file"]) as image:
            page, _ = read_upright(openvino, image.convert("RGB"), 1)
        found += row["entities"]["total"] in document_text([page])
    assert found >= len(chosen) - 1
