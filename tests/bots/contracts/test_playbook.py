"""The playbook's files and the table of codes: what lawyers and the documentation rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.contracts.codes import REASONS
from bots.contracts.playbook_files import PlaybookError, load_playbook

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
title: Ours
version: 2026-11-02
positions:
  - {category: Exclusivity, stance: forbidden, impact: 100, probability: 0.5}
"""


def loaded(tmp_path: Path, **files: str) -> object:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_playbook(tmp_path)


def test_the_more_special_chapter_decides(tmp_path: Path) -> None:
    special = GOOD.replace("positions", "kinds: [Lease]\npositions").replace("forbidden", "allowed")
    sided = GOOD.replace("positions", "kinds: [Lease]\nside: seller\npositions").replace("forbidden", "watched")
    for name, text in {"a": GOOD, "b": special, "c": sided}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    playbook = load_playbook(tmp_path)
    assert playbook.positions("Supply", "buyer")["Exclusivity"].stance == "forbidden"
    assert playbook.positions("lease", "buyer")["Exclusivity"].stance == "allowed"
    assert playbook.positions("Lease", "seller")["Exclusivity"].stance == "watched"


def test_the_version_names_the_content(tmp_path: Path) -> None:
    first = loaded(tmp_path, a=GOOD)
    second = loaded(tmp_path, a=GOOD.replace("100", "200"))
    assert first.version.startswith("2026-11-02+")  # type: ignore[attr-defined]
    assert first.version != second.version  # type: ignore[attr-defined]


BAD = [
    (GOOD.replace("Exclusivity", "Exclusiveness"), "positions.1.category"),
    (GOOD.replace("0.5", "1.5"), "positions.1.probability"),
    (GOOD.replace("forbidden", "forbiden"), "positions.1.stance"),
    (GOOD.replace("impact: 100", "impct: 100"), "positions.1.impct"),
    (GOOD.replace("2026-11-02", "next year"), "version"),
    (GOOD + "  - {category: Exclusivity}\n", "twice in one chapter"),
    ("title: [", "is no YAML (line"),
    ("just a text", "holds no names"),
    ("!!python/object/apply:os.system [ls]", "is no YAML"),
]


@pytest.mark.parametrize(("text", "named"), BAD, ids=[named for _, named in BAD])
def test_a_mistake_is_named_with_its_file_and_place(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(PlaybookError) as failure:
        loaded(tmp_path, ours=text)
    assert "ours.yaml" in str(failure.value)
    assert named in str(failure.value)


def test_an_empty_folder_is_no_playbook(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError):
        load_playbook(tmp_path)


def test_the_documentation_explains_every_code() -> None:
    told = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    for code, reason in REASONS.items():
        assert f"| `{code}` | {reason.meaning}" in told
        assert reason.remedy in told
