"""A picture of an identity paper goes through the real steps: it is nowhere in clear, and no log tells whose it is."""

from __future__ import annotations

import base64
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from devdata.joiners.papers import CARDS
from devdata.papers.mails import Attachment, mail
from workitems.store import Store

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("collect_mail", "read_documents", "file_joiners")
PICTURE = (CARDS / "mueller.jpg").read_bytes()
SETTINGS = """
[company]
name = "Moselbrück Apparatebau GmbH"
[[mailboxes]]
kind = "folder"
name = "in"
path = "in"
"""
ALL_LOGGERS = "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one mail with a picture went through the steps, every logger of every process at DEBUG."""
    folder = tmp_path_factory.mktemp("identity")
    home, scratch, debug = (folder / name for name in ("home", "scratch", "debug"))
    for each in (home / "in", scratch, debug):
        each.mkdir(parents=True)
    (debug / "sitecustomize.py").write_text(ALL_LOGGERS)
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "in" / "one.eml").write_bytes(_mail())
    env = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    env |= {"DESKHAND_HOME": str(home), "DESKHAND_SCRATCH": str(scratch), "PYTHONPATH": f"{debug}:{ROOT}"}
    env |= {"RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter"}
    for step in STEPS:
        log = home / "logs" / step
        log.mkdir(parents=True)
        command = [sys.executable, "-m", "robocorp.tasks", "run", "tasks", "-t", step, "-o", str(log)]
        with (log / "worker.log").open("wb") as said:
            subprocess.run(command, cwd=ROOT, env=env, stdout=said, stderr=said, timeout=170, check=True)
    return home


def _mail() -> bytes:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return mail("<jm@example.org>", "My papers", "See the picture.", at, Attachment("mueller.jpg", PICTURE))


def logs(home: Path) -> str:
    """All that was logged, by us, by robocorp and by libraries."""
    found = [
        file.read_text(encoding="utf-8", errors="replace") for file in (home / "logs").rglob("*") if file.is_file()
    ]
    assert sum(map(len, found)) > 2000
    return "\n".join(found)


def personal(home: Path) -> set[str]:
    """What the picture says of its owner, as it was read and as it might be written."""
    with closing(Store.open(home)) as store:
        (paper,) = store.find("joiner")
    values = {name: str(reading["value"]) for name, reading in paper.payload["readings"].items()}
    assert {"surname", "given_names", "born_on", "document_number"} <= set(values), values
    born = date.fromisoformat(values["born_on"])
    told = {values["surname"], values["given_names"], values["document_number"], "Müller", "jm@example.org"}
    return told | {f"{born:{form}}" for form in ("%Y-%m-%d", "%d.%m.%Y", "%y%m%d", "%d %b %Y")} | {"P<D<<", "mueller"}


def test_the_picture_lies_nowhere_in_clear_but_in_the_mailbox(home: Path) -> None:
    parts = (PICTURE[:64], PICTURE[2000:2064], base64.b64encode(PICTURE)[3000:3064])
    ours = [file for file in home.rglob("*") if file.is_file() and not file.is_relative_to(home / "in")]
    assert [f for f in ours if any(part in f.read_bytes() for part in parts)] == []
    assert list((home.parent / "scratch").iterdir()) == []
    sealed = list((home / "files").glob("??/??/*"))
    assert len(sealed) == 1
    assert sealed[0].name != hashlib.sha256(PICTURE).hexdigest()
    with closing(Store.open(home)) as store:
        (paper,) = store.find("joiner")
        assert (paper.state, paper.payload["source"]) == ("done", "identity")
        assert store.read_file(paper.id, "mueller.jpg") == PICTURE


def test_no_log_tells_whose_paper_it_is_whatever_is_logged(home: Path) -> None:
    said = logs(home)
    assert {word for word in personal(home) if word.casefold() in said.casefold()} == set()


def test_no_event_tells_whose_paper_it_is(home: Path) -> None:
    with closing(sqlite3.connect(home / "deskhand.db")) as db:
        rows = [
            *db.execute("SELECT who, why FROM events"),
            *db.execute("SELECT who, why FROM dossier_changes"),
            *db.execute("SELECT code, message FROM items"),
            *db.execute("SELECT body, '' FROM decisions"),
        ]
    said = str(rows).casefold()
    assert {word for word in personal(home) if word.casefold() in said} == set()
