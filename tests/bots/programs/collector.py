"""Collects a folder into the store of DESKHAND_HOME, through the real loop, and may be killed while it does.

usage: collector.py INBOX [CALL]    with CALL the process kills itself before its so manieth call that changes something

Prints how many such calls it made: of the database, of files and of folders.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bots.mail.collect_mail import CollectLimits, MailCollector, collect_all
from connectors.mail.folder import FolderMailbox, FolderSettings
from connectors.mail.mime import unpack
from workitems.ledger import Ledger
from workitems.loop import produce

CHANGES = {"execute", "executemany", "commit", "open", "write", "fsync", "mkdir", "link", "rename", "replace", "unlink"}


class Countdown:
    """Watches the working thread's calls, so that where it dies hangs on its progress and not on the clock."""

    def __init__(self, last: int | None) -> None:
        self.calls, self._last = 0, last

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or called.__name__ not in CHANGES:
            return
        self.calls += 1
        if self.calls == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    ledger = Ledger.open()
    mailbox = FolderMailbox(FolderSettings(name="invoices", path=Path(sys.argv[1])))
    collectors = [MailCollector(mailbox, unpack, ledger, CollectLimits(mails=3))]
    countdown = Countdown(int(sys.argv[2]) if len(sys.argv) > 2 else None)
    sys.setprofile(countdown)
    produce(lambda parent, work: collect_all(collectors, parent), ledger, "collect_mail")
    for collector in collectors:
        collector.settle()
    sys.setprofile(None)
    print(countdown.calls, flush=True)
    os._exit(0)


main()
