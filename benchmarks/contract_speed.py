"""How long a contract of 30 pages takes after warm-up, whole and in parts.

    python -m benchmarks.contract_speed --data DIR [--count N]

DIR holds the set cuad. Each contract is read in turn by a bounded child (as `run.py read` does it), in this process,
and with one part after the other, which is the baseline; its first sentences become vectors by both encoders. A line
for each way: median seconds by the clock and of CPU, and the most of any contract. Compare ways of one run only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from extractors import plain
from extractors.cascade import read_document
from extractors.contract import clause_encoder, clause_vectors
from extractors.contract.clauses import clauses_of
from extractors.contract.document import ContractText
from extractors.contract.kind import contract_kind
from extractors.contract.terms import find_terms
from extractors.embeddings import embed
from extractors.kinds import kind_of
from extractors.language import language_of
from extractors.settings import ReadingSettings
from tasks.bounded import Bounded
from tasks.reading_desk import READ

LENGTHS = range(90_000, 112_000)  # bytes of a text of some 30 pages


def _apart(path: Path) -> None:
    """The parts of reading, one after the other."""
    pages = plain.read_text(path)
    kind_of(pages)
    doc = ContractText(pages)
    clauses_of(doc)()
    find_terms(doc, language_of(word.text for page in pages for word in page.words))
    contract_kind(doc)


def _encoded(path: Path, encoder: Callable[[Sequence[str], int], Any]) -> None:
    doc = ContractText(plain.read_text(path))
    encoder([doc.text[s.start : s.end] for s in doc.sentences[: clause_vectors.MOST]], clause_vectors.TOKENS)


def ways(child: Bounded) -> dict[str, Callable[[Path], Any]]:
    """What is measured, by name."""
    return {
        "read, in a bounded child": lambda path: child.call(str(path), path.name, None, ReadingSettings()),
        "read": lambda path: read_document(str(path), path.name),
        "parts one after the other": _apart,
        "40 sentences, 8 bits": lambda path: _encoded(path, lambda *own: clause_encoder.vectors_of(*own)()),
        "40 sentences, 32 bits": lambda path: _encoded(path, embed),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a JSON line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=8, help="contracts")
    options = parser.parse_args(argv)
    every = sorted((options.data / "cuad" / "txt").glob("*.txt"))
    chosen = [path for path in every if path.stat().st_size in LENGTHS][: options.count]
    clock, cpu = defaultdict(list), defaultdict(list)
    with Bounded(READ) as child:
        for turn, path in enumerate([*chosen[:2], *chosen]):
            for name, way in ways(child).items():
                began, spent = time.perf_counter(), time.process_time()
                way(path)
                if turn >= 2:  # the first two warm up
                    clock[name].append(time.perf_counter() - began)
                    cpu[name].append(time.process_time() - spent)
    for name, seconds in clock.items():
        row = {"way": name, "seconds": round(median(seconds), 3), "most": round(max(seconds), 3)}
        if "child" not in name:  # whose CPU is not this process's
            row["cpu_seconds"] = round(median(cpu[name]), 3)
        print(json.dumps(row | {"contracts": len(seconds)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
