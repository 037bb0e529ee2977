"""Who sent the invoice, and is it for us: VAT id and IBAN come before the name, and a conflict is a doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bots.invoices.codes import doubt
from bots.invoices.draft import Draft
from bots.invoices.findings import NOTHING, Findings, doubts, together, vouch
from bots.invoices.policy import Company, InvoicePolicy
from bots.invoices.values import compact
from bots.invoices.wording import listed
from connectors import Supplier
from workitems.items import Noun

_FORMS = (
    "gmbh mbh ag kg ohg gbr ug ek eg co cokg kgaa se ltd limited llp llc plc inc incorporated corp corporation "
    "company sarl sas sa sasu eurl snc sca srl spa bv nv bvba oy ab as aps sp zoo partg mbb ev"
)
_LEGAL_FORMS = frozenset(_FORMS.split())
_SPELT_OUT: dict[int, str] = {ord(c): s for c, s in zip("äöüßœæ", ("ae", "oe", "ue", "ss", "oe", "ae"), strict=True)}
_NAME_DIFFERS = 55  # similarity below which a name on paper is remarked
_SUGGEST = 60


class Identity(Noun):
    """The supplier, where there is no doubt who it is, and what was found on the way."""

    supplier: Supplier | None = None
    findings: Findings = NOTHING


def without_our_marks(draft: Draft, company: Company) -> Draft:
    """The draft without our own VAT id: invoices print the buyer's too, and readers may take it for the supplier's."""
    if draft.vat_id is None or draft.vat_id not in {compact(v) for v in company.vat_ids}:
        return draft
    readings = {name: r for name, r in draft.readings.items() if name != "vat_id"}
    return draft.model_copy(update={"vat_id": None, "readings": readings})


def identify(draft: Draft, suppliers: Sequence[Supplier], policy: InvoicePolicy) -> Identity:
    """Finds the supplier: a person's choice, then VAT id, then IBAN, then a name that is nearly equal."""
    if draft.supplier_id:
        return _chosen(draft, suppliers)
    by_vat = [s for s in suppliers if draft.vat_id and compact(s.vat_id) == draft.vat_id]
    by_iban = [s for s in suppliers if {compact(i) for i in s.ibans} & set(_ibans(draft))]
    if len(by_vat) > 1:
        by_vat = [s for s in by_vat if s in by_iban] or _best_named(draft, by_vat, _SUGGEST) or by_vat
    if by_vat and by_iban and not any(s in by_iban for s in by_vat):
        return _conflict(draft, by_vat[0], by_iban[0])
    found = by_vat or by_iban
    if len(found) > 1:
        return _ambiguous(found)
    if found:
        return _known(draft, found[0], suppliers, "vat_id_known" if by_vat else "iban_known", policy)
    named = _best_named(draft, suppliers, policy.name_match)
    if len(named) > 1:
        return _ambiguous(named)
    return _known(draft, named[0], suppliers, "name_known", policy) if named else _unknown(draft, suppliers)


def _ibans(draft: Draft) -> tuple[str, ...]:
    return draft.printed_ibans + ((draft.iban,) if draft.iban else ())


def _chosen(draft: Draft, suppliers: Sequence[Supplier]) -> Identity:
    wanted = draft.supplier_id
    found = next((s for s in suppliers if s.id == wanted), None)
    if found is None:
        message = f"The ERP has no active supplier {wanted}."
        return Identity(findings=doubts(doubt("unknown_supplier", message, "supplier_id")))
    other = compact(found.vat_id)
    differs = None
    if draft.vat_id and other and other != draft.vat_id:
        differs = doubt("vat_id_differs", _vat_sentence(draft, found), "vat_id")
    return Identity(supplier=found, findings=doubts(differs) + vouch("supplier_chosen", "supplier_name"))


def _known(
    draft: Draft, supplier: Supplier, suppliers: Sequence[Supplier], rule: str, policy: InvoicePolicy
) -> Identity:
    """A supplier that one mark points to; the other marks must not point elsewhere."""
    if not supplier.active:
        message = f"{supplier.name} is no longer active in the ERP."
        return Identity(findings=doubts(doubt("supplier_inactive", message, "supplier_name")))
    master = compact(supplier.vat_id)
    differs = None
    if draft.vat_id and master and draft.vat_id != master and vat_id_fault(draft.vat_id) is None:
        differs = doubt("vat_id_differs", _vat_sentence(draft, supplier), "vat_id")
    name = None
    if draft.supplier_name and rule != "name_known" and similarity(draft.supplier_name, supplier.name) < _NAME_DIFFERS:
        elsewhere = [s for s in _best_named(draft, suppliers, policy.name_match) if s.id != supplier.id]
        if elsewhere:
            return _conflict(draft, supplier, elsewhere[0])
        message = f"The paper says “{draft.supplier_name}”, the ERP knows this supplier as {supplier.name}."
        name = doubt("supplier_name_differs", message, "supplier_name")
    vouched = {"vat_id_known": ("supplier_name", "vat_id"), "iban_known": ("supplier_name", "iban"), "name_known": ()}
    return Identity(supplier=supplier, findings=doubts(differs, name) + vouch(rule, *vouched[rule]))


def _vat_sentence(draft: Draft, supplier: Supplier) -> str:
    return f"The paper's VAT id {draft.vat_id} is not that of {supplier.name} in the ERP ({compact(supplier.vat_id)})."


def _conflict(draft: Draft, one: Supplier, other: Supplier) -> Identity:
    marks = [("VAT id", draft.vat_id), ("name", draft.supplier_name)]
    said = listed([f"{what} {value}" for what, value in marks if value])
    message = f"The paper points to two suppliers of ours, {one.name} and {other.name} ({said})."
    return Identity(findings=doubts(doubt("supplier_conflict", message, "supplier_name")))


def _ambiguous(found: Sequence[Supplier]) -> Identity:
    names = listed([f"{s.name} ({s.id})" for s in found[:4]], "or")
    message = f"The paper fits several suppliers of the ERP: {names}."
    return Identity(findings=doubts(doubt("supplier_ambiguous", message, "supplier_id")))


def _unknown(draft: Draft, suppliers: Sequence[Supplier]) -> Identity:
    if not (draft.supplier_name or draft.vat_id or draft.printed_ibans):
        message = "The paper does not say who sent it: neither name nor VAT id nor IBAN was found."
        return Identity(findings=doubts(doubt("missing_supplier_name", message, "supplier_name")))
    who = draft.supplier_name or draft.vat_id or "the sender"
    ranked = sorted(suppliers, key=lambda s: (-similarity(draft.supplier_name or "", s.name), s.name, s.id))
    near = [s.name for s in ranked[:3] if similarity(draft.supplier_name or "", s.name) >= _SUGGEST]
    hint = f" The nearest names are {listed(near)}." if near else ""
    with_vat = f" (VAT id {draft.vat_id})" if draft.vat_id and draft.supplier_name else ""
    message = f"The ERP knows no supplier “{who}”{with_vat}.{hint}"
    return Identity(findings=doubts(doubt("unknown_supplier", message, "supplier_name")))


def _best_named(draft: Draft, suppliers: Sequence[Supplier], least: float) -> list[Supplier]:
    """The suppliers whose name is the most similar, where that is at least `least`; several only if equally so."""
    if not draft.supplier_name:
        return []
    scores = [(similarity(draft.supplier_name, s.name), s) for s in suppliers]
    top = max((score for score, _ in scores), default=0.0)
    return [s for score, s in scores if score == top] if top >= least else []


def similarity(one: str, other: str) -> float:
    """How alike two companies' names are, 0 to 100; case, accents, punctuation and legal forms do not count."""
    from rapidfuzz import fuzz

    first, second = plain_name(one), plain_name(other)
    if not first or not second:
        return 0.0
    return float(max(fuzz.token_sort_ratio(first, second), fuzz.ratio(first.replace(" ", ""), second.replace(" ", ""))))


def plain_name(name: str) -> str:
    """A company's name as it is compared: `Hansen Büro & Papier GmbH` is `hansen buero papier`."""
    spelt = name.casefold().translate(_SPELT_OUT)
    spelt = "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))
    spelt = re.sub(r"(?<=\b\w)\.\s?(?=\w\b)", "", spelt)  # S.à r.l. is sarl, B.V. is bv
    words = re.sub(r"[^\w]+", " ", spelt).split()
    return " ".join(w for w in words if w not in _LEGAL_FORMS and w not in ("and", "und", "et")) or " ".join(words)


def check_vat_id(draft: Draft, supplier: Supplier | None) -> Findings:
    """The VAT id's check digits; where the supplier is known by its master data a fault is only a remark."""
    fault = vat_id_fault(draft.vat_id)
    if fault is None or draft.vat_id is None:
        return NOTHING
    master = compact(supplier.vat_id) if supplier else None
    hint = f" The ERP has {master} for {supplier.name}." if supplier and master else ""
    message = f"The VAT id {draft.vat_id} cannot be right: {fault}.{hint}"
    return doubts(doubt("vat_id_checksum", message, "vat_id"))


def vat_id_fault(vat_id: str | None) -> str | None:
    """What is wrong with a VAT id, in words; None where nothing is, or where its country's rule is not known."""
    if not vat_id or not re.match(r"[A-Z]{2}\w", vat_id):
        return None
    from stdnum import get_cc_module
    from stdnum.exceptions import InvalidChecksum, ValidationError

    country = {"EL": "gr", "XI": "gb"}.get(vat_id[:2], vat_id[:2].lower())
    rule = get_cc_module(country, "vat")
    if rule is None:
        return None
    try:
        rule.validate(vat_id[2:] if vat_id[:2] in ("EL", "XI") else vat_id)
    except InvalidChecksum:
        return "its check digits are wrong"
    except ValidationError:
        return "it is too long, too short or has wrong characters"
    return None


def check_buyer(draft: Draft, company: Company, supplier: Supplier | None = None) -> Findings:
    """The invoice is addressed to us; a buyer that was not found is no doubt.

    Nobody sends invoices to himself: where the supplier's name was read as the buyer's, the buyer was not found.
    """
    if draft.buyer_name is None or not company.names:
        return NOTHING
    best = max(_contained(draft.buyer_name, name) for name in company.names)
    if best >= 85:
        return vouch("buyer_is_us", "buyer_name")
    if supplier and _contained(draft.buyer_name, supplier.name) >= 85:
        return NOTHING
    message = f"The invoice is addressed to “{draft.buyer_name}”, not to {company.names[0]}."
    return doubts(doubt("other_buyer", message, "buyer_name"))


def _contained(found: str, name: str) -> float:
    """Similarity to our name, which may stand beside a department or a contact."""
    from rapidfuzz import fuzz

    first, second = plain_name(found), plain_name(name)
    part = float(fuzz.token_set_ratio(first, second)) if len(second.split()) > 1 else 0.0
    return max(similarity(found, name), part)


def check_identity(draft: Draft, identity: Identity, company: Company) -> Findings:
    """All about who sent it and to whom."""
    return together(
        (identity.findings, check_vat_id(draft, identity.supplier), check_buyer(draft, company, identity.supplier))
    )
