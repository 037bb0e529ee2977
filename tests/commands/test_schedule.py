"""`run.py schedule` shows what the settings start, and when."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.commands.schedule import main

TOML = '[company]\nname = "We"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'
SCHEDULES = """
[[schedules]]
name = "report"
step = "report_day"
cron = "0 18 * * *"
time_zone = "Europe/Berlin"
[[schedules]]
name = "mail"
step = "collect_mail"
cron = "*/5 * * * *"
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    monkeypatch.delenv("DESKHAND_SETTINGS", raising=False)
    monkeypatch.delenv("DESKHAND_DATABASE", raising=False)
    (tmp_path / "settings.toml").write_text(TOML + SCHEDULES)
    return tmp_path / "settings.toml"


def test_every_schedule_with_its_last_and_next_moment(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    report, mail = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (report["name"], report["step"], report["last"]) == ("report", "report_day", None)
    assert "18:00+0" in report["next"]
    assert mail["next"].endswith("+00:00")
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "report" in said
    assert "Nobody starts watch_contracts, advance_joiners, train_models;" in said


def test_the_next_moments_of_all_in_order(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next", "--count", "4", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 4
    assert {row["step"] for row in rows} <= {"collect_mail", "report_day"}


def test_without_schedules_it_is_said_what_holds(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(TOML)
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "collect_mail asks every minute" in said
    assert "Nobody starts watch_contracts, advance_joiners, train_models, report_day" in said
    assert main(["--json"]) == 0
    assert capsys.readouterr().out == ""


def test_faults_are_sentences(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(TOML + SCHEDULES.replace("report_day", "report_year"))
    assert main([]) == 1
    assert "'schedules.1.step'" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["next", "--count", "0"])
    assert ended.value.code == 2
