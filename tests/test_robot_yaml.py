"""robot.yaml, the tasks and the flow name the same steps; each runs by itself, on our store and on robocorp's files."""

from __future__ import annotations

import ast
import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from devdata.make_inputs import COLLECTED, FOLDER, MAILBOX, POSTED, READ, document_of
from tasks.flow import FLOW, STEPS
from workitems.items import DocumentItem, Invoice

ROOT = Path(__file__).resolve().parent.parent
ROBOT: dict[str, Any] = yaml.safe_load((ROOT / "robot.yaml").read_text(encoding="utf-8"))
NAMES = sorted(ROBOT["tasks"])


def task_names() -> list[str]:
    """The functions with robocorp's @task in the files that it collects."""
    found = []
    for file in (ROOT / "tasks").rglob("*task*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {getattr(getattr(d, "func", d), "id", None) for d in node.decorator_list}
                found += [node.name] if "task" in names else []
    return found


def run(name: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The very command of robot.yaml, as Control Room and rcc call it, but for its log's folder."""
    command = shlex.split(ROBOT["tasks"][name]["shell"])
    assert command[0] == "python"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    command = [sys.executable, *command[1:], "-o", str(folder / "log")]
    return subprocess.run(command, cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=120, check=False)


def development_environment(name: str, home: Path) -> dict[str, str]:
    """devdata/env-NAME.json, with a home and outputs of the test's own."""
    env: dict[str, str] = json.loads((ROOT / "devdata" / f"env-{name}.json").read_text(encoding="utf-8"))
    return env | {"DESKHAND_HOME": str(home), "RC_WORKITEM_OUTPUT_PATH": str(home / "out" / "work-items.json")}


def test_robot_yaml_the_tasks_and_the_flow_name_the_same_steps_once() -> None:
    assert sorted(NAMES) == sorted(STEPS) == sorted(task_names())
    assert [name for name, count in Counter(task_names()).items() if count > 1] == []
    assert len({s.takes for s in FLOW}) == len(FLOW)
    for name, entry in ROBOT["tasks"].items():
        assert entry["shell"] == f"python -m robocorp.tasks run tasks -t {name}"


def test_robot_yaml_names_files_that_are_there() -> None:
    for name in (*ROBOT["environmentConfigs"], *ROBOT["ignoreFiles"]):
        assert (ROOT / name).is_file()
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert f"{ROBOT['artifactsDir']}/" in ignored


@pytest.mark.parametrize("name", NAMES)
def test_a_step_runs_on_our_store_with_a_fresh_home_where_nothing_waits(name: str, tmp_path: Path) -> None:
    env = {"DESKHAND_HOME": str(tmp_path / "a home"), "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter"}
    done = run(name, tmp_path, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("adapter", ["named", "unset"])
def test_a_step_runs_on_robocorps_files_without_an_erp(name: str, adapter: str, tmp_path: Path) -> None:
    env = development_environment(name, tmp_path / "home")
    if adapter == "unset":
        del env["RC_WORKITEM_ADAPTER"]
    before = {p: p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
    done = run(name, tmp_path, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert {p: p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()} == before


def test_collecting_from_files_hands_on_the_documents_of_the_mails(tmp_path: Path) -> None:
    home = ROOT / "output" / "test-collect"  # the mailbox of env-settings.toml lies beside the home
    env = development_environment("collect_mail", home) | {"DESKHAND_DATABASE": f"sqlite:///{tmp_path / 'db'}"}
    env["RC_WORKITEM_OUTPUT_PATH"] = str(tmp_path / "out" / "work-items.json")
    assert run("collect_mail", tmp_path, env).returncode == 0
    items = json.loads((tmp_path / "out" / "work-items.json").read_text(encoding="utf-8"))
    documents = {DocumentItem.model_validate(item["payload"]).document.filename for item in items}
    assert documents == {document_of(mail)[0].filename for mail in COLLECTED}
    for item in items:
        assert [(tmp_path / "out" / name).stat().st_size > 0 for name in item["files"]] == [True]


def test_a_settings_file_with_a_fault_ends_a_step_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[compny]\n")
    done = run("collect_mail", tmp_path, {"DESKHAND_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert "the key 'compny' is not known" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def inputs(name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((FOLDER / name / "work-items.json").read_text(encoding="utf-8"))
    for item in items:
        assert all((FOLDER / name / path).is_file() for path in item["files"].values())
    return items


def test_the_inputs_are_real_items_of_the_demos_mails() -> None:
    documents = [DocumentItem.model_validate(item["payload"]).document for item in inputs("read_documents")]
    assert documents == [document_of(mail)[0] for mail in READ]
    for document, mail in zip(documents, READ, strict=True):
        assert (FOLDER / "read_documents" / document.filename).read_bytes() == document_of(mail)[1]
    for mail in COLLECTED:
        assert (FOLDER / "collect_mail" / "inbox" / mail).read_bytes() == (MAILBOX / mail).read_bytes()


def test_the_invoice_to_post_is_what_the_demo_expects() -> None:
    (item,) = inputs("post_invoices")
    invoice = Invoice.model_validate(item["payload"])
    expected = json.loads((MAILBOX.parent / "expected.json").read_text(encoding="utf-8"))
    (row,) = [row for row in expected if row["mailbox_file"] == POSTED]
    told = (invoice.document.filename, invoice.supplier_name, invoice.number, str(invoice.total), invoice.currency)
    assert told == (row["document"], row["supplier"], row["number"], row["total"], row["currency"])
    assert sum(line.amount or 0 for line in invoice.lines) == invoice.net
    assert list(item["files"]) == [invoice.document.filename]


def test_every_environment_belongs_to_a_task() -> None:
    named = {p.stem.removeprefix("env-") for p in (ROOT / "devdata").glob("env-*.json")}
    assert named == set(NAMES)
