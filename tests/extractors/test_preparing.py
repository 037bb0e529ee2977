"""The clock of a document stands still while models load."""

from __future__ import annotations

import time

from extractors import preparing


def test_loading_inside_loading_counts_once() -> None:
    heard: list[bool] = []
    preparing.listen(heard.append)
    before = preparing.seconds_spent()
    started = time.monotonic()
    with preparing.preparing(), preparing.preparing():
        time.sleep(0.02)
    assert 0.02 <= preparing.seconds_spent() - before <= time.monotonic() - started
    assert heard == [True, False]
    preparing._listeners.remove(heard.append)
