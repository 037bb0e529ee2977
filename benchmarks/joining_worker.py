"""A bot that joins people through the screens until it is done, or killed. Started by `benchmarks.joining`.

python -m benchmarks.joining_worker < {"sites": {...}, "joiners": [...], "evidence": folder}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from benchmarks.joining_staff import Joiner, join
from connectors.tryton.hr import TrytonHr
from connectors.tryton.hr_records import TrytonHrRecords
from connectors.tryton.rpc import TrytonRpc
from connectors.tryton.session import TrytonSite
from workitems.errors import TryLater


def system_at(sites: dict[str, Any], evidence: Path) -> tuple[TrytonHr, TrytonHrRecords]:
    """The screens and the records; `sites` holds url, database, and login and password of both."""
    url, database = sites["url"], sites["database"]
    records = TrytonHrRecords(TrytonRpc(url, database, *sites["records"]))
    login, password = sites["hr"]
    site = TrytonSite(url=url, database=database, login=login, password=SecretStr(password))
    return TrytonHr(site, records, evidence), records


def main() -> None:
    """Joins them all, each as often as it takes: what is put off is tried once more, as the queue does."""
    given = json.load(sys.stdin)
    system, records = system_at(given["sites"], Path(given["evidence"]))
    for joiner in (Joiner.model_validate(each) for each in given["joiners"]):
        try:
            join(joiner, system, records)
        except TryLater:
            join(joiner, system, records)
    system.close()


if __name__ == "__main__":
    main()
