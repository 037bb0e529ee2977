"""The demo of contracts and joiners on one fresh home with the real ERP: what is expected happens, and happens once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bots.joiners.names import compare
from connectors.tryton.rpc import TrytonRpc
from devdata.joiners.people import PEOPLE, Person
from tasks import demo_erp
from tasks.settings import ROOT

EXPECTED: list[dict[str, Any]] = json.loads((ROOT / "devdata/contracts/expected.json").read_text(encoding="utf-8"))
PLACES = ("registered", "review", "rejected")
pytestmark = pytest.mark.erp


@dataclass(frozen=True)
class Demo:
    """What the runs printed, and the home's ERP."""

    home: Path
    contracts: dict[str, Any]
    first: dict[str, Any]
    second: dict[str, Any]

    def rpc(self) -> TrytonRpc:
        erp = self.first["erp"]
        return TrytonRpc(erp["url"], erp["database"], erp["login"], erp["password"])


def demo(home: Path, desk: str) -> dict[str, Any]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    command = [sys.executable, "-m", "tasks.commands.demo", desk, "--json"]
    env = clean | {"DESKHAND_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    (line,) = done.stdout.splitlines()
    result: dict[str, Any] = json.loads(line)
    return result


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo_erp.install()
    home = tmp_path_factory.mktemp("demo") / "home"
    home.mkdir()
    try:
        yield Demo(home, demo(home, "contracts"), demo(home, "joiners"), demo(home, "joiners"))
    finally:
        demo_erp.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def test_contracts_are_registered_or_wait_for_their_reason(ran: Demo) -> None:
    found = {row["document"]: (place, row) for place in PLACES for row in ran.contracts[place]}
    wrong = []
    for row in EXPECTED:
        place, told = found.get(row["document"], ("nowhere", {}))
        codes = {d["code"] for d in told.get("doubts", ())}
        elsewhere = row["document"] and place not in (row["outcome"], *row["also"])
        if elsewhere or (place == "review" and row["codes"] and not codes & set(row["codes"])):
            wrong.append((row["document"], place, codes))
    assert wrong == []


def joiner_of(person: Person, result: dict[str, Any]) -> dict[str, Any]:
    (row,) = [r for r in result["joiners"] if compare(r["name"], f"{person.given} {person.surname}") == "same"]
    found: dict[str, Any] = row
    return found


def test_each_joiner_is_one_and_stands_as_expected(ran: Demo) -> None:
    assert len(ran.first["joiners"]) == len(PEOPLE)
    assert {p.key: joiner_of(p, ran.first)["state"] for p in PEOPLE} == {p.key: p.outcome for p in PEOPLE}


@pytest.mark.parametrize("person", [p for p in PEOPLE if p.code], ids=lambda p: p.key)
def test_who_waits_waits_for_that_reason(ran: Demo, person: Person) -> None:
    assert person.code in {d["code"] for d in joiner_of(person, ran.first)["doubts"]}


def test_running_it_again_changes_nothing(ran: Demo) -> None:
    for name in ("joiners", "registered", "review", "rejected", "posted"):
        assert ran.second[name] == ran.first[name]


def test_the_erp_has_one_person_one_employee_and_one_active_user_of_each_who_is_ready(ran: Demo) -> None:
    rpc = ran.rpc()
    made = {p.key: joiner_of(p, ran.first) for p in PEOPLE if p.key != "petrova"}
    for person in (p for p in PEOPLE if p.key in made):
        row = made[person.key]
        named = [("name", "=", f"{person.given} {person.surname}")]
        parties = rpc.read_all("party.party", named, ["name"])
        staff = rpc.read_all("company.employee", [("party", "in", [p["id"] for p in parties])], ["party"])
        users = rpc.read_all("res.user", named, ["login", "active", "groups"])
        here = row["employee"] is not None
        assert (len(parties), len(staff)) == ((1, 1) if here else (0, 0)), person.key
        if row["login"]:
            assert [(u["login"], u["active"], bool(u["groups"])) for u in users] == [(row["login"], True, True)]
        else:
            assert users == [], person.key
    rpc.close()


def test_the_empty_pool_has_one_draft_order(ran: Demo) -> None:
    rpc = ran.rpc()
    lines = rpc.read_all("purchase.line", [("product.code", "=", "LIC-CAD")], ["purchase"])
    rpc.close()
    assert len(lines) == 1
