"""The torture suites of twelve mail libraries and 200 ordinary mails, where they are at hand."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from connectors.mail.mime import unpack
from connectors.mail.structure import entity, leaves

NO_MAILS = {
    ".xml",
    ".json",
    ".golden",
    ".png",
    ".jpg",
    ".html",
    ".list",
    ".rtf",
    ".tif",
    ".doc",
    ".gz",
    ".tnef",
    ".bin",
}
# Mails with delimiters in an impossible order; everything that they hold is inside one of the parts that are found.
BEYOND_REPAIR = {
    *(f"malformed/{n}.eml" for n in ("003", "007", "009", "011", "012", "016", "019")),
    "thirdparty/015.eml",
}
# Where the standard library itself fails: base64 that it leaves undecoded, boundaries that are folded or missing.
BETTER_HERE = {
    "extra-base64-character.raw",
    "badbound",
    "multi-badnames",
    "twopart",
    "obsolete",
    "000.eml",
    "m0021.txt",
    "thirdparty/003.eml",
}


@pytest.fixture(scope="module")
def mails(real_data: Path) -> dict[Path, bytes]:
    folder = real_data / "mail"
    if not folder.is_dir():
        pytest.skip("DESKHAND_TEST_DATA has no folder of mails")
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix.lower() not in NO_MAILS)
    return {file: file.read_bytes() for file in files}


def test_no_real_mail_raises_anything_or_ends_without_a_part(mails: dict[Path, bytes]) -> None:
    assert len(mails) > 500
    assert [file.name for file, data in mails.items() if not unpack(data).parts] == []


def test_no_part_that_the_standard_library_finds_is_lost(mails: dict[Path, bytes]) -> None:
    """Every part with content that the standard library sees is also a leaf here, with the same bytes."""
    lost: list[str] = []
    for file, data in mails.items():
        shown = f"{file.parent.name}/{file.name}"
        if shown in BEYOND_REPAIR or {file.name, file.stem, shown} & BETTER_HERE:
            continue
        ours = {_squeezed(leaf.content) for leaf in leaves(entity(data))}
        whole = b"".join(ours)
        for content in _standard_leaves(email.message_from_bytes(data)):
            squeezed = _squeezed(content)
            if squeezed and squeezed not in ours and squeezed not in whole:
                lost.append(shown)
    assert lost == []


def test_every_part_of_the_stalwart_suite_is_found(mails: dict[Path, bytes]) -> None:
    checked = 0
    for file, data in mails.items():
        truth = file.with_suffix(".json")
        if "stalwart" not in file.parts or not truth.exists() or f"{file.parent.name}/{file.name}" in BEYOND_REPAIR:
            continue
        parts: list[dict[str, Any]] = json.loads(truth.read_text(encoding="utf-8")).get("parts", [])
        expected = sum("Multipart" not in part["body"] for part in parts)
        assert len(list(leaves(entity(data)))) >= expected, file.name
        checked += 1
    assert checked >= 30


def _standard_leaves(message: Message) -> Iterator[bytes]:
    if message.get_content_maintype() == "message":
        return  # attached mails are compared as mails of their own
    if message.is_multipart():
        for child in message.get_payload():
            if isinstance(child, Message):
                yield from _standard_leaves(child)
        return
    content = message.get_payload(decode=True)
    if isinstance(content, bytes):
        yield content


def _squeezed(content: bytes) -> bytes:
    return b"".join(content.split())
