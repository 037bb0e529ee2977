"""The demo's real ERP for tests: installed if need be, started once a session on a home of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tasks import demo_erp
from tasks.demo_erp.program import COMPANY, SOURCE, Program


@dataclass(frozen=True)
class Erp:
    """A running ERP with the seeded company. Tests that post use references of their own, or `reset` it."""

    home: Path

    @property
    def info(self) -> demo_erp.ErpInfo:
        """Where it answers now, with its logins; after a reset that is another port."""
        return demo_erp.start(self.home)

    @property
    def company(self) -> dict[str, Any]:
        """What was seeded: devdata/company.json."""
        data: dict[str, Any] = json.loads(COMPANY.read_text(encoding="utf-8"))
        return data

    def reset(self) -> None:
        """The seeded database again."""
        demo_erp.reset(self.home)

    def postings(self, everything: bool = False) -> list[dict[str, Any]]:
        """What stands in the ERP, read from outside: posted supplier invoices by number (`everything`: drafts too)."""
        command = [str(Program().python), str(SOURCE / "read_postings.py"), str(self.home / "erp")]
        command += ["--all"] if everything else []
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erp]:
    """The real ERP, seeded with devdata/company.json."""
    demo_erp.install()
    home = tmp_path_factory.mktemp("erp-home")
    demo_erp.start(home)
    yield Erp(home)
    demo_erp.stop(home)
    shutil.rmtree(home, ignore_errors=True)
