"""The demo's ERP: Tryton with its web client, installed beside the project and run as a program of its own.

Standard library only: `run.py` calls `install` before anything else is there. Nothing here imports the ERP (it is GPL
and has its own Python in `.erp/venv`); it is installed, seeded by `devdata/erp/seed.py`, started, and stopped.
"""

from __future__ import annotations

from tasks.demo_erp.data import reset
from tasks.demo_erp.program import ErpFailed, install, installed
from tasks.demo_erp.server import ErpInfo, running, start, stop

__all__ = ["ErpFailed", "ErpInfo", "install", "installed", "reset", "running", "start", "stop"]
