"""What only an Exchange server does, and how it fails, against the EWS emulator."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).parent))

from ews.server import EwsServer
from letters import letter

from connectors import Reply
from connectors.mail.exchange import ExchangeMailbox, ExchangeSettings
from workitems.errors import TryLater

REPLY = Reply(subject="Re", text="Please send it again.")


def settings(server: EwsServer, **more: object) -> ExchangeSettings:
    known = {"name": "invoices", "endpoint": f"{server.url}/EWS/Exchange.asmx", "address": server.store.address}
    return ExchangeSettings.model_validate({**known, "auth": "basic", "vault": "mail", **more})


def mailbox(server: EwsServer, **more: object) -> ExchangeMailbox:
    def secret(name: str) -> Mapping[str, str]:
        assert name == "mail"
        login = {"login": server.login, "password": server.password}
        return login | {"client_id": server.client_id, "client_secret": server.client_secret, "tenant_id": "t"}

    return ExchangeMailbox(settings(server, **more), secret)


def deliver(server: EwsServer, count: int = 1) -> None:
    for number in range(count):
        server.store.deliver(letter(b"hi", subject=f"Invoice {number}", key=str(number)))


def test_no_request_is_sent_that_was_not_asked_for(exchange: EwsServer) -> None:
    deliver(exchange)
    mailbox(exchange).list_inbox(9)
    assert exchange.calls == {"GetFolder": 2, "FindItem": 1}  # root and inbox, then the list: no probes


def test_three_hundred_mails_come_in_order_page_by_page(exchange: EwsServer) -> None:
    deliver(exchange, 300)
    refs = mailbox(exchange).list_inbox(250)
    assert len({r.id for r in refs}) == 250
    assert [r.received_at for r in refs] == sorted(r.received_at for r in refs if r.received_at)
    assert exchange.calls["FindItem"] == 3


def test_fetching_leaves_mails_unread_and_asks_for_one_field(exchange: EwsServer) -> None:
    deliver(exchange)
    box = mailbox(exchange)
    (ref,) = box.list_inbox(9)
    assert box.fetch(ref, 100_000) is not None
    assert [i.is_read for i in exchange.store.items.values()] == [False]
    assert exchange.calls["UpdateItem"] == 0


def test_a_draft_whose_answer_was_lost_is_not_made_twice(exchange: EwsServer) -> None:
    deliver(exchange)
    box = mailbox(exchange)
    (ref,) = box.list_inbox(9)
    exchange.fail("CreateItem", "lost answer")
    box.draft_reply(ref, REPLY, "item-1")
    assert len(exchange.store.contents("Drafts")) == 1
    assert exchange.calls["CreateItem"] == 1


def test_a_draft_that_a_person_has_sent_is_not_made_again(exchange: EwsServer) -> None:
    deliver(exchange)
    box = mailbox(exchange)
    (ref,) = box.list_inbox(9)
    box.draft_reply(ref, REPLY, "item-1")
    (draft,) = exchange.store.contents("Drafts")
    exchange.store.move(draft.id, exchange.store.distinguished("sentitems"))
    box.draft_reply(ref, REPLY, "item-1")
    assert exchange.store.contents("Drafts") == []


@pytest.mark.parametrize("operation", ["FindItem", "GetItem", "MoveItem", "CreateFolder"])
@pytest.mark.parametrize("disaster", ["lost answer", "cut before"])
def test_a_lost_connection_leads_to_one_more_try(exchange: EwsServer, operation: str, disaster: str) -> None:
    deliver(exchange, 2)
    box = mailbox(exchange)
    exchange.fail(operation, disaster)  # type: ignore[arg-type]
    refs = box.list_inbox(9)
    raw = box.fetch(refs[0], 100_000)
    assert raw is not None
    box.move(refs[0], "done")
    assert len(exchange.store.contents("Deskhand/Done")) == 1
    assert len(exchange.store.contents("Inbox")) == 1
    assert [f.name for f in exchange.store.folders.values()].count("Done") == 1


@pytest.mark.parametrize("disaster", ["503", "500 busy"])
def test_a_busy_server_is_left_alone_for_now(exchange: EwsServer, disaster: str) -> None:
    deliver(exchange)
    exchange.fail("FindItem", disaster)  # type: ignore[arg-type]
    with pytest.raises(TryLater) as error:
        mailbox(exchange).list_inbox(9)
    assert error.value.code == "mailbox_away"
    assert exchange.calls["FindItem"] == 0
    assert len(mailbox(exchange).list_inbox(9)) == 1


def test_a_server_that_is_gone_is_tried_later(exchange: EwsServer) -> None:
    exchange.fail("GetFolder", "cut before", "cut before")
    with pytest.raises(TryLater) as error:
        mailbox(exchange).list_inbox(9)
    assert error.value.code == "mailbox_away"


def test_a_refused_password_is_tried_once_and_never_shown(exchange: EwsServer) -> None:
    tried: list[str] = []
    answer = exchange.answer

    def counted(request: bytes, authorization: str) -> tuple[int, bytes] | None:
        tried.append(authorization)
        return answer(request, authorization)

    exchange.answer = counted  # type: ignore[method-assign]
    box = ExchangeMailbox(settings(exchange), lambda name: {"login": "svc", "password": "wrong-secret"})
    with pytest.raises(TryLater) as error:
        box.list_inbox(9)
    assert error.value.code == "mailbox_login"
    assert len(tried) == 1
    assert "wrong-secret" not in str(error.value)


def test_folders_made_by_somebody_else_in_between_are_used(exchange: EwsServer) -> None:
    deliver(exchange)
    top = exchange.store.distinguished("msgfolderroot")
    exchange.store.create_folder("Done", exchange.store.create_folder("Deskhand", top))
    box = mailbox(exchange)
    box.move(box.list_inbox(9)[0], "done")
    assert len(exchange.store.contents("Deskhand/Done")) == 1
    assert exchange.calls["CreateFolder"] == 0


def test_a_folder_that_a_person_removed_is_made_again(exchange: EwsServer) -> None:
    deliver(exchange, 3)
    box = mailbox(exchange)
    refs = box.list_inbox(9)
    box.move(refs[0], "done")
    (done,) = (f.id for f in exchange.store.folders.values() if f.name == "Done")
    del exchange.store.folders[done]
    box.move(refs[1], "done")
    assert len(exchange.store.contents("Deskhand/Done")) == 1


# ---- client credentials


@pytest.fixture
def insecure_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib insists on https; the emulator speaks http on this machine."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.mark.usefixtures("insecure_tokens")
def test_an_application_acts_for_the_mailbox_with_a_token(exchange: EwsServer) -> None:
    deliver(exchange)
    box = mailbox(exchange, auth="oauth", token_url=f"{exchange.url}/token")
    box.move(box.list_inbox(9)[0], "done")
    assert exchange.tokens_issued == 1
    assert set(exchange.impersonated) == {exchange.store.address}


@pytest.mark.usefixtures("insecure_tokens")
def test_expired_and_revoked_tokens_are_replaced(exchange: EwsServer) -> None:
    deliver(exchange, 2)
    exchange.token_seconds = 1.0
    box = mailbox(exchange, auth="oauth", token_url=f"{exchange.url}/token")
    refs = box.list_inbox(9)
    time.sleep(1.2)
    exchange.token_seconds = 3600.0
    assert box.fetch(refs[0], 100_000) is not None
    issued = exchange.tokens_issued
    exchange.revoke_tokens()
    assert box.fetch(refs[1], 100_000) is not None
    assert exchange.tokens_issued == issued + 1


@pytest.mark.usefixtures("insecure_tokens")
def test_a_refused_secret_of_an_application_is_a_login_to_mend(exchange: EwsServer) -> None:
    configured = settings(exchange, auth="oauth", token_url=f"{exchange.url}/token")
    box = ExchangeMailbox(configured, lambda name: {"client_id": "app-1", "client_secret": "wrong-secret"})
    with pytest.raises(TryLater) as error:
        box.list_inbox(9)
    assert error.value.code == "mailbox_login"
    assert "wrong-secret" not in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://mail.example.com/EWS/Exchange.asmx"},
        {"endpoint": "http://127.0.0.1.example.com/EWS"},
        {"token_url": "http://login.example.com/token"},
        {"version": "2019"},
        {"passwort": "x"},
    ],
)
def test_settings_that_would_leak_or_cannot_work_are_refused(exchange: EwsServer, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(exchange, **wrong)
