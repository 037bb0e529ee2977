"""A bot that dies: it joins somebody, or takes it back, and kills itself at a point of `dying_bot`.

python dying_hr.py POINT < {"sites": {...}, "joiner": {...}, "evidence": path}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dying_bot import Dying, DyingSession  # beside this file

from benchmarks.joining_staff import Joiner, join
from benchmarks.joining_worker import system_at
from connectors.tryton.hr_accounts import Accounts, Orders
from connectors.tryton.hr_people import People


def main() -> None:
    """Joins, unless it dies."""
    given = json.load(sys.stdin)
    point = sys.argv[1]
    system, records = system_at(given["sites"], Path(given["evidence"]))
    site = system.session._site
    system.recorder = Dying(point)
    system.session = DyingSession(site, Path(given["evidence"]), system.recorder, point)
    system._people = People(system.session, records)
    system._accounts = Accounts(system.session, records)
    system._orders = Orders(system.session, records)
    join(Joiner.model_validate(given["joiner"]), system, records)
    system.close()


if __name__ == "__main__":
    main()
