"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.erp_fixture", "tests.postgres", "tests.temporal_server"]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real documents that the project does not contain; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("DESKHAND_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("DESKHAND_TEST_DATA names no folder of real documents")
    return folder
