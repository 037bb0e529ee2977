"""The reading step hands on the parts of files that hold several documents; it is killed anytime and run again."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf

from tests.bots.fakes import document
from workitems.items import DocumentItem
from workitems.store import Store

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "programs" / "splitter.py"
FILES = 6
PARTS = 3
DEATHS = 4


def pdf(number: int) -> bytes:
    made, out = pikepdf.new(), BytesIO()
    for page in range(PARTS):
        made.add_blank_page(page_size=(300 + number, 400 + page))
    made.save(out, deterministic_id=True)
    return out.getvalue()


def filled(home: Path) -> Path:
    store = Store.open(home)
    for number in range(FILES):
        name, content = f"{PARTS}-post-{number}.pdf", pdf(number)
        told = {"filename": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        item = DocumentItem(document=document().model_copy(update=told))
        store.put("document", item.model_dump(mode="json"), {name: content})
    store.close()
    return home


def run(home: Path, call: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    environment |= {
        "DESKHAND_HOME": str(home),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "bots"))),
        "RC_WORKITEM_ADAPTER": "workitems.adapter.StoreAdapter",
        "RC_WORKITEM_QUEUE_NAME": "document",
        "RC_WORKITEM_OUTPUT_QUEUE_NAME": "document",
    }
    command = [sys.executable, str(PROGRAM), *([] if call is None else [str(call)])]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_killed_at_any_moment_each_part_of_a_file_is_one_item_in_the_end(tmp_path: Path) -> None:
    undisturbed = run(filled(tmp_path / "undisturbed"))
    assert undisturbed.returncode == 0, undisturbed.stderr
    home, chance = filled(tmp_path / "home"), random.Random(11)  # noqa: S311 - moments, not secrets
    for _ in range(DEATHS):  # each does its share of the work at most, so all of them find enough of it to die at
        assert run(home, chance.randint(1, int(undisturbed.stdout) // DEATHS)).returncode == -signal.SIGKILL
        store = Store.open(home)
        store.release_dead_owners()
        store.close()
    last = run(home)
    assert last.returncode == 0, last.stderr
    store = Store.open(home)
    items = store.find(queue="document", limit=1000)
    files = {item.id: store.file_names(item.id) for item in items}
    store.close()
    wholes = [item for item in items if item.parent_id is None]
    parts = [item for item in items if item.parent_id is not None]
    assert {item.state for item in wholes} == {"done"}
    assert {item.state for item in parts} == {"review"}  # letters, which no desk takes: each was read for itself
    wanted = {(f"{PARTS}-post-{n}.pdf", f"page {p}") for n in range(FILES) for p in range(1, PARTS + 1)}
    names = {item.id: item.payload["document"]["filename"] for item in wholes}
    found = Counter((names[item.parent_id or ""], item.payload["document"]["part"]) for item in parts)
    assert found == Counter(dict.fromkeys(wanted, 1))
    assert all(files[item.id] == [item.payload["document"]["filename"]] for item in parts)
