"""Keys users with their groups, and draft orders for licences, into Tryton's forms."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.hr import Account, AccountDraft, Employee, SeatOrder, SeatRequest
from connectors.tryton.hr_records import TrytonHrRecords
from connectors.tryton.hr_refusals import refusals_as_doubts, taken, unknown
from connectors.tryton.hr_rows import mark_of
from connectors.tryton.pages_hr import AccountForm, OrderForm
from connectors.tryton.refusals import review
from connectors.tryton.session import Session


class Accounts:
    """The forms of users."""

    def __init__(self, session: Session, records: TrytonHrRecords) -> None:
        self._session, self._records = session, records

    def check_groups(self, groups: Sequence[str]) -> dict[str, int]:
        """Ids by name. Raises NeedsReview for a group that the system does not have."""
        known = self._records.ids("res.group")
        for name in groups:
            if name not in known:
                raise unknown("group", name, "hr_unknown_group", "groups")
        return {name: known[name] for name in groups}

    def check_free(self, draft: AccountDraft) -> None:
        """Raises NeedsReview where the login is somebody else's, or the employee has another one."""
        found = self._records.find_user(draft.login)
        if found is not None and draft.employee_id not in found.employee_ids:
            raise review("hr_login_taken", f"The login {found.login!r} is taken.", "login")
        others = [a for a in self._records.accounts(draft.employee_id) if found is None or a.id != found.id]
        if others:
            message = f"Employee {draft.employee_id} has an account already: {others[0].login!r}."
            raise review("hr_has_account", message, "login")

    def key_account(self, draft: AccountDraft, employee: Employee) -> None:
        """Makes the account in one save, with its link and groups, or brings it to the draft."""
        found = self._records.find_user(draft.login)
        if found is not None and as_drafted(found, draft):
            return
        with refusals_as_doubts(), self._session.recorder.step("account"):
            form = AccountForm(self._session.client(), self._session.database)
            if found is None:
                form = form.new()
                form.set_header(draft.login, draft.name, draft.email)
                typed = self._records.code(employee.person_id)
                taken(form.add_employee(typed, int(employee.id)), "employee", "hr_refused")
            else:
                form = form.open(found.id)
                form.set_active(True)
                form.set_header(draft.login, draft.name, draft.email or found.email)
            self._groups(form, found.groups if found else (), draft.groups)
            form.save()
            form.close()

    def key_groups(self, account: Account, groups: Sequence[str], active: bool) -> None:
        """Exactly these groups; the account open or closed."""
        with refusals_as_doubts(), self._session.recorder.step("account"):
            form = AccountForm(self._session.client(), self._session.database).open(account.id)
            if active:
                form.set_active(True)
            self._groups(form, account.groups, groups)
            if not active:
                form.set_active(False)  # last: what is not active is read only
            form.save()
            form.close()

    def _groups(self, form: AccountForm, has: Sequence[str], wanted: Sequence[str]) -> None:
        if set(has) == set(wanted):
            return
        ids = self.check_groups(wanted)
        form.turn_to_groups()
        form.remove_groups(sorted(set(has) - set(wanted)))
        for name in sorted(set(wanted) - set(has)):
            taken(form.add_group(name, ids[name]), "group", "hr_unknown_group")


class Orders:
    """The forms of purchases."""

    def __init__(self, session: Session, records: TrytonHrRecords) -> None:
        self._session, self._records = session, records

    def check_product(self, product: str) -> None:
        """Raises NeedsReview for what nobody sells."""
        if self._records.seller(product) is None:
            raise unknown("licence that a supplier sells by the code", product, "hr_unknown_product", "product")

    def key_request(self, request: SeatRequest) -> None:
        """A draft in one save, unless one stands."""
        found, sold = self._records.seat_order(request.key), self._records.seller(request.product)
        if sold is None or (found is not None and found.state != "cancelled"):
            return
        product, seller = sold
        with refusals_as_doubts(), self._session.recorder.step("order"):
            form = OrderForm(self._session.client(), self._session.database).new()
            taken(form.take_supplier(seller["code"] or seller["name"], seller["id"]), "supplier", "hr_refused")
            form.describe(f"{request.reason} {mark_of(request.key)}".strip())
            taken(form.add_line(request.product, product, request.seats), "product", "hr_unknown_product")
            form.save()
            form.close()

    def cancel(self, order: SeatOrder) -> None:
        """Cancels a draft."""
        with refusals_as_doubts(), self._session.recorder.step("order"):
            form = OrderForm(self._session.client(), self._session.database).open(order.id)
            form.cancel()
            form.close()


def as_drafted(found: Account, draft: AccountDraft) -> bool:
    """Whether the account stands as drafted."""
    return (
        found.active
        and found.name == draft.name
        and draft.email in (None, found.email)
        and set(found.groups) == set(draft.groups)
        and draft.employee_id in found.employee_ids
    )
