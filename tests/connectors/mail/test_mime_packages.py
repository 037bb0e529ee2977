"""Archives and other packages in mails: opened wholly and within bounds, or documents in doubt themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from letters import PDF, attachment, locked_zip, multipart, text, zipped
from unpacking import codes, names, paths

from connectors.mail.mime import unpack


def test_a_zip_with_three_invoices_gives_three_parts_that_say_where_they_lay() -> None:
    archive = zipped(("2026/a.pdf", PDF), ("2026/b.pdf", PDF), ("c.pdf", PDF), ("__MACOSX/._c.pdf", b"x"))
    unpacked = unpack(multipart(text("."), attachment("march.zip", archive)))
    assert paths(unpacked) == ["march.zip/2026/a.pdf", "march.zip/2026/b.pdf", "march.zip/c.pdf"]
    assert names(unpacked) == ["a.pdf", "b.pdf", "c.pdf"]
    assert [i.why for i in unpacked.ignored] == ["a note of the operating system"]


def test_names_that_climb_out_of_a_zip_stay_inside() -> None:
    archive = zipped(("../../../etc/cron.d/evil.pdf", PDF), ("/abs/b.pdf", PDF), ("c:\\temp\\d.pdf", PDF))
    unpacked = unpack(multipart(attachment("x.zip", archive)))
    assert names(unpacked) == ["evil.pdf", "b.pdf", "d.pdf"]
    assert all(path and ".." not in path for path in paths(unpacked))


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (locked_zip(), "archive_encrypted"),
        (zipped(("a.pdf", b"\0" * 60_000_000)), "archive_too_large"),
        (zipped(*((f"{i}.pdf", b"") for i in range(501))), "archive_too_large"),
        (zipped(("a.pdf", PDF))[:-30], "archive_damaged"),
        (zipped(("a.pdf", PDF * 50)).replace(b"%%EOF", b"%%E0F"), None),
        (zipped(("a.pdf", PDF), method=14), "archive_damaged"),
        (zipped(), "archive_empty"),
    ],
    ids=["encrypted", "bomb", "too many", "cut off", "sound", "lzma", "empty"],
)
def test_an_archive_that_cannot_be_opened_wholly_is_itself_the_document(archive: bytes, code: str | None) -> None:
    unpacked = unpack(multipart(text("."), attachment("x.zip", archive)))
    if code is None:
        assert names(unpacked) == ["a.pdf"]
        return
    assert [(p.name, p.data, p.media_type) for p in unpacked.parts] == [("x.zip", archive, "application/zip")]
    assert codes(unpacked) == [code]


def test_a_flipped_bit_inside_a_zip_is_noticed() -> None:
    archive = bytearray(zipped(("a.pdf", bytes(range(256)) * 40)))
    archive[60] ^= 0x40
    assert codes(unpack(bytes(archive), "x.zip")) == ["archive_damaged"]


def test_zips_in_zips_are_followed_to_a_limit() -> None:
    archive = zipped(("deep.pdf", PDF))
    for level in range(3):
        archive = zipped((f"level{level}.zip", archive))
    assert paths(unpack(archive, "top.zip")) == ["level2.zip/level1.zip/level0.zip/deep.pdf"]
    too_deep = unpack(zipped(("more.zip", archive)), "top.zip")
    assert codes(too_deep) == ["nested_too_deep"]
    assert names(too_deep) == ["level0.zip"]


def test_an_office_document_is_not_taken_apart() -> None:
    sheet = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    (found,) = unpack(multipart(attachment("list.xlsx", sheet))).parts
    assert found.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x78\x9f\x3e\x22\x01\x00", "outlook_package"),
        (b"-----BEGIN PGP MESSAGE-----\nabc", "mail_encrypted"),
        (b"7z\xbc\xaf\x27\x1c\x00", "archive_unknown"),
        (b"Rar!\x1a\x07\x00", "archive_unknown"),
        (bytes.fromhex("308006092a864886f70d010703a080"), "mail_encrypted"),
    ],
)
def test_a_package_of_a_kind_that_is_not_opened_is_a_document_in_doubt(content: bytes, code: str) -> None:
    unpacked = unpack(multipart(text("."), attachment("x.dat", content)))
    assert (names(unpacked), codes(unpacked)) == (["x.dat"], [code])
