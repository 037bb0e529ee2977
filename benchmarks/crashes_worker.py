"""One worker of the crash benchmark as a program of its own: `python -m benchmarks.crashes_worker OUTSIDE PAUSE`."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.crashes_bot import Outside, work

if __name__ == "__main__":
    work(Outside(Path(sys.argv[1])), float(sys.argv[2]))
