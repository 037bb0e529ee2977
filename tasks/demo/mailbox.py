"""The demo's mailbox: the documents of devdata/demo, copied once into a folder of the home."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "devdata" / "demo" / "mailbox"


def folder(home: Path) -> Path:
    return home / "demo" / "mailbox"


def fill(home: Path) -> int:
    """Puts every demo mail into the mailbox, once in the home's life; returns how many there are.

    Killed half-way it goes on where it was: nothing is collected before the stamp is written, so a mail that is
    already there is simply not copied again. Times are set so that the order of arrival is always the same.
    """
    stamp = home / "demo" / "mailbox.filled"
    mails = sorted(p for p in SOURCE.iterdir() if p.is_file())
    if stamp.exists():
        return len(mails)
    inbox = folder(home)
    inbox.mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        new = inbox / ("." + mail.name + ".new")
        shutil.copyfile(mail, new)
        os.utime(new, (1_767_225_600 + number, 1_767_225_600 + number))
        new.replace(inbox / mail.name)
    stamp.write_text(str(len(mails)))
    return len(mails)
