"""Every reason code of the joiners desk: what it means, what HR does, and whether a click may accept it."""

from __future__ import annotations

from bots.invoices.codes_elsewhere import ELSEWHERE, Reason
from workitems.items import Doubt, Severity

REASONS: dict[str, Reason] = {
    # papers
    "missing_FIELD": Reason("something that is needed stands on no paper", "enter it, or ask the joiner for the paper"),
    "unsure_FIELD": Reason("a value was read, but not surely", "compare with the paper, correct it or accept it", True),
    "unknown_kind": Reason("it is not clear what kind of paper this is", "look, and set the kind"),
    "doubtful_person": Reason("the paper may belong to a joiner who is known", "say whose paper it is"),
    "several_of_that_name": Reason("several joiners have that name", "say whose paper it is"),
    "papers_differ": Reason("two papers say different things", "find out which is right, and enter it"),
    "name_differs": Reason("the name is written in two ways", "compare them; accept it if it is one person", True),
    # identity
    "mrz_check_digit": Reason("a check digit of the machine-readable zone is wrong", "compare with the paper"),
    "mrz_missing": Reason("no machine-readable zone can be read", "ask for a better picture, or enter the values"),
    "identity_missing": Reason("no identity paper came", "ask the joiner for it"),
    "identity_expired": Reason("the identity paper has expired", "ask the joiner for a valid one"),
    "right_to_work": Reason("the nationality needs a permit to work", "see the permit, then accept it", True),
    # dates and people
    "born_in_future": Reason("the birth date lies in the future", "correct the date"),
    "too_young": Reason("younger than may be employed", "check the birth date; ask legal"),
    "starts_long_ago": Reason("the start date is long past", "correct the date, or accept it", True),
    "start_long_ago": Reason("the start date is more than a year ago", "correct the date"),
    "starts_on_holiday": Reason(
        "the first day is a holiday or a weekend", "nothing: the next day counts", True, "warn"
    ),
    "unknown_role": Reason("no checklist is known for the role", "choose a role of the list"),
    "unknown_department": Reason("the HR system has no such department", "choose a department of the list"),
    "unknown_manager": Reason("the HR system knows no such manager", "enter the manager's name as it stands there"),
    "manager_left": Reason("the manager has left the company", "ask who the manager is"),
    "other_employer": Reason("the contract names another employer", "check whether it is for us", True),
    "contract_missing": Reason("no signed contract came: nothing is created before", "ask for the signed contract"),
    "already_employed": Reason("somebody of that name is employed here", "find out; accept it if new", True),
    # the plan
    "move_destroys": Reason("what was asked for takes back what was done", "read the plan, and agree to it", True),
    "waits_for_day": Reason("nothing is wrong: the day has not come", "nothing", False, "warn"),
    "no_free_hour": Reason("guests of an appointment have no free hour for weeks", "look at their calendars"),
    "form_formulas": Reason("the form holds formulas", "ask for a plain form, or compare and accept it", True),
    "form_macros": Reason("the form holds macros; they were not run", "ask for a plain form"),
    "form_links": Reason("the form takes values from other files", "ask for a plain form"),
    **ELSEWHERE,
}


def reason(code: str) -> Reason | None:
    """The table's row, also for `missing_role` and its like; None for codes of other parts."""
    return REASONS.get(code) or REASONS.get(code.partition("_")[0] + "_FIELD")


def confirmable(code: str, field: str | None = None) -> bool:
    """Whether a person may accept the doubt as it stands."""
    row = reason(code)
    return row is not None and row.accept


def doubt(code: str, message: str, field: str | None = None, severity: Severity | None = None) -> Doubt:
    """A doubt of this desk, with its table's severity. Raises KeyError for a code that is not in the table."""
    row = reason(code)
    if row is None:
        raise KeyError(code)
    return Doubt(code=code, message=message, field=field, severity=severity or row.severity)
