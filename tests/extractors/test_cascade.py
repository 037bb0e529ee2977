"""Whatever the file, the cascade answers with a Paper; what cannot be read says why."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractors.cascade import read_document
from extractors.pages import split_line
from extractors.paging import Sheets
from extractors.settings import ReadingSettings
from workitems.items import Page, Paper, Reading

LETTER = "Dear Sir or Madam,\n\nthank you for your letter of yesterday. We shall answer soon.\n\nYours sincerely\n"
INVOICE = (
    "INVOICE",
    "Invoice number: 4711",
    "Invoice date: 12.03.2024",
    "Total amount due: 119.00 EUR",
    "IBAN DE75512108001245126199",
)


class FakeEngine:
    """Recognises the same lines on every page, at a price in time."""

    name = "fake"

    def __init__(self, lines: tuple[str, ...] = INVOICE, confidence: float = 0.97) -> None:
        self.lines, self.confidence, self.seen = lines, confidence, list[int]()

    def read(self, image: Image.Image, number: int, language: str | None = None) -> Page:
        self.seen.append(number)
        words = [
            word
            for i, line in enumerate(self.lines)
            for word in split_line(
                line, (0.1, 0.1 + 0.03 * i, 0.1 + 0.01 * len(line), 0.12 + 0.03 * i), self.confidence
            )
        ]
        return Page(
            number=number, width=image.width, height=image.height, words=tuple(words), source="ocr", engine="fake"
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    fake = FakeEngine()
    monkeypatch.setattr("extractors.ocr.engine_named", lambda settings: fake)
    return fake  # type: ignore[return-value]


def codes(paper: Paper) -> list[str]:
    return [doubt.code for doubt in paper.doubts]


def read(path: Path, name: str | None = None, settings: ReadingSettings | None = None) -> Paper:
    return read_document(str(path), name or path.name, None, settings)


def scan(size: tuple[int, int] = (850, 1200)) -> Image.Image:
    """A page with rows of ink."""
    image = Image.new("L", size, 255)
    for y in range(100, size[1] - 100, 40):
        image.paste(0, (80, y, size[0] - 80, y + 12))
    return image


def pdf(path: Path, *draws: Callable[[Canvas], object]) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    for draw in draws:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def text_page(canvas: Canvas) -> None:
    for i, line in enumerate(INVOICE):
        canvas.drawString(60, 780 - 20 * i, line)


def scanned_page(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(scan()), 0, 0, *A4)


def test_a_digital_invoice_is_read_from_its_text(tmp_path: Path, engine: FakeEngine) -> None:
    paper = read(pdf(tmp_path / "a.pdf", text_page))
    assert (paper.kind, paper.source, paper.pages) == ("invoice", "text", 1)
    assert paper.fields["number"].value == "4711"
    assert not engine.seen


def test_only_the_scanned_pages_of_a_pdf_are_recognised(tmp_path: Path, engine: FakeEngine) -> None:
    paper = read(pdf(tmp_path / "a.pdf", text_page, scanned_page, text_page))
    assert engine.seen == [2]
    assert (paper.source, paper.pages, paper.models["ocr"]) == ("ocr", 3, "fake")


def test_time_for_recognition_ends_before_the_document_is_killed(tmp_path: Path, engine: FakeEngine) -> None:
    file = pdf(tmp_path / "a.pdf", text_page, scanned_page)
    paper = read(file, settings=ReadingSettings(ocr_seconds=0))
    assert not engine.seen
    assert "pages_unread" in codes(paper)
    assert paper.fields["number"].value == "4711"


def test_of_a_long_pdf_the_rest_is_named(tmp_path: Path, engine: FakeEngine) -> None:
    paper = read(pdf(tmp_path / "a.pdf", *[text_page] * 6), settings=ReadingSettings(max_pages=3))
    assert (paper.pages, codes(paper)[-1]) == (6, "pages_skipped")


def test_a_scan_that_is_hard_to_read_says_so(tmp_path: Path, engine: FakeEngine) -> None:
    engine.confidence = 0.4
    scan().save(tmp_path / "a.png")
    paper = read(tmp_path / "a.png")
    assert [d.severity for d in paper.doubts if d.code == "poor_scan"] == ["block"]


def test_frames_of_a_tiff_are_pages_and_of_a_gif_only_the_first_counts(tmp_path: Path, engine: FakeEngine) -> None:
    for name, pages in (("a.tif", [1, 2, 3]), ("a.gif", [1])):
        engine.seen.clear()
        scan().save(tmp_path / name, save_all=True, append_images=[scan(), scan()])
        assert read(tmp_path / name).pages == len(pages)
        assert engine.seen == pages


def test_boxes_lie_on_the_page_as_it_is_shown(tmp_path: Path) -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.rotate(90)
        for i, line in enumerate(INVOICE):
            canvas.drawString(100, -100 - 20 * i, line)

    number = read(pdf(tmp_path / "a.pdf", sideways)).fields["number"]
    assert number.box is not None
    x0, y0, x1, y1 = number.box  # printed upwards at x = 120 points
    assert 0.15 < x0 < x1 < 0.25
    assert (y1 - y0) * A4[1] > (x1 - x0) * A4[0]


@pytest.mark.parametrize("name", ["mail.txt", "mail", "mail.html"])
def test_text_and_html_need_no_recognition(tmp_path: Path, name: str) -> None:
    body = LETTER.replace("\n", "<br>") if name.endswith("html") else LETTER
    content = f"<html><script>evil()</script><body><p>{body}</p></body></html>" if name.endswith("html") else body
    (tmp_path / name).write_text(content)
    paper = read(tmp_path / name)
    assert (paper.kind, paper.source, paper.language) == ("letter", "text", "en")


def test_a_word_file_is_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LETTER.splitlines())
    document = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{body}</w:document>'
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    assert read(tmp_path / "a.docx").kind == "letter"


def bomb(path: Path) -> None:
    """A PNG of 600 bytes that says it has 3.6 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def locked(path: Path) -> None:
    pdf(path, text_page)
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        opened.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))


def locked_office(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))


def half_a_jpeg(path: Path) -> None:
    buffer = io.BytesIO()
    scan().save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (lambda p: p.write_bytes(b""), "empty_file"),
    "only spaces": (lambda p: p.write_bytes(b"  \n\n  "), "blank"),
    "random bytes": (lambda p: p.write_bytes(bytes(range(256)) * 20), "unsupported_type"),
    "a locked PDF": (locked, "encrypted"),
    "a locked Office file": (locked_office, "encrypted"),
    "a PDF that is cut off": (lambda p: p.write_bytes(b"%PDF-1.4\n1 0 obj"), "unreadable"),
    "a PDF without words": (lambda p: pdf(p, lambda c: None), "blank"),
    "a white picture": (lambda p: Image.new("L", (800, 1000), 255).save(p, "PNG"), "blank"),
    "a picture bomb": (bomb, "too_large"),
    "a lying picture": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50), "unreadable"),
    "a Word file without a document": (lambda p: p.write_bytes(b"PK\x03\x04" + b"word/document.xml"), "unreadable"),
    "XML of another kind": (lambda p: p.write_bytes(b"<?xml version='1.0'?><note>hello</note>"), "unsupported_type"),
    "an XML bomb": (
        lambda p: p.write_bytes(b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
        "unsupported_type",
    ),
    "RTF": (lambda p: p.write_bytes(b"{\\rtf1 hello}"), "unsupported_type"),
    "a program": (lambda p: p.write_bytes(b"MZ\x90\x00" + b"\0" * 100), "unsupported_type"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_says_why(tmp_path: Path, engine: FakeEngine, case: str) -> None:
    make, code = REFUSED[case]
    make(tmp_path / "file")
    paper = read(tmp_path / "file")
    assert codes(paper)[:1] in ([code], ["xml_unreadable"])
    assert paper.source is None
    assert all(d.severity == "block" and d.message.endswith(".") for d in paper.doubts)


def test_a_picture_that_is_cut_off_is_read_but_doubted(tmp_path: Path, engine: FakeEngine) -> None:
    half_a_jpeg(tmp_path / "a.jpg")
    assert "picture_cut_off" in codes(read(tmp_path / "a.jpg"))


def test_a_file_larger_than_the_limit_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-" + b"0" * 3000)
    assert codes(read(tmp_path / "a.pdf", settings=ReadingSettings(max_bytes=1000))) == ["too_large"]


def test_a_file_that_has_gone_is_a_doubt(tmp_path: Path) -> None:
    assert codes(read(tmp_path / "nowhere.pdf")) == ["unreadable"]


def test_what_was_levelled_is_shown_where_it_lay() -> None:
    page = Page(number=1, width=1000, height=1000, source="ocr")
    reading = Reading(value="x", confidence=1.0, reader="r", page=1, box=(0.9, 0.49, 1.0, 0.51))
    paper = Paper(kind="invoice", kind_confidence=1.0, fields={"total": reading})
    shown = Sheets([page], skews={1: 3.0}).as_shown(paper).fields["total"].box  # was turned clockwise, so lay higher
    assert shown is not None
    assert shown[1] == pytest.approx(0.49 - 0.45 * 0.0523, abs=0.001)
    assert shown[3] - shown[1] == pytest.approx(0.02)
