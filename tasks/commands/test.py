"""`run.py test`: style, types, layers and tests, in that order; closes with pytest's own summary."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tasks.quietly import say

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style (ruff)", ("ruff", "check", "--quiet", "--no-cache", ".")),
    ("format (ruff)", ("ruff", "format", "--check", "--quiet", ".")),
    ("layers (import-linter)", ("lint-imports", "--no-cache")),
    ("types (mypy --strict)", ("mypy",)),
)

# Two files at a time: most tests wait for servers and browsers. A file's tests share what it has started.
PYTEST = ("-q", "-n", "2", "--dist", "loadfile")


def main(argv: list[str]) -> int:
    if {"-h", "--help"} & set(argv):
        print(f"{__doc__}\nOptions are pytest's own; with a path only those tests run, without the other checks.")
        return 0
    failed = (
        [] if any(not a.startswith("-") for a in argv) else [name for name, check in CHECKS if not _passes(name, check)]
    )
    say("tests (pytest) ...")
    with tempfile.TemporaryDirectory(prefix="deskhand-test-", ignore_cleanup_errors=True) as home:
        status = subprocess.call([sys.executable, "-m", "pytest", *(argv or PYTEST)], cwd=ROOT, env=_environment(home))
    if failed:
        say(f"These checks failed: {', '.join(failed)}. What they said stands above.")
    return 1 if failed or status else 0


def _environment(home: str) -> dict[str, str]:
    """Nothing of the user's deployment: a test must reach neither its home nor its vault, mailboxes and ERP."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RC_", "DESKHAND_"))}
    chosen = {k: v for k, v in os.environ.items() if k in ("DESKHAND_TEST_DATA", "DESKHAND_BROWSER")}
    return kept | chosen | {"DESKHAND_HOME": home}


def _passes(name: str, check: tuple[str, ...]) -> bool:
    began = time.monotonic()
    done = subprocess.run([str(BIN / check[0]), *check[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - began:.0f} s)")
    if done.returncode:
        say((done.stdout + done.stderr).strip())
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
