"""What runs in the measured processes: the product, the engines alone, the baselines. One thread each.

Every job returns its CPU seconds (programs that it called included), its wall seconds and the process's peak memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 120


class Job(NamedTuple):
    """One document or page image for one reader."""

    reader: str
    path: str
    american: bool = False


class Done(NamedTuple):
    """What came of a job. `result` depends on the reader; None where it failed."""

    path: str
    result: Any
    cpu: float
    wall: float
    peak_mb: float


def run_all(jobs: Sequence[Job], workers: int, warm: str | None = None) -> tuple[list[Done], float]:
    """All jobs in fresh processes that are warm, in order, and the wall seconds that they took together."""
    if not jobs:
        return [], 0.0
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        first = jobs[0] if warm is None else jobs[0]._replace(path=warm)
        list(pool.map(run, [first] * (2 * workers)))
        started = time.monotonic()
        done = list(pool.map(run, jobs, timeout=SECONDS * len(jobs)))
        return done, time.monotonic() - started


def run(job: Job) -> Done:
    """One job, measured."""
    cpu, started = _cpu(), time.monotonic()
    try:
        result = READERS[job.reader](job)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"bench reading: {job.reader} {job.path}: {type(error).__name__}", file=sys.stderr)
        result = None
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return Done(job.path, result, _cpu() - cpu, time.monotonic() - started, peak)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _deskhand(job: Job) -> dict[str, Any]:
    """The line of `read --json`, without the child process around it."""
    from bots.invoices.policy import InvoicePolicy
    from bots.reading.route import judge_alone
    from extractors.cascade import read_document
    from tasks.reading_desk import Line

    paper = read_document(job.path, Path(job.path).name)
    route, doubts = judge_alone(paper, InvoicePolicy())
    return Line(job.path, None, paper, route, doubts, paper.seconds).as_json()


def _deskhand_pages(job: Job) -> list[str]:
    """Recognition alone: the words."""
    from extractors.paging import Reader, read_picture
    from extractors.settings import ReadingSettings

    return [w.text for p in read_picture(Path(job.path), Reader(ReadingSettings())).pages for w in p.words]


def _tesseract(job: Job) -> list[str]:
    """`tesseract IMAGE -`, plain."""
    return [tesseract_text(job.path)]


def tesseract_text(image: str) -> str:
    """What the plain program prints. Raises subprocess.SubprocessError, OSError."""
    command = ["tesseract", image, "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=SECONDS).stdout.decode("utf-8", "replace")


def _pytesseract(job: Job) -> list[str]:
    import pytesseract
    from PIL import Image

    return [str(pytesseract.image_to_string(Image.open(job.path)))]


@cache
def _rapid() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.WARNING)
    return RapidOCR()


def _rapidocr(job: Job) -> list[str]:
    """All its defaults."""
    return list(_rapid()(job.path).txts or ())


def _regexes(job: Job) -> dict[str, str]:
    """Plain Tesseract (of a PDF: its text layer, else its pages at 200 dpi) and regular expressions."""
    from benchmarks.reading_plain import extract

    return extract("\n".join(_texts(job.path)), job.american)


def _texts(path: str) -> Iterator[str]:
    if not path.lower().endswith(".pdf"):
        yield tesseract_text(path)
        return
    import tempfile

    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    for number in range(min(len(pdf), 3)):
        layer = pdf[number].get_textpage().get_text_range()
        if len(layer.split()) > 20:
            yield layer.replace("\r", "")
            continue
        with tempfile.NamedTemporaryFile(suffix=".png") as image:
            pdf[number].render(scale=200 / 72).to_pil().save(image.name)
            yield tesseract_text(image.name)
    pdf.close()


@cache
def _templates() -> Any:
    import logging

    from invoice2data.extract.loader import read_templates

    logging.disable(logging.ERROR)
    return read_templates()


def _invoice2data(job: Job) -> dict[str, str] | None:
    """invoice2data with the templates that it ships; nothing where none fits."""
    from invoice2data import extract_data

    found = extract_data(job.path, templates=_templates())
    if not found:
        return {}
    names = {"invoice_number": "number", "issuer": "supplier_name", "amount": "total", "currency": "currency"}
    fields = {ours: str(found[theirs]) for theirs, ours in names.items() if found.get(theirs)}
    return fields | ({"issued_on": found["date"].date().isoformat()} if found.get("date") else {})


READERS: dict[str, Callable[[Job], Any]] = {
    "deskhand": _deskhand,
    "deskhand, words only": _deskhand_pages,
    "tesseract IMAGE -": _tesseract,
    "pytesseract": _pytesseract,
    "rapidocr, defaults": _rapidocr,
    "tesseract and regular expressions": _regexes,
    "invoice2data": _invoice2data,
}
