"""A bot that is killed at any moment while it sends: no mail goes out twice, and none is lost without a word."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx  # noqa: F401 - else each child loads it for itself
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "emulators"))

from graph.server import GraphServer
from smtp.server import SmtpServer

from bots.joiners.mailbag import Mailbags
from bots.joiners.sending import Way, mail_round
from bots.joiners.wording import shipped_wordings
from bots.joiners.writing import Post
from connectors.mail.graph_outbox import GraphOutbox, GraphSettings
from connectors.mail.smtp import SmtpOutbox, SmtpSettings
from connectors.outgoing import Outbox
from tests.bots.joiners.conftest import CONTRACT, Around
from workitems.dossiers import By

KEY = "missing:identity_missing:1"
MOST_MOMENTS = 40


class Dying:
    """An object that kills this process before or after its call of number `at`, counted over all such objects."""

    calls = 0
    at = 0

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return self._counted(found) if callable(found) else found

    def _counted(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            _moment()
            answer = verb(*given, **named)
            _moment()
            return answer

        return counted


def _moment() -> None:
    Dying.calls += 1
    if Dying.calls == Dying.at:
        os.kill(os.getpid(), signal.SIGKILL)


def once(home: Path, outbox: Callable[[], Outbox], dies_at: int) -> bool:
    """One round in a process of its own; whether it lived to its end."""
    child = os.fork()
    if child == 0:
        try:
            Dying.calls, Dying.at = 0, dies_at
            around = Around(home)
            around.policy = around.policy.model_copy(update={"mails": "send"})
            bags = Mailbags(around.ledger.database)
            if dies_at:
                bags.settle = Dying(bags).settle  # type: ignore[method-assign]
            post = Post(around.office, bags, shipped_wordings())
            box = Dying(outbox()) if dies_at else outbox()
            effects = Dying(around.ledger) if dies_at else around.ledger
            mail_round(post, Way(box, effects, lambda *_: ()), By("item", "bot", "x"))
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def taken(kept: list[Any] | dict[str, Any]) -> int:
    """How many mails a server took; it forgets them, as the next joiner has the same key."""
    count = len([m for m in kept.values() if not m["isDraft"]]) if isinstance(kept, dict) else len(kept)
    kept.clear()
    return count


def killed_everywhere(tmp_path: Path, outbox: Callable[[], Outbox], sent: Callable[[], int]) -> list[tuple[int, str]]:
    """For each moment: how many mails went out in the end, and how the mail stands."""
    found = []
    for moment in range(1, MOST_MOMENTS):
        home = tmp_path / f"home{moment}"
        around = Around(home)
        around.turn(around.file("contract", CONTRACT | {"starts_on": "2026-12-14"}))
        key = around.joiner().key
        around.ledger.close()
        lived = once(home, outbox, moment)
        for _ in range(2):
            assert once(home, outbox, 0)
        around = Around(home)
        found.append((sent(), Mailbags(around.ledger.database).of(key).mails[KEY].state))
        around.ledger.close()
        if lived:
            return found
    raise AssertionError("the round never ends")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_by_smtp_a_killed_bot_sends_once_or_asks_a_person(tmp_path: Path) -> None:
    with SmtpServer(tmp_path) as server:
        about = {"host": "localhost", "port": server.port, "vault": "smtp", "sender": "hr@nordlicht.example"}
        settings = SmtpSettings.model_validate({**about, "ca_file": server.certificate})
        login = {"login": server.login, "password": server.password}
        found = killed_everywhere(tmp_path, lambda: SmtpOutbox(settings, lambda _: login), lambda: taken(server.mails))
    assert set(found) <= {(1, "sent"), (1, "perhaps"), (0, "perhaps")}
    assert found.count((1, "sent")) >= 4
    assert len(found) >= 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_by_graph_a_killed_bot_sends_exactly_once(tmp_path: Path) -> None:
    with GraphServer() as server:
        about = {"address": server.address, "vault": "graph", "endpoint": f"{server.url}/v1.0"}
        settings = GraphSettings.model_validate({**about, "token_url": f"{server.url}/token"})
        secret = {"client_id": "app", "client_secret": server.client_secret}
        found = killed_everywhere(
            tmp_path, lambda: GraphOutbox(settings, lambda _: secret), lambda: taken(server.messages)
        )
    assert set(found) == {(1, "sent")}
