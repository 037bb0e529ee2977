"""Two machines with a network of their own share a batch; one is unplugged half-way. Needs Linux and root."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.servers import NotThere
from benchmarks.two_machines import measure


def test_a_batch_survives_a_pulled_cable_and_late_writes_are_refused(tmp_path: Path) -> None:
    try:
        figures = measure(tmp_path, items=16, lease=3.0, files="folder", workers=1)
    except NotThere as missing:
        pytest.skip(str(missing))
    assert (figures["lost"], figures["doubled"], figures["stuck"], figures["receipts"]) == (0, 0, 0, 16)
    assert figures["late_writes_accepted"] == []
    assert figures["late_writes_refused"] == 4
    assert figures["leases_of_a_that_ran_out"] >= 1
    assert figures["held_by_the_late_one_is"] == "done"
