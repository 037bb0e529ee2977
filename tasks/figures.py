"""The runner's figures in Prometheus' words: names of queues, steps and targets, and numbers; nothing of any item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from tasks.drift import last_drift
from workitems import runner_sql as sql
from workitems import statistics, workers
from workitems.database import StoreError

if TYPE_CHECKING:
    from tasks.runner import Runner
    from workitems.store import Store

ENDED = ("done", "cancelled")


class Figures:
    """A collector of prometheus_client: asks the store when it is asked. Everything is cheap at a million items."""

    def __init__(self, runner: Runner, store: Store) -> None:
        self._runner, self._store = runner, store

    def collect(self) -> Iterator[Metric]:
        """All figures; while the database is away, `deskhand_up 0` and what the runner knows by itself."""
        families: list[Metric] = []
        try:
            now = self._store.database.clock()
            families += [*self._queues(now), *self._targets(now), self._workers(now), self._drift()]
            up = 1
        except StoreError:
            families, up = [], 0
        yield GaugeMetricFamily("deskhand_up", "1: the database answers", value=up)
        yield from families
        yield from self._runner_itself()

    def _queues(self, now: float) -> Iterator[Metric]:
        items = GaugeMetricFamily("deskhand_items", "Items in a state", labels=["queue", "state"])
        oldest = GaugeMetricFamily("deskhand_oldest_seconds", "Age of the oldest item", labels=["queue", "state"])
        rate = GaugeMetricFamily(
            "deskhand_arrivals_per_hour", "Items that came into a state within the last hour", labels=["queue", "state"]
        )
        later = GaugeMetricFamily(
            "deskhand_waiting_for_retry", "Ready items in backoff or postponed (up to 5000)", labels=["queue"]
        )
        overdue = GaugeMetricFamily(
            "deskhand_overdue", "Items past their deadline, not ended (up to 5000)", labels=["queue"]
        )
        for queue in statistics.figures(self._store.database, now, self._store.depth()):
            for state, count in queue.counts.items():
                items.add_metric([queue.queue, state], count)
                if state not in ENDED:
                    oldest.add_metric([queue.queue, state], queue.oldest.get(state, 0.0))
            for state, count in queue.rates["hour"].items():
                rate.add_metric([queue.queue, state], count)
            later.add_metric([queue.queue], queue.later)
            overdue.add_metric([queue.queue], queue.overdue)
        yield from (items, oldest, rate, later, overdue)

    def _targets(self, now: float) -> Iterator[Metric]:
        is_open = GaugeMetricFamily("deskhand_target_open", "1: the circuit is open, nobody asks it", labels=["target"])
        failures = GaugeMetricFamily("deskhand_target_failures", "Failures of the system in a row", labels=["target"])
        used = GaugeMetricFamily("deskhand_target_sessions", "Sessions in use, over all machines", labels=["target"])
        for row in self._store.database.rows(sql.SELECT_TARGETS, {"now": now}):
            is_open.add_metric([row["name"]], int((row["open_until"] or 0.0) > now))
            failures.add_metric([row["name"]], row["failures"])
            used.add_metric([row["name"]], row["used"])
        yield from (is_open, failures, used)

    def _workers(self, now: float) -> Metric:
        alive = GaugeMetricFamily(
            "deskhand_workers", "Workers that have said within 30 s that they are alive", labels=["step", "busy"]
        )
        rows = workers.alive(self._store.database, now)
        for step in sorted({row.step for row in rows}):
            for busy in (False, True):
                count = sum(1 for r in rows if r.step == step and (r.item_id is not None) == busy)
                alive.add_metric([step, str(busy).lower()], count)
        return alive

    def _drift(self) -> Metric:
        """By field or feature, not by supplier: names of suppliers are nobody's labels."""
        drift = GaugeMetricFamily(
            "deskhand_drift", "Score against its alert threshold: above 1 somebody should look", labels=["what", "name"]
        )
        worst: dict[tuple[str, str], float] = {}
        for row in last_drift(self._store.home).rows:
            key = (str(row.what), "" if row.what == "supplier" else row.name)
            worst[key] = max(worst.get(key, 0.0), row.score / row.threshold)
        for key, ratio in sorted(worst.items()):
            drift.add_metric(key, round(ratio, 4))
        return drift

    def _runner_itself(self) -> Iterator[Metric]:
        processes = GaugeMetricFamily("deskhand_processes", "Workers of this runner", labels=["step", "running"])
        steps = sorted({worker.step.name for worker in self._runner.workers})
        for step in steps:
            for running in (True, False):
                count = sum(1 for w in self._runner.workers if w.step.name == step and w.running() == running)
                processes.add_metric([step, str(running).lower()], count)
        restarts = CounterMetricFamily("deskhand_restarts", "Workers that were started again", labels=["step", "why"])
        for (step, why), count in sorted(dict(self._runner.restarts).items()):
            restarts.add_metric([step, why], count)
        yield from (processes, restarts)
