"""The promises of the Mailbox port, on a folder, on a real Dovecot and on an emulated Exchange."""

from __future__ import annotations

import imaplib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dovecot.server import Dovecot
from ews.server import EwsServer
from letters import letter

from connectors import Mailbox, Reply
from connectors.mail.exchange import ExchangeMailbox, ExchangeSettings
from connectors.mail.folder import FolderMailbox, FolderSettings
from connectors.mail.imap import ImapMailbox, ImapSettings
from connectors.mail.mime import unpack

REPLY = Reply(subject="Re: your invoice\r\nBcc: all@example.test", text="Grüße, bitte neu ausstellen.\n")


@dataclass(frozen=True)
class Draft:
    """A draft as a person would find it."""

    to: str
    subject: str
    text: str
    answers: str | None


@dataclass(frozen=True)
class World:
    """A mailbox and the other side of it: how mail arrives and what a person would see."""

    mailbox: Mailbox
    deliver: Callable[[bytes], None]
    folder: Callable[[str], list[bytes]]  # inbox, done, review, rejected
    drafts: Callable[[], list[Draft]]
    again: Callable[[], Mailbox]  # the same mailbox, opened anew


@pytest.fixture(params=["folder", "imap", "exchange"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = request.getfixturevalue(f"{request.param}_world")
    assert isinstance(made, World)
    yield made
    made.mailbox.close()


@pytest.fixture
def folder_world(tmp_path: Path) -> World:
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    def deliver(mail: bytes) -> None:
        number = len(list(inbox.iterdir()))
        file = inbox / f"{1000 - number}.eml"
        file.write_bytes(mail)
        os.utime(file, (1_770_000_000 + number, 1_770_000_000 + number))

    def folder(name: str) -> list[bytes]:
        place = inbox if name == "inbox" else inbox / name
        return [p.read_bytes() for p in sorted(place.glob("*.eml"))] if place.is_dir() else []

    def drafts() -> list[Draft]:
        return [_draft(p.read_bytes()) for p in (inbox / "drafts").glob("*.eml")]

    settings = FolderSettings(name="invoices", path=inbox)
    return World(FolderMailbox(settings), deliver, folder, drafts, lambda: FolderMailbox(settings))


@pytest.fixture
def imap_world(dovecot: Dovecot) -> Iterator[World]:
    for mailbox in (dovecot.folder / "mail").glob("anna"):
        shutil.rmtree(mailbox)
    person = imaplib.IMAP4("127.0.0.1", dovecot.port)
    person.login("anna", dovecot.password)
    folders = {"inbox": "INBOX", **{n: f"Deskhand.{n.capitalize()}" for n in ("done", "review", "rejected")}}

    def deliver(mail: bytes) -> None:
        assert person.append("INBOX", "", "", mail)[0] == "OK"

    def contents(name: str) -> list[bytes]:
        if person.select(name, readonly=True)[0] != "OK":
            return []
        numbers = person.search(None, "ALL")[1][0].split()
        return [person.fetch(n, "(BODY.PEEK[])")[1][0][1] for n in numbers]

    def make() -> ImapMailbox:
        settings = ImapSettings(
            name="invoices", host="127.0.0.1", port=dovecot.tls_port, vault="mail", ca_file=dovecot.certificate
        )
        return ImapMailbox(settings, lambda name: {"login": "anna", "password": dovecot.password})

    yield World(
        make(),
        deliver,
        lambda name: contents(folders[name]),
        lambda: [_draft(mail) for mail in contents("Entwuerfe")],
        make,
    )
    person.logout()


@pytest.fixture
def exchange_world(exchange: EwsServer) -> World:
    folders = {"inbox": "Inbox", **{n: f"Deskhand/{n.capitalize()}" for n in ("done", "review", "rejected")}}

    def drafts() -> list[Draft]:
        found = exchange.store.contents("Drafts")
        return [Draft(", ".join(d.to), d.subject, d.body, d.in_reply_to) for d in found]

    def make() -> ExchangeMailbox:
        settings = ExchangeSettings(
            name="invoices",
            endpoint=f"{exchange.url}/EWS/Exchange.asmx",
            address=exchange.store.address,
            auth="basic",
            vault="mail",
        )
        return ExchangeMailbox(settings, lambda name: {"login": exchange.login, "password": exchange.password})

    return World(
        make(),
        lambda mail: exchange.store.deliver(mail) and None,
        lambda name: [item.mime for item in exchange.store.contents(folders[name])],
        drafts,
        make,
    )


def _draft(mail: bytes) -> Draft:
    message = message_from_bytes(mail)
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    return Draft(message["To"] or "", message["Subject"], text.decode().replace("\r\n", "\n"), message["In-Reply-To"])


def numbered(number: int) -> bytes:
    return letter(f"invoice {number}\r\n".encode(), subject=f"Invoice {number}", key=str(number))


def test_the_oldest_mails_come_first_and_no_more_than_asked_for(world: World) -> None:
    for number in range(4):
        world.deliver(numbered(number))
    refs = world.mailbox.list_inbox(3)
    assert isinstance(refs, list)
    bodies = [world.mailbox.fetch(ref, 100_000) for ref in refs]
    assert [b"invoice %d" % n in raw.data for n, raw in enumerate(bodies) if raw] == [True] * 3
    assert [r.received_at for r in refs] == sorted(r.received_at for r in refs if r.received_at)
    assert all(ref.mailbox == "invoices" for ref in refs)


def test_an_empty_inbox_is_an_empty_list(world: World) -> None:
    assert world.mailbox.list_inbox(10) == []


def test_a_mail_comes_as_the_sender_wrote_it(world: World) -> None:
    mail = letter(bytes(range(128, 256)) + b"\r\n.\r\n\r\n", "Content-Transfer-Encoding: 8bit")
    world.deliver(mail)
    raw = world.mailbox.fetch(world.mailbox.list_inbox(1)[0], 100_000)
    assert raw is not None
    assert (raw.data, raw.filename, raw.truncated) == (mail, None, False)


def test_of_a_large_mail_only_the_beginning_comes(world: World) -> None:
    world.deliver(letter(b"x" * 300_000))
    (ref,) = world.mailbox.list_inbox(1)
    assert ref.size is not None
    assert ref.size > 300_000
    for asked in (ref, ref.model_copy(update={"size": None})):  # also where the system says no size
        raw = world.mailbox.fetch(asked, 200_000)
        assert raw is not None
        assert raw.truncated
        assert len(raw.data) < 70_000
        mail = unpack(raw.data).mail
        assert (mail.sender, mail.subject, mail.message_id) == (
            "billing@acme.example",
            "Invoice 17",
            "<1@acme.example>",
        )


@pytest.mark.parametrize("target", ["done", "review", "rejected"])
def test_a_moved_mail_lies_in_its_folder_and_is_gone_from_the_inbox(world: World, target: str) -> None:
    for number in range(2):
        world.deliver(numbered(number))
    first, second = world.mailbox.list_inbox(9)
    world.mailbox.move(first, target)  # type: ignore[arg-type]
    assert [r.id for r in world.mailbox.list_inbox(9)] == [second.id]
    assert world.folder(target) == [numbered(0)]
    assert world.mailbox.fetch(first, 100_000) is None
    world.mailbox.move(first, target)  # type: ignore[arg-type] - again: nothing happens
    assert len(world.folder(target)) == 1
    assert world.folder("inbox") == [numbered(1)]


def test_moving_all_mails_of_a_list_moves_all(world: World) -> None:
    for number in range(5):
        world.deliver(numbered(number))
    for ref in world.mailbox.list_inbox(99):
        world.mailbox.move(ref, "done")
    assert world.folder("inbox") == []
    assert len(world.folder("done")) == 5


def test_one_draft_per_key_however_often(world: World) -> None:
    world.deliver(numbered(7))
    (ref,) = world.mailbox.list_inbox(1)
    for _ in range(2):
        world.mailbox.draft_reply(ref, REPLY, "item-1")
    again = world.again()
    again.draft_reply(ref, REPLY, "item-1")
    again.draft_reply(ref, REPLY, "item-11")
    again.close()
    drafts = world.drafts()
    assert len(drafts) == 2
    for draft in drafts:
        assert draft.to == "billing@acme.example"
        assert draft.subject == "Re: your invoice Bcc: all@example.test"
        assert draft.text == REPLY.text
        assert draft.answers == "<7@acme.example>"


def test_a_reply_that_names_its_reader_needs_no_mail(world: World) -> None:
    world.deliver(numbered(1))
    (ref,) = world.mailbox.list_inbox(1)
    world.mailbox.move(ref, "done")
    reply = REPLY.model_copy(update={"to": "other@acme.example", "in_reply_to": "<9@acme.example>"})
    world.mailbox.draft_reply(ref, reply, "item-2")
    assert [(d.to, d.answers) for d in world.drafts()] == [("other@acme.example", "<9@acme.example>")]


def test_a_mailbox_works_again_after_it_was_closed(world: World) -> None:
    world.deliver(numbered(1))
    assert len(world.mailbox.list_inbox(9)) == 1
    world.mailbox.close()
    assert len(world.mailbox.list_inbox(9)) == 1
