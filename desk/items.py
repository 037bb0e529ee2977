"""What a person sees of any item: the document, its doubts with their remedies, the fields as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from bots.invoices.codes_elsewhere import Reason
from bots.several import listed
from desk.texts import is_writable
from workitems.items import Alternative, Answer, Document, Doubt, Noun, Paper, Reading, Why
from workitems.rows import ItemRow

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Looks = Literal["text", "date", "amount", "choice", "kind"]
Preview = Literal["pages", "text", "words", "data", "none"]
N = TypeVar("N", bound=Noun)


class Spec(NamedTuple):
    """A field of the form."""

    name: str
    label: str
    looks: Looks = "text"


class Codes(NamedTuple):
    """A desk's reason codes: what is said of one, and whether a person may accept it as it stands."""

    reason: Callable[[str], Reason | None]
    confirmable: Callable[[str, str | None], bool]
    never: frozenset[str] = frozenset()  # fields that nothing a person says here settles


@dataclass(frozen=True)
class FieldView:
    """One field of the form. `sure` is None where nothing was read, `by` the person who entered the value."""

    spec: Spec
    value: str
    sure: float | None
    by: str
    page: int | None
    box: tuple[float, float, float, float] | None
    doubts: tuple[Doubt, ...]
    why: Why | None = None
    proposed: tuple[str, ...] = ()  # values that the checks propose

    @property
    def others(self) -> tuple[Alternative, ...]:
        """What else it could be, as long as nobody has said what it is."""
        return self.why.alternatives if self.why and self.blocked and not self.by else ()

    @property
    def origin(self) -> str:
        """Where the value was read, and the strongest signs for and against it, in one line."""
        if self.why is None or self.by:
            return ""
        place = f"page {self.page}, " if self.page else ""
        signs = ", ".join(f"{sign} {weight:+.1f}" for sign, weight in self.why.signs[:3])
        return f"{place}{self.why.engine or 'unknown'}{'; ' + signs if signs else ''}"

    @property
    def blocked(self) -> bool:
        """Whether a doubt about this field keeps the document."""
        return any(d.severity == "block" for d in self.doubts)

    @property
    def asked(self) -> bool:
        """Whether an answer is asked for: it keeps the document, or would settle what does."""
        return self.blocked or bool(self.proposed)

    @property
    def open(self) -> bool:
        """A choice that a person has to make, though what was read may turn out to be right."""
        return self.spec.looks == "kind" and self.blocked and not self.by


@dataclass(frozen=True)
class DoubtView:
    """The doubts of one code: what they say, what to do, and whether they may be accepted as they stand.

    `elsewhere`: nothing that is entered here settles them.
    """

    code: str
    blocks: bool
    messages: tuple[str, ...]
    fields: tuple[str, ...]
    remedy: str
    accept: bool
    elsewhere: bool


@dataclass(frozen=True)
class ItemView:
    """Everything that the page of one item shows."""

    item: ItemRow
    document: Document | None
    paper: Paper | None
    answers: tuple[Answer, ...]
    fields: tuple[FieldView, ...]
    doubts: tuple[DoubtView, ...]

    @property
    def filename(self) -> str:
        """What the document is called; an item without one has its id."""
        return self.document.filename if self.document else f"{self.item.queue} {self.item.id}"

    @property
    def inside(self) -> str:
        """The archive or attached mail that the document came in; nothing where it came by itself."""
        part = (self.document.part or "") if self.document else ""
        return part.removesuffix(self.filename).rstrip("/")

    @property
    def blocking(self) -> tuple[DoubtView, ...]:
        """The doubts that keep the document."""
        return tuple(d for d in self.doubts if d.blocks)

    @property
    def acceptable(self) -> bool:
        """Whether accepting is all that is needed."""
        return bool(self.blocking) and all(d.accept for d in self.blocking)

    @property
    def values(self) -> Mapping[str, str]:
        """The fields' values as a person reads them."""
        return {f.spec.name: several(f.value) for f in self.fields}

    @property
    def preview(self) -> Preview:
        """What there is to look at."""
        media = self.document.media_type if self.document else ""
        if media == "application/pdf" or media.startswith("image/"):
            return "pages"
        if media.startswith("text/"):
            return "text"
        if media == DOCX:
            return "words"
        return "data" if self.paper and self.paper.source == "xml" else "none"


def view_of(item: ItemRow, specs: Sequence[Spec], codes: Codes) -> ItemView:
    """The item as the page shows it; a payload that is no document shows its reason and no fields."""
    payload = item.payload if isinstance(item.payload, dict) else {}
    paper = one(Paper, payload.get("paper"))
    answers = many(Answer, payload.get("answers"))
    doubts = many(Doubt, payload.get("doubts"))
    if item.state == "dead" or not any(d.severity == "block" for d in doubts):
        sentence = item.message or f"The item is {item.state}."
        doubts = (Doubt(code=item.code or item.state, message=sentence), *doubts)
    return ItemView(
        item=item,
        document=one(Document, payload.get("document")),
        paper=paper,
        answers=answers,
        fields=tuple(_field(spec, paper, answers, doubts) for spec in specs) if paper else (),
        doubts=_grouped(doubts, codes),
    )


def one(kind: type[N], value: Any) -> N | None:
    try:
        return kind.model_validate(value) if isinstance(value, dict) else None
    except ValidationError:
        return None


def many(kind: type[N], values: Any) -> tuple[N, ...]:
    found = (one(kind, v) for v in values) if isinstance(values, list) else ()
    return tuple(v for v in found if v is not None)


def _grouped(doubts: Iterable[Doubt], codes: Codes) -> tuple[DoubtView, ...]:
    """One entry per code, what blocks first: a person accepts a code, with all that was said under it."""
    groups: dict[tuple[bool, str], list[Doubt]] = {}
    for doubt in doubts:
        groups.setdefault((doubt.severity == "block", doubt.code), []).append(doubt)
    return tuple(
        _group((code, blocks), groups[blocks, code], codes) for blocks, code in sorted(groups, key=lambda k: not k[0])
    )


def _group(of: tuple[str, bool], doubts: Sequence[Doubt], codes: Codes) -> DoubtView:
    code, blocks = of
    row = codes.reason(code)
    return DoubtView(
        code=code,
        blocks=blocks,
        messages=tuple(dict.fromkeys(d.message for d in doubts)),
        fields=tuple(dict.fromkeys(d.field for d in doubts if d.field)),
        remedy=row.remedy if row else "",
        accept=blocks and all(codes.confirmable(code, d.field) for d in doubts),
        elsewhere=any(d.field in codes.never for d in doubts),
    )


def _field(spec: Spec, paper: Paper, answers: Sequence[Answer], doubts: Sequence[Doubt]) -> FieldView:
    read = paper.fields.get(spec.name)
    if spec.name == "kind":
        read = Reading(value=paper.kind, confidence=paper.kind_confidence, reader="kinds")
    said = next((a for a in reversed(answers) if a.field == spec.name), None)
    return FieldView(
        spec=spec,
        value=said.value.strip() if said else several(read.value) if read else "",
        sure=1.0 if said else read.confidence if read else None,
        by=said.who if said else "",
        page=read.page if read else None,
        box=read.box if read else None,
        doubts=tuple(d for d in doubts if d.field == spec.name),
        why=read.why if read else None,
        proposed=tuple(dict.fromkeys(value for d in doubts for name, value in d.proposed if name == spec.name)),
    )


def several(value: str) -> str:
    """A JSON array as a person reads it: its values with commas between."""
    found = listed(value)
    return value if found is None else ", ".join(str(v) for v in found)


def cell(row: Noun, name: str) -> str:
    """A cell of a line or tax row as text; decimals plain."""
    value = getattr(row, name)
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) and is_writable(value) else str(value)


def cells(row: Noun, specs: Sequence[Spec]) -> Mapping[str, str]:
    """All cells of a row."""
    return {spec.name: cell(row, spec.name) for spec in specs}
