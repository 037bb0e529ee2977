"""A worker for Temporal's items that may die. Arguments: the step, and in which attempt it kills itself (0: none).

The step "in" makes one output with a file, "out" makes none. Each attempt writes a line into DESKHAND_HOME/seen.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from robocorp.workitems import EmptyQueue, State

from workitems.temporal.adapter import TemporalAdapter


def main(step: str, dies_after: int) -> None:
    os.environ["RC_WORKITEM_QUEUE_NAME"], os.environ["RC_WORKITEM_OUTPUT_QUEUE_NAME"] = step, "out"
    adapter, attempts = TemporalAdapter(), 0
    while True:
        try:
            item_id = adapter.reserve_input()
        except EmptyQueue:
            continue
        attempts += 1
        payload = adapter.load_payload(item_id)
        with (Path(os.environ["DESKHAND_HOME"]) / "seen").open("a") as seen:
            seen.write(f"{step} {payload['n']}\n")
        if step == "in":
            output_id = adapter.create_output(item_id, payload)
            adapter.add_file(output_id, "n.txt", str(payload["n"]).encode())
        if attempts == dies_after:
            os.kill(os.getpid(), signal.SIGKILL)
        while payload.get("sleeps"):
            time.sleep(0.1)
        adapter.release_input(item_id, State.DONE)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
