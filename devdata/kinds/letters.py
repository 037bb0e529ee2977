"""Letters and contracts."""

from __future__ import annotations

from devdata.kinds.leaf import Leaf
from devdata.kinds.people import FAMILY, Maker, Party
from devdata.kinds.word_lists import words

_WORDS = words("letters")
HELLO = _WORDS["HELLO"]
BYE = _WORDS["BYE"]
ABOUT = _WORDS["ABOUT"]
CONTRACTS = _WORDS["CONTRACTS"]
BETWEEN = _WORDS["BETWEEN"]
ARTICLES = _WORDS["ARTICLES"]


def letter(m: Maker) -> list[Leaf]:
    """A business letter, or the bare text of a mail."""
    leaf = Leaf(595.0, 842.0, m.random.uniform(30, 60))
    sender, receiver, size = m.party(), m.party(), m.random.choice([9.5, 10.5, 11.5])
    subjects, text = m.random.choice(ABOUT[m.language]).split("|")
    mailed = m.likely(0.3)
    if not mailed:
        _address(m, leaf, sender, receiver)
    if m.likely(0.85) or not mailed:
        subject = m.of(*subjects.split(";"))
        leaf.down(
            50,
            [m.of("", "", "Re: ", "Betreff: ") + subject if _plain(m) else subject],
            size * m.random.choice([1.0, 1.3]),
        )
        leaf.y += 12
    if m.likely(0.92):
        leaf.down(50, [m.of(*HELLO[m.language].split(";")).format(n=m.random.choice(FAMILY))], size)
        leaf.y += 8
    filled = text.format(d=m.date(), a=m.money(), c=m.code())
    for part in filled.split(". ") if m.likely(0.4) else [filled]:
        leaf.prose(50, part, size)
    if m.likely(0.25):
        _open_items(m, leaf)
    leaf.y += 10
    if m.likely(0.92):
        leaf.down(50, [m.of(*BYE[m.language].split(";"))], size)
        leaf.y += 30
    leaf.down(50, [m.person(), *([sender.name] if m.likely(0.5) else [])], size)
    if not mailed and m.likely(0.5):
        leaf.put(50, 810, f"{sender.name} · {sender.street} · {sender.town} · IBAN {m.iban()} · {m.vat()}", 7)
    return [leaf]


def _plain(m: Maker) -> bool:
    return m.language in ("de", "en")


def _address(m: Maker, leaf: Leaf, sender: Party, receiver: Party) -> None:
    if m.likely(0.85):
        leaf.down(m.random.choice([50.0, 350.0]), [sender.name], m.random.choice([10.0, 14.0, 18.0]))
        leaf.down(50, sender.address if m.likely(0.6) else [], 8)
    leaf.y += 30
    leaf.down(50, [receiver.name, receiver.person, *receiver.address], 10.5)
    leaf.y += 15
    place = f"{sender.town.split()[-1]}, " if m.likely(0.5) else ""
    leaf.put(545, leaf.y, place + m.date(), 10, "r")
    leaf.y += 30


def _open_items(m: Maker, leaf: Leaf) -> None:
    """A reminder lists what is open."""
    for _ in range(m.random.randint(1, 4)):
        leaf.down(60, [f"{m.code()}    {m.date()}    {m.money()}"], 9)


def contract(m: Maker) -> list[Leaf]:
    """A contract of one to three pages."""
    leaf = Leaf(595.0, 842.0, m.random.uniform(40, 110))
    title = m.of(*CONTRACTS[m.language].split(";"))
    leaf.put(297, leaf.y, title.upper() if m.likely(0.4) else title, m.random.choice([12.0, 15.0, 18.0]), "c")
    leaf.y += 40
    begin, and_, called, end = BETWEEN[m.language].split(";")
    one, two = m.party(), m.party()
    for text in [begin, f"{one.name}, {one.street}, {one.town}", called, and_, f"{two.name}, {two.town}", end]:
        leaf.down(50, [text], 10.5, 1.6)
    leaves = [leaf]
    articles = ARTICLES[m.language].split(";")
    for article in articles[: m.random.randint(2, len(articles))] * m.random.choice([1, 1, 2, 4]):
        if leaf.y > 700:
            leaf = Leaf(595.0, 842.0, 60.0)
            leaves.append(leaf)
        head, text = article.split("|")
        leaf.y += 8
        leaf.down(50, [head], 11)
        leaf.prose(50, text.format(a=m.money(), d=m.date()), 10)
    leaf.y += 25
    leaf.down(
        50, [f"{m.one_of({'en': ['Place, date', 'Signed'], 'de': ['Ort, Datum'], 'fr': ['Fait à']})} ____________"], 10
    )
    leaf.put(50, leaf.y + 20, f"{one.person}                    {two.person}", 10)
    return leaves
