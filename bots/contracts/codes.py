"""Every reason code of the contract desk: what it means, what the contract manager does, whether a click may accept it.

Codes are stable: reports, answers and other people's scripts name them. docs/contracts.md repeats this table, held by a
test. What readers and mails say besides (damaged pages, a password ...) is explained where all desks look it up.
"""

from __future__ import annotations

from bots.invoices.codes import reason as reason_of_all
from bots.invoices.codes_elsewhere import Reason
from workitems.items import Doubt, Severity

_COMPARE = "compare with the approved wording beside it; accept it, correct the span, or refuse it with a reason"
_SPAN = "read the clause; accept it, correct the span, or refuse it with a reason"
_TERM = "compare with the page and enter what stands there"

REASONS: dict[str, Reason] = {
    # what is agreed
    "missing_clause": Reason("a clause that the playbook requires is not there", "ask for it, or accept it", True),
    "missing_governing_law": Reason("no law is chosen", "ask for it; or enter it where it was overlooked", True),
    "foreign_law": Reason("the law that is chosen is none of those that the playbook accepts", _SPAN, True),
    "missing_signature": Reason("the contract is not signed", "ask for the signed copy, or accept it", True),
    "missing_annex": Reason("an annex that the contract names is not in the file", "ask for it, or accept it", True),
    "forbidden_clause": Reason("a clause that the playbook forbids", _SPAN, True),
    "notable_clause": Reason("a clause that the playbook watches", "nothing, if it is known", True, "warn"),
    "uncapped_liability": Reason("liability without an upper limit, or beyond it", _SPAN, True),
    "liability_cap_low": Reason("the other side's liability is capped too low", _SPAN, True),
    "auto_renewal": Reason("the contract goes on by itself", "see that notice is given in time", True),
    "most_favoured_nation": Reason("the best terms that anybody gets are promised", _SPAN, True),
    "exclusivity": Reason("the company may not deal with others", _SPAN, True),
    "non_compete": Reason("the company has to keep out of a business", _SPAN, True),
    "change_of_control": Reason("a change of owner changes or ends the contract", _SPAN, True),
    "anti_assignment": Reason("the contract cannot be handed on freely", _SPAN, True),
    "ip_assignment": Reason("rights in what is made pass to the other side", _SPAN, True),
    "unlimited_audit": Reason("audits without a limit of number or notice", _SPAN, True),
    "limit_exceeded": Reason("a number of the clause is beyond the playbook's limit", _SPAN, True),
    "notice_too_long": Reason("the notice period is longer than the playbook allows", _SPAN, True),
    "redacted": Reason("words of the clause are blacked out", "ask for the whole text, or accept it", True),
    # against approved wording
    "deviation": Reason("the clause is in nobody's approved wording", _COMPARE, True),
    "deviation_number": Reason("a number differs from the approved wording", _COMPARE, True),
    "deviation_negation": Reason("a sentence says the opposite of the approved wording", _COMPARE, True),
    "deviation_modal": Reason("a duty became a right, or the other way round", _COMPARE, True),
    "deviation_party": Reason("another party than in the approved wording", _COMPARE, True),
    "deviation_carve_out": Reason("an exception came, went or changed", _COMPARE, True),
    "deviation_place": Reason("another place than in the approved wording", _COMPARE, True),
    "deviation_wording": Reason("other words than approved, to the same end", "nothing, if it is known", True, "warn"),
    "refused_before": Reason("the same words were refused before", "see why; refuse it again, or accept it", True),
    # terms and dates
    "unsure_term": Reason("a term was not read surely", _TERM, True),
    "missing_parties": Reason("who agrees with whom was not found", _TERM),
    "missing_date": Reason("neither the date of the contract nor its beginning was found", _TERM, True),
    "no_expiry": Reason("no end was found", "enter it, or accept that there is none", True, "warn"),
    "dates_disagree": Reason("the end lies before the beginning", _TERM),
    "expired": Reason("the contract has ended already", "nothing, if it is for the file", True, "warn"),
    "notice_deadline_near": Reason("notice has to be given soon", "decide whether it goes on", True, "warn"),
    "notice_deadline_passed": Reason(
        "the last day for a notice is over", "nothing; the contract goes on", True, "warn"
    ),
    "foreign_language": Reason(
        "a language that the desk does not read", "have it translated, or enter the terms", True
    ),
    "not_our_contract": Reason("the company is none of the parties", "reject it, or accept it as it is", True),
    # what readers say
    "tracked_changes": Reason("changes of a Word file that nobody has accepted", "settle them; or accept it", True),
    "word_macros": Reason("a Word file with macros", "have none run; the text was read without them", True, "warn"),
    "handwriting": Reason("a scan may bear what was written by hand", "look at the page for it", True, "warn"),
    "comments": Reason("comments in a Word file, which are not read", "read them", True, "warn"),
    "clauses_not_read": Reason("the clauses were not looked for", "see that the models are there, then retry", True),
    "contract_language": Reason("a language that is not read", "read it yourself; then accept", True),
    "contract_parties": Reason("the parties were not found", "enter them as they stand on the first page"),
    "contract_amendment": Reason("it changes an earlier contract", "nothing, if that one is registered", True, "warn"),
    "contract_too_long": Reason("it is longer than what is read", "read the rest; then accept", True),
    # the register
    "already_registered": Reason("the same contract is in the register", "compare; reject it here, or accept it", True),
    "amendment_alone": Reason(
        "the contract that it amends is not in the register", "register that one, then retry", True
    ),
    "refused": Reason("a person refused a clause", "answer the other side; then reject the contract here"),
    "bad_answer": Reason("an answer was not understood", "correct it"),
    # letters and reminders
    "contract_letter": Reason(
        "a letter that concerns a registered contract", "answer it with the clause; then accept", True
    ),
    "letter_unclear": Reason("a letter about a contract that is not in the register", "answer it; then accept", True),
    "notice_due": Reason("notice can be given until a day that comes near", "decide; then accept", True),
    "expiry_due": Reason("a contract ends soon", "decide what follows; then accept", True),
    "renewal_due": Reason("a contract has renewed itself", "take note; then accept", True),
}


def doubt(code: str, message: str, field: str | None = None, severity: Severity | None = None) -> Doubt:
    """A doubt of this desk, as grave as its code unless the risk says otherwise."""
    return Doubt(code=code, message=message, field=field, severity=severity or REASONS[code].severity)


def reason(code: str) -> Reason | None:
    """What is said of a code, whoever gave it."""
    return REASONS.get(code) or reason_of_all(code)


def confirmable(code: str, field: str | None = None) -> bool:
    """Whether a person may accept the doubt as it stands."""
    known = reason(code)
    return known is not None and known.accept
