"""How probable each of the zone's 37 characters is at each step along a line of print.

The same recogniser that reads pages (PaddleOCR's, on OpenVINO), but asked for the chances of these characters instead
of its one best guess among 18,000: where a digit must stand, it is asked for digits alone. Characters of other
alphabets that look the same count as ours.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.joiner.mrz import CHARACTERS, FILLER
from extractors.preparing import preparing

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Chances = NDArray[numpy.float32]
    """One row a step: the chance of no character, then of each of CHARACTERS."""

STRETCH = 1.15  # by how much lines are drawn out: every character, repeated ones too, needs steps of its own
LEAST_WIDTH, MOST_WIDTH, GRID = 320, 2400, 64
STRANGE = 0.5
LOOKALIKES = {
    "<": "＜〈く‹ㄑ≤∠﹤《«〱Λʌᐸ", "0": "〇", "O": "oΟОｏＯ", "I": "ΙІ|ｌ", "A": "ΑА", "B": "ΒВ", "C": "cСϹ", "E": "ΕЕ",
    "H": "ΗН",
    "K": "kΚК", "M": "ΜМ", "N": "Ν", "P": "pΡР", "T": "ΤТ", "X": "xΧХ", "Y": "yΥ", "Z": "zΖ", "S": "sЅ", "V": "vν",
    "W": "w", "U": "u", "J": "jЈ", "1": "１",
}  # fmt: skip


def available() -> bool:
    """Whether the recogniser can be asked that way here."""
    return find_spec("openvino") is not None


def chances_along(pixels: Any, corners: Any, folder: Path | None = None) -> Chances:
    """The chances along one line, whose corners (pixels, clockwise from its beginning) lie on an RGB image."""
    from extractors.ocr.lines import HEIGHT, cut_out, sides

    wide, high = sides(corners)
    wanted = STRETCH * HEIGHT * wide / max(high, 1.0)
    width = min(max(int(wanted / GRID + 1) * GRID, LEAST_WIDTH), MOST_WIDTH)
    return chances_of(cut_out(pixels, corners, width), folder)


def chances_of(line: Any, folder: Path | None = None) -> Chances:
    """The chances along the image of a line, 48 pixels high."""
    import numpy

    request, belongs = _recogniser(folder)
    found = request.infer({0: line[None]}, share_inputs=True, share_outputs=False)[0][0]
    chances: Chances = (found @ belongs).astype(numpy.float32)
    chances[:, 0] = found[:, 0]
    strange = 1 - found.sum(axis=1)  # what it takes for none of ours is mostly a filler that it was never taught
    chances[:, 1 + CHARACTERS.index(FILLER)] += STRANGE * numpy.maximum(strange, 0.0)
    return chances


@cache
def _recogniser(folder: Path | None) -> tuple[Any, Any]:
    """The compiled recogniser with few outputs, and which of them belongs to which of our characters."""
    import numpy
    from openvino import Core, Model
    from openvino import opset13 as operations

    from extractors.ocr.models import build_models, characters_of
    from extractors.ocr.vino import ONE_CORE, recogniser_with_pixels

    with preparing():
        folder = build_models(folder)
        known = ["", *characters_of(folder), " "]
        wanted = {"": 0} | {c: n for n, main in enumerate(CHARACTERS, 1) for c in main + LOOKALIKES.get(main, "")}
        kept = [n for n, c in enumerate(known) if c in wanted]
        core = Core()
        model = recogniser_with_pixels(core, folder)
        chances = model.get_result().input_value(0)
        some = operations.gather(
            chances, operations.constant(numpy.array(kept, dtype=numpy.int32)), operations.constant(2)
        )
        small = Model([some.output(0)], model.get_parameters(), "zone")
        request = core.compile_model(small, "CPU", ONE_CORE).create_infer_request()
    belongs = numpy.zeros((len(kept), len(CHARACTERS) + 1), dtype=numpy.float32)
    for row, n in enumerate(kept):
        belongs[row, wanted[known[n]]] = 1.0
    return request, belongs
