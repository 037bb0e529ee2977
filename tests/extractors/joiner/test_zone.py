"""The machine-readable zone: formats, check digits, what is put right and what is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extractors.joiner import read_joiner
from extractors.joiner.mrz import FORMATS, FRANCE, TD1, TD2, TD3, Format, check_digit, failing, fits, values_of
from extractors.joiner.mrz_image import looks_like_identity, zone_words
from extractors.joiner.zone import chances_of_text, zone_of
from extractors.joiner.zone_lines import drawn_out, groups_of
from extractors.ocr import engine_named, flattened, held_as_read, read_upright
from extractors.plain import text_pages
from extractors.settings import ReadingSettings
from workitems.items import Page, Paper, Word

TODAY = date(2026, 11, 21)
PAPERS = Path(__file__).with_name("papers")
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")


@pytest.mark.parametrize(
    ("shape", "lines", "number"),
    [
        (TD3, PASSPORT, "L898902C3"),
        (TD1, CARD, "D23145890"),
        (TD2, ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"), "D23145890"),
        (TD1, LONG_NUMBER, "D23145890734"),
        (FRANCE, ("IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6"), "880692310285"),
    ],
)
def test_the_specimens_of_the_standard_are_read(shape: Format, lines: tuple[str, ...], number: str) -> None:
    assert fits(shape, lines)
    assert failing(shape, lines) == []
    assert values_of(shape, lines, TODAY)["document_number"] == number


def test_a_check_digit_is_weighted_seven_three_one() -> None:
    assert check_digit("L898902C3") == "6"
    assert check_digit("740812") == "2"
    assert check_digit("<<<<<<") == "0"


def test_years_are_of_the_century_that_makes_sense() -> None:
    values = values_of(TD3, PASSPORT, TODAY)
    assert (values["born_on"], values["expires_on"]) == ("1974-08-12", "2012-04-15")


def test_a_single_name_is_a_surname() -> None:
    lines = ("P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", PASSPORT[1])
    values = values_of(TD3, lines, TODAY)
    assert values["surname"] == "ARKFREITH"
    assert "given_names" not in values


def test_every_format_has_lines_of_one_length() -> None:
    for shape in FORMATS:
        assert len({len(mask) for mask in shape.masks}) == 1, shape.name


@pytest.mark.parametrize(
    "misread",
    [
        ("P<UTOERIKSS0N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UT07408122F1204159ZE184226B<<<<<10"),  # O and 0
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8989O2C36UTO74O8I22F12O4159ZE184226B<<<<<1O"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7A08122F12O4I59ZE184226B<<<<<10"),
    ],
)
def test_look_alikes_are_put_right_by_kind_and_check_digit(misread: tuple[str, str]) -> None:
    zone = zone_of([chances_of_text(line, 0.97) for line in misread])
    assert zone is not None
    assert zone.lines == PASSPORT
    assert zone.wrong == []


def test_what_two_repairs_would_explain_is_not_sure() -> None:
    lines = (PASSPORT[0], PASSPORT[1].replace("L898", "LB98"))  # B and 8 may be exchanged in two places
    paper = read_joiner(page_of(*lines), "identity", None, TODAY)
    assert paper.fields["document_number"].confidence < 0.7


def test_what_is_clearly_printed_wrong_stays_wrong() -> None:
    changed = (PASSPORT[0], PASSPORT[1].replace("740812", "740913"))
    zone = zone_of([chances_of_text(line, 0.999) for line in changed])
    assert zone is not None
    assert "740913" in zone.lines[1]
    assert "born_on" in {check.of for check in zone.wrong}


def test_names_are_never_made_up() -> None:
    zone = zone_of(
        [chances_of_text(line, 0.97) for line in ("P<UTOERIXSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", PASSPORT[1])]
    )
    assert zone is not None
    assert zone.lines[0].startswith("P<UTOERIXSSON<<")


def page_of(*lines: str) -> list[Page]:
    return text_pages("\n".join(lines))


def test_a_wrong_check_digit_is_a_doubt_with_its_line() -> None:
    paper = read_joiner(
        page_of("PASSPORT", PASSPORT[0], PASSPORT[1].replace("740812", "740913")), "identity", None, TODAY
    )
    (doubt,) = [d for d in paper.doubts if d.code == "mrz_check_digit"]
    assert "Line 2" in doubt.message
    assert doubt.severity == "block"
    assert paper.fields["born_on"].confidence < 0.5


def test_a_birth_date_in_the_future_is_a_doubt() -> None:
    born = "261231" + check_digit("261231")
    start, end = PASSPORT[1][:13] + born, PASSPORT[1][20:43]
    whole = check_digit(start[:10] + start[13:20] + end[1:])
    paper = read_joiner(page_of(PASSPORT[0], start + end + whole), "identity", None, TODAY)
    assert [d.code for d in paper.doubts] == ["born_in_future"]


def test_an_identity_paper_without_a_zone_says_so() -> None:
    paper = read_joiner(page_of("DRIVING LICENCE", "Surname: Kern", "Given names: Anna"), "identity", None, TODAY)
    assert "mrz_missing" in {d.code for d in paper.doubts}
    assert paper.fields["surname"].value == "Kern"
    assert paper.fields["surname"].confidence < 0.9


def test_a_zone_that_agrees_with_the_print_is_surer() -> None:
    alone = read_joiner(page_of(*CARD), "identity", None, TODAY)
    both = read_joiner(page_of("Surname", "Eriksson", "Given names", "Anna Maria", *CARD), "identity", None, TODAY)
    assert both.fields["surname"].confidence > alone.fields["surname"].confidence
    assert {f.value for f in alone.fields.values()} >= {"ERIKSSON", "ANNA MARIA", "1974-08-12", "D23145890", "UTO"}


def test_a_letter_does_not_look_like_an_identity_paper() -> None:
    assert not looks_like_identity(page_of("Dear Anna,", "your invoice is due on 1 March.")[0])
    assert looks_like_identity(page_of(*CARD)[0])


def seen(name: str) -> Paper:
    engine = engine_named(ReadingSettings())
    with Image.open(PAPERS / name) as file:
        flat, _ = flattened(file.convert("RGB"))
    page, levelled = read_upright(engine, flat, 1)
    assert looks_like_identity(page)
    page = zone_words(held_as_read(flat, page, levelled), page, engine)
    return read_joiner([page], "identity", None, TODAY)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("passport.jpg", ("MUELLER", "ANNA MARIA", "1991-03-12", "D", "C01X00T47", "2031-05-04")),
        ("card_photo.jpg", ("OCONNOR", "JUERGEN", "1985-07-30", "BEL", "590448301265", "2029-01-31")),
    ],
)
def test_papers_are_read_from_scans_and_photographs_that_lie_on_their_side(name: str, values: tuple[str, ...]) -> None:
    paper = seen(name)
    names = ("surname", "given_names", "born_on", "nationality", "document_number", "expires_on")
    assert tuple(paper.fields[n].value for n in names) == values
    assert paper.doubts == ()
    assert all(0.7 < paper.fields[n].confidence <= 0.99 for n in names)
    assert all(paper.fields[n].box is not None for n in names)


def test_a_zone_that_was_taken_upside_down_is_read_and_its_page_turned() -> None:
    engine = engine_named(ReadingSettings())
    with Image.open(PAPERS / "passport.jpg") as file:
        flat, _ = flattened(file.convert("RGB"))
    page, levelled = read_upright(engine, flat, 1)
    image = held_as_read(flat, page, levelled).rotate(180)
    line = Word(text="1>>>>>>>>>>>26009236030", box=(0.0, 0.1, 1.0, 0.15), confidence=0.3)
    over = page.model_copy(update={"words": (line,), "rotation": (page.rotation + 180) % 360})
    assert looks_like_identity(over)
    read = zone_words(image, over, engine)
    assert read.rotation == page.rotation
    fields = read_joiner([read], "identity", None, TODAY).fields
    assert (fields["surname"].value, fields["document_number"].value) == ("MUELLER", "C01X00T47")


def test_a_line_that_fades_is_looked_for_as_far_as_its_neighbour_reaches() -> None:
    def line(left: float, right: float, top: float) -> np.ndarray:
        return np.array([[left, top], [right, top], [right, top + 40], [left, top + 40]], dtype=np.float32)

    faded, whole, heading = line(100, 700, 800), line(100, 1300, 880), line(100, 900, 20) * [1, 2]
    assert list(groups_of([faded, whole])) == []
    drawn = drawn_out([faded, whole, heading.astype(np.float32)])
    assert len(drawn) == 2  # what is printed much larger is no line of the same zone
    assert np.abs(drawn[0][:, 0] - drawn[1][:, 0]).max() < 1
    assert list(groups_of(drawn)) == [(0, 1)]


def test_a_changed_birth_date_on_an_image_is_a_doubt() -> None:
    paper = seen("changed_birth_date.jpg")
    assert paper.fields["born_on"].value == "1991-03-13"
    assert paper.fields["born_on"].confidence < 0.5
    assert [d.code for d in paper.doubts] == ["mrz_check_digit"]
