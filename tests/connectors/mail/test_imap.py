"""What only an IMAP server does, against a real Dovecot."""

from __future__ import annotations

import contextlib
import imaplib
import shutil
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).parent))

from dovecot.server import Dovecot
from letters import letter

from connectors import Reply
from connectors.mail.imap import ImapFolders, ImapMailbox, ImapSettings
from tests.conftest import WriteVault
from workitems.errors import TryLater


class Proxy:
    """Passes bytes on to a server until it is told to cut all connections; new ones are accepted again."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._pairs: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cut_after: bytes | None = None
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        pairs, self._pairs = self._pairs, []
        for end in pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._closed:
                client.close()
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            self._pairs += [client, server]
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _lose_answer(self, answer: bytes) -> bool:
        """Whether this is the server's last word on the command that was to be cut."""
        if not self.cut_after or self.cut_after not in answer:
            return False
        self.cut_after = None
        self.cut()
        return True

    def _pass(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        try:
            while data := source.recv(65_536):
                if not from_client and self._lose_answer(data):
                    return
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()


@pytest.fixture
def person(dovecot: Dovecot) -> Iterator[imaplib.IMAP4]:
    """Somebody who looks at the same mailbox with a mail program."""
    shutil.rmtree(dovecot.folder / "mail" / "berta", ignore_errors=True)
    client = imaplib.IMAP4("127.0.0.1", dovecot.port)
    client.login("berta", dovecot.password)
    yield client
    client.shutdown()


def secret(name: str) -> Mapping[str, str]:
    assert name == "mail"
    return {"login": "berta", "password": Dovecot.password}


def plain(port: int, **more: object) -> ImapMailbox:
    settings = {"name": "invoices", "host": "127.0.0.1", "port": port, "security": "plain", "vault": "mail", **more}
    return ImapMailbox(ImapSettings.model_validate(settings), secret)


def deliver(person: imaplib.IMAP4, count: int = 1, folder: str = "INBOX") -> None:
    for number in range(count):
        assert person.append(folder, "", "", letter(b"hi", subject=f"Invoice {number}", key=str(number)))[0] == "OK"


def flags(person: imaplib.IMAP4, folder: str = "INBOX") -> list[str]:
    person.select(folder, readonly=True)
    answer = person.fetch("1:*", "(FLAGS)")[1]
    return [line.decode().partition("FLAGS ")[2].replace("\\Recent", "").strip("() ") for line in answer if line]


def test_fetching_leaves_mails_unread(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    deliver(person)
    mailbox = plain(dovecot.port)
    (ref,) = mailbox.list_inbox(9)
    mailbox.fetch(ref, 100_000)
    mailbox.fetch(ref, 10)
    mailbox.draft_reply(ref, Reply(subject="Re", text="x"), "k")
    assert flags(person) == [""]
    mailbox.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_the_company_is_trusted_and_an_unknown_one_is_not(
    dovecot: Dovecot, person: imaplib.IMAP4, security: str
) -> None:
    deliver(person)
    port = dovecot.tls_port if security == "tls" else dovecot.port
    mailbox = plain(port, security=security, host="localhost", ca_file=dovecot.certificate)
    assert len(mailbox.list_inbox(9)) == 1
    mailbox.close()
    with pytest.raises(TryLater, match="SSLCertVerificationError"):
        plain(port, security=security).list_inbox(9)


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.7", "127.0.0.1.example.com"])
def test_plain_connections_leave_this_machine_never(host: str) -> None:
    with pytest.raises(ValidationError, match="only allowed for a server on this machine"):
        plain(143, host=host)


def test_a_refused_login_is_said_without_the_password(dovecot: Dovecot) -> None:
    settings = ImapSettings(name="invoices", host="127.0.0.1", port=dovecot.port, security="plain", vault="mail")
    mailbox = ImapMailbox(settings, lambda name: {"login": "berta", "password": "wrong-secret"})
    with pytest.raises(TryLater) as error:
        mailbox.list_inbox(9)
    assert error.value.code == "mailbox_login"
    assert "wrong-secret" not in repr(error.value.__context__) + str(error.value)


def test_a_missing_secret_is_named(dovecot: Dovecot, write_vault: WriteVault) -> None:
    write_vault({"other": {"login": "x"}})
    settings = {"name": "invoices", "host": "127.0.0.1", "port": dovecot.port, "security": "plain"}
    with pytest.raises(TryLater, match="no secret named 'mail'"):
        ImapMailbox(ImapSettings.model_validate({**settings, "vault": "mail"})).list_inbox(9)
    with pytest.raises(TryLater, match="'other' of the vault has no field 'password'"):
        ImapMailbox(ImapSettings.model_validate({**settings, "vault": "other"})).list_inbox(9)


def test_a_server_that_is_away_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TryLater) as error:
        plain(port).list_inbox(9)
    assert error.value.code == "mailbox_away"


def test_a_dropped_connection_is_opened_again_once(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    deliver(person, 3)
    proxy = Proxy(dovecot.port)
    mailbox = plain(proxy.port)
    refs = mailbox.list_inbox(9)
    proxy.cut()
    assert mailbox.fetch(refs[0], 100_000) is not None
    proxy.cut()
    mailbox.move(refs[0], "done")
    assert [r.id for r in mailbox.list_inbox(9)] == [r.id for r in refs[1:]]
    proxy.close()
    with pytest.raises(TryLater):
        mailbox.list_inbox(9)


@pytest.mark.parametrize("command", [b"MOVE", b"APPEND"])
def test_a_command_whose_answer_was_lost_takes_effect_once(
    dovecot: Dovecot, person: imaplib.IMAP4, command: bytes
) -> None:
    deliver(person, 2)
    proxy = Proxy(dovecot.port)
    mailbox = plain(proxy.port)
    (first, _) = mailbox.list_inbox(9)
    mailbox.move(first, "review")  # makes the folder
    (second,) = mailbox.list_inbox(9)
    proxy.cut_after = b"OK [APPENDUID" if command == b"APPEND" else b"OK Move completed"
    if command == b"MOVE":
        mailbox.move(second, "review")
        assert len(flags(person, "Deskhand.Review")) == 2
    else:
        mailbox.draft_reply(second, Reply(subject="Re", text="the body of the draft"), "k")
        assert len(flags(person, "Entwuerfe")) == 1
    assert proxy.cut_after is None
    proxy.close()


def test_without_move_a_mail_is_copied_and_expunged_alone(old_dovecot: Dovecot) -> None:
    shutil.rmtree(old_dovecot.folder / "mail" / "berta", ignore_errors=True)
    person = imaplib.IMAP4("127.0.0.1", old_dovecot.port)
    person.login("berta", old_dovecot.password)
    deliver(person, 3)
    person.select("INBOX")
    person.store("1", "+FLAGS", r"(\Deleted)")  # a person has marked a mail and not yet made up their mind
    mailbox = plain(old_dovecot.port)
    refs = mailbox.list_inbox(9)
    assert len(refs) == 2
    for _ in range(2):
        mailbox.move(refs[0], "done")
    assert flags(person) == ["\\Deleted", ""]
    assert flags(person, "Deskhand.Done") == [""]
    mailbox.close()


def test_a_reference_ends_when_the_server_numbers_its_mails_anew(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    deliver(person)
    mailbox = plain(dovecot.port)
    (ref,) = mailbox.list_inbox(9)
    validity, _, uid = ref.id.partition(".")
    other = ref.model_copy(update={"id": f"{int(validity) - 1}.{uid}"})
    assert mailbox.fetch(other, 100_000) is None
    mailbox.move(other, "done")
    assert len(mailbox.list_inbox(9)) == 1
    mailbox.close()


def test_new_mail_is_seen_on_an_open_connection(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    mailbox = plain(dovecot.port)
    assert mailbox.list_inbox(9) == []
    deliver(person, 2)
    assert len(mailbox.list_inbox(9)) == 2
    mailbox.close()


def test_a_shared_folder_can_be_the_inbox(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    person.create('"Shared.Rechnungen &AOQ-"')
    deliver(person, 2, '"Shared.Rechnungen &AOQ-"')
    folders = ImapFolders(inbox="Shared/Rechnungen ä", done="Shared/Rechnungen ä/Erledigt")
    mailbox = plain(dovecot.port, folders=folders)
    refs = mailbox.list_inbox(9)
    mailbox.move(refs[0], "done")
    assert len(mailbox.list_inbox(9)) == 1
    assert len(flags(person, '"Shared.Rechnungen &AOQ-.Erledigt"')) == 1
    mailbox.close()


def test_a_folder_that_is_not_there_is_a_setting_to_mend(dovecot: Dovecot) -> None:
    with pytest.raises(TryLater) as error:
        plain(dovecot.port, folders=ImapFolders(inbox="No such")).list_inbox(9)
    assert error.value.code == "mailbox_refused"


def test_two_thousand_mails_are_listed_in_order(dovecot: Dovecot, person: imaplib.IMAP4) -> None:
    new = dovecot.folder / "mail" / "berta" / "new"
    person.select("INBOX")
    for number in range(2000):
        (new / f"{1_770_000_000 + number}.M{number}.test").write_bytes(letter(b"x", key=str(number)))
    for file in new.iterdir():
        file.chmod(0o644)
    mailbox = plain(dovecot.port)
    refs = mailbox.list_inbox(5000)
    assert len(refs) == 2000
    assert [int(r.id.partition(".")[2]) for r in refs] == sorted(int(r.id.partition(".")[2]) for r in refs)
    mailbox.close()
