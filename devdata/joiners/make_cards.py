"""Draws the identity papers of the demo's joiners: python -m devdata.joiners.make_cards (with the development tools).

Nobody of these people exists, and the papers are specimens: no state's, no security features.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from benchmarks.joiner_cards import drawn
from benchmarks.joiner_papers import Specimen, _lines
from benchmarks.joiner_photos import scanned
from devdata.joiners.people import PEOPLE, Person
from extractors.joiner.mrz import FORMATS

FOLDER = Path(__file__).parent / "cards"
QUALITY = 55
LONGEST = 1800
"""Pixels of the longer side: a scan of 200 dots per inch, small enough to lie in the repository."""


def main() -> None:
    """Writes cards/KEY.jpg for everybody who has one."""
    FOLDER.mkdir(exist_ok=True)
    for number, person in enumerate(PEOPLE):
        if person.card:
            _write(person, Random(f"demo {number}"))  # noqa: S311 - chance is no secret


def _write(person: Person, random: Random) -> None:
    shape = next(f for f in FORMATS if f.name == ("TD1" if person.key in ("rossi",) else "TD3"))
    number = "".join(random.choices("CFGHJKLMNPRTVWXYZ0123456789", k=9))
    one = Specimen(shape, (), person.surname, person.given, person.state, person.born, person.expires, number, "F")
    one = Specimen(**{**one.__dict__, "lines": _lines(random, one)})
    card, about = drawn(one, random, None, dots=300 / 25.4)
    image = scanned(card, random, about).convert("RGB")
    image.thumbnail((LONGEST, LONGEST))
    image.save(FOLDER / f"{person.key}.jpg", quality=QUALITY)


if __name__ == "__main__":
    main()
