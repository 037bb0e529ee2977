"""Key terms and the kind of contracts learn from answers: how sure a reading is, and what people put in its place.

A name or a law that people corrected is written as they wrote it the next time it is read so. A kind that they chose
for contracts of a like title is proposed for the next one. Dates and periods are of their contract: of them only how
sure they are is learnt.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from extractors.contract.learning import Candidate, Example, Model, alike, chances, fit, in_force, remembered
from extractors.learning import Row, Said
from extractors.model_files import Loaded
from workitems.items import Paper, Reading

NAME, READER = "term_answers", "term_answers/1"
KIND, PARTIES, LAW, TITLE = "contract_type", "parties", "governing_law", "title"
PLAIN = ("agreement_date", "effective_date", "expires_on", "term", "renewal_term", "notice_period")
FIELDS = (KIND, PARTIES, LAW, TITLE, *PLAIN)
NONE = "none"
MOST_KINDS = 2
"""Kinds of contracts with a like title that are weighed beside the one that was read."""
SAME, RELATED = 90, 45  # similarity, per cent: the same name; two spellings of one that a correction may join


class TermAnswers:
    """Implements extractors.learning.Trainable."""

    name = NAME
    reader = READER
    learns_from: Literal["paper"] = "paper"
    about = "How sure a term of a contract was read, and its kind, after what people accepted and corrected."

    def base(self) -> Loaded:
        """What was learnt before; else what changes nothing."""
        return in_force(NAME, READER, self.about)

    def fit(self, rows: Sequence[Row], base: Any) -> Model:
        """From all answers anew: the shipped readings are what it starts from, so `base` says nothing more."""
        known = [row for row in rows if row.paper is not None]
        instead = _instead(known)
        examples = [e for row in known for e in _examples(row, instead)] + _kinds(known)
        model = dict(fit(examples, next((on_of(row.paper) for row in reversed(known) if row.paper), "")))
        return model | {"instead": json.dumps(instead, sort_keys=True)} if model else {}

    def say(self, model: Any, row: Row) -> dict[str, Said]:
        """The terms with their confidence."""
        if row.paper is None:
            return {}
        read = moved(row.paper, model).fields
        return {f: Said(value=read[f].value, confidence=read[f].confidence) for f in FIELDS if f in read}

    def same(self, field: str, value: str, label: str) -> bool:
        """Names by letters and digits, several of them in any order; everything else as it is written."""
        return is_same(field, value, label)


def moved(paper: Paper, model: Model) -> Paper:
    """The paper with its terms after what was learnt; as it is where that fits other models."""
    if not model or model["on"] != on_of(paper):
        return paper
    fields = _corrected(paper.fields, json.loads(model["instead"]))
    own = [f for f in FIELDS if f in fields and f != KIND]
    found = chances(model, [_candidate(f, fields[f]) for f in own])
    for field, chance in zip(own, found, strict=True):
        fields[field] = fields[field].model_copy(update={"confidence": round(float(chance), 4)})
    kinds = _kind_candidates(fields, remembered(model, KIND, _title(fields))[:MOST_KINDS])
    if kinds:
        sure = chances(model, kinds)
        best = int(sure.argmax())
        was = fields.get(KIND, Reading(value="", confidence=0.0, reader=NAME))
        reader = was.reader if kinds[best].meant == was.value else NAME
        fields[KIND] = was.model_copy(
            update={"value": kinds[best].meant, "confidence": round(float(sure[best]), 4), "reader": reader}
        )
    return paper.model_copy(update={"fields": fields})


def on_of(paper: Paper) -> str:
    """Which models gave the readings that are moved."""
    return paper.models.get("contract_kind", "")


def is_same(field: str, value: str, label: str) -> bool:
    """Whether two values of a field say the same."""
    if field == PARTIES:
        mine, theirs = names_in(value), names_in(label)
        return len(mine) == len(theirs) and all(any(_like(a, b) >= SAME for b in theirs) for a in mine)
    if field in (LAW, TITLE):
        return _like(value, label) >= SAME
    return value.casefold().strip() == label.casefold().strip()


def names_in(value: str) -> list[str]:
    """The names of a reading of the parties."""
    try:
        found = json.loads(value) if value.startswith("[") else value.split(";")
    except ValueError:
        found = value.split(";")
    return [str(name).strip() for name in found if str(name).strip()]


def _corrected(fields: Mapping[str, Reading], instead: Mapping[str, str]) -> dict[str, Reading]:
    """The readings with names as people write them."""
    made = dict(fields)
    for field in (PARTIES, LAW):
        if field in made and (value := _with(field, made[field].value, instead)) != made[field].value:
            made[field] = made[field].model_copy(update={"value": value, "reader": f"{made[field].reader}:answers"})
    return made


def _with(field: str, value: str, instead: Mapping[str, str]) -> str:
    if field != PARTIES:
        return instead.get(_key(field, value), value)
    names = names_in(value)
    made = [instead.get(_key(field, name), name) for name in names]
    changed = made != names and len(set(made)) == len(made)
    return json.dumps(made, ensure_ascii=False) if changed else value


def _instead(rows: Sequence[Row]) -> dict[str, str]:
    """What people wrote in the place of a name or law that was read, where most of them wrote the same."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for field in (PARTIES, LAW):
            label, read = row.truth.get(field), row.paper.fields.get(field) if row.paper else None
            if label in (None, NONE) or read is None or row.weight_of(field) < 1:
                continue
            for was, right in _pairs(field, read.value, str(label)):
                said[_key(field, was)][right] += 1
    found = {was: rights.most_common(1)[0] for was, rights in said.items()}
    return {
        was: right
        for was, (right, count) in found.items()
        if right and count * 2 > said[was].total() and _key(was.partition("=")[0], right) != was
    }


def _pairs(field: str, read: str, label: str) -> Iterator[tuple[str, str]]:
    """What was read with what is right of it, "" where that is another name; right ones teach, too: they outvote."""
    if field != PARTIES:
        yield read, label
        return
    theirs = names_in(label)
    for name in names_in(read):
        nearest = max(theirs, key=lambda other: _like(name, other), default=None)
        yield name, nearest if nearest is not None and _like(name, nearest) >= RELATED else ""


def _examples(row: Row, instead: Mapping[str, str]) -> Iterator[Example]:
    """The readings that a person spoke of, but for the kind."""
    fields = _corrected(row.paper.fields, instead) if row.paper else {}
    for field in FIELDS:
        label = row.truth.get(field)
        if label is not None and field != KIND and field in fields:
            right = label != NONE and is_same(field, fields[field].value, label)
            yield Example(_candidate(field, fields[field]), right, row.weight_of(field), row.item)


def _kinds(rows: Sequence[Row]) -> list[Example]:
    """The kinds that were read, or would be proposed for the sake of the others' titles; and what was right."""
    known = [row for row in rows if row.paper and row.truth.get(KIND) not in (None, NONE)]
    if not known:
        return []
    titles = [_title(row.paper.fields) for row in known if row.paper]
    near, made = alike(titles), list[Example]()
    for n, row in enumerate(known):
        order = [int(m) for m in (-near[n]).argsort(kind="stable") if m != n and near[n, m] > 0]
        others = dict.fromkeys(known[m].truth[KIND] for m in order if known[m].item != row.item)
        label, weight = row.truth[KIND], row.weight_of(KIND)
        read = row.paper.fields if row.paper else {}
        candidates = _kind_candidates(read, list(others)[:MOST_KINDS])
        made += [Example(c, c.meant == label, weight, row.item) for c in candidates]
        if all(c.meant != label for c in candidates):  # it is remembered, but teaches nothing of what was weighed
            made.append(Example(Candidate(KIND, titles[n], 0.5, label), True, 0.0, row.item))
    return made


def _kind_candidates(fields: Mapping[str, Reading], others: Sequence[str]) -> list[Candidate]:
    """The kind that was read, and others, which share what it leaves."""
    read, title = fields.get(KIND), _title(fields)
    sure = read.confidence if read else 0.0
    made = [Candidate(KIND, title, sure, read.value)] if read else []
    return made + [Candidate(KIND, title, (1 - sure) / 2, o) for o in others if read is None or o != read.value]


def _title(fields: Mapping[str, Reading]) -> str:
    return fields[TITLE].value if TITLE in fields else ""


def _candidate(field: str, reading: Reading) -> Candidate:
    return Candidate(field, "" if field in PLAIN else reading.value, reading.confidence)


def _key(field: str, value: str) -> str:
    return f"{field}={default_process(value)}"


def _like(a: str, b: str) -> float:
    return float(fuzz.ratio(a, b, processor=default_process))


TRAINABLE = TermAnswers()
