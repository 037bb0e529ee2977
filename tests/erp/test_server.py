"""The ERP's server of a home: one at a time, outliving its starter, reset to the very seed, robust against kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.tryton.rpc import TrytonRpc
from tasks import demo_erp
from tasks.demo_erp.program import PROJECT, Program
from tests.erp.test_installation import contents
from tests.erp_fixture import Erp

pytestmark = pytest.mark.erp


@pytest.fixture
def home(erp: Erp, tmp_path: Path) -> Iterator[Path]:
    """A home of the test's own."""
    yield tmp_path
    demo_erp.stop(tmp_path)


def pid(home: Path) -> int:
    return int(json.loads((home / "erp" / "server.json").read_text())["pid"])


def leave_traces(info: demo_erp.ErpInfo) -> None:
    """A new party with an attachment, as any work would leave in the database and beside it."""
    rpc = TrytonRpc(info.url, info.database, info.login, info.password)
    (party,) = rpc.call("model.party.party.create", [{"name": "Left behind"}])
    file = {
        "name": "note.txt",
        "resource": f"party.party,{party}",
        "data": {"__class__": "bytes", "base64": "bm90ZQ=="},
    }
    rpc.call("model.ir.attachment.create", [file])
    rpc.close()


def names(info: demo_erp.ErpInfo) -> set[str]:
    rpc = TrytonRpc(info.url, info.database, info.login, info.password)
    return {row["name"] for row in rpc.read("party.party", [], ["name"])}


def test_a_second_start_finds_the_running_server(home: Path) -> None:
    found: list[demo_erp.ErpInfo] = []
    threads = [threading.Thread(target=lambda: found.append(demo_erp.start(home))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    assert demo_erp.running(home) == found[0]


def test_it_outlives_its_starter_and_ends_with_stop(home: Path) -> None:
    code = f"from pathlib import Path; from tasks import demo_erp; demo_erp.start(Path({str(home)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)
    info = demo_erp.running(home)
    assert info is not None
    assert "Moselbrück Apparatebau GmbH" in names(info)
    demo_erp.stop(home)
    assert demo_erp.running(home) is None
    demo_erp.stop(home)


def test_reset_brings_the_very_seed_back(home: Path) -> None:
    leave_traces(demo_erp.start(home))
    assert any((home / "erp" / "erp").rglob("*"))
    demo_erp.reset(home)
    assert not (home / "erp" / "erp").exists()
    assert contents(home / "erp" / "erp.sqlite") == contents(Program().template)
    assert "Left behind" not in names(demo_erp.start(home))


def test_a_reset_that_was_killed_is_completed_by_the_next_start(home: Path) -> None:
    leave_traces(demo_erp.start(home))
    demo_erp.stop(home)
    (home / "erp" / "reset.pending").touch()  # killed after the mark was set, before anything was removed
    assert "Left behind" not in names(demo_erp.start(home))
    demo_erp.stop(home)
    (home / "erp" / "reset.pending").touch()  # killed between removing and copying
    (home / "erp" / "erp.sqlite").unlink()
    assert contents(Program().template).keys() == contents(_started(home)).keys()


def _started(home: Path) -> Path:
    demo_erp.start(home)
    return home / "erp" / "erp.sqlite"


def test_a_killed_server_is_noticed_and_its_data_stays(home: Path) -> None:
    leave_traces(demo_erp.start(home))
    os.kill(pid(home), signal.SIGKILL)
    until = time.monotonic() + 10
    while demo_erp.running(home) is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert demo_erp.running(home) is None
    assert "Left behind" in names(demo_erp.start(home))


def test_a_stale_note_of_a_server_is_not_believed(home: Path) -> None:
    (home / "erp").mkdir()
    (home / "erp" / "server.lock").touch()
    note = {"pid": os.getpid(), "port": 9, "ready": True}
    (home / "erp" / "server.json").write_text(json.dumps(note))
    assert demo_erp.running(home) is None
    demo_erp.stop(home)  # would end this very process if it were believed
    assert demo_erp.running(home) is None


def test_an_erp_of_another_version_is_not_started_on_old_data(home: Path) -> None:
    demo_erp.start(home)
    demo_erp.stop(home)
    (home / "erp" / "made-by").write_text("an older version")
    with pytest.raises(demo_erp.ErpFailed, match="--fresh"):
        demo_erp.start(home)
    demo_erp.reset(home)
    demo_erp.start(home)
