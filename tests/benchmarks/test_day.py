"""The day's benchmark: the paper that it draws, how it counts processes, and a small day on the real ERP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import day
from benchmarks.day_company import MOST_SUPPLIERS, grown, suppliers_for
from benchmarks.day_figures import against_goals
from benchmarks.day_papers import PATTERN, a_day
from benchmarks.day_processes import KindUse, Processes, kind_of

BURN = "import time\nwhile time.process_time() < 0.4: pass\n"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A grown company's file."""
    file = tmp_path / "company.json"
    file.write_text(grown(3), encoding="utf-8")
    return file


def test_twenty_documents_are_a_company_s_usual_mix() -> None:
    assert Counter(PATTERN) == {"e-invoice": 7, "digital": 9, "scan": 3, "trouble": 1}


def test_a_larger_day_has_more_suppliers_and_each_of_them_an_order() -> None:
    data = json.loads(grown(suppliers_for(10_000)))
    with_orders = [s for s in data["suppliers"] if s["has_orders"]]
    assert len(data["orders"]) == len(with_orders) == 16 + MOST_SUPPLIERS
    vat_ids, ibans = ([s[name] for s in data["suppliers"] if s[name]] for name in ("vat_id", "iban"))
    assert len(set(vat_ids)) == len(vat_ids)
    assert len(set(ibans)) == len(ibans)


def test_the_same_seed_draws_the_same_mails_and_another_one_others(company: Path) -> None:
    assert a_day(company, 2, 1).files == a_day(company, 2, 1).files
    assert a_day(company, 2, 1).files != a_day(company, 2, 2).files


def test_each_document_is_told_apart_by_its_name_except_the_one_that_comes_twice(company: Path) -> None:
    names = Counter(e.document for e in a_day(company, 20, 1).expected)
    assert sum(count > 1 for count in names.values()) <= 1


def test_the_time_of_a_child_that_ended_between_two_looks_is_not_lost() -> None:
    program = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n"
    server = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    runner = subprocess.Popen([sys.executable, "-c", program])
    watched = Processes(runner.pid, server.pid)
    _, _, usage = os.wait4(runner.pid, 0)
    runner.returncode = 0
    server.communicate(b"\n")
    watched.end(usage.ru_utime + usage.ru_stime)
    ours = [use for use in watched.by_kind() if use.kind != "ERP server"]
    assert sum(use.seconds for use in ours) == pytest.approx(usage.ru_utime + usage.ru_stime, abs=0.05)
    assert usage.ru_utime + usage.ru_stime > 0.4


def test_processes_are_named_after_their_work() -> None:
    worker = ["python", "-m", "robocorp.tasks", "run", "tasks", "-t", "read_documents"]
    child = ["python", "-m", "tasks.bounded_child", "extractors.cascade:read_document", "1500"]
    assert kind_of(worker, "python runner") == "python read_documents"
    assert kind_of(child, "python read_documents") == "python child of read_documents"
    assert kind_of(["/usr/lib/chromium/chromium", "--type=zygote"], "chromium") == "chromium"
    assert kind_of(["tesseract", "-"], "python child of read_documents") == "tesseract of child of read_documents"
    assert kind_of([""], "chromium") == ""


def test_minutes_of_a_smaller_day_are_called_an_estimate() -> None:
    uses = [KindUse("python runner", 1, 30.0, 50.0, 50.0), KindUse("chromium", 5, 90.0, 200.0, 500.0)]
    small, whole = against_goals(60.0, uses, 10), against_goals(3000.0, uses, 500)
    assert (small["minutes_for_500"], small["minutes_are_estimated"]) == (50.0, True)
    assert (small["bot_cpu_per_document"], small["goals_met"]) == (3.0, False)
    assert (whole["minutes_for_500"], whole["minutes_are_estimated"]) == (50.0, False)
    assert whole["goals_met"]


def test_a_day_needs_a_home_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "something").touch()
    assert day.main(["--home", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err


@pytest.mark.erp
def test_a_small_day_ends_posted_or_in_review_with_all_its_figures(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.day", "--count", "4", "--json", "--home", str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert result["documents"] == 4
    assert result["outcomes"]["posted"] + result["outcomes"]["review"] == 4
    assert result["outcomes"]["posted"] == result["in_the_erp"] >= 2
    assert not result["posted_wrongly"]
    assert [row["step"] for row in result["stages"]] == ["collect_mail", "read_documents", "post_invoices"]
    used = {row["kind"]: row["cpu_seconds"] for row in result["processes"]}
    assert {"python runner", "python child of read_documents", "python post_invoices", "chromium"} <= used.keys()
    assert min(used["chromium"], used["python post_invoices"], used["ERP server"]) > 0.5
    assert result["goals"]["bot_cpu_per_document"] > 0
    assert result["rpc"]["seconds"] > 0
