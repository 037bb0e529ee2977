"""Collects a folder into the store of DESKHAND_HOME, through the real loop, and may be killed while it does.

usage: collector.py INBOX [CALL]    with CALL the process kills itself before its so manieth call that changes something

Prints how many such calls it made: of the database, of files and of folders.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from countdown import Countdown

from bots.mail.collect_mail import CollectLimits, MailCollector, collect_all
from connectors.mail.folder import FolderMailbox, FolderSettings
from connectors.mail.mime import unpack
from workitems.ledger import Ledger
from workitems.loop import produce


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
