"""`run.py bench posting`: what the figures mean, and that they come from the real screens."""

from __future__ import annotations

import json

import pytest

from benchmarks.posting import Spent, figures, table
from tasks.commands import bench


def spent(step: str, wall: float, server: float, browser: float) -> Spent:
    waiting = wall - server - browser
    return Spent(step=step, calls=2, wall=wall, server=server, browser=browser, waiting=waiting)


def test_figures_compare_the_screens_with_rpc_and_with_the_servers_own_time() -> None:
    one = [spent("lines", 2.0, 1.0, 0.5), spent("post", 1.0, 0.5, 0.5)]
    result = figures((3.0, 6.0), [3.0, 3.0], [one, one], [0.5, 0.5])
    assert (result["screens_seconds"], result["server_seconds"], result["times_server"]) == (3.0, 1.5, 2.0)
    assert (result["rpc_seconds"], result["times_rpc"]) == (0.5, 6.0)
    lines, post = result["steps"]
    assert (lines["step"], lines["waiting"], lines["waiting_share"]) == ("lines", 0.5, 0.25)
    assert post["waiting"] == 0
    assert "2.0 times (goal 3)" in table(result)


def test_an_unknown_benchmark_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["nonsense"])
    assert ended.value.code == 2
    assert "posting" in capsys.readouterr().err


@pytest.mark.erp
def test_the_benchmark_runs_on_an_erp_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["posting", "--count", "1", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert result["invoices"] == 1
    assert result["screens_seconds"] > result["server_seconds"] > result["rpc_seconds"] / 3 > 0
    assert [row["step"] for row in result["steps"]][-1] == "read back"
