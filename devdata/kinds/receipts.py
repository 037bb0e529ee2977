"""Till receipts in several languages: narrow strips of paper."""

from __future__ import annotations

from devdata.kinds.leaf import Leaf
from devdata.kinds.people import GOODS, Maker
from devdata.kinds.word_lists import words

_WORDS = words("receipts")
TITLE = _WORDS["TITLE"]
SERVED = _WORDS["SERVED"]
TOTAL = _WORDS["TOTAL"]
PAID = _WORDS["PAID"]
TAX = _WORDS["TAX"]
BYE = _WORDS["BYE"]


def receipt(m: Maker) -> list[Leaf]:
    """One receipt."""
    leaf = Leaf(m.random.uniform(200, 320), 900.0, 15.0)
    size, middle, right = m.random.choice([8.0, 9.0, 10.0]), leaf.width / 2, leaf.width - 12
    shop = m.party()
    for text in [shop.name, *shop.address, *m.random.sample([shop.web, f"Tel {m.digits(9)}", m.vat()], 2)]:
        leaf.put(middle, leaf.y, text.upper() if m.likely(0.3) else text, size, "c")
        leaf.y += size * 1.3
    title = m.of(*TITLE[m.language].split(";"))
    if title:
        leaf.put(middle, leaf.y + 4, title.upper() if m.likely(0.5) else title, size * m.random.choice([1, 1.6]), "c")
        leaf.y += size * 2.2
    clock = f"{m.random.randint(7, 22)}:{m.digits(1)}{m.digits(1)}"
    facts = [
        f"{m.of(*SERVED[m.language].split(';'))} {m.random.randint(1, 40)}",
        f"{m.date()} {clock}",
        f"Nr {m.code()}",
    ]
    leaf.down(12, m.random.sample(facts, 3 if m.likely(0.7) else 2), size)
    leaf.y += 6
    for _ in range(m.random.choice([1, 2, 3, 5, 9, 16])):
        if m.likely(0.3):
            leaf.down(12, [f"{m.random.randint(2, 6)} x {m.amount(20)}"], size)
        leaf.put(12, leaf.y, m.one_of(GOODS)[:24].upper(), size)
        leaf.put(right, leaf.y, m.amount(60) + m.of("", " A", " B"), size, "r")
        leaf.y += size * 1.3
    _paid(m, leaf, size, right)
    for text in m.random.sample(BYE[m.language].split(";"), 1):
        if m.likely(0.8):
            leaf.put(middle, leaf.y + 6, text, size, "c")
            leaf.y += size * 2
    leaf.height = leaf.y + 30
    return [leaf]


def _paid(m: Maker, leaf: Leaf, size: float, right: float) -> None:
    rows = [m.of(*TOTAL[m.language].split(";"))]
    if m.likely(0.85):
        rows += [label for label in m.random.choice(PAID[m.language]).split(";") if label]
    if m.likely(0.8):
        rows.insert(m.random.randint(0, len(rows)), m.of(*TAX[m.language].split(";")))
    for label in rows:
        leaf.put(12, leaf.y + 4, label, size * (1.4 if label.isupper() else 1))
        leaf.put(right, leaf.y + 4, m.money(200), size, "r")
        leaf.y += size * 1.6
