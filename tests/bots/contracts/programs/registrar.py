"""Registers or watches contracts in the store of DESKHAND_HOME, through the real loops, and may be killed meanwhile.

usage: registrar.py register|watch [CALL]    with CALL the process kills itself before its so manieth change

Prints how many such calls it made.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bots.contracts.register_contracts import handle
from bots.contracts.watch_contracts import reminders
from workitems.ledger import Ledger
from workitems.loop import produce, work_through

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "programs"))

from conftest import office_of
from countdown import Countdown


def main() -> None:
    ledger = Ledger.open(Path(os.environ["DESKHAND_HOME"]))
    office = office_of(ledger)
    countdown = Countdown(int(sys.argv[2]) if len(sys.argv) > 2 else None)
    sys.setprofile(countdown)
    if sys.argv[1] == "register":
        work_through(lambda work: handle(work, office), ledger, "register_contracts")
    else:
        produce(lambda parent, _: reminders(parent, office), ledger, "watch_contracts")
    sys.setprofile(None)
    print(countdown.calls, flush=True)
    os._exit(0)


main()
