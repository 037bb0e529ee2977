"""The collecting step in a process of its own, killed with SIGKILL at any moment, and run again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors" / "mail"))

from letters import PDF, attachment, multipart, text

from workitems.store import Store

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "programs" / "collector.py"
MAILS = 15
DEATHS = 5


def run(inbox: Path, home: Path, call: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    environment |= {
        "DESKHAND_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter",
        "RC_WORKITEM_QUEUE_NAME": "collect_mail",
        "RC_WORKITEM_OUTPUT_QUEUE_NAME": "document",
    }
    command = [sys.executable, str(PROGRAM), str(inbox), *([] if call is None else [str(call)])]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def fill(inbox: Path) -> Path:
    inbox.mkdir()
    for number in range(MAILS):
        mail = multipart(
            text("."), attachment(f"{number}a.pdf", PDF), attachment(f"{number}b.pdf", PDF), key=str(number)
        )
        file = inbox / f"{number}.eml"
        file.write_bytes(mail)
        os.utime(file, (1_770_000_000 + number,) * 2)
    return inbox


def test_killed_at_any_moment_every_document_is_there_once_in_the_end(tmp_path: Path) -> None:
    calls = int(run(fill(tmp_path / "undisturbed"), tmp_path / "undisturbed-home").stdout)
    inbox, home = fill(tmp_path / "inbox"), tmp_path / "home"
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(DEATHS):  # each does its share of the work at most, so all of them find enough of it to die at
        assert run(inbox, home, chance.randint(1, calls // DEATHS)).returncode == -signal.SIGKILL
        store = Store.open(home)
        store.release_dead_owners()
        store.close()
    last = run(inbox, home)
    assert last.returncode == 0, last.stderr
    store = Store.open(home)
    found = Counter(item.payload["document"]["filename"] for item in store.find(queue="document", limit=1000))
    names = {item.id: store.file_names(item.id) for item in store.find(queue="document", limit=1000)}
    store.close()
    assert found == Counter({f"{n}{part}.pdf": 1 for n in range(MAILS) for part in "ab"})
    assert all(len(files) == 1 for files in names.values())
    assert sorted(p.name for p in inbox.iterdir() if p.is_file()) == []
    assert len(list((inbox / "done").iterdir())) >= MAILS
