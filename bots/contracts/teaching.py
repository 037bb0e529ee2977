"""What people answered about a contract, as a row that models learn from.

What somebody said of a term or a clause counts whole. What they accepted by a click, seeing the words, counts a little
less; what stood there and was passed over in a contract that was then registered, still less. Of a contract that
nobody looked at nothing is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from bots.contracts.categories import BESIDE, category
from bots.contracts.categories import TERMS as ABOUT
from bots.contracts.deviation.parties import key_of
from bots.contracts.draft import CLAUSE, REFUSED, TERMS, ContractDraft, draft_of
from bots.contracts.nouns import ContractItem, Risk
from extractors.learning import Row

NONE = "none"
"""The right value of a term that the contract does not have, and of a clause that is not there."""
SAID, CLICKED, PASSED = 1.0, 0.6, 0.3
_LEARNT = tuple(name for name in TERMS if name != "side")
_MISSING = frozenset({"missing_clause", "missing_governing_law"})
Known = tuple[str, str, float]  # field, right value, how much it counts


def row_of(item: ContractItem, item_id: str, present: float) -> Row | None:
    """The row of a contract that came to its end; None where nobody answered. `present`: ContractPolicy's."""
    if item.about != "contract" or item.paper is None or not item.answers:
        return None
    draft = draft_of(item.paper, item.answers)
    found: dict[str, tuple[str, float]] = {}
    for known in (_passed(item, draft, present) if item.ended == "registered" else (), _clicked(item), _said(item)):
        found |= {field: (value, weight) for field, value, weight in known}
    if not found:
        return None
    return Row(
        item=item_id,
        at=max(a.at for a in item.answers),
        group=_group(item),
        kind="contract",
        truth={field: value for field, (value, _) in found.items()},
        weights={field: weight for field, (_, weight) in found.items() if weight != SAID},
        language=item.paper.language,
        sha256=item.document.sha256,
    )


def _said(item: ContractItem) -> Iterator[Known]:
    """Terms that were entered, clauses whose words were named, clauses that were refused: they are what they seem."""
    draft = draft_of(item.paper, item.answers) if item.paper else ContractDraft()
    for answer in item.answers:
        if answer.field in _LEARNT:
            yield answer.field, _value(answer.field, draft) or NONE, SAID
        elif answer.field.startswith(CLAUSE) and (name := category(answer.field.removeprefix(CLAUSE))):
            yield CLAUSE + name, answer.value.strip() or NONE, SAID
        elif answer.field.startswith(REFUSED) and answer.value.strip():
            name = answer.field.removeprefix(REFUSED)
            if spans := draft.spans(name):
                yield CLAUSE + name, spans[0].text, SAID


def _clicked(item: ContractItem) -> Iterator[Known]:
    """What was accepted as it stands: a term that was not sure, a clause with its risk, that a clause is missing."""
    codes = {a.value for a in item.answers if a.field == "confirm"}
    draft = draft_of(item.paper, item.answers) if item.paper else ContractDraft()
    for told in item.doubts:
        if told.code in codes and told.code == "unsure_term" and told.field in _LEARNT:
            yield told.field, _value(told.field, draft) or NONE, SAID
    for risk in item.risks:
        if risk.code in codes and risk.category not in BESIDE and (risk.text or risk.code in _MISSING):
            yield CLAUSE + risk.category, risk.text or NONE, CLICKED


def _passed(item: ContractItem, draft: ContractDraft, present: float) -> Iterator[Known]:
    """What a registered contract was shown with and nobody changed."""
    for field in _LEARNT:
        if value := _value(field, draft):
            yield field, value, PASSED
    for name in dict.fromkeys(c.category for c in draft.clauses if c.category not in ABOUT):
        if draft.chance(name) >= present:
            yield CLAUSE + name, _shown(name, item.risks) or draft.spans(name)[0].text, PASSED


def _shown(name: str, risks: tuple[Risk, ...]) -> str:
    return next((r.text for r in risks if r.category == name and r.text), "")


def _value(field: str, draft: ContractDraft) -> str:
    """A term in the form in which readers write it; "" for none, or for what was not understood."""
    if field == "parties":
        return json.dumps(list(draft.parties), ensure_ascii=False) if draft.parties else ""
    value = getattr(draft, field)
    return "" if value is None else str(value)


def _group(item: ContractItem) -> str:
    """With whom it is: contracts of one counterparty are alike."""
    return f"party:{key_of(item.others[0])}" if item.others else f"document:{item.document.sha256}"
