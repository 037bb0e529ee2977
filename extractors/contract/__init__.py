"""Contracts: from pages of words to kind, key terms and clauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extractors.contract import kind as kinds
from extractors.contract.clauses import clauses_of
from extractors.contract.document import ContractText
from extractors.contract.form import form_doubts
from extractors.contract.kind_features import titled
from extractors.contract.language import STRANGE
from extractors.contract.terms import find_terms
from extractors.contract.terms_model import version as terms_version
from extractors.joiner import find_employment
from extractors.joiner.hiring import is_employment_contract
from extractors.model_files import ModelRefused
from workitems.items import Clause, Doubt, Kind, Page, Paper, Reading

EMPLOYMENT = "Employment"
TITLED = 0.95  # how sure a contract of employment is that says so in its title
MAX_WORDS = 600_000  # some 1,500 pages; the longest contract of the training set has 50,000


def read_contract(pages: Sequence[Page], kind: Kind, language: str | None, *, learnt: bool = True) -> Paper:
    """Kind of contract, key terms and clauses of any pages, whatever they came from.

    Offsets of clauses are those of a text file's characters, else of the joined text (see ContractText). A contract
    longer than MAX_WORDS is read up to there, which a doubt says. An employment contract also tells what a joiner's
    papers tell. What people's answers taught is put upon the reading, unless `learnt` is False.
    """
    read, doubts = _within_bounds(pages)
    doc = ContractText(read)
    clauses_told = _clauses(doc)  # an encoder reads sentences on another core while the terms are looked for
    fields, told = find_terms(doc, language)
    contract_type, sure = kinds.contract_kind(doc)
    models = {"contract_kind": kinds.version(), "contract_terms": terms_version()}
    reader = f"contract_kind@{models['contract_kind']}"
    if contract_type != EMPLOYMENT and is_employment_contract(read, contract_type):
        contract_type, sure, reader = EMPLOYMENT, TITLED, "contract_kind:title"
    elif any(doubt.code == STRANGE for doubt in told) and contract_type not in (EMPLOYMENT, titled(doc.text)):
        contract_type = None  # the model knows English words alone: of others it says anything
    if contract_type is not None:
        fields = fields | {"contract_type": Reading(value=contract_type, confidence=sure, reader=reader)}
    if contract_type == EMPLOYMENT:
        fields = dict(find_employment(read, language)) | fields
    formal = form_doubts(doc, any(p.source == "ocr" for p in read))
    clauses, version, missing = clauses_told()
    paper = Paper(
        kind=kind,
        kind_confidence=1.0,
        pages=len(pages),
        fields=fields,
        clauses=clauses,
        doubts=(*told, *doubts, *missing, *formal),
        language=language,
        models=models | {"clauses": version},
    )
    if not learnt:
        return paper
    from extractors.contract.learning_study import with_answers

    return with_answers(paper)


def _clauses(doc: ContractText) -> Callable[[], tuple[tuple[Clause, ...], str, tuple[Doubt, ...]]]:
    """Clauses, the model's label and doubts, begun (see clauses_of)."""
    try:
        begun = clauses_of(doc)
    except ModelRefused as refused:
        doubt = Doubt(code="clauses_not_read", message=f"The clauses of this contract were not looked for: {refused}")
        return lambda: ((), "none", (doubt,))
    return lambda: (*begun(), ())


def _within_bounds(pages: Sequence[Page]) -> tuple[Sequence[Page], tuple[Doubt, ...]]:
    """The pages up to the bound, and a doubt where there are more."""
    count = 0
    for number, page in enumerate(pages):
        count += len(page.words)
        if count > MAX_WORDS:
            message = f"The contract is too long: only its first {number} pages were read for terms and clauses."
            return pages[:number], (Doubt(code="contract_too_long", message=message),)
    return pages, ()
