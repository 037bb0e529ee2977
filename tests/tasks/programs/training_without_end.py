"""Trains again and again until it is killed: `python training_without_end.py HOME`."""

from __future__ import annotations

import sys
from pathlib import Path

from bots.training.compare import TrainingPolicy
from extractors.invoice.confidence_learning import NAME
from tasks.settings import CompanySettings, FolderSettings, Settings
from tasks.training import train_all
from workitems.store import Store

home = Path(sys.argv[1])
box = FolderSettings(kind="folder", name="in", path=home / "inbox")
always = TrainingPolicy(documents=10, margin=-9.0, sureness=-99.0, field_margin=9.0)
settings = Settings(company=CompanySettings(name="We"), mailboxes=(box,), learning=always)
Store.exists = lambda self, item: True  # type: ignore[method-assign]
turn = 0
while True:
    turn += 1
    once = settings.model_copy(update={"learning": always.model_copy(update={"newest": 10 + turn % 20})})
    (done,) = train_all(home, once, "test", lambda _: None, NAME)
    print(done.state, flush=True)
