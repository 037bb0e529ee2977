"""What is known of a model: the card that lies beside it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from workitems.items import Noun

Figures = dict[str, float | None]


class DataSet(Noun):
    """One set of documents that a model was made from."""

    name: str
    documents: int
    sha256: str = ""  # of the labels file, or over the documents' hashes in order
    licence: str = ""  # "own" where a company's people answered


class Card(Noun):
    """A model's card: what it is for, what it was made from, how good it is, and what it fits to.

    `reader` names the finder and the version of its features ("invoice_fields/3"): a model that was fitted to other
    features is refused. `metrics` has a row for each field (and one named "all"), with figures such as `n`, `right`,
    `known_right`, `unknown_right` (suppliers that the training knew and did not know), `calibration`.
    """

    name: str
    version: str
    reader: str
    made_at: datetime
    made_by: str  # the command that makes it again
    about: str = ""
    sklearn: str = ""  # filled in when it is written
    skops: str = ""
    data: tuple[DataSet, ...] = ()
    metrics: dict[str, Figures] = Field(default_factory=dict)
    base: str | None = None  # the version that it was fitted on top of
    notes: tuple[str, ...] = ()


def as_text(card: Card) -> str:
    """The card for people (card.md)."""
    lines = [f"# {card.name} {card.version}", "", card.about, ""]
    lines += [f"- reader: {card.reader}", f"- made: {card.made_at:%Y-%m-%d %H:%M} UTC by `{card.made_by}`"]
    lines += [f"- scikit-learn {card.sklearn}, skops {card.skops}"] + (
        [f"- on top of {card.base}"] if card.base else []
    )
    lines += ["", "## Made from", ""]
    lines += [f"- {d.name}: {d.documents} documents, licence {d.licence}, sha256 {d.sha256}" for d in card.data]
    lines += ["", "## Figures", "", *_table(card.metrics), ""]
    lines += [f"- {note}" for note in card.notes]
    return "\n".join(lines).rstrip() + "\n"


def _table(metrics: dict[str, Figures]) -> list[str]:
    columns = list(dict.fromkeys(name for row in metrics.values() for name in row))
    if not columns:
        return ["None."]
    head = ["| field | " + " | ".join(columns) + " |", "|" + " --- |" * (len(columns) + 1)]
    return head + [f"| {f} | " + " | ".join(_figure(row.get(c)) for c in columns) + " |" for f, row in metrics.items()]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
