"""From a mailbox to work items: every document once, nothing lost, whatever happens in between."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors" / "mail"))

from letters import PDF, attachment, letter, multipart, text, zipped

from bots.mail.collect_mail import CollectLimits, MailCollector, Unpack, collect_all
from connectors import Folder, Mailbox, MailRef, RawMail, Unpacked
from connectors.mail.folder import FolderMailbox, FolderSettings
from connectors.mail.mime import unpack
from workitems.errors import NeedsReview, TryLater
from workitems.items import DocumentItem, Doubt
from workitems.ledger import Ledger
from workitems.reservations import Ending, Hold, Reservations
from workitems.store import Store
from workitems.work import Output

LEASE = 60.0


class Clock:
    """Seconds, turned by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Office:
    """A store, a ledger and an inbox, and rounds of collecting as the step makes them."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.store = Store.open(folder / "home", clock=self.clock)
        self.ledger = Ledger.open(folder / "home", clock=self.clock)
        self.worker: Reservations = self.store.reservations("tester")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.mailbox = FolderMailbox(FolderSettings(name="invoices", path=self.inbox))
        self._arrivals = 0

    def arrive(self, name: str, content: bytes) -> None:
        self._arrivals += 1
        file = self.inbox / name
        file.write_bytes(content)
        os.utime(file, (1_770_000_000 + self._arrivals,) * 2)

    def collector(self, mailbox: Mailbox | None = None, unpack_with: Unpack = unpack, **limits: int) -> MailCollector:
        return MailCollector(mailbox or self.mailbox, unpack_with, self.ledger, CollectLimits(**limits))

    def begin(self) -> Hold:
        self.store.trigger("collect_mail")
        hold = self.worker.reserve("collect_mail", LEASE)
        assert hold is not None
        return hold

    def round(self, collector: MailCollector) -> list[DocumentItem]:
        """One trigger item from its reservation to its release."""
        hold = self.begin()
        outputs = collector.collect(hold.item_id)
        self.worker.release(hold, Ending("done"))
        return items(outputs)

    def waiting(self) -> list[str]:
        return sorted(p.name for p in self.inbox.iterdir() if p.is_file())

    def moved(self, folder: str) -> list[str]:
        place = self.inbox / folder
        return sorted(p.name for p in place.iterdir()) if place.is_dir() else []


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.ledger.close()
    office.store.close()


def items(outputs: Sequence[Output]) -> list[DocumentItem]:
    """The items, each checked against the file that comes with it."""
    found = []
    for output in outputs:
        assert isinstance(output.item, DocumentItem)
        document = output.item.document
        assert list(output.attach) == [document.filename]
        content = output.attach[document.filename]
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (document.sha256, document.size)
        found.append(output.item)
    return found


def names(found: Sequence[DocumentItem]) -> list[str]:
    return [item.document.filename for item in found]


def invoice(name: str, key: str = "1", content: bytes = PDF) -> bytes:
    return multipart(text("Our invoice"), attachment(name, content), key=key, subject=f"Invoice {key}")


# ---- what becomes of mails and files


def test_each_document_of_a_mail_becomes_an_item_with_its_origin(office: Office) -> None:
    office.arrive(
        "m.eml", multipart(text("."), attachment("a.pdf", PDF), attachment("b.zip", zipped(("x/c.pdf", PDF))))
    )
    first, second = office.round(office.collector())
    assert (first.kind, first.document.filename, first.document.part) == ("document", "a.pdf", "a.pdf")
    assert (second.document.filename, second.document.part) == ("c.pdf", "b.zip/x/c.pdf")
    assert first.document.media_type == "application/pdf"
    mail = first.document.mail
    assert (mail.mailbox, mail.sender, mail.subject) == ("invoices", "billing@acme.example", "Invoice 17")
    assert mail.received_at is not None
    assert mail.received_at.timestamp() == 1_770_000_001
    assert mail == second.document.mail
    assert first.doubts == ()


def test_a_bare_document_is_an_item_of_its_own(office: Office) -> None:
    office.arrive("scan.pdf", PDF)
    (item,) = office.round(office.collector())
    assert (item.document.filename, item.document.part, item.document.mail.sender) == ("scan.pdf", None, None)


def test_mails_are_taken_oldest_first(office: Office) -> None:
    for number in (3, 1, 2):
        office.arrive(f"{number}.eml", invoice(f"{number}.pdf", key=str(number)))
    assert names(office.round(office.collector())) == ["3.pdf", "1.pdf", "2.pdf"]


def test_the_same_document_in_another_mail_is_an_item_again(office: Office) -> None:
    office.arrive("1.eml", invoice("a.pdf", key="1"))
    office.arrive("2.eml", invoice("a.pdf", key="2"))
    found = office.round(office.collector())
    assert len(found) == 2
    assert found[0].document.sha256 == found[1].document.sha256


# ---- once, and only once


def test_a_mail_is_moved_when_its_items_are_there_for_good(office: Office) -> None:
    office.arrive("m.eml", invoice("a.pdf"))
    collector = office.collector()
    hold = office.begin()
    assert len(collector.collect(hold.item_id)) == 1
    collector.settle()
    assert office.waiting() == ["m.eml"]  # not released yet
    office.worker.release(hold, Ending("done"))
    collector.settle()
    assert (office.waiting(), office.moved("done")) == ([], ["m.eml"])


def test_the_next_round_moves_what_the_last_one_collected(office: Office) -> None:
    office.arrive("m.eml", invoice("a.pdf"))
    collector = office.collector()
    assert len(office.round(collector)) == 1
    assert office.round(collector) == []
    assert office.moved("done") == ["m.eml"]


def test_another_process_only_moves_what_is_known(office: Office) -> None:
    office.arrive("m.eml", invoice("a.pdf"))
    office.round(office.collector())
    assert office.round(office.collector()) == []
    assert office.moved("done") == ["m.eml"]


def test_a_mail_delivered_twice_is_collected_once(office: Office) -> None:
    collector = office.collector()
    office.arrive("1.eml", invoice("a.pdf"))
    office.arrive("2.eml", b"Received: from elsewhere; Mon, 2 Mar 2026 11:00:00 +0000\r\n" + invoice("a.pdf"))
    assert len(office.round(collector)) == 1
    assert office.round(collector) == []
    office.arrive("3.eml", invoice("a.pdf"))
    assert office.round(collector) == []
    assert office.moved("done") == ["1.eml", "2.eml", "3.eml"]


@pytest.mark.parametrize("same_process", [True, False])
def test_a_failed_round_never_happened(office: Office, same_process: bool) -> None:
    office.arrive("m.eml", invoice("a.pdf"))
    collector = office.collector()
    hold = office.begin()
    assert len(collector.collect(hold.item_id)) == 1
    office.worker.release(hold, Ending("failed"))
    collector.settle()
    assert office.waiting() == ["m.eml"]
    assert names(office.round(collector if same_process else office.collector())) == ["a.pdf"]


def test_a_crash_between_collecting_and_release_loses_nothing(office: Office) -> None:
    office.arrive("m.eml", invoice("a.pdf"))
    hold = office.begin()
    office.collector().collect(hold.item_id)
    office.clock.now += LEASE + 1  # the worker died; its lease runs out
    again = office.worker.reserve("collect_mail", LEASE)
    assert again is not None
    assert again.item_id == hold.item_id
    assert names(items(office.collector().collect(again.item_id))) == ["a.pdf"]
    office.worker.release(again, Ending("done"))
    assert office.round(office.collector()) == []
    assert office.moved("done") == ["m.eml"]


def test_two_collectors_at_once_share_the_mails(office: Office) -> None:
    for number in range(4):
        office.arrive(f"{number}.eml", invoice(f"{number}.pdf", key=str(number)))
    one, other = office.begin(), office.begin()
    first = items(office.collector(mails=2).collect(one.item_id))
    second = items(office.collector().collect(other.item_id))
    assert names(first) == ["0.pdf", "1.pdf"]
    assert names(second) == ["2.pdf", "3.pdf"]


def test_the_same_mail_in_two_mailboxes_is_collected_in_both(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "m.eml").write_bytes(invoice("a.pdf"))
    office.arrive("m.eml", invoice("a.pdf"))
    other = FolderMailbox(FolderSettings(name="contracts", path=tmp_path / "other"))
    hold = office.begin()
    found = items(collect_all([office.collector(), office.collector(other)], hold.item_id))
    assert [i.document.mail.mailbox for i in found] == ["invoices", "contracts"]


# ---- limits


def test_a_round_takes_no_more_mails_than_allowed_and_the_next_goes_on(office: Office) -> None:
    for number in range(5):
        office.arrive(f"{number}.eml", invoice(f"{number}.pdf", key=str(number)))
    collector = office.collector(mails=2)
    assert [names(office.round(collector)) for _ in range(4)] == [["0.pdf", "1.pdf"], ["2.pdf", "3.pdf"], ["4.pdf"], []]
    assert office.waiting() == []


def test_a_round_ends_when_enough_bytes_are_in_memory(office: Office) -> None:
    for number in range(3):
        office.arrive(f"{number}.eml", invoice(f"{number}.pdf", str(number), PDF + b"x" * 1000))
    collector = office.collector(round_bytes=1500)
    assert [len(office.round(collector)) for _ in range(3)] == [2, 1, 0]


# ---- mails that cannot be opened


def test_a_mail_that_is_too_large_is_an_item_that_says_so(office: Office) -> None:
    office.arrive("m.eml", invoice("a.pdf", content=PDF + os.urandom(20_000)))
    collector = office.collector(mail_bytes=5000)
    (item,) = office.round(collector)
    assert [d.code for d in item.doubts] == ["mail_too_large"]
    assert item.document.media_type == "text/plain"
    assert item.document.mail.sender == "billing@acme.example"
    assert office.round(collector) == []
    assert office.moved("review") == ["m.eml"]


def test_a_bare_file_that_is_too_large_is_an_item_that_says_so(office: Office) -> None:
    office.arrive("huge.tif", b"II*\x00" + bytes(9000))
    (item,) = office.round(office.collector(mail_bytes=5000))
    assert [d.code for d in item.doubts] == ["mail_too_large"]
    assert item.document.filename == "huge.tif (not fetched).txt"


def never_ends(data: bytes, filename: str | None) -> Unpacked:
    """Stands for an unpacker that was killed: it can only cope with header blocks."""
    if b"\n\n" in data or filename:
        raise NeedsReview([Doubt(code="timeout", message="The mail took too long to open.")])
    return unpack(data, filename)


def never_ever(data: bytes, filename: str | None) -> Unpacked:
    raise NeedsReview([Doubt(code="unreadable", message="The mail broke the program that opens it.")])


@pytest.mark.parametrize("unpacker", [never_ends, never_ever])
def test_a_mail_that_breaks_the_unpacker_is_an_item_with_the_mail_itself(office: Office, unpacker: Unpack) -> None:
    mail = invoice("a.pdf").replace(b"\r\n", b"\n")
    office.arrive("m.eml", mail)
    office.arrive("x.zip", b"PK\x03\x04")
    collector = office.collector(unpack_with=unpacker)
    first, second = office.round(collector)
    assert (first.document.media_type, first.document.size) == ("message/rfc822", len(mail))
    assert second.document.filename == "x.zip"
    assert first.doubts
    assert second.doubts
    assert first.document.mail.sender == ("billing@acme.example" if unpacker is never_ends else None)
    assert office.round(collector) == []
    assert office.moved("review") == ["m.eml", "x.zip"]


def test_an_empty_mail_waits_for_a_person(office: Office) -> None:
    office.arrive("m.eml", letter(b""))
    (item,) = office.round(office.collector())
    assert [d.code for d in item.doubts] == ["mail_empty"]


# ---- mailboxes that fail


class Broken:
    """A mailbox whose methods fail as told."""

    def __init__(self, inner: Mailbox, fetch: set[int] | None = None, move: bool = False, away: bool = False) -> None:
        self.name = inner.name
        self._inner, self._fetch, self._move, self._away = inner, fetch or set(), move, away
        self.fetched = 0

    def list_inbox(self, limit: int) -> list[MailRef]:
        if self._away:
            raise TryLater("mailbox_away", "The mailbox is away.")
        return self._inner.list_inbox(limit)

    def fetch(self, ref: MailRef, max_bytes: int) -> RawMail | None:
        self.fetched += 1
        if self.fetched in self._fetch:
            raise TryLater("mailbox_refused", "The mailbox refuses a mail.")
        return self._inner.fetch(ref, max_bytes)

    def move(self, ref: MailRef, folder: Folder) -> None:
        if self._move:
            raise TryLater("mailbox_refused", "The mailbox refuses to move.")
        self._inner.move(ref, folder)

    def draft_reply(self, ref: MailRef, reply: object, key: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._inner.close()


def fill(office: Office, count: int) -> None:
    for number in range(count):
        office.arrive(f"{number}.eml", invoice(f"{number}.pdf", key=str(number)))


def test_a_mail_that_cannot_be_fetched_does_not_hold_up_the_others(office: Office) -> None:
    fill(office, 4)
    mailbox = Broken(office.mailbox, fetch={2})
    collector = office.collector(mailbox)
    assert names(office.round(collector)) == ["0.pdf", "2.pdf", "3.pdf"]
    assert names(office.round(collector)) == ["1.pdf"]


def test_a_mailbox_that_breaks_down_half_way_keeps_what_was_collected(office: Office) -> None:
    fill(office, 6)
    mailbox = Broken(office.mailbox, fetch={3, 4, 5})
    collector = office.collector(mailbox)
    assert names(office.round(collector)) == ["0.pdf", "1.pdf"]
    assert mailbox.fetched == 5
    assert names(office.round(collector)) == ["2.pdf", "3.pdf", "4.pdf", "5.pdf"]


def test_a_mailbox_that_is_away_is_tried_later_and_does_not_hold_up_another(office: Office, tmp_path: Path) -> None:
    fill(office, 1)
    away = office.collector(Broken(FolderMailbox(FolderSettings(name="other", path=tmp_path)), away=True))
    hold = office.begin()
    assert len(collect_all([away, office.collector()], hold.item_id)) == 1
    with pytest.raises(TryLater):
        collect_all([away], hold.item_id)


def test_mails_that_cannot_be_moved_do_not_hide_new_ones_or_come_twice(office: Office) -> None:
    fill(office, 3)
    mailbox = Broken(office.mailbox, move=True)
    collector = office.collector(mailbox, mails=3)
    assert len(office.round(collector)) == 3
    office.arrive("new.eml", invoice("new.pdf", key="new"))
    assert names(office.round(collector)) == ["new.pdf"]
    assert mailbox.fetched == 4
    assert office.round(office.collector(mailbox)) == []
    assert len(office.waiting()) == 4
