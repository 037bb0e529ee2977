"""Invoices, credit notes, orders, delivery notes and offers in many layouts."""

from __future__ import annotations

from devdata.kinds.leaf import Leaf, shifted
from devdata.kinds.people import GOODS, Maker, Party
from devdata.kinds.word_lists import words

_WORDS = words("trade")
TITLES = _WORDS["TITLES"]
NUMBER = _WORDS["NUMBER"]
DATE = _WORDS["DATE"]
OTHERS = _WORDS["OTHERS"]
HEADS = _WORDS["HEADS"]
SUMS = _WORDS["SUMS"]
CLOSING = _WORDS["CLOSING"]
TO = _WORDS["TO"]
UNITS = _WORDS["UNITS"]

PRICELESS = 0.85  # of delivery notes show no prices


def trade(m: Maker, kind: str) -> list[Leaf]:
    """The pages of one paper of trade; "offer" is one of no known kind."""
    seller, buyer = m.party(), m.party()
    title = m.one_of(TITLES[kind])
    leaf = _sheet(m)
    _letterhead(m, leaf, seller)
    _head(m, leaf, kind, title, buyer)
    leaves = _table(m, leaf, kind)
    last = leaves[-1]
    if kind in ("invoice", "credit_note", "offer") or (kind == "order" and m.likely(0.6)):
        _sums(m, last, kind == "credit_note")
    if m.likely(0.85):
        notes = CLOSING[kind][m.language].split(";")
        last.y += 12
        last.down(50, m.random.sample(notes, m.random.randint(1, min(3, len(notes)))), m.random.choice([9.0, 10.0]))
    if len(leaves) > 1 or m.likely(0.2):
        for n, page in enumerate(leaves, 1):
            page.put(page.width - 50, page.height - 20, _paging(m, n, len(leaves)), 8, "r")
    if m.likely(0.7):
        _footer(m, leaves, seller)
    move = (m.random.uniform(-12, 25), m.random.uniform(-10, 20), m.random.uniform(0.9, 1.06))
    return [shifted(page, *move) for page in leaves]


def _sheet(m: Maker) -> Leaf:
    return Leaf(612.0, 792.0) if m.language == "en" and m.likely(0.6) else Leaf()


def _paging(m: Maker, n: int, of: int) -> str:
    shapes = {"de": f"Seite {n} von {of}", "fr": f"Page {n} sur {of}", "en": f"Page {n} of {of}"}
    return m.of(shapes.get(m.language, f"{n} / {of}"), f"{n}/{of}", f"- {n} -")


def _letterhead(m: Maker, leaf: Leaf, party: Party) -> None:
    leaf.y = m.random.uniform(20, 50)
    if m.likely(0.15):  # the logo is a picture
        leaf.y += 40
        return
    x = m.random.choice([45.0, 45.0, leaf.width - 250, leaf.width / 2 - 80])
    leaf.down(x, [party.name], m.random.choice([11.0, 14.0, 18.0, 22.0]))
    if m.likely(0.75):
        extra = [f"Tel. {m.digits(4)} {m.digits(6)}", party.web, m.vat(), f"info@{party.web[4:]}"]
        leaf.down(x, [*party.address, *m.random.sample(extra, m.random.randint(0, 3))], 8.5)
    leaf.y += 15


def _head(m: Maker, leaf: Leaf, kind: str, title: str, buyer: Party) -> None:
    """Whom it is for, what it is, its number and dates, in one of several orders."""
    shown = title.upper() if m.likely(0.35) else " ".join(title.upper()) if m.likely(0.05) else title
    number, size = m.code(), m.random.choice([10.5, 12.0, 14.0, 18.0, 24.0])
    if m.likely(0.35):
        shown += m.of(f" {number}", f" Nr. {number}" if m.language == "de" else f" No. {number}", f" #{number}")
    right = leaf.width - 45
    place = m.of("left", "right", "middle", "top")
    if place == "top":
        leaf.put(right, 30 + size, shown, size, "r")
    leaf.y = max(leaf.y, 80.0)
    who = [m.of(*TO[kind][("de", "fr", "en").index(m.language)].split(";"))] if m.likely(0.5) and _main(m) else []
    start = leaf.y
    leaf.down(50, [*who, buyer.name, *([buyer.person] if m.likely(0.4) else []), *buyer.address], 10)
    facts, below = _facts(m, kind, title, number), leaf.y
    if m.likely(0.5):
        leaf.y = start
        for label, value in facts:
            leaf.put(leaf.width - 250, leaf.y, label, 9)
            leaf.put(right, leaf.y, value, 9, "r") if m.likely(0.5) else leaf.put(leaf.width - 130, leaf.y, value, 9)
            leaf.y += 13
        facts = []
    leaf.y = max(below, leaf.y) + 18
    if place != "top":
        x = {"left": 50.0, "right": right, "middle": leaf.width / 2}[place]
        leaf.put(x, leaf.y, shown, size, {"left": "", "right": "r", "middle": "c"}[place])
        leaf.y += size * 1.7
    if facts:
        _beside(m, leaf, facts[: m.random.randint(2, 5)])


def _main(m: Maker) -> bool:
    return m.language in ("de", "fr", "en")


def _facts(m: Maker, kind: str, title: str, number: str) -> list[tuple[str, str]]:
    said = m.one_of(NUMBER).replace("{t}", title), m.one_of(DATE).replace("{t}", title)
    others = OTHERS[kind][m.language].split(";")
    chosen = m.random.sample(others, m.random.randint(1, min(4, len(others))))
    colon = m.of(":", "", " :")
    facts = [(said[0], number), (said[1], m.date()), *((o, m.of(m.code(), m.date(), m.person())) for o in chosen)]
    return [(label + colon, value) for label, value in facts]


def _beside(m: Maker, leaf: Leaf, facts: list[tuple[str, str]]) -> None:
    """Labels in a row with their values beneath, or one below the other."""
    if m.likely(0.5):
        leaf.down(50, [f"{label} {value}" for label, value in facts], 9)
    else:
        step = (leaf.width - 100) / len(facts)
        for i, (label, value) in enumerate(facts):
            leaf.put(50 + i * step, leaf.y, label, 8)
            leaf.put(50 + i * step, leaf.y + 12, value, 9)
        leaf.y += 28
    leaf.y += 8


def _table(m: Maker, leaf: Leaf, kind: str) -> list[Leaf]:
    heads = [m.of(*part.split(";")) for part in HEADS[m.language]]
    shown = [m.likely(0.6), m.likely(0.5), True, True, True, True]
    if (kind == "delivery_note" and m.likely(PRICELESS)) or (kind == "order" and m.likely(0.2)):
        shown[4:] = [False, False]
    places = [45.0, 75.0, 150.0, 340.0, 420.0, 500.0]
    leaves, size = [leaf], m.random.choice([8.0, 9.0, 10.0])
    rows = m.random.choice([1, 1, 2, 3, 4, 6, 9, 14, 60])
    _row(leaf, heads, shown, places, size)
    for n in range(1, rows + 1):
        if leaf.y > leaf.height - 130:
            leaf = Leaf(leaf.width, leaf.height, 60.0)
            leaves.append(leaf)
            _row(leaf, heads, shown, places, size)
        quantity = f"{m.random.randint(1, 200)} {m.of(*UNITS[m.language].split(), '')}".strip()
        cells = [str(n), m.code(), m.one_of(GOODS), quantity, m.amount(300), m.money()]
        _row(leaf, cells, shown, places, size)
        if m.likely(0.12):
            leaf.down(155, [f"{m.one_of(GOODS)} {m.code()}"], size - 1)
    return leaves


def _row(leaf: Leaf, cells: list[str], shown: list[bool], places: list[float], size: float) -> None:
    for cell, here, x in zip(cells, shown, places, strict=True):
        if here:
            leaf.put(x, leaf.y, cell, size)
    leaf.y += size * 1.6


def _sums(m: Maker, leaf: Leaf, negative: bool) -> None:
    sign = m.of("-", "") if negative else ""
    leaf.y += 8
    for part in SUMS[m.language][0 if m.likely(0.8) else 2 :]:
        leaf.put(leaf.width - 230, leaf.y, m.of(*part.split(";")), 9.5)
        leaf.put(leaf.width - 45, leaf.y, sign + m.money(9000), 9.5, "r")
        leaf.y += 14


def _footer(m: Maker, leaves: list[Leaf], party: Party) -> None:
    columns = [
        [party.name, *party.address],
        [m.of("IBAN", "IBAN:", "Bank") + " " + m.iban(), f"BIC {m.of('DEUTDEFF', 'BNPAFRPP', 'BARCGB22')}"],
        [f"{m.of('USt-IdNr.', 'VAT', 'TVA', 'Tax ID')} {m.vat()}", f"HRB {m.digits(5)}", party.web],
    ]
    for leaf in leaves:
        for i, column in enumerate(columns[: m.random.randint(1, 3)]):
            for n, text in enumerate(column):
                leaf.put(45 + i * 180, leaf.height - 60 + n * 9, text, 7)
