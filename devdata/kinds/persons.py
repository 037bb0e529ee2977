"""Identity papers with their machine-readable zones, and HR forms."""

from __future__ import annotations

import unicodedata
from datetime import date

from devdata.kinds.leaf import Leaf
from devdata.kinds.people import FAMILY, GIVEN, Maker
from devdata.kinds.word_lists import words

_WORDS = words("persons")
PAPERS = _WORDS["PAPERS"]
COUNTRY = _WORDS["COUNTRY"]
CODES = _WORDS["CODES"]
ON_PAPER = _WORDS["ON_PAPER"]
FORMS = _WORDS["FORMS"]
ASKED = _WORDS["ASKED"]
SECTIONS = _WORDS["SECTIONS"]
SIGNED = _WORDS["SIGNED"]

_WEIGHTS = (7, 3, 1)


def identity(m: Maker) -> list[Leaf]:
    """A passport or a card, with or without its machine-readable zone; often as a scan on a larger sheet."""
    big = m.likely(0.35)
    leaf = (
        Leaf(595.0, 842.0, 60.0)
        if big
        else Leaf(m.random.choice([500.0, 560.0]), m.random.choice([340.0, 400.0]), 15.0)
    )
    title = m.of(*PAPERS[m.language].split(";"))
    x, size = m.random.choice([20.0, 160.0, 190.0]), m.random.choice([9.0, 11.0, 13.0])
    leaf.down(x, [m.of(*COUNTRY[m.language].split(";"))] if m.likely(0.7) else [], size)
    leaf.down(x, [title] if m.likely(0.9) else [], size * 1.2)
    given, family = m.random.choice(GIVEN), m.random.choice(FAMILY)
    values = [
        family.upper(),
        given.upper(),
        m.of("DEUTSCH", "BRITISH CITIZEN", "FRANÇAISE", CODES[m.language]),
        *([""] * 9),
    ]
    for n, label in enumerate(ON_PAPER[m.language].split(";")):
        value = values[n] or m.of(m.date(), m.date(), "M", "F", "BERLIN", "LONDON")
        if m.likely(0.85):
            shown = f"{n + 1}. " if "LICEN" in title or "FÜHRER" in title else ""
            leaf.down(x, [f"{shown}{label}"] if m.likely(0.85) else [], 7)
            leaf.down(x, [f"{shown if not label else ''}{value}"], 10)
    if m.likely(0.75):
        leaf.y += 10
        leaf.down(15, machine_readable(m, family, given, card="PASS" not in title), 11)
    return [leaf]


def machine_readable(m: Maker, family: str, given: str, card: bool) -> list[str]:
    """The zone of ICAO 9303: three lines of 30 (TD1) or two of 44 (TD3)."""
    country, number = CODES[m.language], (m.of("C", "L", "X", "9", "1") + m.digits(8))[:9]
    born, until = m.day(1955, 2005), m.day(2022, 2035)
    name = f"{_folded(family)}<<{_folded(given)}"
    dates = f"{_with_check(f'{born:%y%m%d}')}{m.of('M', 'F', '<')}{_with_check(f'{until:%y%m%d}')}"
    if card:
        first = f"{m.of('ID', 'I<', 'AR')}{country}{_with_check(number)}"
        return [first.ljust(30, "<"), f"{dates}{country}".ljust(29, "<") + "4", name[:30].ljust(30, "<")]
    second = f"{_with_check(number)}{country}{dates}".ljust(43, "<") + "6"
    return [f"P<{country}{name}"[:44].ljust(44, "<"), second]


def _with_check(value: str) -> str:
    worth = [int(c, 36) if c != "<" else 0 for c in value]
    return value + str(sum(w * _WEIGHTS[i % 3] for i, w in enumerate(worth)) % 10)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "SS")).encode("ascii", "ignore").decode()
    return "".join(c if c.isalpha() else "<" for c in plain.upper())


def application(m: Maker) -> list[Leaf]:
    """An HR form, filled in or empty, in one or two columns."""
    leaf = Leaf(595.0, 842.0, m.random.uniform(30, 60))
    if m.likely(0.7):
        leaf.down(50, [m.party().name], m.random.choice([9.0, 12.0, 16.0]))
    title = m.of(*FORMS[m.language].split(";"))
    leaf.y += 10
    leaf.down(
        m.random.choice([50.0, 170.0]), [title.upper() if m.likely(0.3) else title], m.random.choice([12.0, 15.0, 20.0])
    )
    leaf.y += 12
    fields = ASKED[m.language].split(";")
    chosen = m.random.sample(fields, m.random.randint(max(6, len(fields) // 2), len(fields)))
    columns, filled, ending = m.random.choice([1, 1, 2]), m.likely(0.75), m.of(":", "", " :", " ______")
    for n, label in enumerate(chosen):
        if n % 6 == 0 and m.likely(0.5) and m.language in SECTIONS:
            leaf.y += 8
            leaf.down(50, [m.of(*SECTIONS[m.language].split(";"))], 11)
        x = 50.0 + (n % columns) * 260
        leaf.put(x, leaf.y, label + ending, 9)
        if filled:
            leaf.put(x + m.random.choice([110, 130]), leaf.y, _answer(m), 9.5)
        if n % columns == columns - 1:
            leaf.y += m.random.choice([16, 18])
    leaf.y += 30
    leaf.down(50, m.random.sample(SIGNED.get(m.language, SIGNED["en"]).split(";"), 2), 9, 2.0)
    return [leaf]


def _answer(m: Maker) -> str:
    born: date = m.day(1960, 2005)
    return m.of(
        m.person(), m.date(born), m.party().street, m.digits(9), "[x] ja [ ] nein", "X", m.iban(), "38,5", "Vollzeit"
    )
