"""The settings file: everything documented, every fault named, every path where it is expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bots.invoices.draft import Draft
from bots.invoices.policy import InvoicePolicy
from bots.invoices.terms import check_issue_date
from extractors.settings import ReadingSettings
from tasks.demo.settings import demo_settings
from tasks.settings import ROOT, LimitSettings, Settings, SettingsError, home, load, read_settings
from workitems.items import Noun

EXAMPLE = ROOT / "docs" / "settings.example.toml"
SMALLEST = '[company]\nname = "We"\n[[mailboxes]]\nkind = "folder"\nname = "in"\npath = "inbox"\n'


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def everything() -> str:
    """The example with the keys that stand in it as comments."""
    return re.sub(r"^#(?=[\w\[])", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def nouns(value: Any, name: str = "settings") -> Iterator[tuple[str, Noun]]:
    """All nouns below a value, each with the key that leads to it."""
    if isinstance(value, Noun):
        yield name, value
        for field in type(value).model_fields:
            yield from nouns(getattr(value, field), f"{name}.{field}")
    elif isinstance(value, tuple | dict):
        entries = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, each in entries:
            yield from nouns(each, f"{name}.{key}")


def test_the_example_is_valid_and_its_values_are_what_holds_without_them(tmp_path: Path) -> None:
    example, smallest = read_settings(EXAMPLE, tmp_path), read_settings(written(tmp_path, SMALLEST), tmp_path)
    assert example.invoices == smallest.invoices == InvoicePolicy()
    assert example.reading == smallest.reading == ReadingSettings()
    assert example.limits == smallest.limits == LimitSettings()
    assert example.erp is None


def test_the_example_documents_every_key_of_every_part() -> None:
    full = Settings.model_validate(tomllib.loads(everything()))
    undocumented = [
        f"{name}.{field}"
        for name, noun in nouns(full)
        for field in type(noun).model_fields.keys() - noun.model_fields_set
    ]
    assert undocumented == []
    kinds = {type(noun).__name__ for _, noun in nouns(full)}
    assert {"FolderSettings", "ImapSettings", "ExchangeSettings", "TrytonSettings", "SupplierPolicy"} <= kinds


def test_relative_paths_lie_in_the_home_and_absolute_ones_stay(tmp_path: Path) -> None:
    text = (
        SMALLEST
        + '[[mailboxes]]\nkind = "folder"\nname = "far"\npath = "/srv/post"\n[reading]\nmodel_folder = "models"\n'
    )
    settings = read_settings(written(tmp_path, text), tmp_path / "home")
    assert [getattr(box, "path", None) for box in settings.mailboxes] == [tmp_path / "home/inbox", Path("/srv/post")]
    assert settings.reading.model_folder == tmp_path / "home" / "models"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            SMALLEST + "[invoices]\nroundin = 1\n", "the key 'invoices.roundin' is not known", id="unknown key"
        ),
        pytest.param(
            SMALLEST.replace("path", "pfad"),
            "the key 'mailboxes.1.path' is missing; the key 'mailboxes.1.pfad' is not known",
            id="unknown key of a mailbox",
        ),
        pytest.param(
            SMALLEST.replace("[company]\nname", "[company]\nnam"), "the key 'company.name' is missing", id="missing"
        ),
        pytest.param(SMALLEST.replace('"folder"', '"fax"'), "'mailboxes.1'", id="unknown kind of mailbox"),
        pytest.param('mailboxes = []\n[company]\nname = "We"\n', "'mailboxes'", id="no mailbox"),
        pytest.param(
            SMALLEST + SMALLEST.partition("[[")[1] + SMALLEST.partition("[[")[2], "a name of its own", id="one name"
        ),
        pytest.param(SMALLEST + "[limits]\nseconds = -1\n", "'limits.seconds'", id="out of range"),
        pytest.param(SMALLEST + '[erp]\nurl = "erp:8000"\ndatabase = "x"\n', "'erp.url'", id="no web address"),
        pytest.param("[company\n", "is not valid TOML", id="no TOML"),
        pytest.param("a" + " = [" * 3000, "is not valid TOML", id="hostile TOML"),
    ],
)
def test_a_fault_is_said_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as raised:
        read_settings(file, tmp_path)
    assert said in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "no.toml", tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_settings(tmp_path / "bytes.toml", tmp_path)


def test_the_named_file_wins_over_the_homes_own_and_that_over_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DESKHAND_SETTINGS", raising=False)
    assert load().company.name.startswith("Moselbrück")
    written(home(), SMALLEST)
    assert load().company.name == "We"
    monkeypatch.setenv("DESKHAND_SETTINGS", str(written(tmp_path, SMALLEST.replace('"We"', '"They"'))))
    assert load().company.name == "They"


def test_a_home_that_is_a_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match="DESKHAND_HOME"):
        home()


def test_the_demos_paper_is_not_too_old_before_2036(tmp_path: Path) -> None:
    issued = Draft(kind="invoice", kind_confidence=1, issued_on=date(2026, 9, 1))
    policy = demo_settings(tmp_path).invoices
    assert check_issue_date(issued, policy, date(2029, 12, 31)).doubts == ()
    assert check_issue_date(issued, InvoicePolicy(), date(2029, 12, 31)).doubts != ()
