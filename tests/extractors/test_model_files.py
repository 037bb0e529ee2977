"""Models are read in one way, which refuses what was changed, signed elsewhere or made for something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import model_files
from extractors.model_bytes import UntrustedModel, from_bytes, to_bytes
from extractors.model_cards import Card, DataSet
from extractors.model_files import ModelRefused, load, load_version, look, point, pointed, ship, versions, write
from extractors.model_keys import key_file

READER = "toy/1"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(model_files, "SHIPPED", tmp_path / "shipped")
    monkeypatch.delenv("RC_VAULT_SECRET_MANAGER", raising=False)
    (tmp_path / "shipped").mkdir()
    ship({"is": "shipped"}, card("1"))
    return tmp_path / "shipped"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def card(version: str, reader: str = READER) -> Card:
    data = (DataSet(name="answers", documents=3, sha256="00", licence="own"),)
    figures = {"total": {"n": 3.0, "right": 0.9}}
    return Card(
        name="toy",
        version=version,
        reader=reader,
        made_at=datetime.now(UTC),
        made_by="test",
        data=data,
        metrics=figures,
    )


def learnt(home: Path, version: str = "2", reader: str = READER) -> Path:
    folder = write({"is": version}, card(version, reader), home)
    point("toy", "current", version, home)
    return folder


def test_without_a_learnt_one_the_shipped_one_is_used(shipped: Path, home: Path) -> None:
    found = load("toy", READER, home)
    assert (found.model, found.label, found.warning) == ({"is": "shipped"}, "shipped:1", None)


def test_the_promoted_one_is_used_at_once_and_so_is_the_one_before(shipped: Path, home: Path) -> None:
    assert load("toy", READER, home).origin == "shipped"
    learnt(home, "2")
    assert load("toy", READER, home).model == {"is": "2"}
    learnt(home, "3")
    assert load("toy", READER, home).model == {"is": "3"}
    point("toy", "current", None, home)
    assert load("toy", READER, home).origin == "shipped"
    assert versions("toy", home) == ["2", "3"]


@pytest.mark.parametrize("file", ["model.skops", "card.json", "signature.json"])
def test_a_file_that_was_changed_is_refused_and_the_shipped_one_says_so(shipped: Path, home: Path, file: str) -> None:
    path = learnt(home) / file
    data = path.read_bytes()
    path.write_bytes(data[:-20] + b"0" * 10 + data[-10:])
    found = load("toy", READER, home)
    assert found.origin == "shipped"
    assert found.warning is not None
    assert "refused" in found.warning
    assert "The shipped one is used" in found.warning


def _no_signature(home: Path, folder: Path) -> None:
    (folder / "signature.json").unlink()


def _other_key(home: Path, folder: Path) -> None:
    key_file(home).write_text("ab" * 32, encoding="ascii")


def _no_key(home: Path, folder: Path) -> None:
    key_file(home).unlink()


def _renamed(home: Path, folder: Path) -> None:
    folder.rename(folder.with_name("3"))
    point("toy", "current", "3", home)


@pytest.mark.parametrize(
    ("code", "spoil"),
    [("unsigned", _no_signature), ("foreign", _other_key), ("no_key", _no_key), ("tampered", _renamed)],
)
def test_what_is_not_signed_here_is_refused(
    shipped: Path, home: Path, code: str, spoil: Callable[[Path, Path], None]
) -> None:
    spoil(home, learnt(home))
    with pytest.raises(ModelRefused) as refused:
        load_version("toy", pointed("toy", "current", home) or "", READER, home)
    assert refused.value.code == code
    assert load("toy", READER, home).warning is not None


def test_another_scikit_learn_is_refused_with_both_versions(
    shipped: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt(home)
    monkeypatch.setattr(model_files, "sklearn_version", lambda: "9.9.9")
    with pytest.raises(ModelRefused, match=r"made by scikit-learn \d.*9\.9\.9 is installed"):
        look("toy", "2", home)
    with pytest.raises(ModelRefused, match="shipped"):
        load("toy", READER, home)


def test_other_features_are_refused(shipped: Path, home: Path) -> None:
    learnt(home, reader="toy/0")
    found = load("toy", READER, home)
    assert found.origin == "shipped"
    assert "toy/0" in str(found.warning)


def test_a_shipped_model_that_was_changed_is_refused(shipped: Path, home: Path) -> None:
    (shipped / "toy" / "model.skops").write_bytes(b"PK")
    with pytest.raises(ModelRefused, match="changed"):
        load("toy", READER, home)


def test_a_version_is_there_whole_or_not_at_all(shipped: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt(home, "2")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_files, "write_file", full)
    with pytest.raises(OSError, match="No space"):
        write({"is": "3"}, card("3"), home)
    assert versions("toy", home) == ["2"]
    assert load("toy", READER, home).version == "2"


def test_a_pointer_that_names_no_version_is_refused(shipped: Path, home: Path) -> None:
    learnt(home)
    (home / "models" / "toy" / "current").write_text("../../etc", encoding="ascii")
    assert load("toy", READER, home).warning is not None


def test_the_same_model_gives_the_same_bytes() -> None:
    from sklearn.linear_model import LogisticRegression

    def fitted() -> bytes:
        return to_bytes({"m": LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "raw": b"12", "w": {"a": 1.5}})

    assert fitted() == fitted()
    assert from_bytes(fitted())["w"] == {"a": 1.5}


def test_a_model_may_not_hold_anything_else() -> None:
    import functools
    import os

    with pytest.raises(UntrustedModel):
        from_bytes(to_bytes(functools.partial(os.getcwd)))
    with pytest.raises(UntrustedModel):
        from_bytes(b"no zip")


def test_the_shipped_models_fit_to_their_manifest() -> None:
    manifest = model_files.SHIPPED / "MANIFEST.json"
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    assert sum(f.stat().st_size for f in model_files.SHIPPED.rglob("*") if f.is_file()) <= 60_000_000
    for name in known:
        assert look(name, "shipped").name == name


def test_a_refusal_that_is_told_again_holds_nothing_of_where_it_was_told_before(tmp_path: Path) -> None:
    refusals = []
    for _ in range(2):
        with pytest.raises(ModelRefused) as caught:
            load("no_such_model", "1", tmp_path)
        refusals.append(caught.value)
    assert refusals[0] is not refusals[1]
    assert str(refusals[0]) == str(refusals[1])
