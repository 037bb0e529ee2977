"""Whatever a mail holds: unpacking ends soon, raises nothing, and gives parts that are safe to store."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from letters import PDF, attachment, letter, multipart, part, text, zipped

from connectors import Unpacked
from connectors.mail.mime import unpack
from workitems.files import check_name

MB = 1_000_000
CPU_SECONDS = 10.0


def html(body: bytes) -> bytes:
    return letter(body, "Content-Type: text/html")


def body(content: bytes, *headers: str) -> bytes:
    return letter(content, *headers)


def pieces(content: bytes) -> bytes:
    return letter(content, 'Content-Type: multipart/mixed; boundary="x"')


def nested_multiparts(depth: int) -> bytes:
    levels = (f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n--b{i}\r\n' for i in range(depth))
    return letter(("".join(levels) + "\r\ntext").encode(), "X: y").replace(b"X: y\r\n\r\n", b"")


def nested_mails(depth: int) -> bytes:
    mail = letter(b"innermost")
    for _ in range(depth):
        mail = letter(mail, "Content-Type: message/rfc822")
    return mail


def nested_zips(depth: int) -> bytes:
    archive = zipped(("a.pdf", PDF))
    for _ in range(depth):
        archive = zipped(("x.zip", archive))
    return multipart(attachment("x.zip", archive))


def header(name: str, value: bytes) -> bytes:
    return b"From: a@b.example\r\n" + name.encode() + b": " + value + b"\r\n\r\nbody"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "no bytes at all": lambda: b"",
    "one byte": lambda: b"\x00",
    "multiparts nested 2000 deep": lambda: nested_multiparts(2000),
    "mails nested 300 deep": lambda: nested_mails(300),
    "zips nested 12 deep": lambda: nested_zips(12),
    "a zip bomb": lambda: multipart(attachment("x.zip", zipped(*((f"{i}.pdf", bytes(10 * MB)) for i in range(5))))),
    "a zip of 30,000 files": lambda: multipart(attachment("x.zip", zipped(*((str(i), b"") for i in range(30_000))))),
    "a million delimiters": lambda: pieces(b"--x\r\n" * MB),
    "300,000 near delimiters": lambda: pieces(b"--xx\n" * 300_000),
    "a million dashes": lambda: pieces(b"--\n" * MB),
    "divs in divs": lambda: html(b"<div>" * MB),
    "tables in tables": lambda: html(b"<table><tr><td>" * 150_000),
    "unclosed tags": lambda: html(b"<" * 2 * MB),
    "unclosed comments": lambda: html(b"<!--" * MB),
    "an endless attribute": lambda: html(b"<a " + b"x " * MB + b">"),
    "an endless blank": lambda: html(b"<p>" + b" " * 2 * MB),
    "meta tags": lambda: html(b"<meta " * 300_000),
    "an endless quoted name": lambda: body(b"x", 'Content-Type: text/plain; name="' + '\\"' * 500_000),
    "a million parameters": lambda: body(b"x", "Content-Type: text/plain" + ";a=b" * 500_000),
    "a name in 200,000 pieces": lambda: body(b"x", "Content-Type: a/b" + "".join(f";n*{i}*=a" for i in range(200_000))),
    "encoded words without end": lambda: header("Subject", b"=?utf-8?q?a" * 300_000),
    "a million encoded words": lambda: header("Subject", b"=?utf-8?b?QUJD?= " * 300_000),
    "a million senders": lambda: header("From", b'"(<a@,' * 500_000),
    "500,000 header lines": lambda: b"From: a@b\r\n" + b"X: y\r\n" * 500_000 + b"\r\nx",
    "500,000 folded lines": lambda: b"From: a@b\r\nX: y\r\n" + b" z\r\n" * 500_000 + b"\r\nx",
    "five million line ends": lambda: b"\n" * 5 * MB,
    "a line of ten million letters": lambda: b"a" * 10 * MB,
    "punycode": lambda: body(b"xn--" * MB, "Content-Type: text/plain; charset=punycode"),
    "a codec that is no charset": lambda: body(b"x" * MB, "Content-Type: text/plain; charset=zlib_codec"),
    "uuencoded files without end": lambda: body(b"begin 644 a\n" * 300_000),
    "ten thousand uuencoded files": lambda: body(b"begin 644 a\n#0V%T\nend\n" * 10_000),
    "padding only": lambda: body(b"====" * MB, "Content-Transfer-Encoding: base64"),
}


def assert_storable(unpacked: Unpacked) -> None:
    assert unpacked.parts
    assert len({p.name for p in unpacked.parts}) == len(unpacked.parts)
    assert len({p.path for p in unpacked.parts}) == len(unpacked.parts)
    for found in unpacked.parts:
        assert check_name(found.name) == found.name
        assert not found.name.startswith(".")
    assert len(unpacked.mail.message_key) == 64
    unpacked.model_dump_json(exclude={"parts": {"__all__": {"data"}}})


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_unpacked_in_bounded_time(name: str) -> None:
    mail = HOSTILE[name]()
    started = time.process_time()
    unpacked = unpack(mail)
    spent = time.process_time() - started
    assert spent < CPU_SECONDS
    assert_storable(unpacked)


SOUND = multipart(
    text("Dear Sir, äöü"),
    text("<p>Dear <b>Sir</b></p>", "html"),
    attachment("a.pdf", PDF),
    attachment("b.zip", zipped(("c.pdf", PDF), ("d/e.txt", b"text"))),
    part(letter(b"inner"), "Content-Type: message/rfc822"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(SOUND)), st.integers(0, 40), st.binary(max_size=8)), max_size=12))
def test_no_damage_to_a_mail_raises_anything(damages: list[tuple[int, int, bytes]]) -> None:
    mail = SOUND
    for at, length, instead in damages:
        mail = mail[:at] + instead + mail[at + length :]
    assert_storable(unpack(mail))
    assert_storable(unpack(mail, "a.bin"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_and_subject_become_safe(name: str, subject: str) -> None:
    clean = "".join(c for c in name if c not in '\r\n"').encode("utf-8", "replace").decode()
    title = "".join(c for c in subject if c not in "\r\n").encode("utf-8", "replace").decode()
    assert_storable(unpack(multipart(attachment(clean, PDF), attachment(clean, PDF), subject=title)))
    assert_storable(unpack(letter(b"text", subject=title)))
