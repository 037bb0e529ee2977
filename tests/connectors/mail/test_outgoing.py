"""The promises of the way out: each mail once, whatever is lost; nothing in a value begins a header or another mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from ews.server import EwsServer
from graph.server import GraphServer
from pydantic import ValidationError
from smtp.server import SmtpServer

from connectors.mail.exchange import ExchangeSettings
from connectors.mail.exchange_outbox import ExchangeOutbox
from connectors.mail.folder_outbox import FolderOutbox, FolderOutboxSettings
from connectors.mail.graph_outbox import GraphOutbox, GraphSettings
from connectors.mail.smtp import SmtpOutbox, SmtpSettings
from connectors.outgoing import MailFile, Outbox, OutgoingMail, PerhapsSent, is_address
from workitems.errors import NeedsReview, TryLater

SENDER = "hr@company.example"
ICS = MailFile(name="appointments.ics", data=b"BEGIN:VCALENDAR\r\n", media_type="text/calendar; method=REQUEST")


def mail(key: str = "j-1:welcome", **more: object) -> OutgoingMail:
    known = {"key": key, "to": "anna@example.org", "subject": "Grüße", "text": "Guten Tag,\n\n.\nschön.\n"}
    return OutgoingMail.model_validate({**known, **more})


@dataclass(frozen=True)
class World:
    """A way out and what a recipient would see: address, subject, text."""

    outbox: Outbox
    arrived: Callable[[], list[tuple[str, str, str]]]


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path) as server:
        yield server


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer() as server:
        yield server


def by_smtp(server: SmtpServer, **more: object) -> SmtpOutbox:
    about = {"host": "localhost", "port": server.port, "vault": "smtp", "sender": SENDER, "ca_file": server.certificate}
    settings = SmtpSettings.model_validate({**about, **more})
    return SmtpOutbox(settings, lambda _: {"login": server.login, "password": server.password})


def by_graph(server: GraphServer) -> GraphOutbox:
    about = {"address": server.address, "vault": "graph", "endpoint": f"{server.url}/v1.0"}
    settings = GraphSettings.model_validate({**about, "token_url": f"{server.url}/token"})
    return GraphOutbox(settings, lambda _: {"client_id": "app", "client_secret": server.client_secret})


def by_exchange(server: EwsServer) -> ExchangeOutbox:
    about = {"name": "hr", "endpoint": f"{server.url}/EWS/Exchange.asmx", "address": server.store.address}
    settings = ExchangeSettings.model_validate({**about, "auth": "basic", "vault": "mail"})
    return ExchangeOutbox(settings, lambda _: {"login": server.login, "password": server.password})


@pytest.fixture(params=["folder", "smtp", "exchange", "graph"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "folder":
        folder = tmp_path / "sent"
        box = FolderOutbox(FolderOutboxSettings(path=folder), SENDER)
        return World(box, lambda: [seen(message_from_bytes(f.read_bytes())) for f in folder.glob("*.eml")])
    if request.param == "smtp":
        server: SmtpServer = request.getfixturevalue("smtp")
        return World(by_smtp(server), lambda: [seen(message_from_bytes(data)) for _, data in server.mails])
    if request.param == "exchange":
        exchange: EwsServer = request.getfixturevalue("exchange")
        return World(
            by_exchange(exchange),
            lambda: [(", ".join(m.to), m.subject, m.body.replace("\r\n", "\n")) for m in exchange.store.sent],
        )
    graph: GraphServer = request.getfixturevalue("graph")
    return World(
        by_graph(graph),
        lambda: [
            (m["toRecipients"][0]["emailAddress"]["address"], m["subject"], m["body"]["content"]) for m in graph.sent
        ],
    )


def seen(message: Message) -> tuple[str, str, str]:
    from email.header import decode_header, make_header

    body = next(part for part in message.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
    assert isinstance(body, bytes)
    return str(message["To"]), str(make_header(decode_header(message["Subject"]))), body.decode().replace("\r\n", "\n")


def test_a_mail_arrives_as_it_was_written(world: World) -> None:
    world.outbox.send(mail(files=(ICS,)))
    assert world.arrived() == [("anna@example.org", "Grüße", "Guten Tag,\n\n.\nschön.\n")]
    world.outbox.close()


def test_a_system_that_remembers_sends_a_mail_once_however_often_it_is_told_to(world: World) -> None:
    assert world.outbox.search(mail()) in ("absent", "unknown")
    world.outbox.send(mail())
    if world.outbox.search(mail()) == "sent":
        world.outbox.send(mail())
        assert len(world.arrived()) == 1
    else:
        assert world.outbox.name == "smtp"
    world.outbox.send(mail("j-1:day_one"))
    assert len(world.arrived()) == 2


def test_a_subject_cannot_begin_a_header(world: World) -> None:
    world.outbox.send(mail(subject="Hello\r\nBcc: all@example.org"))
    assert world.arrived()[0][:2] == ("anna@example.org", "Hello Bcc: all@example.org")


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.org\r\nBcc: all@example.org",
        "anna@example.org, berta@example.org",
        "Anna <anna@example.org>",
        "anna@example",
        "anna@[127.0.0.1]",
        "a b@example.org",
        "anna@example..org",
        "änna@example.org",
        f"{'a' * 250}@example.org",
        "",
    ],
)
def test_what_is_not_exactly_one_address_gets_no_mail(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(ValidationError):
        mail(to=address)


def test_the_message_id_is_the_same_however_often_a_mail_is_tried(smtp: SmtpServer) -> None:
    by_smtp(smtp).send(mail(files=(ICS,)))
    by_smtp(smtp).send(mail(text="changed", files=(ICS,)))
    found = [message_from_bytes(data) for _, data in smtp.mails]
    assert len({m["Message-ID"] for m in found}) == 1
    assert [p.get_content_type() for p in found[0].walk()][1:] == ["text/plain", "text/calendar"]
    assert found[0].get_payload()[1].get_param("method") == "REQUEST"  # type: ignore[union-attr]
    assert max(len(line) for _, data in smtp.mails for line in data.splitlines()) < 1000


def test_a_login_is_never_told_in_the_clear(smtp: SmtpServer, tmp_path: Path) -> None:
    smtp.offers_tls = False
    with pytest.raises(TryLater, match="SMTPNotSupportedError"):
        by_smtp(smtp).send(mail())
    assert "AUTH" not in smtp.commands
    with pytest.raises(ValidationError, match="plain"):
        by_smtp(smtp, host="smtp.example.org", security="plain")


def test_a_server_with_another_certificate_is_not_trusted(smtp: SmtpServer) -> None:
    with pytest.raises(TryLater) as error:
        by_smtp(smtp, ca_file=None).send(mail())
    assert (error.value.code, smtp.mails) == ("mail_away", [])


def test_who_is_refused_for_now_is_tried_later_and_for_good_is_a_persons(smtp: SmtpServer) -> None:
    smtp.disasters += ["later"]
    with pytest.raises(TryLater, match="451"):
        by_smtp(smtp).send(mail())
    smtp.disasters += ["never"]
    with pytest.raises(NeedsReview) as refusal:
        by_smtp(smtp).send(mail())
    assert refusal.value.code == "mail_refused"
    assert "user" not in refusal.value.doubts[0].message  # the server's own words may name somebody
    assert smtp.mails == []


def test_a_connection_that_ends_before_the_text_has_sent_nothing_and_after_it_nobody_knows(smtp: SmtpServer) -> None:
    smtp.disasters += ["cut before data"]
    with pytest.raises(TryLater):
        by_smtp(smtp).send(mail())
    smtp.disasters += ["no more mails"]
    with pytest.raises(TryLater, match="452"):
        by_smtp(smtp).send(mail())
    assert smtp.mails == []
    smtp.disasters += ["cut after data"]
    with pytest.raises(PerhapsSent):
        by_smtp(smtp).send(mail())
    assert len(smtp.mails) == 1


def test_a_wrong_password_and_a_missing_server_are_for_later(smtp: SmtpServer) -> None:
    smtp.password = "another"
    box = by_smtp(smtp)
    box._secrets = lambda _: {"login": "hr-desk", "password": "wrong"}
    with pytest.raises(TryLater) as error:
        box.send(mail())
    assert error.value.code == "mail_login"
    with pytest.raises(TryLater, match="cannot be reached"):
        by_smtp(smtp, port=9).send(mail())


def test_a_password_may_have_any_letters(smtp: SmtpServer) -> None:
    smtp.password = "Paßwörter-жук"
    by_smtp(smtp).send(mail())
    assert len(smtp.mails) == 1
    smtp.login = "jörg"
    box = by_smtp(smtp)
    box._secrets = lambda _: {"login": "jörg", "password": "fälsch"}
    with pytest.raises(TryLater) as error:
        box.send(mail())
    assert error.value.code == "mail_login"


def test_exchange_finds_what_it_sent_when_the_answer_was_lost(exchange: EwsServer) -> None:
    exchange.fail("CreateItem", "lost answer")
    box = by_exchange(exchange)
    box.send(mail(files=(ICS,)))
    (sent,) = exchange.store.sent
    assert sent.attachments == ((ICS.name, ICS.data),)
    assert sent.message_id == mail().message_id(exchange.store.address)
    assert box.search(mail()) == "sent"


@pytest.mark.parametrize("lost", [1, 2])
def test_graph_sends_the_draft_that_an_attempt_left_and_never_a_second_mail(graph: GraphServer, lost: int) -> None:
    for number in range(lost):
        graph.lost = 1
        with pytest.raises(TryLater):
            by_graph(graph).send(mail())
        assert by_graph(graph).search(mail()) == ("absent" if number == 0 else "sent")
    by_graph(graph).send(mail())
    assert (len(graph.messages), len(graph.sent)) == (1, 1)


def test_graph_refuses_for_good_and_asks_for_a_token_once(graph: GraphServer) -> None:
    box = by_graph(graph)
    graph.refuses = 1
    with pytest.raises(NeedsReview):
        box.send(mail())
    box.send(mail())
    assert graph.tokens == 1
    graph.tokens = 7  # the token is no longer good
    with pytest.raises(TryLater) as error:
        box.search(mail())
    assert error.value.code == "mail_login"


def test_what_answers_in_the_place_of_graph_is_waited_for(graph: GraphServer) -> None:
    graph.answer = lambda *_: (200, None)  # no JSON: a proxy's page
    with pytest.raises(TryLater) as error:
        by_graph(graph).send(mail())
    assert error.value.code == "mail_away"
