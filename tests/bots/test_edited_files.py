"""Files that people edit: every way to break one ends in a sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.edited_files import MOST_BYTES, edited, edited_folder
from workitems.items import Noun


class Rule(Noun):
    name: str
    days: int = 0


class RuleError(Exception):
    pass


def faults(rule: Rule) -> list[str]:
    return ["days are negative."] if rule.days < 0 else []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name: a\ndays: [", r"a\.yaml is no YAML \(line 2\)\."),
        (b"\x00\xff", r"a\.yaml is no YAML\."),
        (b"- name", r"a\.yaml holds no names with values\."),
        (b"name: a\ndays: soon", r"a\.yaml, days: Input should be a valid integer"),
        (b"name: a\ndays: -1", r"a\.yaml: days are negative\."),
        (b"name: " + b"a" * MOST_BYTES, r"a\.yaml is larger"),
        (None, r"a\.yaml cannot be read \(IsADirectoryError\)\."),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.mkdir() if content is None else file.write_bytes(content)
    with pytest.raises(RuleError, match=sentence):
        edited_folder(tmp_path, Rule, RuleError, lambda rule: rule.name, faults)


def test_a_folder_is_read_by_name_and_a_name_stands_in_one_file(tmp_path: Path) -> None:
    for file, name in (("a", "late"), ("b", "early")):
        (tmp_path / f"{file}.yaml").write_text(f"name: {name}")
    assert list(edited_folder(tmp_path, Rule, RuleError, lambda rule: rule.name, faults)) == ["late", "early"]
    (tmp_path / "c.yaml").write_text("name: early")
    with pytest.raises(RuleError, match=r"c\.yaml: 'early' stands in another file already"):
        edited_folder(tmp_path, Rule, RuleError, lambda rule: rule.name, faults)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"a\.yaml cannot be read"):
        edited(tmp_path / "a.yaml", Rule, RuleError)
