"""Tryton's HR screens, driven through sao: the port HrSystem.

What is keyed is looked for first and read back afterwards, both through the records; every record is made by one save,
so an attempt that dies leaves whole records or none, and the next one goes on from what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TypeVar

from connectors.evidence import Recorder
from connectors.hr import Account, AccountDraft, Employee, Person, PersonDraft, SeatOrder, SeatRequest, Terms
from connectors.tryton.hr_accounts import Accounts, Orders, as_drafted
from connectors.tryton.hr_people import People, agrees, missing, never_began, standing
from connectors.tryton.hr_records import TrytonHrRecords
from connectors.tryton.hr_rows import mark_of
from connectors.tryton.refusals import review
from connectors.tryton.session import Session, TrytonSite
from workitems.errors import NeedsReview, TryLater

Stands = TypeVar("Stands")
SOONEST_SECONDS = 60.0


class TrytonHr:
    """Implements `HrSystem` on sao's screens."""

    name = "tryton"

    def __init__(
        self,
        site: TrytonSite,
        records: TrytonHrRecords,
        evidence: Path,
        recorder: Recorder | None = None,
        today: Callable[[], date] = lambda: datetime.now().astimezone().date(),
    ) -> None:
        """`evidence`: folder for masked screenshots and traces of failures."""
        self.recorder = recorder or Recorder()
        self.session = Session(site, evidence, self.recorder)
        self._records, self._today = records, today
        self._people = People(self.session, records)
        self._accounts = Accounts(self.session, records)
        self._orders = Orders(self.session, records)

    def ensure_person(self, draft: PersonDraft) -> Person:
        """See the port."""
        mark_of(draft.key)
        self._people.check_person(draft)

        def read() -> Person | None:
            found = self._records.person(draft.key)
            return found if found is not None and not missing(found, draft) else None

        return self._bring_about(f"person-{draft.key}", lambda: self._people.key_person(draft), read)

    def ensure_employee(self, person_id: str, terms: Terms) -> Employee:
        """See the port."""
        self._person(person_id)
        self._people.check_terms(terms)

        def find() -> Employee | None:
            return standing(self._records.employees(person_id), terms.starts_on)

        def read() -> Employee | None:
            found = find()
            return found if found is not None and self._as_agreed(found, terms) else None

        return self._bring_about(f"person-{person_id}", lambda: self._people.key_terms(person_id, find(), terms), read)

    def end_employment(self, employee_id: str, last_day: date | None) -> Employee:
        """See the port."""

        def read() -> Employee | None:
            found = self._employee(employee_id)
            over = found.ends_on == last_day if last_day else never_began(found) and not found.active
            return found if over else None

        return self._bring_about(
            f"employee-{employee_id}",
            lambda: self._people.end(self._employee(employee_id), last_day, self._today()),
            read,
        )

    def withdraw_person(self, person_id: str) -> Person:
        """See the port."""
        found = self._person(person_id)
        if found.key is None:
            raise review("hr_not_ours", f"Person {person_id} was not made by a bot.")
        employees = self._records.employees(person_id)
        accounts = [account for employee in employees for account in self._records.accounts(employee.id)]
        today = self._today()
        if any(e.ends_on is None or e.ends_on >= today for e in employees) or any(a.active for a in accounts):
            raise review("hr_not_ours", f"Person {person_id} is still employed, or has an open account.")

        def read() -> Person | None:
            now = self._person(person_id)
            return None if now.active else now

        return self._bring_about(f"person-{person_id}", lambda: self._people.withdraw(person_id), read)

    def ensure_account(self, draft: AccountDraft) -> Account:
        """See the port."""
        employee = self._employee(draft.employee_id)
        self._has_begun(employee)
        self._accounts.check_free(draft)
        self._accounts.check_groups(draft.groups)

        def read() -> Account | None:
            found = self._records.find_user(draft.login)
            return found if found is not None and as_drafted(found, draft) else None

        return self._bring_about(f"employee-{employee.id}", lambda: self._accounts.key_account(draft, employee), read)

    def set_groups(self, account_id: str, groups: Sequence[str]) -> Account:
        """See the port."""
        self._account(account_id)
        self._accounts.check_groups(groups)

        def read() -> Account | None:
            found = self._account(account_id)
            return found if set(found.groups) == set(groups) else None

        def act() -> None:
            found = self._account(account_id)
            self._accounts.key_groups(found, groups, found.active)

        return self._bring_about(f"account-{account_id}", act, read)

    def close_account(self, account_id: str) -> Account:
        """See the port."""

        def read() -> Account | None:
            found = self._account(account_id)
            return None if found.active or found.groups else found

        return self._bring_about(
            f"account-{account_id}",
            lambda: self._accounts.key_groups(self._account(account_id), (), active=False),
            read,
        )

    def request_seats(self, request: SeatRequest) -> SeatOrder:
        """See the port."""
        mark_of(request.key)
        self._orders.check_product(request.product)

        def read() -> SeatOrder | None:
            found = self._records.seat_order(request.key)
            return found if found is not None and found.state != "cancelled" else None

        return self._bring_about(f"order-{request.key}", lambda: self._orders.key_request(request), read)

    def cancel_order(self, key: str) -> SeatOrder | None:
        """See the port."""
        order = self._records.seat_order(key)
        if order is None:
            return None
        if order.state in ("open", "done"):
            message = f"The licences of {key} are ordered already ({order.number}): a person has to undo that."
            raise review("hr_order_decided", message)

        def read() -> SeatOrder | None:
            found = self._records.seat_order(key)
            return found if found is not None and found.state == "cancelled" else None

        return self._bring_about(f"order-{key}", lambda: self._orders.cancel(order), read)

    def close(self) -> None:
        """Ends the session."""
        self.session.close()

    def _bring_about(self, item: str, act: Callable[[], None], read: Callable[[], Stands | None]) -> Stands:
        """What `read` finds once it stands as wanted: at once, or after the screens did it.

        A refusal is followed by a look: a dead bot's browser may have done it a moment ago.
        """
        found = read()
        if found is not None:
            return found
        refused: NeedsReview | None = None
        try:
            self.session.attempt(item.replace(":", "-"), act)
        except NeedsReview as failure:
            refused = failure
        found = read()
        if found is None:
            raise refused or review("hr_not_kept", f"The HR system does not show {item} as it was keyed.")
        return found

    def _as_agreed(self, found: Employee, terms: Terms) -> bool:
        return (
            agrees(found, terms)
            and terms.department in (None, found.department)
            and terms.role in (None, found.role)
            and terms.weekly_hours in (None, found.weekly_hours)
        )

    def _has_begun(self, employee: Employee) -> None:
        """Raises TryLater before the first day, NeedsReview after the last."""
        if employee.active:
            return
        first = employee.starts_on
        if first is None or first <= self._today():
            raise review("hr_ended", f"Employee {employee.id} has left, or never began.")
        begins = datetime.combine(first, time(0, 5)).astimezone(UTC)
        seconds = max(SOONEST_SECONDS, (begins - datetime.now(UTC)).total_seconds())
        raise TryLater("hr_not_started", f"Employee {employee.id} begins on {first}.", postpone=seconds)

    def _person(self, person_id: str) -> Person:
        found = self._records.person_of(person_id)
        if found is None:
            raise review("hr_not_there", f"The HR system has no person {person_id}.")
        return found

    def _employee(self, employee_id: str) -> Employee:
        found = self._records.employee(employee_id)
        if found is None:
            raise review("hr_not_there", f"The HR system has no employee {employee_id}.")
        return found

    def _account(self, account_id: str) -> Account:
        found = self._records.account(account_id)
        if found is None:
            raise review("hr_not_there", f"The HR system has no account {account_id}.")
        if not found.employee_ids:
            raise review("hr_not_ours", f"Account {account_id} is no employee's.")
        return found
