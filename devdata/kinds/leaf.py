"""A page to put words on, which becomes a page as the readers see it: exact, or as an OCR engine would have it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from workitems.items import Page, Word

WIDE = 0.5  # of its size: the mean width of a character
CONFUSED = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8", "m": "rn", "w": "vv",
    "ü": "u", "ö": "o", "ä": "a", "ß": "B", "é": "e", "è": "e", "à": "a", "ç": "c", "°": "o", "e": "c", "h": "b",
    ".": ",", ",": ".", ":": ";", "i": "l", "g": "q", "n": "r",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A line of text at a place in points from the top left."""

    x: float
    y: float
    text: str
    size: float


@dataclass
class Leaf:
    """One page; `y` is where the next line goes."""

    width: float = 595.0
    height: float = 842.0
    y: float = 40.0
    runs: list[Run] = field(default_factory=list)

    def put(self, x: float, y: float, text: str, size: float = 10.0, align: str = "") -> None:
        """Writes one line; `x` is its left end, its right end ("r") or its middle ("c")."""
        wide = len(text) * size * WIDE
        left = x - wide if align == "r" else x - wide / 2 if align == "c" else x
        self.runs.append(Run(max(left, 2.0), y, text, size))

    def down(self, x: float, texts: list[str], size: float = 10.0, step: float = 1.35) -> None:
        """Writes lines below each other from `y` on."""
        for text in texts:
            self.put(x, self.y, text, size)
            self.y += size * step

    def prose(self, x: float, text: str, size: float = 10.0, right: float = 40.0) -> None:
        """Writes a paragraph, wrapped at the right margin."""
        room = int((self.width - x - right) / (size * WIDE))
        line = ""
        for word in text.split():
            if len(line) + len(word) + 1 > room and line:
                self.down(x, [line], size)
                line = ""
            line = f"{line} {word}".strip()
        self.down(x, [line] if line else [], size)
        self.y += size * 0.5

    def page(self, number: int = 1) -> Page:
        """The page as its text layer gives it."""
        words: list[Word] = []
        for run in self.runs:
            x = run.x
            for part in run.text.split(" "):
                wide = len(part) * run.size * WIDE
                if part.strip():
                    words.append(Word(text=part, box=self._box(x, run.y, x + wide, run.y + run.size)))
                x += wide + run.size * WIDE
        return Page(number=number, width=self.width, height=self.height, words=tuple(words))

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        across, along = 1 / self.width, 1 / self.height
        left, top = min(x0 * across, 0.99), min(y0 * along, 0.99)
        return left, top, max(min(x1 * across, 1.0), left), max(min(y1 * along, 1.0), top)


def recognised(page: Page, random: Random, errors: float) -> Page:
    """The page as an OCR engine might have it: characters confused, words lost, joined and parted.

    `errors` is the share of characters that go wrong; .01 is a good scan, .06 a bad one.
    """
    found: list[Word] = []
    for word in page.words:
        chance = random.random()
        if chance < errors:
            continue
        text = "".join(_confused(c, random, errors) for c in word.text)
        box = word.box
        if chance > 1 - 2 * errors and found and abs(found[-1].box[1] - box[1]) < 0.002 and found[-1].box[2] <= box[0]:
            last = found.pop()
            text, box = last.text + text, (last.box[0], last.box[1], box[2], max(box[3], last.box[3]))
        found.append(Word(text=text, box=box, confidence=round(random.uniform(0.7, 1.0), 2)))
    return page.model_copy(update={"words": tuple(found), "source": "ocr", "engine": "made"})


def _confused(character: str, random: Random, errors: float) -> str:
    chance = random.random()
    if chance < errors:
        return CONFUSED.get(character, character)
    return "" if chance > 1 - errors / 4 else character


def shifted(leaf: Leaf, right: float, down: float, scale: float) -> Leaf:
    """The same page elsewhere on the paper."""
    runs = [replace(r, x=r.x * scale + right, y=r.y * scale + down, size=r.size * scale) for r in leaf.runs]
    return replace(leaf, runs=runs)
