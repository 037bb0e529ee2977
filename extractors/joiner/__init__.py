"""A joiner's papers: identity papers, HR forms, employment contracts, mails and messages of HR systems.

Identity papers are read from their machine-readable zone, everything else from labels and sentences, ranked by a
fitted model. Values of dates are ISO 8601; a nationality is the code that papers bear (ISO 3166-1 alpha-3; Germany's
papers say D).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from extractors.joiner.candidates import Candidate, candidates_of
from extractors.joiner.identity import read_zone, zone_doubts, zone_on
from extractors.joiner.ranking import HIGHEST, NAME, best_of, scored
from extractors.joiner.request import find_request
from extractors.joiner.signed import signed_by_both
from workitems.items import Alternative, Doubt, Kind, Page, Paper, Reading, Why

PERSON = ("surname", "given_names", "born_on", "nationality", "document_number", "expires_on", "address", "email")
EMPLOYMENT = ("employer", "department", "role", "manager", "starts_on", "weekly_hours")
OF_A_CONTRACT = ("surname", "given_names", "born_on", "address", "email", *EMPLOYMENT)
"""A contract's law is a country's, too: it says nothing of the joiner's nationality."""
KEPT = 3  # other values that are told
YEAR = 366  # days; a start longer ago is no start to come
PRINTED = 0.8  # how much is taken back of what is read from an identity paper without its zone


def read_joiner(pages: Sequence[Page], kind: Kind, language: str | None = None, today: date | None = None) -> Paper:
    """Fields and doubts of an identity paper or an HR form. Kind's confidence and source are for the caller to fill in.

    `today` is the day by which two-digit years and days without a year are understood.
    """
    today = today or date.today()  # noqa: DTZ011 - the calendar of whoever reads
    found = zone_on(pages) if kind == "identity" else None
    fields = read_zone(found, pages, today) if found is not None else {}
    ranked, version = _ranked(pages, today)
    if kind == "identity":
        for name, candidates in ranked.items():
            if name in PERSON and name not in fields and name not in ("address", "email"):
                reading = _reading(candidates, pages)
                fields[name] = reading.model_copy(update={"confidence": round(reading.confidence * PRINTED, 4)})
    else:
        fields = {name: _reading(ranked[name], pages) for name in (*PERSON, *EMPLOYMENT) if name in ranked}
        request = find_request(pages)
        fields |= {"request": request} if request is not None else {}
    doubts = list(zone_doubts(found, fields, today)) if found is not None else []
    if kind == "identity" and found is None:
        doubts.append(Doubt(code="mrz_missing", message="No machine-readable zone can be read on this paper."))
    if kind != "identity":
        doubts += _date_doubts(fields, today)
    models = {"mrz": f"mrz:{found.shape.name}"} if found is not None else {}
    models |= {NAME: version} if version else {}
    return Paper(kind=kind, kind_confidence=1.0, fields=fields, doubts=tuple(doubts), language=language, models=models)


def find_employment(
    pages: Sequence[Page], language: str | None = None, today: date | None = None
) -> Mapping[str, Reading]:
    """What an employment contract says of the joiner and the job, for whoever reads it as a contract."""
    ranked, _ = _ranked(pages, today or date.today())  # noqa: DTZ011 - the calendar of whoever reads
    found = {name: _reading(ranked[name], pages) for name in OF_A_CONTRACT if name in ranked}
    signed = signed_by_both(pages)
    return found | ({"signed": signed} if signed is not None else {})


def _ranked(pages: Sequence[Page], today: date) -> tuple[dict[str, list[Candidate]], str | None]:
    candidates = candidates_of(pages, today)
    version = scored(candidates)
    return best_of(candidates), version


def _reading(candidates: Sequence[Candidate], pages: Sequence[Page]) -> Reading:
    best, others = candidates[0], candidates[1 : 1 + KEPT]
    page = next((page for page in pages if page.number == best.page), None)
    sure = min(best.score, HIGHEST, *(word.confidence + 0.04 for word in best.words))
    signs = sorted(best.signs.items(), key=lambda sign: -sign[1])[:3]
    return Reading(
        value=best.value,
        confidence=round(max(sure, 0.0), 4),
        reader=f"{best.field}:{best.how}",
        page=best.page,
        box=best.box,
        why=Why(
            engine=page.engine if page is not None and page.source == "ocr" else "text layer",
            signs=tuple(signs),
            alternatives=tuple(
                Alternative(value=c.value, score=round(c.score, 4), page=c.page, box=c.box) for c in others
            ),
        ),
    )


def _date_doubts(fields: Mapping[str, Reading], today: date) -> Iterator[Doubt]:
    born, starts = fields.get("born_on"), fields.get("starts_on")
    if born is not None and born.value > today.isoformat():
        yield Doubt(
            code="born_in_future", field="born_on", message=f"The date of birth {born.value} lies in the future."
        )
    if starts is not None and (today - date.fromisoformat(starts.value)).days > YEAR:
        message = f"The start date {starts.value} is more than a year ago."
        yield Doubt(code="start_long_ago", field="starts_on", message=message)
