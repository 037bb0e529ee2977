"""What the runner tells over HTTP: whether it lives, whether it works, and figures."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.health import Health, ListenFailed, address_of, served
from tests.tasks.conftest import Idle, seen, turn
from workitems.store import Store


def fetched(url: str) -> tuple[int, str]:
    import httpx

    answer = httpx.get(url, trust_env=False, timeout=30)
    return answer.status_code, answer.text


def test_health_is_told_over_http_and_names_no_item(make: Callable[..., Idle], store: Store, tmp_path: Path) -> None:
    store.put("document", {"supplier": "Kessler"}, {"kessler.pdf": b"x"})
    runner = make()
    with served(address_of("127.0.0.1:0"), runner, tmp_path) as url:
        base = url.removesuffix("/metrics")
        assert fetched(f"{base}/healthz")[0] == 200
        status, said = fetched(f"{base}/readyz")
        assert (status, "read_documents does not run" in said) == (503, True)
        turn(runner)
        assert fetched(f"{base}/readyz")[0] == 200
        assert fetched(f"{base}/secrets")[0] == 404
        status, metrics = fetched(url)
        assert status == 200
        assert 'deskhand_items{queue="document",state="ready"} 1.0' in metrics
        assert "Kessler" not in metrics
        assert "kessler" not in metrics
        runner.control.asked = 1
        assert fetched(f"{base}/readyz")[0] == 503
        with (
            pytest.raises(ListenFailed, match="cannot be listened on"),
            served(address_of(base.removeprefix("http://")), runner, tmp_path),
        ):
            pass


def test_the_figures_say_what_the_store_and_the_runner_know(make: Callable[..., Idle], store: Store) -> None:
    runner = make()
    turn(runner)
    runner.restarts["read_documents", "died"] += 2
    store.put("document", {})
    with store.database.write():
        open_target = "INSERT INTO targets (name, failures, open_until) VALUES ('erp', 5, :until)"
        store.database.change(open_target, {"until": store.database.clock() + 60})
    seen(store, os.getpid(), store.database.clock())
    text = Health(runner, store).answer("/metrics").body.decode()
    for line in (
        "deskhand_up 1.0",
        'deskhand_items{queue="document",state="ready"} 1.0',
        'deskhand_arrivals_per_hour{queue="document",state="ready"} 1.0',
        'deskhand_overdue{queue="document"} 0.0',
        'deskhand_target_open{target="erp"} 1.0',
        'deskhand_target_failures{target="erp"} 5.0',
        'deskhand_workers{busy="false",step="read_documents"} 1.0',
        'deskhand_processes{running="true",step="read_documents"} 1.0',
        'deskhand_restarts_total{step="read_documents",why="died"} 2.0',
    ):
        assert line in text
    assert 'deskhand_oldest_seconds{queue="document",state="ready"}' in text


def test_without_its_database_the_runner_is_alive_but_not_ready(make: Callable[..., Idle], store: Store) -> None:
    runner = make()
    turn(runner)
    other = Store.open(store.home)
    health = Health(runner, other)
    with other.database.write():  # the store has lost its tables: whatever is asked fails
        other.database.change("DROP TABLE counters", {})
    text = health.answer("/metrics").body.decode()
    assert "deskhand_up 0.0" in text
    assert "deskhand_processes" in text
    assert health.answer("/healthz").status == 200
    runner.ticked -= 1000
    assert health.answer("/healthz").status == 503
    other.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9464", ("127.0.0.1", 9464)), ("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:9464", ("::1", 9464))],  # noqa: S104
)
def test_where_to_listen(text: str, expected: tuple[str, int]) -> None:
    assert address_of(text) == expected


@pytest.mark.parametrize("text", ["", "here", "localhost:http", "127.0.0.1:99999", "127.0.0.1:-1"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:9464"):
        address_of(text)
