"""Papers of none of the known kinds, some of which look like one of them."""

from __future__ import annotations

import pkgutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

from devdata.kinds.leaf import Leaf
from devdata.kinds.people import GOODS, Maker
from devdata.kinds.trade import trade
from devdata.kinds.word_lists import words

_WORDS = words("others")
WORDS = _WORDS["WORDS"]
NEWS = _WORDS["NEWS"]
PROSE = _WORDS["PROSE"]
ABOUT = words("letters")["ABOUT"]


def other(m: Maker) -> list[Leaf]:
    """One of them."""
    makers: list[Callable[[Maker], list[Leaf]]] = [
        _offer,
        _news,
        _heads,
        _prose,
        _code,
        _list,
        _scraps,
        _statement,
        _article,
    ]
    return m.random.choice(makers)(m)


def _own(m: Maker, words: dict[str, str]) -> list[str]:
    return words.get(m.language, words["en"]).split(";")


def _offer(m: Maker) -> list[Leaf]:
    return trade(m, "offer")


def _news(m: Maker) -> list[Leaf]:
    leaf = Leaf()
    for text in m.random.sample(_own(m, NEWS), 5):
        leaf.down(60, [text], m.random.choice([10.0, 14.0, 20.0]), 2)
        leaf.prose(60, f"{m.one_of(GOODS)} {m.money(90)} {_sentence(m, 12)}")
    return [leaf]


def _heads(m: Maker) -> list[Leaf]:
    """A report, a manual, a certificate: a few headings of their kind with text below."""
    leaf = Leaf(595.0, 842.0, m.random.uniform(40, 120))
    for n, text in enumerate(m.random.sample(_own(m, WORDS), m.random.randint(2, 6))):
        leaf.down(50, [text], 18 if n == 0 else 12, 1.8)
        leaf.prose(50, _sentence(m, m.random.randint(5, 60)))
        if m.likely(0.4):
            leaf.down(60, [f"{m.date()}  {m.person()}  {m.amount()}" for _ in range(m.random.randint(1, 8))], 9)
    return [leaf]


def _prose(m: Maker) -> list[Leaf]:
    leaf = Leaf()
    for _ in range(m.random.randint(2, 9)):
        leaf.prose(60, _sentence(m, m.random.randint(20, 90)))
    return [leaf]


def _sentence(m: Maker, count: int) -> str:
    words = PROSE.get(m.language, PROSE["en"]).split()
    extra = " ".join(ABOUT[m.language]).replace("|", " ").replace(";", " ").split() if m.likely(0.3) else words
    chosen = [m.random.choice(words if m.likely(0.7) else extra) for _ in range(count)]
    return " ".join(chosen).capitalize() + "."


def library_files() -> list[Path]:
    """Source texts of Python's own library."""
    folder = Path(sysconfig.get_path("stdlib"))
    names = sorted(x.name for x in pkgutil.iter_modules([str(folder)]) if (folder / f"{x.name}.py").is_file())
    return [folder / f"{name}.py" for name in names]


def _code(m: Maker) -> list[Leaf]:
    rows = m.random.choice(library_files()).read_text(encoding="utf-8", errors="replace").splitlines()
    start, leaf = m.random.randrange(max(len(rows) - 30, 1)), Leaf()
    leaf.down(40, [row[:110] for row in rows[start : start + m.random.randint(12, 55)] if row.strip()], 9)
    return [leaf]


def _list(m: Maker) -> list[Leaf]:
    """A table of something: stock, contacts, measurements."""
    leaf = Leaf()
    leaf.down(50, [m.of("Inventory", "Bestand", "Contacts", "Stundenliste", "Résultats", "Messwerte", "Q3", "")], 14, 2)
    for _ in range(m.random.randint(5, 45)):
        leaf.down(
            50, [f"{m.code()}   {m.of(m.one_of(GOODS), m.person())}   {m.of(m.amount(), m.date(), m.digits(3))}"], 9
        )
    return [leaf]


def _scraps(m: Maker) -> list[Leaf]:
    """Hardly anything: a stamp, a cover sheet, what an engine made of a photograph or of handwriting."""
    leaf, letters = Leaf(), "abcdeilmnorstuv.,-' 0123"
    for _ in range(m.random.randint(1, 9)):
        text = "".join(m.random.choices(letters, k=m.random.randint(2, 14)))
        leaf.put(
            m.random.uniform(20, 500),
            m.random.uniform(20, 800),
            m.of(text, m.date(), m.one_of(GOODS)),
            m.random.uniform(7, 30),
        )
    return [leaf]


def _statement(m: Maker) -> list[Leaf]:
    """A bank's statement or a payslip: amounts, an IBAN and no bill."""
    leaf = Leaf()
    titles = {
        "de": "Kontoauszug;Gehaltsabrechnung",
        "fr": "Relevé de compte;Bulletin de paie",
        "en": "Bank statement;Payslip",
    }
    leaf.down(50, [m.party().name, m.of(*_own(m, titles)), f"IBAN {m.iban()}", m.date()], 12, 1.8)
    for _ in range(m.random.randint(4, 25)):
        leaf.down(
            50,
            [f"{m.date()}   {m.of(m.person(), m.party().name, m.one_of(GOODS))}   {m.of('-', '+', '')}{m.amount()}"],
            9,
        )
    return [leaf]


def _article(m: Maker) -> list[Leaf]:
    """Text about bills and contracts, which is neither."""
    leaf, subject = (
        Leaf(),
        m.of("invoice", "Rechnung", "contract", "facture", "receipt", "order", "passport", "Vertrag"),
    )
    leaf.down(
        50,
        [m.of(f"How to handle an {subject}", f"{subject}: FAQ", f"About the {subject}", f"{subject} training")],
        16,
        2,
    )
    for _ in range(m.random.randint(2, 6)):
        leaf.prose(50, f"{_sentence(m, 18)} {subject} {_sentence(m, 14)} {m.one_of(GOODS)}")
    return [leaf]
