"""Who a joiner's manager is, and where the manager gets mail."""

from __future__ import annotations

from typing import NamedTuple

from bots.joiners.judging import supervisor
from connectors.hr import HrRecords
from connectors.outgoing import is_address


class Manager(NamedTuple):
    """A colleague to whom somebody reports; without an address no mail goes to them."""

    id: str  # the employee's
    name: str
    address: str | None


def manager_of(name: str | None, records: HrRecords) -> Manager | None:
    """The one active colleague of that name, with the account's address, else the person's. Raises TryLater."""
    found = supervisor(name, records.find_employee(name)) if name else None
    if found is None:
        return None
    accounts = [account.email for account in records.accounts(found.id) if account.active]
    people = [c.person for c in records.find_person(found.name) if c.person.id == found.person_id]
    mails = [*accounts, *(mail for person in people for mail in person.emails)]
    return Manager(found.id, found.name, next((mail for mail in mails if mail and is_address(mail)), None))
