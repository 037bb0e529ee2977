# ruff: noqa: E501, S311 - tables of words and places stay whole; chance is no secret
"""HR forms, employment contracts and mails about joiners who do not exist, in many layouts, with what is right of each.

A layout is a language, an arrangement and a choice of wordings; papers of one layout differ in the people alone, so that
whole layouts can be held out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.joiner_papers import FAMILY, GIVEN
from benchmarks.joiner_words import (
    ARRANGEMENTS,
    CONTRACTS,
    DEPARTMENTS,
    FIRMS,
    HEADINGS,
    LABELS,
    MAILS,
    MONTHS,
    NATIONS,
    NOISE,
    PARTED,
    ROLES,
    SECTIONS,
    STREETS,
    TOWNS,
)  # fmt: skip
from devdata.kinds.leaf import Leaf, recognised
from extractors.plain import text_pages
from workitems.items import Kind, Page

LANGUAGES = ("en", "de", "fr")


@dataclass(frozen=True)
class Told:
    """One paper: its pages, its layout, and the right values."""

    layout: str
    kind: Kind
    language: str
    pages: list[Page]
    truth: dict[str, str]


@dataclass(frozen=True)
class Person:
    """A joiner; dates are days, everything else as people write it."""

    surname: str
    given: str
    born: date
    nation: tuple[str, str]
    employer: str
    department: str
    role: str
    manager: str
    starts: date
    hours: str
    address: str
    email: str
    number: str


def person(random: Random, language: str) -> Person:
    """Somebody who starts."""
    surname, given = random.choice(FAMILY), random.choice(GIVEN)
    town = f"{random.randint(10000, 99999)} {random.choice(TOWNS[language])}"
    street = random.choice(STREETS[language]).format(random.randint(1, 190))
    return Person(
        surname, given, date(1960, 1, 1) + timedelta(days=random.randrange(365 * 46)),
        random.choice(NATIONS[language]), random.choice(FIRMS[language]), random.choice(DEPARTMENTS[language]),
        random.choice(ROLES[language]), f"{random.choice(GIVEN).split()[0]} {random.choice(FAMILY)}",
        date(2026, 9, 1) + timedelta(days=random.randrange(400)), random.choice(["40", "38.5", "37.5", "35", "20", "32", "39", "30"]),
        f"{street}, {town}", f"{given.split()[0].lower()}.{surname.split()[-1].lower()}@example.org",
        random.choice("CLTXP") + str(random.randint(10**7, 10**8 - 1)),
    )  # fmt: skip


def written_day(day: date, shape: str, language: str) -> str:
    """A day in one of the shapes that people use."""
    month = MONTHS[language][day.month - 1]
    return shape.format(d=day, month=month, day=day.day)


def shapes_of(language: str) -> list[str]:
    shapes = ["{d:%d.%m.%Y}", "{d:%d/%m/%Y}", "{d:%Y-%m-%d}"]
    long = {
        "en": ["{day} {month} {d:%Y}", "{month} {day}, {d:%Y}"],
        "de": ["{day}. {month} {d:%Y}"],
        "fr": ["{day} {month} {d:%Y}"],
    }
    return ([] if language == "en" else shapes[:1]) + shapes[1:] + long[language]


def papers(layouts: int, each: int, start: int = 0) -> Iterator[Told]:
    """Papers of many layouts: forms, contracts and mails in turn."""
    for n in range(start, start + layouts):
        random = Random(f"layout {n}")
        language = random.choice(LANGUAGES)
        make = (_form, _contract, _form, _mail)[n % 4](random, language)
        for k in range(each):
            one = Random(f"paper {n} {k}")
            pages, truth = make(one, person(one, language))
            if one.random() < 0.35:
                pages = [recognised(page, one, one.choice([0.001, 0.004])) for page in pages]
            yield Told(f"{n}", ("application", "contract", "application", "application")[n % 4], language, pages, truth)


Make = Callable[[Random, Person], tuple[list[Page], dict[str, str]]]


def _values(p: Person, shape: str, language: str, comma: str) -> dict[str, tuple[str, str]]:
    """How a value is written, and what it is."""
    hours = p.hours.replace(".", "," if language != "en" else ".") + comma
    return {
        "surname": (p.surname, p.surname), "given_names": (p.given, p.given),
        "born_on": (written_day(p.born, shape, language), p.born.isoformat()), "nationality": p.nation,
        "employer": (p.employer, p.employer), "department": (p.department, p.department), "role": (p.role, p.role),
        "manager": (p.manager, p.manager), "starts_on": (written_day(p.starts, shape, language), p.starts.isoformat()),
        "weekly_hours": (hours, p.hours), "address": (p.address, p.address), "email": (p.email, p.email),
        "document_number": (p.number, p.number),
    }  # fmt: skip


def _form(random: Random, language: str) -> Make:
    """A form: a heading, labels and values in one arrangement, things that nobody asked for between them."""
    arrangement, shape = random.choice(ARRANGEMENTS), random.choice(shapes_of(language))
    style, unit = (
        random.choice(["", ":", " :", "*", ":"]),
        random.choice(["", "", {"en": " hours", "de": " Std.", "fr": " h"}[language]]),
    )
    whole = random.random() < 0.35
    labels = {f: random.choice(options) for f, options in LABELS[language].items()}
    order = [*(["name"] if whole else random.sample(["surname", "given_names"], 2)), "born_on"]
    order += random.sample(["nationality", "address", "email", "document_number"], random.randint(1, 4))
    job = random.sample(["employer", "department", "role", "manager", "starts_on", "weekly_hours"], 6)
    rows = [order, job] if random.random() < 0.6 else [job, order]
    noise = random.sample(NOISE[language], random.randint(3, 8))
    heading, sections = random.choice(HEADINGS[language]), random.sample(SECTIONS[language], 2)
    size, sectioned, upper = random.choice([9.0, 10.0, 11.0]), random.random() < 0.6, random.random() < 0.2
    comma_name, firm_on_top, places = (
        random.random() < 0.3,
        random.random() < 0.4,
        [random.randrange(40) for _ in noise],
    )

    plain, lower, parted = random.random() < 0.25, random.random() < 0.5, random.random() < 0.35

    def truth_of(values: dict[str, tuple[str, str]]) -> dict[str, str]:
        named = ("surname", "given_names") if whole else ()
        return {f: right for f, (_, right) in values.items() if f in (*order, *job, *named)}

    def make(one: Random, p: Person) -> tuple[list[Page], dict[str, str]]:
        values = _values(p, shape, language, unit)
        shown = {f: written for f, (written, _) in values.items()}
        family_first = labels["name"].startswith(("Name, ", "Nom et"))
        shown["name"] = f"{p.given} {p.surname}"
        if comma_name or family_first:
            shown["name"] = f"{p.surname}, {p.given}" if comma_name else f"{p.surname.upper()} {p.given}"
        leaf = Leaf(595.0, 842.0, 45.0)
        if firm_on_top:
            leaf.down(45, [p.employer], 9)
        leaf.down(45, [heading.upper() if upper else heading], 15)
        leaf.y += 12
        pairs: list[tuple[str, str | None]] = []
        for part, title in zip(rows, sections, strict=True):
            pairs.append((title, None)) if sectioned else None
            pairs += [(labels[f], shown[f]) for f in part]
        if parted and "address" in order:
            at = pairs.index((labels["address"], shown["address"]))
            pairs[at : at + 1] = zip(PARTED[language], shown["address"].split(", "), strict=True)
        for (label, made), at in zip(noise, places, strict=True):
            pairs.insert(1 + at % len(pairs), (label, made(one)))
        if plain:
            return [*text_pages(_as_text(heading, pairs, style or ":", lower))], truth_of(values)
        _arranged(leaf, pairs, arrangement, style, size)
        return [leaf.page()], truth_of(values)

    return make


def _as_text(heading: str, pairs: list[tuple[str, str | None]], style: str, lower: bool) -> str:
    """The form as a text file, or as a program's message."""
    lines = [heading, ""]
    for label, value in pairs:
        lines.append(label if value is None else f"{label.lower() if lower else label}{style} {value}")
    return "\n".join(lines)


def _arranged(leaf: Leaf, pairs: list[tuple[str, str | None]], arrangement: str, style: str, size: float) -> None:
    """Puts labels and values where this layout has them."""
    column = 0
    for label, value in pairs:
        if value is None:
            leaf.y += (16 if column else 6) + (size * 1.5 if column and arrangement in ("above", "two columns") else 0)
            leaf.down(45, [label], size + 2)
            leaf.y += 4
            column = 0
            continue
        text = label + style
        if arrangement == "right":
            leaf.put(45, leaf.y, text, size)
            leaf.put(215, leaf.y, value, size)
            leaf.y += size * 1.9
        elif arrangement == "inline":
            leaf.put(45, leaf.y, f"{text if style else text + ':'} {value}", size)
            leaf.y += size * 1.7
        elif arrangement == "lines":
            leaf.put(45, leaf.y, f"{text} ", size)
            leaf.put(45 + 0.5 * size * (len(text) + 2), leaf.y, value, size)
            leaf.y += size * 2.0
        elif arrangement == "above":
            x = 45 + 265 * column
            leaf.put(x, leaf.y, text, size * 0.75)
            leaf.put(x, leaf.y + size * 1.1, value, size)
            leaf.y += size * 3.0 if column else 0
            column = 1 - column
        elif arrangement == "under":
            leaf.put(45, leaf.y, value, size)
            leaf.put(45, leaf.y + size * 1.2, text, size * 0.75)
            leaf.y += size * 3.4
        elif arrangement == "two columns":
            x = 45 + 265 * column
            leaf.put(x, leaf.y, text, size)
            leaf.put(x + 115, leaf.y, value, size)
            leaf.y += size * 1.9 if column else 0
            column = 1 - column
        else:
            leaf.put(45, leaf.y, text, size)
            leaf.down(62, ["", value], size)
            leaf.y += size * 0.8


def _contract(random: Random, language: str) -> Make:
    """An employment contract in sentences."""
    parts = [random.choice(options) for options in CONTRACTS[language]]
    head, body = parts[0], parts[1:]
    middle = body[1:-1]
    random.shuffle(middle)
    return _prose([head, body[0], *middle, body[-1]], random, language, skip=("email", "document_number"))


def _mail(random: Random, language: str) -> Make:
    """A mail by somebody in HR."""
    return _prose(random.choice(MAILS[language]).split("\n"), random, language, skip=("email", "document_number"))


def _prose(parts: list[str], random: Random, language: str, skip: tuple[str, ...]) -> Make:
    shape, size = random.choice(shapes_of(language)), random.choice([9.5, 10.5])
    block = len(parts[0]) < 70 and random.random() < 0.35  # a letter's addressee above it
    title = random.choice({"en": ["Ms. ", "Mr. ", ""], "de": ["Herrn ", "Frau "], "fr": ["Mme ", "M. "]}[language])

    def make(one: Random, p: Person) -> tuple[list[Page], dict[str, str]]:
        values = _values(p, shape, language, "")
        shown = {f: written for f, (written, _) in values.items()} | {
            "title": title, "other": written_day(date(2026, one.randint(1, 9), one.randint(1, 28)), shape, language),
            "boss": f"{one.choice(GIVEN).split()[0]} {one.choice(FAMILY)}", "pay": str(one.randint(28, 90) * 100),
        }  # fmt: skip
        leaf = Leaf(595.0, 842.0, 50.0)
        if block:
            leaf.down(45, [f"{title}{p.given} {p.surname}", *p.address.split(", ")], size)
            leaf.y += 2 * size
        for n, part in enumerate(parts):
            if n == 0 and len(part) < 70:
                leaf.down(45, [part.format(**shown)], 14)
            else:
                leaf.prose(45, part.format(**shown), size)
        text = " ".join(parts)
        told = [f for f in values if f not in skip and ("{" + f + "}" in text or (f == "address" and block))]
        truth = {f: values[f][1] for f in told}
        return [leaf.page()], truth

    return make
