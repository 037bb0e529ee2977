"""`run.py check`: says of every part whether it works and what to do, quickly, and never with a stack trace."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.commands.check import look_at, look_at_all
from tasks.commands.check_looks import secrets_of
from tasks.flow import ON_SCHEDULE
from tasks.settings import ROOT, Settings
from tests.erp_fixture import Erp

COMPANY = {"name": "We"}
FOLDER = {"kind": "folder", "name": "in", "path": "inbox"}
IMAP = {"kind": "imap", "name": "post", "host": "127.0.0.1", "security": "plain", "vault": "mail"}
EXCHANGE = {"kind": "exchange", "name": "ews", "endpoint": "https://mail.example/EWS", "address": "a@b.example"}
ERP = '[erp]\nurl = "{url}"\ndatabase = "erp"\n'
TOML = '[company]\nname = "We"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'


def check(
    home: Path, settings: str = "", secrets: Any = None, seconds: float = 30
) -> tuple[int, dict[str, tuple[str, str]]]:
    """Runs the command on a home; returns its status, and by part its state and message."""
    home.mkdir(exist_ok=True)
    if settings:
        (home / "settings.toml").write_text(settings, encoding="utf-8")
    (home / "vault.json").write_text(secrets if isinstance(secrets, str) else json.dumps(secrets or {}))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    clean |= {"DESKHAND_HOME": str(home), "RC_VAULT_SECRETS_FILE": str(home / "vault.json")}
    command = [sys.executable, "-m", "tasks.commands.check", "--json", "--seconds", str(seconds)]
    env = clean | {"RC_VAULT_SECRET_MANAGER": "FileSecrets"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row.keys() == {"part", "state", "message"} and row["message"] for row in rows)
    return done.returncode, {row["part"]: (row["state"], row["message"]) for row in rows}


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_fresh_home_has_nothing_wrong_and_says_what_comes_next(tmp_path: Path) -> None:
    status, parts = check(tmp_path / "home")
    assert status == 0
    assert parts["settings"][0] == parts["database"][0] == parts["browser"][0] == "ok"
    assert parts["mailboxes"][0] == parts["ERP"][0] == "warn"
    assert "run.py demo" in parts["mailboxes"][1]
    assert "run.py demo" in parts["ERP"][1]


def test_a_fault_of_the_settings_is_named_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    status, parts = check(tmp_path, TOML + "[invoices]\nroundin = 1\n")
    assert status == 1
    assert parts["settings"][0] == "fail"
    assert "'invoices.roundin'" in parts["settings"][1]
    assert (parts["database"][0], parts["ERP"][0]) == ("ok", "warn")


def test_a_step_that_nobody_starts_is_named(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    state, said = check(tmp_path, TOML)[1]["schedules"]
    assert state == "warn"
    assert "watch_contracts" in said
    example = (ROOT / "docs" / "settings.example.toml").read_text(encoding="utf-8").replace("#", "")
    assert all(f'step = "{name}"' in example for name in ON_SCHEDULE)


def test_a_playbook_with_a_mistake_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "book").mkdir()
    chapter = "title: Ours\nversion: 2026-11-01\npositions: [{category: Insurence}]\n"
    (tmp_path / "book" / "own.yaml").write_text(chapter)
    status, parts = check(tmp_path, TOML + '[contracts]\nplaybook = "book"\n')
    assert status == 1
    assert parts["playbook"][0] == "fail"
    assert "own.yaml, positions.1" in parts["playbook"][1]


def test_a_folder_that_is_not_there_is_said_with_the_mailboxs_name(tmp_path: Path) -> None:
    status, parts = check(tmp_path, TOML)
    assert status == 1
    assert parts["mailboxes"][0] == "fail"
    assert parts["mailboxes"][1].startswith("in: ")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "invoice.pdf").write_bytes(b"%PDF")
    assert check(tmp_path, TOML)[1]["mailboxes"] == ("ok", "in: 1 mails or files wait.")


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        pytest.param({}, "no secret named 'erp'", id="no secret"),
        pytest.param({"erp": {"login": "bot"}}, "no field 'password'", id="no password"),
        pytest.param("not json", "cannot be read", id="not readable"),
    ],
)
def test_what_the_vault_lacks_is_named(tmp_path: Path, secrets: Any, said: str) -> None:
    status, parts = check(tmp_path, TOML + ERP.format(url="http://127.0.0.1:1"), secrets)
    assert status == 1
    assert parts["vault"][0] == "fail"
    assert said in parts["vault"][1]


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    secrets = {"erp": {"login": "bot", "password": "hunter2hunter2"}}
    _, parts = check(tmp_path, TOML + ERP.format(url="http://127.0.0.1:1"), secrets)
    assert "hunter2" not in json.dumps(parts)


def test_a_way_out_for_joiners_mails_that_is_away_is_said(tmp_path: Path) -> None:
    _, parts = check(tmp_path / "fresh")
    assert parts["mails out"] == ("ok", "Joiners' mails are released by a person, by folder.")
    smtp = 'kind = "smtp"\nhost = "127.0.0.1"\nport = 9\nsecurity = "plain"\nsender = "hr@we.example"\n'
    status, parts = check(tmp_path / "away", TOML + "[joiners.outgoing]\n" + smtp)
    assert status == 1
    assert parts["mails out"] == ("fail", "The SMTP server cannot be reached (ConnectionRefusedError).")


def test_an_erp_that_does_not_answer_is_a_sentence_in_time(tmp_path: Path, silent_port: int) -> None:
    login = {"login": "x", "password": "y"}
    settings = TOML + ERP.format(url=f"http://127.0.0.1:{silent_port}")
    status, parts = check(tmp_path, settings, {"erp": login, "erp_records": login}, seconds=1)
    assert status == 1
    assert parts["ERP"] == ("fail", "No answer within 1 seconds.")


@pytest.mark.erp
def test_the_erp_is_tried_with_both_logins(tmp_path: Path, erp: Erp) -> None:
    info = erp.info
    right = {"login": info.bot_login, "password": info.bot_password}
    records = {"login": info.records_login, "password": info.records_password}
    settings = TOML + ERP.format(url=info.url)
    _, parts = check(tmp_path, settings, {"erp": right, "erp_records": records})
    assert parts["ERP"][0] == "ok", parts
    _, parts = check(tmp_path, settings, {"erp": right | {"password": "wrong"}, "erp_records": records})
    assert parts["ERP"][0] == "fail"
    assert "'erp'" in parts["ERP"][1]
    _, parts = check(tmp_path, settings.replace('"erp"', '"elsewhere"'), {"erp": right, "erp_records": records})
    assert parts["ERP"][0] == "fail"


def test_an_exchange_server_that_answers_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "emulators"))
    from ews.server import EwsServer

    with EwsServer() as server:
        settings = (
            '[company]\nname = "We"\n[[mailboxes]]\nkind = "exchange"\nname = "ews"\nauth = "basic"\nvault = "mail"\n'
        )
        settings += f'endpoint = "{server.url}/EWS/Exchange.asmx"\n'
        settings += f'address = "{server.store.address}"\n'
        _, parts = check(tmp_path, settings, {"mail": {"login": server.login, "password": server.password}})
    assert parts["vault"] == ("ok", "It has mail.")
    assert parts["mailboxes"][0] == "ok", parts


def settings_with(*mailboxes: dict[str, Any]) -> Settings:
    return Settings.model_validate({"company": COMPANY, "mailboxes": mailboxes})


@pytest.mark.parametrize(
    ("mailbox", "wanted"),
    [
        pytest.param(FOLDER, {}, id="a folder"),
        pytest.param(IMAP, {"mail": ("login", "password")}, id="imap"),
        pytest.param(EXCHANGE | {"vault": "ews"}, {"ews": ("login", "password")}, id="exchange"),
        pytest.param(
            EXCHANGE | {"vault": "ews", "auth": "oauth"},
            {"ews": ("client_id", "client_secret", "tenant_id")},
            id="exchange with oauth",
        ),
        pytest.param(
            EXCHANGE | {"vault": "ews", "auth": "oauth", "token_url": "https://login.example/token"},
            {"ews": ("client_id", "client_secret")},
            id="exchange with a token service of its own",
        ),
    ],
)
def test_each_mailbox_needs_its_own_fields(mailbox: dict[str, Any], wanted: dict[str, tuple[str, ...]]) -> None:
    assert secrets_of(settings_with(mailbox)) == wanted


def test_a_part_that_hangs_does_not_hold_up_the_others() -> None:
    forever = threading.Event()
    began = time.monotonic()

    def hangs() -> Any:
        return forever.wait(60)

    found = list(look_at_all({"slow": hangs, "fine": lambda: ("ok", "Works.")}, seconds=0.5))
    assert [(p.part, p.state) for p in found] == [("slow", "fail"), ("fine", "ok")]
    assert time.monotonic() - began < 10
    forever.set()


def test_whatever_a_part_raises_is_its_message() -> None:
    def broken() -> Any:
        raise ZeroDivisionError("first line\nsecond line")

    assert look_at("x", broken).message == "ZeroDivisionError: first line"
