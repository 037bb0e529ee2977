"""What is doubtful about a contract's terms and dates, apart from its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bots.contracts.codes import doubt
from bots.contracts.draft import ContractDraft, is_amendment
from bots.contracts.nouns import Terms
from bots.contracts.policy import ContractPolicy
from bots.contracts.sides import is_ours
from workitems.items import Doubt

_LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "en": "English"}
_CHECKED = (
    "contract_type",
    "parties",
    "agreement_date",
    "effective_date",
    "expires_on",
    "notice_period",
    "governing_law",
)


def term_doubts(
    draft: ContractDraft, terms: Terms, policy: ContractPolicy, ours: Sequence[str], today: date
) -> tuple[Doubt, ...]:
    """All doubts about the terms, the weightiest first."""
    return (
        *_language(draft, policy),
        *_parties(draft, ours),
        *_unsure(draft, policy),
        *_dates(draft, terms, policy, today),
    )


def is_foreign(draft: ContractDraft, policy: ContractPolicy) -> bool:
    """Whether it is written in a language that the desk does not read."""
    return any(_language(draft, policy))


def _language(draft: ContractDraft, policy: ContractPolicy) -> Iterator[Doubt]:
    told = next((d for d in draft.doubts if d.code == "contract_language"), None)
    if told is not None and "en" in policy.languages:
        yield doubt("foreign_language", told.message)
    elif draft.language and draft.language not in policy.languages:
        name = _LANGUAGES.get(draft.language, draft.language)
        yield doubt("foreign_language", f"The contract is written in {name}, which the desk does not read surely.")


def _parties(draft: ContractDraft, ours: Sequence[str]) -> Iterator[Doubt]:
    if not draft.parties:
        yield doubt("missing_parties", "The parties of the contract were not found.", "parties")
    elif len(draft.parties) == 1:
        told = f"Only one party was found: {draft.parties[0]}. Who the other one is has to be entered."
        yield doubt("unsure_term", told, "parties")
    elif ours and not any(is_ours(p, ours) for p in draft.parties):
        yield doubt("not_our_contract", f"{ours[0]} is none of the parties ({'; '.join(draft.parties)}).", "parties")


def _unsure(draft: ContractDraft, policy: ContractPolicy) -> Iterator[Doubt]:
    """Of the two dates of a contract one is enough."""
    one_date = max(draft.confidence("agreement_date"), draft.confidence("effective_date"))
    for field in _CHECKED:
        reading = draft.readings.get(field)
        if reading is None or reading.confidence >= policy.confidence.of(field):
            continue
        if field == "contract_type" and is_amendment(draft):
            continue  # it is of the kind of what it amends
        if field in ("agreement_date", "effective_date") and one_date >= policy.confidence.of(field):
            continue
        was = "were" if field == "parties" else "was"
        value = "; ".join(draft.parties) if field == "parties" else reading.value
        told = f"The {_label(field)} {was} read as {value}, but that is not sure ({reading.confidence:.0%})."
        yield doubt("unsure_term", told, field)


def _dates(draft: ContractDraft, terms: Terms, policy: ContractPolicy, today: date) -> Iterator[Doubt]:
    begins, ends = draft.effective_date or draft.agreement_date, draft.expires_on
    if begins is None:
        yield doubt("missing_date", "Neither the date of the contract nor its beginning was found.", "effective_date")
    if ends is None:
        yield doubt("no_expiry", "No end of the contract was found.", "expires_on")
        return
    if begins and ends < begins:
        yield doubt("dates_disagree", f"The contract ends ({ends}) before it begins ({begins}).", "expires_on")
    elif ends < today and not terms.renews:
        yield doubt("expired", f"The contract ended on {ends}.", "expires_on")
    deadline = terms.notice_deadline
    if deadline is None or not terms.renews:
        return
    left = (deadline - today).days
    if left < 0:
        yield doubt(
            "notice_deadline_passed", f"Notice had to be given by {deadline}; the contract goes on.", "expires_on"
        )
    elif left <= policy.near_days:
        days = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
        yield doubt("notice_deadline_near", f"Notice has to be given by {deadline}, {days}.", "expires_on")


def _label(field: str) -> str:
    return {"expires_on": "end of the contract", "contract_type": "kind of contract"}.get(
        field, field.replace("_", " ")
    )
