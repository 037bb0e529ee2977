"""A model as bytes: skops, never pickle; the same model gives the same bytes.

skops names parts by their addresses in memory or at random, and leaves them uncompressed. Here they are numbered,
packed and dated alike, so that a model made again from the same data has the same SHA-256.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

MAX_BYTES = 60_000_000
_DATE = (2020, 1, 1, 0, 0, 0)
_OURS = re.compile(r"^(sklearn|numpy|scipy)\.|^(builtins|collections)\.\w+$")
"""Types that a model may consist of besides those that skops itself trusts."""


class UntrustedModel(Exception):
    """The bytes are no model, or hold something that a model has no need of."""


def to_bytes(model: Any) -> bytes:
    """An estimator, or dicts and lists of estimators, arrays, numbers and texts."""
    import skops.io

    parts = zipfile.ZipFile(io.BytesIO(skops.io.dumps(model)))
    schema = parts.read("schema.json").decode()
    numbers: dict[str, str] = {}
    for found in re.finditer(r'"__id__": (\d+)|"file": "([\da-f-]+)\.\w+"', schema):
        numbers.setdefault(found[1] or found[2], str(len(numbers) + 1))
    schema = re.sub(r'"__id__": (\d+)', lambda m: f'"__id__": {numbers[m[1]]}', schema)
    schema = re.sub(r'"file": "([\da-f-]+)(\.\w+)"', lambda m: f'"file": "{numbers[m[1]]}{m[2]}"', schema)
    files = {"schema.json": json.dumps(json.loads(schema)).encode()}
    for name in parts.namelist():
        stem, dot, ending = name.partition(".")
        if name != "schema.json":
            files[numbers.get(stem, stem) + dot + ending] = parts.read(name)
    return _packed(files)


def from_bytes(data: bytes) -> Any:
    """The model. Raises UntrustedModel. Ask first whether the bytes are those that were signed."""
    import skops.io

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > 4 * MAX_BYTES:
                raise UntrustedModel("it unpacks to more than a model may have")
        strange = [name for name in skops.io.get_untrusted_types(data=data) if not _OURS.match(name)]
        if strange:
            raise UntrustedModel(f"it holds {', '.join(strange[:3])}")
        return skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
    except UntrustedModel:
        raise
    except Exception as error:
        raise UntrustedModel(f"it cannot be opened ({type(error).__name__})") from error


def _packed(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return packed.getvalue()
