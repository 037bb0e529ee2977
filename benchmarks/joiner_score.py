"""How well identity papers are read: `run.py read --json` against the labels beside them.

    python -m benchmarks.joiner_score DIR [DIR ...]

A field is exact or not; names are compared as the zone writes them. Told are also values that are wrong although their
confidence is above .99, and above .95.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SURE = (0.99, 0.95)


def results(folder: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each label with the paper as it was read; read once, kept in DIR/read.jsonl."""
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines()]
    kept = folder / "read.jsonl"
    if not kept.exists():
        files = [str(folder / row["file"]) for row in labels]
        with kept.open("w", encoding="utf-8") as out:
            subprocess.run([sys.executable, "run.py", "read", "--json", *files], cwd=ROOT, stdout=out, check=False)
    read = {Path(row["file"]).name: row for row in map(json.loads, kept.read_text("utf-8").splitlines())}
    for row in labels:
        yield row, read.get(row["file"], {})


def main(argv: Sequence[str]) -> int:
    """Prints shares of exact fields, by folder and by what befell the paper."""
    for folder in map(Path, argv):
        shares: dict[str, list[bool]] = defaultdict(list)
        sure = dict.fromkeys(SURE, 0)
        for label, paper in results(folder):
            fields = paper.get("fields") or {}
            for name, right in label["truth"].items():
                value, confidence = _read(fields.get(name))
                exact = value == right
                for group in ("all", name, label.get("befell", "")):
                    shares[group].append(exact)
                for least in SURE:
                    sure[least] += not exact and value is not None and confidence > least
                if not exact:
                    print(
                        folder.name,
                        label["file"],
                        label["format"],
                        label["font"],
                        name,
                        repr(right),
                        repr(value),
                        confidence,
                    )
        print(folder, ", ".join(f"{g} {sum(v) / len(v):.3f} ({len(v)})" for g, v in shares.items() if g))
        print("  wrong:", ", ".join(f"{n} above {least}" for least, n in sure.items()))
    return 0


def _read(field: Any) -> tuple[str | None, float]:
    if not isinstance(field, dict):
        return None, 0.0
    return field.get("value"), float(field.get("confidence", 0.0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
