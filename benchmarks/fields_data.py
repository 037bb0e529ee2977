"""Labelled receipts to fit the rankers to: pages as our OCR reads them, and the words that the set itself gives.

The set cuts a line of its words at the first comma. Address lines are completed from the label, so that they can teach
what address lines look like; the figures are of OCR pages alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.fields_fit import Receipt
from benchmarks.fields_text import number
from extractors.invoice.context import context_of
from extractors.invoice.fitting import squeezed
from extractors.invoice.head import DEPTH, head_of
from extractors.values import dates_in
from workitems.items import Page

Row = dict[str, Any]
SAME_SHOP = 91.0
"""How alike (of 100) two labels are that name one shop."""
PER_SHOP = 5
"""Receipts of one shop that are taken from the given words."""


def rows_of(folder: Path) -> list[Row]:
    """The labels of a set."""
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines() if line]


def receipts(data: Path, kept: Path, recognise: bool) -> Iterator[Receipt]:
    """Every labelled receipt by its OCR pages where there are any, else (a few of each shop) by its given words.

    `kept` holds NAME.json with the pages of NAME.jpg; with `recognise` those that it lacks are made there first.
    """
    taken: Counter[str] = Counter()
    rows = sorted(rows_of(data / "sroie"), key=lambda r: str(r["file"]))
    read = {r["file"]: ocr_pages(data / "sroie" / r["file"], kept, recognise) for r in rows}
    groups = shops_of(row["entities"].get("company", "") for row in rows)
    for row in sorted(rows, key=lambda r: not read[r["file"]]):
        group = groups[squeezed(row["entities"].get("company", ""))]
        pages = read[row["file"]]
        if not pages and taken[group] >= PER_SHOP:
            continue
        taken[group] += 1
        yield _receipt(row, group, pages) if pages else _given(row, group, data / "sroie" / row["file"])


def shops_of(labels: Iterable[str]) -> dict[str, str]:
    """Which shop each label names: one that differs from a more frequent one by a slip of the pen is the same shop."""
    from rapidfuzz.fuzz import ratio

    found: dict[str, str] = {}
    for name, _ in sorted(Counter(squeezed(n) for n in labels).items(), key=lambda n: (-n[1], n[0])):
        same = next((shop for shop in dict.fromkeys(found.values()) if ratio(name, shop) >= SAME_SHOP), name)
        found[name] = same
    return found


def ocr_pages(path: Path, kept: Path, recognise: bool) -> list[Page]:
    """The pages of an image as the product reads it, from the folder of kept ones; made where they are missing."""
    file = kept / f"{path.stem}.json"
    if file.is_file():
        return [Page.model_validate(p) for p in json.loads(file.read_text(encoding="utf-8"))]
    if not recognise:
        return []
    from extractors.paging import Reader, read_picture
    from extractors.settings import ReadingSettings

    pages = read_picture(path, Reader(ReadingSettings())).pages
    kept.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([p.model_dump(mode="json") for p in pages]), encoding="utf-8")
    return pages


def _receipt(row: Row, group: str, pages: list[Page], origin: str = "ocr", has_address: bool = True) -> Receipt:
    labels = row["entities"]
    context = context_of(pages, "receipt", None)
    return Receipt(
        name=row["file"],
        origin=origin,
        group=group,
        context=context,
        head=head_of(context),
        company=labels.get("company", ""),
        address=labels.get("address") if has_address else None,
        total=number(labels["total"]) if labels.get("total") else None,
        day=day_of(labels.get("date", "")),
    )


def day_of(label: str) -> date | None:
    """The date of a label; those of eight digits begin with the day or the year."""
    if len(label) == 8 and label.isdigit() and not label.startswith("20"):
        label = f"{label[:2]}/{label[2:4]}/{label[4:]}"
    return next((d.value for d in dates_in(label, "dmy")), None)


def _given(row: Row, group: str, path: Path) -> Receipt:
    """A receipt from the words and boxes that the set gives."""
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
    texts, whole = completed(row["words"], row["entities"].get("address") or "")
    words = [
        {
            "text": text,
            "box": (_part(x0, width), _part(y0, height), _part(x1, width), _part(y1, height)),
            "confidence": 0.95,
        }
        for text, (x0, y0, x1, y1) in zip(texts, row["boxes"], strict=True)
    ]
    page = {"number": 1, "width": width, "height": height, "source": "ocr", "engine": "given", "words": words}
    return _receipt(row, group, [Page.model_validate(page)], "given", whole)


def _part(at: float, whole: int) -> float:
    return min(1.0, max(0.0, at / whole))


def completed(words: list[str], address: str) -> tuple[list[str], bool]:
    """The words with the lines of the address as long as they are printed, and whether all were found."""
    letters = [(c.lower(), n) for n, c in enumerate(address) if c.isalnum()]
    text = "".join(c for c, _ in letters)
    found: list[tuple[int, int]] = []
    at = 0
    for n, word in enumerate(words[:DEPTH]):
        key = "".join(c.lower() for c in word if c.isalnum())
        place = text.find(key, at) if len(key) >= 2 else -1
        if place < 0 or (not found and place > 0) or (found and n - found[-1][0] > 3):
            continue
        found.append((n, place))
        at = place + len(key)
    texts = list(words)
    for m, (n, place) in enumerate(found):
        end = letters[found[m + 1][1]][1] if m + 1 < len(found) else len(address)
        texts[n] = address[letters[place][1] : end].strip()
    return texts, len(found) > 1 or (bool(found) and len(text) < 40)
