"""`run.py read` keeps its promise: one line per document, in the order given, whatever the document is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parents[2]
KEYS = [
    "file",
    "part",
    "kind",
    "kind_confidence",
    "source",
    "pages",
    "fields",
    "lines",
    "clauses",
    "doubts",
    "route",
    "seconds",
]
INVOICE = (
    "Muster GmbH", "Rechnung", "Rechnungsnummer: 4711", "Rechnungsdatum: 12.03.2024", "Netto 100,00 EUR",
    "MwSt 19% 19,00 EUR", "Gesamtbetrag 119,00 EUR", "Zahlbar bis 30.03.2024", "IBAN DE75512108001245126199",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(
    home: Path, *args: object, cwd: Path = ROOT, timeout: float = 120, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DESKHAND_HOME": str(home), "PYTHONPATH": str(ROOT)}
    env.pop("DESKHAND_SETTINGS", None)
    if path is not None:
        env |= {"PATH": path, "PYTHONPATH": os.pathsep.join([path, str(ROOT)])}
    command = [sys.executable, "-m", "tasks.commands.read", *map(str, args)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False)


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def invoice() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for i, line in enumerate(INVOICE):
        canvas.drawString(60, 780 - 20 * i, line)
    canvas.save()
    return buffer.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Rechnung"
    message.set_content("anbei")
    message.add_attachment(invoice(), maintype="application", subtype="pdf", filename="Rechnung.pdf")
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.pdf").write_bytes(invoice())
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "sub" / "empty").write_bytes(b"")
    (tmp_path / "mail.eml").write_bytes(mail())
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("x/one.pdf", invoice())
        archive.writestr("two.txt", "Dear Sir,\nall is well.\nYours sincerely")
    return tmp_path


def test_every_document_has_a_line_in_the_order_given(home: Path, folder: Path) -> None:
    found = lines(run(home, "--json", folder / "z.zip", folder, folder / "b.pdf"))
    shown = [(Path(line["file"]).relative_to(folder).as_posix(), line["part"]) for line in found]
    archive = [("z.zip", "x/one.pdf"), ("z.zip", "two.txt")]
    inside = [("a.pdf", None), ("b.pdf", None), ("mail.eml", "Rechnung.pdf"), ("sub/empty", None), *archive]
    assert shown == [*archive, *inside, ("b.pdf", None)]
    for line in found:
        assert list(line) == KEYS
        assert line["route"] in ("straight", "review", "reject")
        assert line["route"] == "straight" or any(d["message"] for d in line["doubts"])


def test_values_are_strings_with_a_place(home: Path, folder: Path) -> None:
    line = lines(run(home, "--json", folder / "b.pdf"))[0]
    assert (line["kind"], line["source"], line["pages"], line["part"]) == ("invoice", "text", 1, None)
    total = line["fields"]["total"]
    assert list(total) == ["value", "confidence", "reader", "page", "box"]
    assert (total["value"], total["page"]) == ("119.00", 1)
    assert len(total["box"]) == 4
    assert all(0 <= side <= 1 for side in total["box"])
    assert line["fields"]["issued_on"]["value"] == "2024-03-12"


def test_what_cannot_be_read_is_a_rejected_line(home: Path, folder: Path) -> None:
    found = lines(run(home, "--json", folder / "a.pdf", folder / "sub"))
    assert [(line["route"], line["doubts"][0]["code"]) for line in found] == [
        ("reject", "unreadable"),
        ("reject", "empty_file"),
    ]


def test_the_path_is_shown_as_it_was_given(home: Path, folder: Path) -> None:
    found = lines(run(home, "--json", "./sub", "b.pdf", cwd=folder))
    assert [line["file"] for line in found] == ["sub/empty", "b.pdf"]


def test_people_get_a_table(home: Path, folder: Path) -> None:
    done = run(home, folder / "b.pdf")
    assert done.returncode == 0
    assert "4711" in done.stdout
    assert "119.00" in done.stdout


@pytest.mark.parametrize("args", [["--json"], ["--json", "/no/such/file"], ["--colour", "x"]])
def test_wrong_usage_is_a_sentence_and_status_2(home: Path, args: list[str]) -> None:
    done = run(home, *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_an_invalid_settings_file_is_a_sentence_and_status_1(
    home: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "settings.toml").write_text("no_such_key = 1\n")
    try:
        done = run(home, "--json", folder / "b.pdf")
    finally:
        (home / "settings.toml").unlink()
    assert done.returncode == 1
    assert "no_such_key" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_ocr_engine_is_nobodys_fault_but_the_machines(home: Path, tmp_path: Path) -> None:
    image = Image.new("L", (600, 800), 255)
    image.paste(0, (50, 50, 550, 60))
    image.paste(0, (50, 90, 550, 100))
    image.save(tmp_path / "scan.png")
    mailbox = "[[mailboxes]]\nkind = 'folder'\nname = 'in'\npath = '.'\n"
    settings = f"[company]\nname = 'x'\n{mailbox}[reading]\nengine = 'tesseract'\n"
    (home / "settings.toml").write_text(settings)
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text("import sys\nsys.modules['tesserocr'] = None\n")
    try:
        done = run(home, "--json", tmp_path / "scan.png", path=str(tmp_path / "without"))
    finally:
        (home / "settings.toml").unlink()
    assert (done.returncode, done.stdout) == (1, "")
    assert "Tesseract is not installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_that_nobody_fills_is_not_waited_for(home: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [line["route"] for line in lines(run(home, "--json", tmp_path, timeout=60))] == ["reject"]


def test_a_link_that_leads_nowhere_or_into_the_system_is_a_line_like_any_other(home: Path, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone.pdf")
    (tmp_path / "system").symlink_to("/proc/kmsg")  # of no size, and who reads it waits for ever
    (tmp_path / "letter.txt").write_text("Dear Sir,\nhello\nYours sincerely")
    files = [tmp_path / name for name in ("circle", "nowhere", "system", "letter.txt")]
    found = lines(run(home, "--json", *files, timeout=60))
    assert [Path(line["file"]).name for line in found] == ["circle", "nowhere", "system", "letter.txt"]
    assert [line["route"] for line in found[:3]] == ["reject"] * 3


def test_an_odd_file_name_comes_back_as_it_is(home: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"R\xe9\xff [bold]x[red].txt")  # no UTF-8
    (tmp_path / name).write_text("Dear Sir,\nhello\nYours sincerely")
    assert [line["file"] for line in lines(run(home, "--json", tmp_path))] == [str(tmp_path / name)]
    assert run(home, tmp_path).returncode == 0


def test_hostile_files_end_in_one_outcome(home: Path, real_data: Path) -> None:
    files = sorted(f for f in (real_data / "hostile").rglob("*") if f.is_file())[::12]
    found = lines(run(home, "--json", *files, timeout=600))
    assert {line["file"] for line in found} == {str(f) for f in files}
    for line in found:
        assert line["seconds"] < 30
        assert line["route"] == "straight" or line["doubts"]
