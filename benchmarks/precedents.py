"""`run.py bench precedents`: are the right clauses found, how fast, in how much memory, and how soon after saving.

    run.py bench precedents [--data DIR] [--sizes 100000,1000000] [--queries N] [--json]

With `--data` (a folder with the set acord) it ranks the judged clauses of each attorney query with weights that have
not seen the query, beside BM25 and MiniLM alone. Latency is measured on clauses generated from a vocabulary as uneven
as a language's, in variants of a first hundred thousand, with vectors generated, too: embedding a million clauses would
take ten hours. A search does all that it does in use: understand and embed the query, look at every clause, rank.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy

from extractors.precedents import Clause, Precedents
from extractors.precedents.clause_view import view
from extractors.precedents.clauses import Prepared, terms_of
from extractors.precedents.segments import Columns, bits_of, columns_of
from extractors.precedents.shelf import Current, Shelf

VARIANT = 100_000
SENTENCES, IN_CLAUSE, WORDS = 4_000, 5, 24
VOCABULARY = 40_000
_TRADE = (
    "liability damages indirect consequential incidental exceed aggregate fees paid indemnify "
    "harmless third party claims breach confidential infringement intellectual property warranty "
    "merchantability fitness disclaims terminate notice renew term governing law state "
    "courts exclusive territory assign consent affiliate insurance audit records royalty "
    "minimum purchase license perpetual escrow source code survive gross negligence "
    "willful misconduct fraud death injury except shall not apply limitation "
    "remedy repair replace refund deliver shipment product compete solicit employees "
    "customers change control merger price most favored liquidated beneficiary release "
)
TRADE = _TRADE.split()
QUERIES = (
    "cap on liability with carve-outs for gross negligence", "mutual waiver of indirect damages", "governing law",
    "indemnification of third party claims for infringement", "termination for convenience on notice",
    "confidentiality exception to limitation of liability", "exclusive remedy: repair, replace or refund",
    "assignment to affiliates without consent", "insurance certificates", "audit of books and records",
    "non-compete bound by time and territory", "most favored nation pricing", "source code escrow release",
    "disclaimer of implied warranties", "seller-favorable limitation of liability", "royalty and minimum purchase",
    "renewal of the term unless notice is given", "change of control", "liquidated damages for late delivery",
    "non-solicitation of employees and customers",
)  # fmt: skip


def generated(count: int, seed: int = 0) -> Iterator[Prepared]:
    """Clauses of sentences that are drawn like words of a language, with the trade's words among them."""
    drawn = numpy.random.default_rng(seed)
    words = [f"{''.join(drawn.choice(list('abcdefghilmnoprstu'), 7))}" for _ in range(VOCABULARY)]
    weights = 1 / numpy.arange(1, VOCABULARY + 1)
    common = drawn.choice(VOCABULARY, (SENTENCES, WORDS), p=weights / weights.sum())
    trade = drawn.integers(0, len(TRADE), (SENTENCES, 3))
    texts = [" ".join([*(words[w] for w in c), *(TRADE[t] for t in s)]) for c, s in zip(common, trade, strict=True)]
    views = [view(text) for text in texts]
    said = numpy.stack([v[0] for v in views])
    shape = numpy.stack([v[1] for v in views])
    terms = [terms_of(text) for text in texts]
    vectors = drawn.standard_normal((SENTENCES, 384)).astype(numpy.float32)
    for number, chosen in enumerate(drawn.integers(0, SENTENCES, (count, IN_CLAUSE))):
        together: dict[int, int] = {}
        for sentence in chosen:
            for term, times in terms[sentence].items():
                together[term] = together.get(term, 0) + times
        vector = vectors[chosen].sum(axis=0)
        vector = numpy.rint(vector * (127 / numpy.linalg.norm(vector))).astype(numpy.int8)
        clause = Clause.model_construct(
            id=f"g{number}", text=". ".join(texts[s] for s in chosen), heading="", document=f"d{number // 40}",
            category=("Cap On Liability", "Insurance", "")[number % 3], kind="", counterparty="", accepted=None,
        )  # fmt: skip
        yield Prepared(clause, together, vector, said[chosen].max(axis=0), shape[chosen].sum(axis=0))


def variant(columns: Columns, number: int) -> Columns:
    """The same clauses under other keys, with other vectors."""
    if not number:
        return columns
    keys = columns.keys ^ numpy.uint64(number << 40)
    vectors = numpy.roll(columns.vectors, (number, 7 * number), axis=(0, 1))
    return replace(columns, keys=keys, order=numpy.argsort(keys), vectors=vectors, bits=bits_of(vectors))


def fill(home: Path, first: Columns, size: int) -> float:
    """Brings an index to a size; gives the seconds that writing took."""
    shelf = Shelf(home)
    started = time.perf_counter()
    with shelf.writing():
        names = list(shelf.current().segments)
        for number in range(len(names), size // VARIANT):
            names.append(shelf.put(variant(first, number)))
        shelf.replace(Current(segments=tuple(names), journal=shelf.current().journal))
    return time.perf_counter() - started


def latency(home: Path, queries: int) -> dict[str, Any]:
    """Milliseconds of searches, warm: by the clock, and of CPU (what a busy machine does not change)."""
    started = time.perf_counter()
    precedents = Precedents.open(home)
    opened = time.perf_counter() - started
    for text in QUERIES[:5]:
        precedents.search(text)
    clock, cpu = [], []
    for number in range(queries):
        at, spent = time.perf_counter(), time.process_time()
        precedents.search(QUERIES[number % len(QUERIES)])
        clock.append(1000 * (time.perf_counter() - at))
        cpu.append(1000 * (time.process_time() - spent))
    return {
        "clauses": len(precedents),
        "open_s": round(opened, 2),
        **{
            f"{n}_p{p}_ms": round(float(numpy.percentile(v, p)), 1)
            for n, v in (("", clock), ("cpu", cpu))
            for p in (50, 95)
        },
        "filtered_ms": round(_filtered(precedents), 1),
        "fresh_s": round(fresh(home, precedents), 3),
        "peak_rss_mb": _peak_mb(),
    }


def _peak_mb() -> int:
    """Resident memory at its highest, mapped files with it; a child's own, unlike ru_maxrss."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _filtered(precedents: Precedents) -> float:
    started = time.perf_counter()
    precedents.search(QUERIES[0], filters={"category": "insurance"})
    return 1000 * (time.perf_counter() - started)


def fresh(home: Path, precedents: Precedents) -> float:
    """Seconds from the moment another process has saved a clause until this one finds it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    writer = context.Process(target=_save, args=(home, theirs))
    writer.start()
    ours.recv()  # it is loaded
    ours.send("save")
    saved: float = ours.recv()
    while "fresh" not in {hit.clause.id for hit in precedents.search("zebra crossing maintenance by the buyer")}:
        pass
    found = time.time()
    writer.join()
    return found - saved


def _save(home: Path, pipe: Any) -> None:
    precedents = Precedents.open(home)
    pipe.send("ready")
    pipe.recv()
    precedents.add([Clause(id="fresh", text="The buyer shall maintain the zebra crossing at its own cost.")])
    pipe.send(time.time())


def _in_child(function: Any, *args: Any) -> dict[str, Any]:
    """Runs in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        found: dict[str, Any] = pool.submit(function, *args).result()
    return found


def acord_figures(data: Path, kept: Path | None) -> list[dict[str, Any]]:
    """NDCG of unseen queries, beside the baselines."""
    from benchmarks.train_precedents import bench_of, measured

    return [{"system": name, **row} for name, row in measured(bench_of(data / "acord", kept)).items()]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py bench precedents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a folder with the set acord")
    parser.add_argument("--kept", type=Path, help="keeps the vectors of acord between two runs (.npy)")
    parser.add_argument("--sizes", default="100000,1000000", help="clauses, in hundred thousands; empty: none")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    rows: list[dict[str, Any]] = acord_figures(args.data, args.kept) if args.data else []
    for row in rows:
        print(json.dumps(row), flush=True)
    sizes = [int(size) for size in args.sizes.split(",") if size]
    if sizes:
        with tempfile.TemporaryDirectory(prefix="deskhand-") as folder:
            home = Path(folder)
            first = columns_of(list(generated(VARIANT)))
            for size in sorted(sizes):
                written = fill(home, first, size)
                print(json.dumps(_in_child(latency, home, args.queries) | {"write_s": round(written, 1)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
