"""What a child that was taken over may make its parent build: our own nouns and plain values, nothing else."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.bounded_child import Reply, SafeReplies
from workitems.items import Doubt


def naming(module: str, name: str) -> bytes:
    """A pickle of nothing but a class."""
    return (
        b"\x80\x04"
        + pickle.SHORT_BINUNICODE
        + bytes([len(module)])
        + module.encode()
        + (pickle.SHORT_BINUNICODE + bytes([len(name)]) + name.encode() + pickle.STACK_GLOBAL + pickle.STOP)
    )


def test_nouns_and_plain_values_come_through() -> None:
    said = Reply("result", [Doubt(code="x", message="X."), Decimal("1.5"), date(2026, 1, 2), Path("a")])
    assert SafeReplies(pickle.dumps(said)).load() == said


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("tasks.bounded", "subprocess.Popen"),
        ("tasks.bounded", "_Child"),
        ("tasks.settings", "InvoicePolicy"),
        ("tasks.settings", "Settings.model_construct"),
        ("workitems.items", "BaseModel"),
    ],
)
def test_every_other_name_is_refused_also_one_that_a_module_of_ours_has_imported(module: str, name: str) -> None:
    with pytest.raises(pickle.UnpicklingError, match="names"):
        SafeReplies(naming(module, name)).load()
