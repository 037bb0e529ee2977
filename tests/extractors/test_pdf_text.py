"""The text layer: words where they stand on the page as it is shown, and whether they can be trusted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extractors.pages import page_text, rows_of, text_of
from extractors.pdf_text import Pdf, TextLayer
from extractors.refusal import Refused
from extractors.render import render

SENTENCE = "The total amount of this invoice is due on receipt without any deduction"


def pdf(path: Path, draw: object, **encryption: str) -> Path:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    draw(canvas)  # type: ignore[operator]
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path


def layer(path: Path, number: int = 1) -> TextLayer:
    with Pdf(path) as opened:
        found = opened.text_layer(number)
    assert found is not None
    return found


def test_words_stand_where_they_were_printed(tmp_path: Path) -> None:
    file = pdf(
        tmp_path / "a.pdf", lambda c: (c.drawString(A4[0] / 2, A4[1] / 2, "Mitte"), c.drawString(0, 0, SENTENCE))
    )
    word = layer(file).page.words[0]
    assert word.text == "Mitte"
    assert word.box[0] == pytest.approx(0.5, abs=0.005)
    assert word.box[1] < 0.5 < word.box[3]
    assert word.confidence == 1.0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path, turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.drawString(100, 400, SENTENCE)

    page = layer(pdf(tmp_path / "a.pdf", draw)).page
    # the print lies on its side on the page as it is shown, so the page is turned for reading
    assert page_text(page).replace(" ", "") == SENTENCE.replace(" ", "")  # PDFium misplaces a space upside down
    assert page.rotation == (360 - turn) % 360


def test_sideways_print_on_an_upright_page_is_turned(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(100, -300, SENTENCE)
        canvas.drawString(100, -320, "Second line of the very same page")

    page = layer(pdf(tmp_path / "a.pdf", draw)).page
    assert page_text(page).splitlines() == [SENTENCE, "Second line of the very same page"]
    assert page.rotation == 90
    assert page.width > page.height


def test_a_crop_box_moves_the_origin_and_hides_what_lies_outside(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((100, 100, 400, 400))
        canvas.drawString(250, 250, "inside")
        canvas.drawString(20, 20, "outside")

    words = layer(pdf(tmp_path / "a.pdf", draw)).page.words
    assert [w.text for w in words] == ["inside"]
    assert words[0].box[0] == pytest.approx(0.5, abs=0.01)


def test_the_cells_of_a_row_come_together(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for x, column in (
            (50, ("Pos", "1", "2")),
            (150, ("Artikel", "Schraube", "Mutter")),
            (400, ("EUR", "1,00", "2,00")),
        ):
            for i, text in enumerate(column):
                canvas.drawString(x, 700 - 20 * i, text)

    rows = rows_of(layer(pdf(tmp_path / "a.pdf", draw)).page)
    assert [text_of(row) for row in rows] == ["Pos Artikel EUR", "1 Schraube 1,00", "2 Mutter 2,00"]


def test_what_was_typed_into_a_form_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "Invoice number")
        canvas.acroForm.textfield(value="RE-2024-77", x=200, y=690, width=120, height=20)

    assert "RE-2024-77" in page_text(layer(pdf(tmp_path / "a.pdf", draw)).page)


def test_an_empty_page_is_no_scan_and_needs_no_recognition(tmp_path: Path) -> None:
    found = layer(pdf(tmp_path / "a.pdf", lambda c: c.showPage()))
    assert (found.objects, found.scanned, found.readable, found.page.words) == (0, False, True, ())


def test_a_page_that_is_one_picture_must_be_recognised(tmp_path: Path) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (100, 140), 200))

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture, 0, 0, *A4)
        canvas.drawString(50, 50, "Eingegangen am 12.03.2024")  # somebody's stamp on the scan

    found = layer(pdf(tmp_path / "a.pdf", draw))
    assert found.scanned
    assert not found.readable


def test_the_noise_of_a_broken_font_is_not_trusted(tmp_path: Path) -> None:
    noise = " ".join(['!"#$%&', "'()*+,-", "./012:;", "<=>?@ABC", "^_`{|}~"] * 8)
    found = layer(pdf(tmp_path / "a.pdf", lambda c: [c.drawString(20, 800 - 20 * i, noise[:60]) for i in range(5)]))
    assert not found.usable


def test_of_a_long_file_the_first_pages_and_the_last_are_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(40):
            canvas.drawString(50, 700, f"page {i + 1}")
            canvas.showPage()

    with Pdf(pdf(tmp_path / "a.pdf", draw)) as opened:
        assert opened.page_count == 40
        assert opened.page_numbers(30) == [*range(1, 30), 40]
        assert opened.page_numbers(40) == list(range(1, 41))


def test_a_password_is_told_from_damage_even_after_another_locked_file(tmp_path: Path) -> None:
    import pikepdf

    plain = pdf(tmp_path / "plain.pdf", lambda c: c.drawString(50, 700, SENTENCE))
    with pikepdf.open(plain) as opened:
        opened.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
        opened.save(tmp_path / "owner.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n")
    for name, code in (("locked.pdf", "encrypted"), ("cut.pdf", "unreadable")):
        with pytest.raises(Refused) as refused:
            Pdf(tmp_path / name)
        assert refused.value.doubt.code == code
    assert page_text(layer(tmp_path / "owner.pdf").page) == SENTENCE


def test_huge_and_tiny_pages_are_drawn_within_bounds(tmp_path: Path) -> None:
    for name, size in (("huge", (14_000, 14_000)), ("tiny", (10, 20)), ("strip", (14_000, 3))):
        canvas = Canvas(str(tmp_path / name), pagesize=size)
        canvas.drawString(1, 1, "x")
        canvas.save()
        with Pdf(tmp_path / name) as opened:
            image = render(opened, 1)
        assert 900 <= max(image.size) <= 2401
