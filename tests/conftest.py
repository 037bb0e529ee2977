"""Fixtures for all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import robocorp.vault

WriteVault = Callable[[dict[str, Any]], None]

pytest_plugins = ["tests.erp_fixture", "tests.postgres", "tests.temporal_server"]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real documents that the project does not contain; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("DESKHAND_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("DESKHAND_TEST_DATA names no folder of real documents")
    return folder


@pytest.fixture
def write_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteVault]:
    """Makes these the secrets of this process's vault for one test: robocorp opens a vault once a process."""
    file = tmp_path / "vault.json"
    monkeypatch.setenv("RC_VAULT_SECRET_MANAGER", "FileSecrets")
    monkeypatch.setenv("RC_VAULT_SECRETS_FILE", str(file))
    robocorp.vault._get_vault.cache_clear()

    def write(secrets: dict[str, Any]) -> None:
        file.write_text(json.dumps(secrets), encoding="utf-8")

    yield write
    robocorp.vault._get_vault.cache_clear()
