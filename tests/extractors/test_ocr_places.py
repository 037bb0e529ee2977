"""Recognition: letters and their places, second looks, photographs of paper."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.ocr import box_in_photograph, engine_named, flattened, held_as_read, look_again, read_upright, second
from extractors.ocr.eight_bits import measured_ranges, with_zero
from extractors.ocr.lines import as_read, letters_of, sides, width_of, words_of
from extractors.ocr.shape import detection_size
from extractors.ocr.tesseract import TesseractMissing, installed_languages
from extractors.settings import ReadingSettings
from workitems.items import Box

CHARACTERS = ("", "T", "o", "1", " ", ",")


def corners(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)


def seen(steps: list[int], gap_at: int | None = None, gap: float = 0.0) -> tuple[str, tuple[float, ...]]:
    gaps = np.zeros(len(steps))
    if gap_at is not None:
        gaps[gap_at] = gap
    letters = letters_of(np.array(steps), np.full(len(steps), 0.9), gaps, CHARACTERS)
    return letters.text, letters.places


def test_repeated_guesses_are_one_letter_unless_nothing_stands_between() -> None:
    assert seen([0, 1, 1, 0, 2, 0, 2, 2, 0]) == ("Too", (2 / 9, 4.5 / 9, 7 / 9))
    assert seen([0, 0])[0] == ""


@pytest.mark.parametrize(("chance", "text"), [(0.05, "To1"), (0.4, "To 1")])
def test_a_space_that_the_recogniser_thought_of_is_one(chance: float, text: str) -> None:
    assert seen([1, 2, 0, 0, 3], gap_at=3, gap=chance)[0] == text


def test_a_number_is_not_torn_apart() -> None:
    assert seen([3, 5, 0, 3], gap_at=2, gap=0.9)[0] == "1,1"
    assert seen([3, 0, 5, 3], gap_at=1, gap=0.9)[0] == "1,1"


def test_a_space_that_was_seen_is_not_doubled() -> None:
    assert seen([1, 2, 4, 0, 3], gap_at=2, gap=0.9)[0] == "To 1"


def test_words_lie_where_their_letters_stand() -> None:
    letters = letters_of(np.array([1, 2, 0, 0, 0, 0, 4, 0, 3, 3]), np.full(10, 0.9), np.zeros(10), CHARACTERS)
    total, one = words_of(letters, corners(100, 200, 300, 240), (1000, 1000))
    assert (total.text, one.text) == ("To", "1")
    assert total.box[0] == pytest.approx(0.1, abs=0.01)
    assert total.box[2] < 0.2
    assert one.box[0] > 0.24
    assert (one.box[1], one.box[3]) == pytest.approx((0.2, 0.24))


def test_only_what_is_much_higher_than_other_lines_stands() -> None:
    line, digit, margin_note = corners(0, 0, 300, 30), corners(0, 50, 12, 80), corners(400, 0, 430, 300)
    turned = as_read([line, line, digit, margin_note])
    assert turned[2] is digit
    assert sides(turned[3]) == pytest.approx((300, 30))


def test_few_widths_and_sizes_occur() -> None:
    assert len({width_of(corners(0, 0, wide, 30)) for wide in range(5, 3000, 7)}) < 25
    assert len({detection_size(wide, 2000, 1280) for wide in range(300, 3000, 7)}) < 40


def test_detection_never_gets_an_empty_or_a_huge_image() -> None:
    for size in ((1, 1), (1, 30_000), (12_000, 12_000), (900, 9_000)):
        wide, high = detection_size(*size, 1280)
        assert min(wide, high) >= 64
        assert wide * high <= 1.1 * 1280 * 960


def test_a_long_receipt_is_looked_at_in_its_width() -> None:
    wide, high = detection_size(600, 4200, 1280)
    assert wide == 384
    assert high == pytest.approx(4200 * 384 / 600, abs=64)


def test_zero_is_one_of_the_256_steps() -> None:
    for low, high in (measured_ranges("recogniser") | measured_ranges("detector")).values():
        below, above = with_zero(low, high)
        assert below <= min(low, 0.0) + 1e-6
        assert above >= high - 1e-6
        assert (-below / (above - below) * 255) == pytest.approx(round(-below / (above - below) * 255), abs=1e-6)


def slip() -> Image.Image:
    image = Image.new("RGB", (600, 800), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=26)
    for i, line in enumerate(
        ("Corner Shop Ltd", "Date 12/03/2024", "Bread and butter 4.50", "TOTAL 1,234.56", "Thank you")
    ):
        draw.text((60, 150 + 70 * i), line, fill="black", font=font)
    return image


AMOUNT: Box = (0.1, 355 / 800, 0.6, 400 / 800)


def test_a_second_look_reads_one_place() -> None:
    look = look_again(slip(), AMOUNT, "amount")
    assert look.text == "1,234.56"
    assert look.confidence > 0.6
    assert look.engine == ("tesseract" if installed_languages() else "openvino")


def test_where_tesseract_is_missing_the_models_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise TesseractMissing("It is not there.")

    monkeypatch.setattr(second, "TesseractEngine", missing)
    second._tesseract.cache_clear()
    try:
        look = look_again(slip(), AMOUNT)
    finally:
        monkeypatch.undo()
        second._tesseract.cache_clear()
    assert (look.text, look.engine) == ("TOTAL 1,234.56", engine_named(ReadingSettings()).name)


@pytest.mark.parametrize("box", [(0.0, 0.0, 1.0, 0.01), (0.99, 0.99, 1.0, 1.0), (0.5, 0.5, 0.5, 0.5)])
def test_a_second_look_at_nothing_sees_nothing(box: Box) -> None:
    assert look_again(slip(), box).text == ""


def on_a_desk(paper: Image.Image) -> Image.Image:
    """The paper photographed at an angle on brown wood."""
    import cv2

    wide, high = paper.size
    ends = np.array([[190, 160], [760, 120], [830, 930], [120, 960]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners(0, 0, wide, high), ends)
    photo = cv2.warpPerspective(np.asarray(paper), matrix, (1000, 1100), borderValue=(110, 80, 55))
    return Image.fromarray(photo)


def test_paper_on_a_desk_is_cut_out_and_flattened() -> None:
    photo = on_a_desk(slip())
    flat, cut = flattened(photo)
    assert cut is not None
    assert np.abs(np.array(cut) * photo.size - [[190, 160], [760, 120], [830, 930], [120, 960]]).max() < 12
    assert np.asarray(flat.convert("L")).mean() > 225  # no desk is left
    page, _ = read_upright(engine_named(ReadingSettings()), flat, 1)
    total = next(word for word in page.words if word.text == "1,234.56")
    x0, y0, x1, y1 = box_in_photograph(total.box, cut)
    printed = np.asarray(photo.convert("L"))[int(y0 * 1100) : int(y1 * 1100), int(x0 * 1000) : int(x1 * 1000)]
    assert printed.min() < 60 < 0.1 * printed.size  # the amount's print lies in the box


def test_the_edge_of_a_shadow_on_the_paper_is_not_taken_for_the_papers() -> None:
    """What lies in the shadow would be cut off."""
    photo = np.asarray(on_a_desk(slip()), np.float32)
    shadow = 1 / (1 + np.exp((np.arange(photo.shape[1]) - 330) / 25))
    shaded = Image.fromarray((photo * (1 - 0.75 * shadow[None, :, None])).astype(np.uint8))
    assert flattened(shaded) == (shaded, None)


@pytest.mark.parametrize("ground", ["white", "#f0f0f0"])
def test_a_scan_stays_as_it_is(ground: str) -> None:
    scan = Image.new("RGB", (900, 1100), ground)
    scan.paste(slip(), (150, 150))
    assert flattened(scan) == (scan, None)


def test_a_dark_picture_with_a_bright_blot_is_no_paper() -> None:
    picture = Image.new("RGB", (800, 800), "#202020")
    ImageDraw.Draw(picture).ellipse((200, 200, 600, 600), fill="white")
    assert flattened(picture)[1] is None


def test_a_page_is_held_for_a_second_look_as_it_was_read() -> None:
    image = slip().rotate(4, expand=True, fillcolor="white").rotate(90, expand=True)
    page, levelled = read_upright(engine_named(ReadingSettings()), image, 1)
    total = next(word for word in page.words if word.text == "1,234.56")
    assert look_again(held_as_read(image, page, levelled), total.box, "amount").text == "1,234.56"
