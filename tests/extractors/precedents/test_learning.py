"""What people pick makes the ranking better, or nothing is changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.model_files import look, pointed
from extractors.precedents.learning import QUERIES_MIN, learn
from extractors.precedents.model import NAME, Weights
from extractors.precedents.picks import FILE, keep
from extractors.precedents.ranking import SIGNS
from tasks.clause_learning import learn_from_picks

SHORT = SIGNS.index("length")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKHAND_HOME", str(tmp_path))
    return tmp_path


def pick(home: Path, queries: int, liking: float) -> None:
    """People who pick the longer clause (liking > 0), or any (0), whatever else the signs say."""
    drawn = np.random.default_rng(1)
    for number in range(queries):
        table = drawn.standard_normal((4, len(SIGNS))).astype(np.float32)
        best = int(np.argmax(table[:, SHORT] * liking + drawn.standard_normal(4)))
        keep(home, f"query {number}", table[best], [row for n, row in enumerate(table) if n != best])


def test_few_picks_teach_nothing(home: Path) -> None:
    pick(home, QUERIES_MIN - 1, 5.0)
    assert learn_from_picks(home, "anna")["state"] == "waiting"


def test_what_people_prefer_is_learnt_and_put_in_force(home: Path) -> None:
    pick(home, 80, 5.0)
    told = learn_from_picks(home, "anna")
    assert told["state"] == "promoted"
    assert told["after"] > told["before"] + 0.1
    version = pointed(NAME, "current", home)
    assert version
    assert look(NAME, version, home).base == "shipped"
    assert Weights.of(home).signs[SHORT] > Weights.of(home / "other").signs[SHORT]


def test_what_only_chance_says_changes_nothing(home: Path) -> None:
    shipped = Weights.of(home)
    drawn = np.random.default_rng(3)
    for number in range(60):
        table = drawn.standard_normal((4, len(SIGNS))).astype(np.float32)
        best = int(np.argmax(table @ shipped.signs))  # just what the weights in force put first
        keep(home, f"query {number}", table[best], [row for n, row in enumerate(table) if n != best])
    assert learn_from_picks(home, "anna")["state"] == "kept"
    assert np.array_equal(Weights.of(home).signs, shipped.signs)


def test_half_written_and_foreign_lines_are_left_out(home: Path) -> None:
    pick(home, 30, 5.0)
    with (home / FILE).open("ab") as file:
        file.write(b'{"query": "x", "chosen": [1], "others": [[2]]}\n{"query": "ha')
    pick(home, 1, 5.0)
    assert learn(home).picks == 31


def test_weights_that_were_changed_are_not_used(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    pick(home, 80, 5.0)
    version = learn_from_picks(home, "anna")["version"]
    file = home / "models" / NAME / version / "model.skops"
    file.write_bytes(file.read_bytes() + b"x")
    from extractors.precedents import model

    model._opened.cache_clear()
    assert np.array_equal(Weights.of(home).signs, Weights.of(home / "other").signs)
    assert "shipped one is used" in caplog.text
