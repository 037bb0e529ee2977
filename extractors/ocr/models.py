"""PaddleOCR's model folders, built once from the models that the rapidocr wheel brings: nothing is downloaded."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from workitems.errors import TryLater

DETECTION = "PP-OCRv6_small_det"
RECOGNITION = "PP-OCRv6_small_rec"
# Lines are padded to this width before they are recognised. The models come with 320; most segments of an invoice are
# shorter, and 160 reads them as well in 28% less time.
LEAST_WIDTH = 160
RECIPE = 2  # counted up when the folders are built otherwise, so that old ones are built anew
MANIFEST = "models.json"
_FILES = ("inference.onnx", "inference.yml")
_DECODE = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}
_NORMALISE = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "scale": "1./255.", "order": "hwc"}


class ModelsMissing(TryLater):
    """The OCR models are not there or not whole; the message says what to do. No document is to blame for it."""

    def __init__(self, message: str) -> None:
        super().__init__("ocr_missing", message)


def model_folder() -> Path:
    """Where the models lie: beside the Python that runs, so that they live and die with its packages."""
    return Path(sys.prefix) / "share" / "deskhand" / "ocr"


def models_fault(folder: Path | None = None) -> str | None:
    """What is wrong with the model folders, as a sentence; None when they are whole."""
    folder = folder or model_folder()
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        sizes = manifest["sizes"].items()
        whole = manifest["recipe"] == RECIPE and all((folder / name).stat().st_size == size for name, size in sizes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if whole:
        return None
    return f"The OCR models in {folder} are missing or damaged: the first `python3 run.py read FILE` builds them."


def characters_of(folder: Path) -> list[str]:
    """The characters that the recogniser in `folder` knows, in its order. Raises ModelsMissing."""
    import yaml

    try:
        text = (folder / RECOGNITION / _FILES[1]).read_text(encoding="utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C takes 0.1 s, the other 2 s
        known = yaml.load(text, loader)["PostProcess"]["character_dict"]  # noqa: S506 - both are safe loaders
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ModelsMissing(
            f"The OCR models in {folder} are damaged: remove that folder, and they are built again."
        ) from error
    return [str(character) for character in known]


def missing_models(folder: Path | None = None) -> list[str]:
    """The names of the models that are not there or not whole."""
    folder = folder or model_folder()
    if models_fault(folder) is None:
        return []
    names = [n for n in (DETECTION, RECOGNITION) if not all((folder / n / f).is_file() for f in _FILES)]
    return names or [MANIFEST]


def build_models(folder: Path | None = None) -> Path:
    """Builds the model folders unless they are whole, and returns where they lie.

    Safe to interrupt and to run twice at once: everything is made beside its place and moved there in one step.
    Raises ModelsMissing when the rapidocr package lacks the models.
    """
    folder = folder or model_folder()
    if models_fault(folder) is None:
        return folder
    source = _wheel_models()
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".ocr-", dir=folder.parent))
    try:
        _put(making / DETECTION, source / "PP-OCRv6_det_small.onnx", _detection_settings())
        recogniser = source / "PP-OCRv6_rec_small.onnx"
        _put(making / RECOGNITION, recogniser, _recognition_settings(recogniser))
        _write_manifest(making)
        _move(making, folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _wheel_models() -> Path:
    spec = importlib.util.find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else None
    if folder is None or not all((folder / f"PP-OCRv6_{part}_small.onnx").is_file() for part in ("det", "rec")):
        raise ModelsMissing("The package rapidocr, which brings the OCR models, is not installed as the lock says.")
    return folder


def _put(folder: Path, onnx: Path, settings: dict[str, Any]) -> None:
    import yaml

    folder.mkdir()
    shutil.copyfile(onnx, folder / _FILES[0])
    named = {"Global": {"model_name": folder.name}, **settings}
    (folder / _FILES[1]).write_text(yaml.safe_dump(named, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _detection_settings() -> dict[str, Any]:
    keep = {"KeepKeys": {"keep_keys": ["image", "shape", "polys", "ignore_tags"]}}
    steps = [_DECODE, {"DetResizeForTest": None}, {"NormalizeImage": _NORMALISE}, {"ToCHWImage": None}, keep]
    after = {"name": "DBPostProcess", "thresh": 0.2, "box_thresh": 0.45, "max_candidates": 3000, "unclip_ratio": 1.4}
    return {"PreProcess": {"transform_ops": steps}, "PostProcess": after}


def _recognition_settings(onnx: Path) -> dict[str, Any]:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    shape = [3, 48, LEAST_WIDTH]
    steps = [_DECODE, {"RecResizeImg": {"image_shape": shape}}, {"KeepKeys": {"keep_keys": ["image"]}}]
    return {
        "PreProcess": {"transform_ops": steps},
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }


def _write_manifest(folder: Path) -> None:
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    names = {f: f.relative_to(folder).as_posix() for f in files}
    manifest = {
        "recipe": RECIPE,
        "source": "rapidocr wheel (Apache-2.0), PP-OCRv6 small by PaddlePaddle",
        "sizes": {names[f]: f.stat().st_size for f in files},
        "sha256": {names[f]: hashlib.sha256(f.read_bytes()).hexdigest() for f in files},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _move(making: Path, folder: Path) -> None:
    """Puts the finished folder in its place; another process may have been quicker."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        os.replace(folder, old / folder.name)
        shutil.rmtree(old, ignore_errors=True)
    try:
        os.replace(making, folder)
    except OSError:
        if models_fault(folder) is not None:
            raise


def main() -> int:
    """`python -m extractors.ocr.models`: what the set-up calls."""
    try:
        print(f"OCR models: {build_models()}")
    except (ModelsMissing, OSError) as error:
        print(f"OCR models: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
