# ruff: noqa: E501, SIM905, S311 - tables of words and places stay whole; chance is no secret
"""Specimen identity papers of people who do not exist, with what is right of each: to fit the reader and to measure it.

    python -m benchmarks.joiner_papers DIR --count 40 [--photos] [--fonts FOLDER] [--seed N]

writes DIR/NNNN.png (scans) or .jpg (photographs) and DIR/labels.jsonl. Without --fonts the zone is set in the
monospaced fonts of this machine; Debian's fonts-ocr-b has the one that real papers use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from anyascii import anyascii

from extractors.joiner.mrz import CHARACTERS, FORMATS, FRANCE, Format, check_digit, taken, values_of

TODAY = date(2026, 11, 21)
FAMILY = (
    "Müller;Becker;Groß;Kern;von der Heide;Schäfer;O'Connor;Yılmaz;Nguyen;Łukaszewicz;García Márquez;Åkesson;Ng;Li;"
    "Sørensen;D'Angelo;Papadopoulos;Wojciechowska-Zielińska;Hadžić;Kovač;Lefèvre;de la Fontaine;Van den Broeck;Kim;"
    "Schmidt-Rottluff;Öztürk;Abd El Rahman;Ramírez;Székely;Novák;Ivanova;Traoré;Okonkwo;Singh;Bürgi;Keller;Zimmermann;"
    "Kraków;Eriksson;Quinn;Fernández;Xhaka;Wolff;Jørgensen;Bakker;Vermeulen;Mac Leod;Rossi;Esposito;Ó Briain;Weiss"
).split(";")
GIVEN = (
    "Anna;Jürgen;Marie Claire;Jean-Pierre;Søren;Zoë;Mohammed;Li Wei;Katarzyna Maria;Björn;Ian;Giulia;Özlem;José Luis;"
    "Ursula;Kaï;Aoife;Thandiwe;Wolfgang Amadeus;Çağla;Émilie;Nikolaos;Sibylle;Oskar;Ida;Bo;Alexandra Sophie Charlotte;"
    "Maximilian Johann Friedrich;Ewa;Krzysztof;Ingrid;Iris;Zbigniew;Félix;Chloé;Benoît;Isabelle;Otto;Olga;Quentin"
).split(";")
STATES = "D;FRA;GBR;BEL;NLD;ITA;ESP;POL;AUT;CHE;UTO;USA;IRL;SWE;DNK;CZE;TUR;IND;CHN;BRA;UKR;ROU;HUN;PRT;GRC;CAN;SYR;MAR".split(
    ";"
)
GERMAN = "CFGHJKLMNPRTVWXYZ0123456789"  # the characters of German numbers


@dataclass(frozen=True)
class Specimen:
    """One paper: the zone, and what is printed elsewhere."""

    shape: Format
    lines: tuple[str, ...]
    surname: str
    given: str
    state: str
    born: date
    expires: date
    number: str
    sex: str

    def truth(self) -> dict[str, str]:
        return values_of(self.shape, self.lines, TODAY)


def transliterated(name: str) -> str:
    """A name as the zone writes it."""
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("ß", "ss"), ("ñ", "n")):
        name = name.replace(letter, written).replace(letter.upper(), written)
    plain = anyascii(name.replace("'", "")).upper()
    return "".join(c if c in CHARACTERS else "<" for c in plain)


def specimen(random: Random, shape: Format | None = None) -> Specimen:
    """A person and a paper of theirs."""
    shape = shape or random.choices(FORMATS, (40, 34, 12, 4, 4, 6))[0]
    state = "FRA" if shape is FRANCE else random.choice(STATES)
    surname, given = random.choice(FAMILY), random.choice(GIVEN)
    if random.random() < 0.08:
        surname = f"{surname} {random.choice(FAMILY)}"
    if random.random() < 0.05:
        given = f"{given} {random.choice(GIVEN)} {random.choice(GIVEN)}"
    if random.random() < 0.03 and shape is not FRANCE:
        given = ""
    born = date(1946, 1, 1) + timedelta(days=random.randrange(365 * 61))
    expires = TODAY + timedelta(days=random.randrange(-700, 3600))
    letters = GERMAN if state == "D" else "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    number = _number(random, shape, state, letters)
    sex = random.choice("MMMFFF<")
    found = Specimen(
        shape, (), surname, given, state, born, expires, number, "M" if sex == "<" and shape is FRANCE else sex
    )
    return Specimen(**{**found.__dict__, "lines": _lines(random, found)})


def _number(random: Random, shape: Format, state: str, letters: str) -> str:
    if shape is FRANCE:
        return "".join(random.choices("0123456789", k=12))
    if shape.name in ("TD1", "TD2") and (state == "BEL" or random.random() < 0.1):
        return "".join(random.choices("0123456789", k=12 if shape.name == "TD1" else 11))
    if random.random() < 0.5:
        start = "".join(random.choices([c for c in letters if c.isalpha()], k=random.choice([0, 1, 2])))
        return start + "".join(random.choices("0123456789", k=random.choice([7, 8, 9]) - len(start)))
    return "".join(random.choices(letters, k=9))


def _names(one: Specimen, room: int) -> str:
    surname, given = transliterated(one.surname), transliterated(one.given)
    text = f"{surname}<<{given}" if given else surname
    if len(text) > room:
        surname = surname[: max(room - 2 - max(len(given) // 2, 4), 8)].rstrip("<")
        text = f"{surname}<<{given}"[:room]
    return text.ljust(room, "<")


def _checked(text: str) -> str:
    return text + check_digit(text)


def _lines(random: Random, one: Specimen) -> tuple[str, ...]:
    shape, state = one.shape, one.state.ljust(3, "<")
    width, visa = shape.width, shape.name.startswith("MRV")
    kind = "V" if visa else "P" if shape.name == "TD3" else random.choice("IIIAC")
    second = random.choice("<<<NDO") if kind in "PV" else random.choice("<<D")
    start = kind + second + state
    person = f"{_checked(f'{one.born:%y%m%d}')}{one.sex}{_checked(f'{one.expires:%y%m%d}')}"
    if shape is FRANCE:
        first = ("IDFRA" + transliterated(one.surname)[:25]).ljust(30, "<") + random.choice(
            ["<<<<<<", "952042", "75<<<<"]
        )
        second_line = (
            f"{_checked(one.number)}{transliterated(one.given)[:14].ljust(14, '<')}{_checked(f'{one.born:%y%m%d}')}"
        )
        second_line += one.sex
        return first, second_line + check_digit(first + second_line)
    extra = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=random.choice([0, 0, 4, 7])))
    number, rest = one.number[:9].ljust(9, "<"), ""
    if len(one.number) > 9:
        digit = check_digit(one.number)
        number, rest = number + "<", one.number[9:] + digit
    else:
        number = _checked(number)
    if shape.name == "TD1":
        first = (start + number + rest).ljust(30, "<") if rest else (start + number + extra).ljust(30, "<")
        middle = f"{person}{state}".ljust(29, "<")
        whole = check_digit(taken((first, middle), [(0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)]))
        return first, middle + whole, _names(one, 30)
    room = width - 28 - (0 if visa else 2 if shape.name == "TD3" else 1)
    end = (rest or extra[:room]).ljust(room, "<")
    line = number + state + person + end
    if shape.name == "TD3":
        line += random.choice([check_digit(end), check_digit(end) if end.strip("<") else "<"])
    if not visa:
        line += check_digit(taken(("", line), [(1, 0, 10), (1, 13, 20), (1, 21, width - 1)]))
    return start + _names(one, width - 5), line


def main(argv: Sequence[str]) -> int:
    """Writes papers and labels."""
    from benchmarks.joiner_cards import drawn
    from benchmarks.joiner_photos import photographed, scanned

    parser = argparse.ArgumentParser(prog="python -m benchmarks.joiner_papers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--photos", action="store_true")
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--seed", default="1")
    told = parser.parse_args(argv)
    told.folder.mkdir(parents=True, exist_ok=True)
    with (told.folder / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for n in range(told.count):
            random = Random(f"{told.seed} {n} {told.photos}")
            one = specimen(random)
            card, about = drawn(one, random, told.fonts)
            name = f"{n:04d}.{'jpg' if told.photos else 'png'}"
            (photographed if told.photos else scanned)(card, random, about).convert("RGB").save(
                told.folder / name, quality=random.randint(45, 90)
            )
            row = {"file": name, "format": one.shape.name, "lines": one.lines, "truth": one.truth(), **about}
            labels.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
