"""`run.py bench playbook`: is every change of an accepted clause told by its code, and no faithful copy?

    run.py bench playbook [--data DIR] [--clauses N] [--seed S] [--json]

Accepted clauses are the playbook's wordings and the demo's clauses; with `--data` (a folder with the set cuad) clauses
of real contracts, too. Each is edited once per kind of edit (one number, one negation, one party, one exception), and
copied faithfully (other case, spaces, numbering, hyphens, quotes, single misread letters, other names of the parties).
The baseline takes every difference for a change that is left when case, spacing and punctuation are ignored.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.contracts.deviation import MATERIAL, compare
from bots.contracts.deviation.lexicon import ROLES
from bots.contracts.playbook_files import load_playbook
from devdata.contracts import wording
from devdata.contracts.edits import EDITS, change_party, near_copy

ABOUT = frozenset(("Document Name", "Parties", "Agreement Date", "Effective Date"))
SHORTEST, LONGEST = 80, 1500  # characters of a clause that is edited


@dataclass(frozen=True)
class Accepted:
    """A clause that was accepted, the names of its contract's parties, and the names that they have in a copy."""

    text: str
    names: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def main(argv: list[str]) -> int:
    """Prints the figures; the last line is JSON with `--json`."""
    args = _parser().parse_args(argv)
    own = list(own_clauses())
    sets = {"playbook and demo": own}
    folder = Path(args.data) / "cuad" if args.data else None
    if folder is not None and folder.is_dir():
        sets["CUAD"] = real_clauses(folder, args.clauses, args.seed)
    elif folder is not None:
        print(f"run.py bench playbook: {folder} is not there", file=sys.stderr)
        return 1
    figures = {name: measured(clauses, args.seed) for name, clauses in sets.items()}
    if args.json:
        print(json.dumps({"bench": "playbook", "seed": args.seed, "sets": figures}, ensure_ascii=False))
        return 0
    for name, found in figures.items():
        print(f"{name} ({found['clauses']} clauses, {found['milliseconds']} ms a comparison)")
        for row in found["edits"]:
            print(f"  {row['edit']:<22} {row['told']:>5} of {row['tried']:<5} told by its code, alone {row['alone']}")
        copies = found["copies"]
        told = f"{copies['quiet']:>5} of {copies['tried']:<5} not told (baseline {copies['baseline']})"
        print(f"  faithful copies        {told}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench playbook", description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="a folder with the set cuad")
    parser.add_argument("--clauses", type=int, default=1500, help="how many clauses of real contracts (default 1500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser


def own_clauses() -> Iterator[Accepted]:
    """The playbook's wordings and the demo's clauses."""
    filled = {"us": "Customer", "them": "Supplier", "law": "Germany", "begins": "May 4, 2026", "ends": "May 3, 2029"}
    texts = [t for chapter in load_playbook().chapters for p in chapter.positions for t in p.wordings]
    texts += [each[1].format(**filled) for name, each in vars(wording).items() if name.isupper()]
    yield from map(Accepted, dict.fromkeys(texts))


def real_clauses(folder: Path, count: int, seed: int) -> list[Accepted]:
    """Clauses of CUAD's contracts, each with the names of its contract's parties."""
    made: list[Accepted] = []
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        with (folder / "txt" / f"{row['id']}.txt").open(encoding="utf-8", newline="") as file:
            text = file.read()
        names = _names([text[s["start"] : s["end"]] for s in row["spans"] if s["category"] == "Parties"])
        renamed = tuple((name, f"Nordwind {'ABCDEFGHIJKLMNOPQRST'[n % 20] * 3}") for n, name in enumerate(names))
        for span in row["spans"]:
            clause = text[span["start"] : span["end"]]
            if span["category"] not in ABOUT and SHORTEST < len(clause) < LONGEST:
                made.append(Accepted(clause, names, renamed))
    return random.Random(seed).sample(made, min(count, len(made)))  # noqa: S311 - no secret


def _names(spans: list[str]) -> tuple[str, ...]:
    """Names proper: neither roles nor one name inside another, of which nobody could say who is meant."""
    named = [s for s in dict.fromkeys(spans) if len(s) < 60 and s[:1].isupper() and not s.startswith("Party")]
    named = [s for s in named if not set(re.findall(r"[a-z]+", s.lower())) <= ROLES | {"the", "each"}]
    return tuple(s for s in named if not any(o != s and (s.startswith(o) or o.startswith(s)) for o in named))


def measured(clauses: list[Accepted], seed: int) -> dict[str, Any]:
    """What is told of each kind of edit, and of copies."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    tried, told, alone = Counter[str](), Counter[str](), Counter[str]()
    quiet, baseline, compared, began = 0, 0, 0, time.process_time()
    for each in clauses:
        for code, edit in EDITS.items():
            inside = [name for name in each.names if re.search(rf"\b{re.escape(name)}(?=\W|$)", each.text)]
            edited = change_party(each.text, chance, inside) if edit is change_party else edit(each.text, chance)
            if edited is None or edited == each.text:
                continue
            codes = {c.code for c in compare(each.text, edited, each.names, each.names)}
            compared += 1
            tried[code] += 1
            told[code] += code in codes
            alone[code] += codes == {code}
        copy = near_copy(each.text, chance, sorted(each.renamed, key=lambda pair: -len(pair[0])))
        found = compare(each.text, copy, each.names, tuple(new for _, new in each.renamed))
        compared += 1
        quiet += not [c for c in found if c.code in MATERIAL]
        baseline += _bare(each.text) == _bare(copy)
    rows = [{"edit": code, "tried": tried[code], "told": told[code], "alone": alone[code]} for code in EDITS]
    spent = (time.process_time() - began) / max(compared, 1)
    copies = {"tried": len(clauses), "quiet": quiet, "baseline": baseline}
    return {"clauses": len(clauses), "edits": rows, "copies": copies, "milliseconds": round(1000 * spent, 1)}


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
