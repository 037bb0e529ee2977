"""Word files: what is read of them, and what is told of changes that nobody has settled."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from extractors.docx import changes_in, doubts_of, read_docx
from extractors.pages import document_text
from extractors.refusal import Refused

CHANGED = (
    "<w:p {}><w:r><w:t xml:space='preserve'>Notice is </w:t></w:r>"
    "<w:del w:id='1' w:author='x'><w:r><w:delText>30</w:delText></w:r></w:del>"
    "<w:ins w:id='2' w:author='x'><w:r><w:t>90</w:t></w:r></w:ins>"
    "<w:r><w:t xml:space='preserve'> days.</w:t></w:r></w:p>"
)


def written(folder: Path, document: docx.document.Document) -> Path:
    path = folder / "contract.docx"
    document.save(str(path))
    return path


def test_insertions_are_read_deletions_are_not_and_both_are_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Supply Agreement")
    document.element.body.insert(1, parse_xml(CHANGED.format(nsdecls("w"))))
    path = written(tmp_path, document)
    assert "Notice is 90 days." in document_text(read_docx(path))
    changes = changes_in(path)
    assert (changes.inserted, changes.deleted) == (("90",), ("30",))
    [doubt] = doubts_of(changes)
    assert doubt.code == "tracked_changes"
    assert "“30”" in doubt.message


def test_a_file_without_changes_raises_no_doubt(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Supply Agreement")
    assert doubts_of(changes_in(written(tmp_path, document))) == ()


def test_numbers_that_word_computes_are_written_out(tmp_path: Path) -> None:
    document = docx.Document()
    for words in ("Term", "Notices"):
        document.add_paragraph(words, style="List Number")
    text = document_text(read_docx(written(tmp_path, document)))
    assert "1. Term" in text
    assert "2. Notices" in text


def test_tables_headers_and_footers_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Draft of May"
    document.sections[0].footer.paragraphs[0].text = "Confidential"
    document.add_paragraph("Lease")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rent", "$1,000"
    lines = [" ".join(line.split()) for line in document_text(read_docx(written(tmp_path, document))).splitlines()]
    assert lines[0] == "Draft of May"
    assert "Rent $1,000" in lines
    assert lines[-1] == "Confidential"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no zip at all"])
def test_a_damaged_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.docx"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_docx(path)
    assert refused.value.doubt.message


def test_a_zip_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(Refused):
        read_docx(path)


def test_an_empty_document_is_blank(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_docx(written(tmp_path, docx.Document()))
    assert refused.value.doubt.code == "blank"


@pytest.mark.parametrize("start", ["²", "9" * 5000, "-5", "99999999", "x"])
def test_a_list_that_begins_at_no_number_is_read_all_the_same(start: str, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("First things", style="List Number")
    for element in document.part.numbering_part.element.iter(qn("w:start"), qn("w:ilvl")):
        element.attrib[qn("w:val")] = start  # past python-docx, which would refuse it
    for level in document.part.numbering_part.element.iter(qn("w:lvl")):
        level.attrib[qn("w:ilvl")] = start
    assert "First things" in document_text(read_docx(written(tmp_path, document)))


def test_parts_that_refer_to_each_other_in_a_circle_do_no_harm(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Dear all")
    whole = written(tmp_path, document)
    circle = tmp_path / "circle.docx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(circle, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b'Target="styles.xml"', b'Target="document.xml"')
            copy.writestr(name, content)
    assert "Dear all" in document_text(read_docx(circle))
