"""How well files of several documents are taken apart: `python -m benchmarks.splitting --data DIR [--json]`.

False splits are counted on all PDFs of several pages of the sets (each is one document; pages by their text layer), and
precision and recall on random files of two to four documents: real ones of the sets, and made ones of devdata/kinds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from devdata.kinds.make import MAKERS, paper
from extractors.splitting import SURE, boundaries
from workitems.items import Page

SETS = ("einvoice", "orderx", "fcc_adbuy", "kleister_nda", "cuad")
LONGEST = 8  # pages of a document that is put together with others


def pages_of(path: Path) -> list[Page]:
    """The pages of a PDF by its text layer; nothing where a page is a scan."""
    from extractors.pdf_text import Pdf

    with Pdf(path) as pdf:
        layers = [pdf.text_layer(n) for n in pdf.page_numbers(30)]
    found = [layer.page for layer in layers if layer and layer.readable]
    return found if len(found) == len(layers) else []


def documents(data: Path) -> Iterator[tuple[str, str, list[Page]]]:
    """Set, name and pages of every PDF."""
    for name in SETS:
        for path in sorted((data / name / "pdf").glob("*.pdf")):
            pages = pages_of(path)
            if pages:
                yield name, path.name, pages


def renumbered(parts: Sequence[list[Page]]) -> tuple[list[Page], set[int]]:
    """One file of several documents, and the pages on which the later ones begin."""
    pages: list[Page] = []
    starts = set()
    for part in parts:
        if pages:
            starts.add(len(pages) + 1)
        pages += [p.model_copy(update={"number": len(pages) + n}) for n, p in enumerate(part, 1)]
    return pages, starts


def counted(parts: Sequence[list[Page]], told: Counter[str]) -> None:
    """Adds what is found in one file to the counts."""
    pages, starts = renumbered(parts)
    found = boundaries(pages)
    sure = {b.before for b in found if b.probability >= SURE}
    likely = {b.before for b in found}
    told["places"] += len(starts)
    told["sure"] += len(sure)
    told["sure right"] += len(sure & starts)
    told["likely"] += len(likely)
    told["likely right"] += len(likely & starts)
    told["files"] += 1
    told["files exact or asked"] += likely == starts or (likely != sure and bool(likely & starts))
    told["files wrongly cut unasked"] += likely == sure and bool(sure - starts)
    told["files cut unasked but incompletely"] += likely == sure and bool(sure) and bool(starts - sure)
    told["files whole unasked"] += not likely and bool(starts)


def figures(told: Counter[str]) -> dict[str, float]:
    """Counts, precision and recall."""
    rates = {
        "sure precision": told["sure right"] / max(told["sure"], 1),
        "sure recall": told["sure right"] / max(told["places"], 1),
        "likely precision": told["likely right"] / max(told["likely"], 1),
        "likely recall": told["likely right"] / max(told["places"], 1),
    }
    return {**told, **{k: round(v, 4) for k, v in rates.items()}}


def main(argv: list[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    real: list[list[Page]] = []
    single: dict[str, Counter[str]] = {name: Counter() for name in SETS}
    for name, file, pages in documents(args.data):
        if len(pages) <= LONGEST:
            real.append(pages)
        if len(pages) < 2:
            continue
        single[name].update(documents=1, places=len(pages) - 1)
        for b in boundaries(pages):
            single[name]["sure" if b.probability >= SURE else "likely"] += 1
            if not args.json:
                print(f"{name}/{file} before page {b.before}: {b.probability} {', '.join(b.why)}")
    results: dict[str, dict[str, float]] = {f"one document: {name}": dict(counts) for name, counts in single.items()}
    random = Random(7)  # noqa: S311 - no secret
    for which in ("real", "made"):
        told: Counter[str] = Counter()
        for n in range(args.files):
            count = random.choice([2, 2, 3, 4])
            made = [paper(random.choice(list(MAKERS)), 50_000 + 10 * n + i) for i in range(count)]
            counted(random.sample(real, count) if which == "real" else made, told)
        results[f"{which} ones together"] = figures(told)
    for name, found in results.items():
        print(json.dumps({"what": name, **found}) if args.json else f"{name:28} {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
