# ruff: noqa: E501, S311 - wordings stay whole; chance is no secret
"""Forms, contracts and mails of joiners in layouts and words that benchmarks/joiner_forms.py does not make: never fit to them.

    python -m benchmarks.joiner_unseen DIR [--each 3] [--scans 1] [--show]

writes real files (PDF with a text layer, PDF forms, workbooks, mails), scans of some of the PDFs, reads each as the desk
does and prints precision, recall and F1 by field, of files as they are and of scans.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.joiner_forms import Person, person
from benchmarks.joiner_strange_forms import FIELDS, LAYOUTS, styled
from benchmarks.train_joiner_fields import figures, same


def truth_of(p: Person, held: Sequence[str]) -> dict[str, str]:
    """What is right in a paper that holds these fields."""
    whole = {
        "surname": p.surname,
        "given_names": p.given,
        "born_on": p.born.isoformat(),
        "nationality": p.nation[1],
        "employer": p.employer,
        "department": p.department,
        "role": p.role,
        "manager": p.manager,
        "starts_on": p.starts.isoformat(),
        "weekly_hours": p.hours,
        "address": p.address,
        "email": p.email,
    }
    return {name: whole[name] for name in held}


def _files(folder: Path, each: int, scans: int) -> list[tuple[Path, str, dict[str, str]]]:
    """Writes the files once; each with its group and what is right."""
    from devdata.papers.scans import Scanner, scanned

    styled()
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, (language, make) in LAYOUTS.items():
        for n in range(each):
            r = Random(f"unseen {name} {n}")
            p = person(r, language)
            ending, content, held = make(p, r)
            slug = f"{name.replace(' ', '-')}-{n}"
            found.append((folder / f"{slug}{ending}", name, truth_of(p, held)))
            _keep(found[-1][0], partial(bytes, content))
            if ending == ".pdf" and n < scans and name != "fillable":  # the scanner prints no fields
                found.append((folder / f"{slug}-scan.pdf", f"{name} (scan)", truth_of(p, held)))
                _keep(found[-1][0], partial(scanned, content, Scanner(skew=0.4, seed=n)))
    return found


def _keep(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        path.write_bytes(content())


def main(argv: Sequence[str]) -> int:
    """Prints the figures."""
    from extractors.cascade import read_document

    parser = argparse.ArgumentParser(prog="python -m benchmarks.joiner_unseen", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--scans", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    told = parser.parse_args(argv)
    groups: dict[str, dict[str, list[tuple[float, bool | None]]]] = defaultdict(lambda: defaultdict(list))
    for path, name, truth in _files(told.folder, told.each, told.scans):
        paper = read_document(str(path), path.name)
        for field in FIELDS:
            reading, right = paper.fields.get(field), truth.get(field)
            good = reading is not None and right is not None and same(reading.value, right)
            rows: list[tuple[float, bool | None]] = [(reading.confidence, good)] if reading is not None else []
            rows += [(0.0, None)] if right is not None and not good else []
            for group in (name, "scans" if "(scan)" in name else "files"):
                groups[group][field] += rows
            if told.show and (right or reading) and not good:
                print(
                    path.name,
                    paper.kind,
                    field,
                    repr(right),
                    repr(reading.value if reading else None),
                    reading.confidence if reading else "",
                    flush=True,
                )
    for group, found in groups.items():
        metrics = figures(found)
        print(
            group.ljust(22),
            json.dumps({f: round(m["f1"] or 0.0, 3) for f, m in metrics.items()}),
            f"p {metrics['all']['precision']:.3f} r {metrics['all']['recall']:.3f} wrong of sure {metrics['all']['wrong_of_sure']:.3f}",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
