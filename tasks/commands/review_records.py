"""What the review desk asks the company's records for: suppliers and accounts to choose from, the orders that count."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow

from connectors import ErpRecords
from connectors.tryton.rpc import RpcFault
from desk.choices import Offers
from workitems.errors import TryLater

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0  # so long a page waits for the ERP; the answer may still serve the next page
AWAY_SECONDS = 15.0  # before an ERP that was away is asked again
SLOW_SECONDS = 3.0  # before one that was slow is
MOST_ORDERS = 10


class Asked:
    """Asks the records on a thread of its own, since an ERP that is away may take its time to say so."""

    def __init__(self, records: Callable[[], ErpRecords]) -> None:
        """`records` opens the records, at the first question and after they were away. May raise TryLater."""
        self._open, self._records = records, None
        self._thread = ThreadPoolExecutor(1, "desk-records")
        self._away_until = 0.0

    def __call__(self, order_numbers: Sequence[str]) -> Offers:
        """What the records offer, within a moment; nothing while they are away."""
        if time.monotonic() < self._away_until:
            return Offers(away=True)
        asked: Future[Offers] = self._thread.submit(self._ask, tuple(order_numbers[:MOST_ORDERS]))
        try:
            return asked.result(WAIT_SECONDS)
        except TooSlow:
            asked.cancel()
            self._away_until = time.monotonic() + SLOW_SECONDS
        except TryLater:
            self._away_until = time.monotonic() + AWAY_SECONDS
        except RpcFault as fault:  # a right that the login lacks, say: pages show what they can
            log.error("the records cannot be asked: %s", fault)
            self._away_until = time.monotonic() + AWAY_SECONDS
        return Offers(away=True)

    def warm(self) -> None:
        """Logs in and asks once, without waiting for it, so that the first page is quick."""
        self._thread.submit(self._ask, ())

    def close(self) -> None:
        """Asks nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    _records: ErpRecords | None

    def _ask(self, order_numbers: Sequence[str]) -> Offers:
        try:
            records = self._records = self._records or self._open()
            found = [records.find_order(number) for number in order_numbers]
            return Offers(
                suppliers=tuple(sorted(records.suppliers(), key=lambda s: s.name.casefold())),
                accounts=tuple(records.accounts()),
                orders=tuple(order for order in found if order is not None),
            )
        except TryLater:
            self._records = None  # a new demo has its ERP elsewhere
            raise
