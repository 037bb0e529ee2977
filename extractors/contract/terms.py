"""The key terms of a contract: what it is called, who makes it, from when to when, under which law."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from extractors.contract import terms_model
from extractors.contract.amendment import amended_in
from extractors.contract.amounts import amounts_in
from extractors.contract.dates_agreed import agreed_in
from extractors.contract.dates_defined import HEREOF, NAMED, Defined, from_its_date, last_signed, named_effective
from extractors.contract.dates_ranked import setting_of
from extractors.contract.document import ContractText
from extractors.contract.language import strange_language
from extractors.contract.law import laws_in
from extractors.contract.parties import Party, doubted, parties_of
from extractors.contract.parties_tokens import preamble_of
from extractors.contract.periods_ranked import Sentence, TermFound, expiry_of, renewal_in, terms_in
from extractors.contract.periods_secrecy import GENERAL_LEAST, secrecy_in
from extractors.contract.terms_title import Title, title_of
from workitems.items import Doubt, Reading

RULES = "contract_rules@1"
LEAST = {"agreement_date": 0.25, "effective_date": 0.45, "governing_law": 1.7}
SURE = 0.7  # chance of a ranked date of effect above which nothing else counts
MANY = 0.42  # confidence of a term for which nothing was measured
_SECRECY = re.compile(r"non-?\s?disclosure|confidential|secrecy", re.I)


@dataclass(frozen=True)
class Raw:
    """A value before its confidence is known: `score` is what the calibration was fitted to."""

    value: str
    start: int
    end: int
    score: float
    reader: str = RULES


def find_terms(doc: ContractText, language: str | None) -> tuple[dict[str, Reading], tuple[Doubt, ...]]:
    """The key terms that were found, each with page, box and the probability that it is right; doubts about them.

    Terms of a contract in a language that is not read are told with a doubt for a person.
    """
    loaded = terms_model.current()
    raw = raw_terms(doc, loaded.model if loaded else None)
    curves: Mapping[str, Any] = loaded.model["calibration"] if loaded else {}
    label = f"contract_terms@{loaded.version}" if loaded else RULES
    readings = {name: _reading(doc, name, one, curves, label) for name, one in raw.items()}
    doubts = strange_language(doc.text, language)
    return readings, (*doubts, *_doubts(readings))


def raw_terms(doc: ContractText, model: Mapping[str, Any] | None) -> dict[str, Raw]:
    """All terms with uncalibrated scores. Without a model only what rules find."""
    text = doc.text
    found: dict[str, Raw] = {}
    if model is not None:
        found |= head_terms(text, model)
    elif (title := title_of(text, ())) is not None:
        found["title"] = _titled(title)
    found |= dated_terms(doc, model) if model is not None else {}
    secret = "title" in found and _SECRECY.search(found["title"].value)
    if secret and "agreement_date" in found:  # non-disclosure agreements bind from their date
        found.setdefault("effective_date", found["agreement_date"])
    if (laws := laws_in(text)) and laws[0].score >= LEAST["governing_law"]:
        found["governing_law"] = Raw(laws[0].value, laws[0].start, laws[0].end, laws[0].score)
    found |= duration_terms(text, sentences_of(doc), found, bool(secret))
    if (amended := amended_in(text, found["title"].value if "title" in found else None)) is not None:
        found["amendment_of"] = Raw(amended.value, amended.start, amended.end, MANY)
    if (amount := amounts_in(text)) is not None:
        found["amount"] = Raw(str(amount.value), amount.start, amount.end, MANY)
        found["currency"] = Raw(amount.currency, amount.start, amount.end, MANY)
    return found


def head_terms(text: str, model: Mapping[str, Any]) -> dict[str, Raw]:
    """Title and parties, with the roles that the contract gives them."""
    head, mentions = terms_model.head_of(text, terms_model.tagger_of(model))
    found: dict[str, Raw] = {}
    if (title := title_of(text, mentions)) is not None:
        found["title"] = _titled(title)
    weighed = terms_model.names_in(head, model["names"])
    if parties := parties_of(text, weighed):
        found |= party_terms(parties, doubted(weighed, parties))
    return found


def party_terms(parties: Sequence[Party], chance: float) -> dict[str, Raw]:
    """`parties` is a plain list of names; `roles` has what the contract calls each, in the same order."""
    first = parties[0]
    names = Raw(json.dumps([p.name for p in parties], ensure_ascii=False), first.start, first.end, chance)
    if not any(p.role for p in parties):
        return {"parties": names}
    roles = json.dumps([p.role or "" for p in parties], ensure_ascii=False)
    return {"parties": names, "roles": Raw(roles, first.start, first.end, chance)}


def _titled(title: Title) -> Raw:
    return Raw(title.value, title.start, title.end, title.chance if title.tagged else title.chance / 2)


def dated_terms(doc: ContractText, model: Mapping[str, Any]) -> dict[str, Raw]:
    """The agreement's date and the date of its effect."""
    text, first = doc.text, doc.signature[0] if doc.signature else None
    setting = setting_of(text, first, preamble_of(text))
    ranked = {which: _day_of(best) for which, best in terms_model.best_dates(setting, model).items()}
    signed = last_signed(text, setting.found, first)
    agreed = agreed_in(setting, ranked.get("agreement"), signed[0] if signed else None)
    agreed = agreed if agreed and agreed.score >= LEAST["agreement_date"] else None
    effective = ranked.get("effective")
    named = named_effective(text, setting.found)
    if named and named.score == NAMED:
        effective = named
    elif effective is None or effective.score < SURE:
        hereof = replace(agreed, score=HEREOF) if agreed and from_its_date(text) else None
        effective = named or (signed[1] if signed else None) or hereof or effective
    effective = effective if effective and effective.score >= LEAST["effective_date"] else None
    both = {"agreement_date": agreed, "effective_date": effective}
    return {name: Raw(d.value.isoformat(), d.start, d.end, d.score) for name, d in both.items() if d}


def _day_of(best: terms_model.DateRanked) -> Defined:
    return Defined(best.found.value, best.found.start, best.found.end, best.chance)


def sentences_of(doc: ContractText) -> list[Sentence]:
    """The sentences with the titles that stand over them."""
    return [Sentence(s.start, s.end, " / ".join(doc.titles(s.heading)[:2])) for s in doc.sentences]


def duration_terms(
    text: str, sentences: Sequence[Sentence], dated: Mapping[str, Raw], secret: bool = False
) -> dict[str, Raw]:
    """Term, end, renewal and the notice that prevents it. `secret`: it is about keeping secrets, and runs so long."""
    found: dict[str, Raw] = {}
    best = next(iter(terms_in(text, sentences)), None)
    if secret and (kept := secrecy_in(text)) is not None:
        best = TermFound(GENERAL_LEAST, kept.start, kept.end, period=kept)
    elif secret and best is not None and best.score < GENERAL_LEAST:
        best = None
    if best is not None:
        found |= _term_and_end(best, dated)
    renewal, notice = renewal_in(text, sentences)
    if renewal is not None:
        found["renewal_term"] = Raw(str(renewal.value), renewal.start, renewal.end, MANY)
    if notice is not None:
        found["notice_period"] = Raw(str(notice.value), notice.start, notice.end, MANY)
    return found


def _term_and_end(term: TermFound, dated: Mapping[str, Raw]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    if term.period is not None:
        found["term"] = Raw(str(term.period.value), term.period.start, term.period.end, term.score)
    effective, agreed = (_day(dated.get(name)) for name in ("effective_date", "agreement_date"))
    ends = expiry_of(term, effective, agreed)
    if ends is not None:
        place = term.until or term.period
        start, end = (place.start, place.end) if place else (term.start, term.end)
        sure = (
            1.0
            if term.until or term.since
            else max(dated[n].score for n in ("effective_date", "agreement_date") if n in dated)
        )
        found["expires_on"] = Raw(ends.isoformat(), start, end, min(term.score / 20, 1.0) * sure)
    return found


def _day(raw: Raw | None) -> date | None:
    return date.fromisoformat(raw.value) if raw is not None else None


def _reading(doc: ContractText, name: str, raw: Raw, curves: Mapping[str, Any], label: str) -> Reading:
    curve = curves.get("parties" if name == "roles" else name)
    confidence = terms_model.calibrated(curve, raw.score) if curve else MANY
    return Reading(
        value=raw.value,
        confidence=round(min(max(confidence, 0.01), 0.995), 4),
        reader=label,
        page=doc.page_of(raw.start),
        box=doc.box_of(raw.start, raw.end),
    )


def _doubts(readings: Mapping[str, Reading]) -> tuple[Doubt, ...]:
    doubts = []
    if "parties" not in readings:
        doubts.append(
            Doubt(code="contract_parties", field="parties", message="The parties of the contract were not found.")
        )
    if "amendment_of" in readings:
        message = (
            f"This amends another agreement: {readings['amendment_of'].value}. Its terms are read beside that one's."
        )
        doubts.append(Doubt(code="contract_amendment", field="amendment_of", message=message, severity="warn"))
    return tuple(doubts)
