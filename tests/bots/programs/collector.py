"""Collects a folder into the store of DESKHAND_HOME, through the real loop, and may be killed while it does.

usage: collector.py INBOX [SECONDS]    with SECONDS the process kills itself after so long
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from bots.mail.collect_mail import CollectLimits, MailCollector, collect_all
from connectors.mail.folder import FolderMailbox, FolderSettings
from connectors.mail.mime import unpack
from workitems.ledger import Ledger
from workitems.loop import produce


def main() -> None:
    if len(sys.argv) > 2:
        threading.Timer(float(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    ledger = Ledger.open()
    mailbox = FolderMailbox(FolderSettings(name="invoices", path=Path(sys.argv[1])))
    collectors = [MailCollector(mailbox, unpack, ledger, CollectLimits(mails=3))]
    print(produce(lambda parent, work: collect_all(collectors, parent), ledger, "collect_mail"))
    for collector in collectors:
        collector.settle()
    os._exit(0)


main()
