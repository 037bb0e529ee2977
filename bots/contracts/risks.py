"""What is unusual about a contract's clauses: pure functions from clauses and the playbook's positions to risks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from bots.contracts.categories import BESIDE, TERMS
from bots.contracts.draft import ContractDraft
from bots.contracts.limits import Beyond, beyond
from bots.contracts.nearest import Comparison
from bots.contracts.nouns import Risk
from bots.contracts.playbook_nouns import Position
from bots.contracts.policy import ContractPolicy
from bots.contracts.readings import MOST_SPANS, Compare, chance_of, is_approved, uncapped_by_words, without_approved
from workitems.items import Clause

CODES: dict[str, str] = {
    "Most Favored Nation": "most_favoured_nation",
    "Exclusivity": "exclusivity",
    "Non-Compete": "non_compete",
    "Change Of Control": "change_of_control",
    "Anti-Assignment": "anti_assignment",
    "Ip Ownership Assignment": "ip_assignment",
    "Uncapped Liability": "uncapped_liability",
    "Renewal Term": "auto_renewal",
    "Audit Rights": "unlimited_audit",
}
"""The code of a category's risk; for others it is forbidden_clause or notable_clause."""
MISSING = {"Governing Law": "missing_governing_law", "Cap On Liability": "uncapped_liability"}
LIMITS = {
    "Cap On Liability": "liability_cap_low",
    "Notice Period To Terminate Renewal": "notice_too_long",
    "Audit Rights": "unlimited_audit",
}
_EVEN = 0.5  # probability below which a clause is likelier not there
_SAID_ENOUGH = ("deviation", "refused", "liability_cap_low", "notice_too_long", "limit_exceeded")
_MISSING_SAYS = {
    "Governing Law": "No governing law is chosen.",
    "Cap On Liability": "Nothing caps the liability.",
}
_SAYS = {
    "most_favoured_nation": "Most favoured terms are promised",
    "exclusivity": "The contract is exclusive",
    "non_compete": "There is a non-compete clause",
    "change_of_control": "A change of control changes or ends the contract",
    "anti_assignment": "The contract cannot be assigned freely",
    "ip_assignment": "Intellectual property passes to the other side",
    "uncapped_liability": "Liability is not capped, or not for everything",
    "auto_renewal": "The contract renews itself",
}
_AUTOMATIC = re.compile(
    r"automatic|shall (?:be )?(?:renew|extend)|will (?:be )?(?:renew|extend)|is (?:renewed|extended) for|"
    r"evergreen|unless\b[^.]{0,160}\bnotice|continue[sd]?\b[^.]{0,80}\bunless",
    re.IGNORECASE,
)
_BY_CONSENT = re.compile(
    r"mutual(?:ly)? (?:written )?(?:agree|consent)|upon (?:the )?(?:written )?agreement|option to", re.I
)
_REDACTED = re.compile(r"\[\s*(?:\*|redacted|x{3,}|_{3,})[^\]]{0,20}\]|\*{3,}|█{2,}", re.IGNORECASE)


def renews_itself(text: str) -> bool:
    """Whether a renewal clause works without anybody's consent."""
    return bool(_AUTOMATIC.search(text)) and not _BY_CONSENT.search(text)


def clause_risks(
    draft: ContractDraft, positions: Mapping[str, Position], policy: ContractPolicy, compare: Compare
) -> tuple[Risk, ...]:
    """All risks of the clauses, by category in the playbook's order."""
    found: list[Risk] = []
    draft = without_approved(uncapped_by_words(draft), positions, policy, compare)
    for name, position in positions.items():
        if name not in BESIDE:  # what is signed and annexed the readers say
            found += _of_category(draft, name, position, policy, compare)
    others = dict.fromkeys(c.category for c in draft.clauses if c.category not in positions)
    for name in others:
        if name not in TERMS:
            found += _deviations(draft, name, None, policy, compare)
    return _once(found)


def _once(found: Sequence[Risk]) -> tuple[Risk, ...]:
    """A change of one clause once, though the clause was read as of two categories."""
    made: dict[object, Risk] = {}
    for risk in found:
        said = risk.message.rpartition(" about ")[0] if risk.changes else risk.message
        key = (risk.code, risk.text, said) if risk.changes else (risk.code, risk.category, said)
        if key not in made or (made[key].source != "playbook" and risk.source == "playbook"):
            made[key] = risk
    return tuple(made.values())


def _of_category(
    draft: ContractDraft, name: str, position: Position, policy: ContractPolicy, compare: Compare
) -> Iterator[Risk]:
    chance = draft.chance(name)
    if chance < policy.present and not (name == "Governing Law" and draft.governing_law):
        if position.stance == "required":
            yield _missing(draft.spans(name), position)
        if position.stance == "forbidden" and chance >= policy.perhaps:
            yield _there(draft.spans(name)[0], position)
        return
    spans = [c for c in draft.spans(name) if c.confidence >= policy.present][:MOST_SPANS]
    known = [compare(clause, position) for clause in spans]
    ours = [k for k in known if is_approved(k)]
    usual = bool(spans) and len(ours) == len(spans)
    if not usual or position.stance == "forbidden" or name == "Renewal Term":  # its dates matter in any words
        yield from _presence(spans, position)
    yield from _limits(spans, position)
    yield from _redacted(spans, position)
    for comparison in known:
        yield from _deviation(comparison, position, policy)


def _deviations(
    draft: ContractDraft, name: str, position: Position | None, policy: ContractPolicy, compare: Compare
) -> Iterator[Risk]:
    """What a category that the playbook does not know changes against precedents."""
    for clause in draft.spans(name)[:MOST_SPANS]:
        if clause.confidence >= policy.present:
            yield from _deviation(compare(clause, position), position, policy)


def _missing(spans: Sequence[Clause], position: Position) -> Risk:
    there = max((chance_of(c) for c in spans), default=0.0)
    sentence = _MISSING_SAYS.get(position.category, f"There is no clause about {_named(position.category)}.")
    code = MISSING.get(position.category, "missing_clause")
    return _risk(code, position, sentence, None, position.probability * (1 - there))


def _presence(spans: Sequence[Clause], position: Position) -> Iterator[Risk]:
    """That the clause is there, where the playbook watches or forbids it. The surest span speaks for all."""
    if position.stance not in ("watched", "forbidden") or not spans:
        return
    span = spans[0]
    if position.category == "Renewal Term":
        automatic = next((c for c in spans if renews_itself(c.text)), None)
        if automatic is not None:
            yield _there(automatic, position)
    elif position.category != "Audit Rights" or position.stance == "forbidden":
        yield _there(span, position)


def _there(span: Clause, position: Position) -> Risk:
    other = "forbidden_clause" if position.stance == "forbidden" else "notable_clause"
    code = CODES.get(position.category, other)
    says = _SAYS.get(code, f"There is a clause about {_named(position.category)}")
    sentence = f"{'Perhaps: ' if chance_of(span) < _EVEN else ''}{says}{_place(span)}."
    return _risk(code, position, sentence, span, position.probability * chance_of(span))


def _limits(spans: Sequence[Clause], position: Position) -> Iterator[Risk]:
    """Numbers beyond the limits. Where the clause is spread over several spans one that keeps a limit is enough."""
    if not spans or not position.limits:
        return
    broken = [beyond(c.text, position.limits) for c in spans]
    for limit in position.limits:
        every = [next((b for b in each if b.limit == limit), None) for each in broken]
        worst = next(((c, b) for c, b in zip(spans, every, strict=True) if b), None)
        if worst is None or (limit.of == "times_a_year" and None in every):
            continue
        yield _beyond(*worst, position)


def _beyond(span: Clause, over: Beyond, position: Position) -> Risk:
    code = LIMITS.get(position.category, "limit_exceeded")
    sentence = f"{_named(position.category).capitalize()}: {over.sentence}{_place(span)}."
    return _risk(code, position, sentence, span, position.probability * chance_of(span))


def _redacted(spans: Sequence[Clause], position: Position) -> Iterator[Risk]:
    span = next((c for c in spans if _REDACTED.search(c.text)), None)
    if span is not None and position.stance in ("required", "forbidden"):
        sentence = f"Words of the clause about {_named(position.category)} are blacked out{_place(span)}."
        yield _risk("redacted", position, sentence, span, position.probability)


def _deviation(known: Comparison, position: Position | None, policy: ContractPolicy) -> Iterator[Risk]:
    position = position or Position(category=known.clause.category, impact=policy.deviation_impact)
    impact = max(position.impact, policy.deviation_impact)
    if known.refused is not None:
        why = f": {known.refused.reason}" if known.refused.reason else ""
        sentence = f"The same words about {_named(position.category)} were refused before{why}."
        yield _risk("refused_before", position, sentence, known.clause, (1.0, impact))
    nearest = known.nearest
    if nearest is None:
        if position.stance in ("required", "preferred") and position.wordings:
            sentence = (
                f"The clause about {_named(position.category)} is in nobody's approved wording{_place(known.clause)}."
            )
            half = position.probability * chance_of(known.clause) / 2
            yield _risk("deviation", position, sentence, known.clause, half)
        return
    for change in nearest.changes:
        if change.code == "deviation_place" and position.places:
            continue  # which laws are accepted is said by name
        grave = change in nearest.material
        chance = policy.deviation_probability if grave else 0.0
        told = _change(change.approved, change.found, _named(position.category), _place(known.clause))
        risk = _risk(change.code, position, told, known.clause, (chance, impact))
        source = nearest.clause_id or nearest.source
        yield risk.model_copy(update={"approved": nearest.text, "source": source, "changes": nearest.changes})


def _change(approved: str, found: str, name: str, place: str) -> str:
    if not approved:
        return f"“{_short(found)}” was added to what is approved about {name}{place}."
    if not found:
        return f"“{_short(approved)}” is missing from what is approved about {name}{place}."
    return f"“{_short(found)}” instead of the approved “{_short(approved)}” about {name}{place}."


def _risk(
    code: str, position: Position, sentence: str, span: Clause | None, weight: tuple[float, Decimal] | float
) -> Risk:
    """`weight`: the probability, and the impact where it is not the position's."""
    probability, impact = weight if isinstance(weight, tuple) else (weight, position.impact)
    because = f" {position.why}" if position.why and not code.startswith(_SAID_ENOUGH) else ""
    return Risk(
        code=code,
        category=position.category,
        message=sentence + because,
        page=span.page if span else None,
        text=span.text if span else "",
        probability=round(min(probability, 1.0), 4),
        impact=impact,
        owner=position.owner,
        approval=position.approval,
        approved=position.preferred,
    )


def _named(category: str) -> str:
    known = {"Cap On Liability": "the cap on liability", "Rofr/Rofo/Rofn": "a right of first refusal"}
    return known.get(category, category.lower())


def _place(span: Clause) -> str:
    return f" (page {span.page})"


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rsplit(' ', 1)[0]} …"
