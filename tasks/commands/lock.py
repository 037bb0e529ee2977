"""`run.py lock`: compiles requirements.lock from pyproject.toml, and conda.yaml for rcc from that lock."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK, CONDA, PROJECT = ROOT / "requirements.lock", ROOT / "conda.yaml", ROOT / "pyproject.toml"

# Their own pins contradict the override in pyproject.toml (paddlex wants a vulnerable OpenCV, rapidocr a second one),
# so rcc installs them last and without asking for their dependencies, which the list before has.
WITHOUT_DEPENDENCIES = ("paddlex", "paddleocr", "rapidocr")

CONDA_HEAD = """\
# The environment for rcc and Control Room. Written by `python3 run.py lock`: change pyproject.toml, not this file.
channels:
  - conda-forge
dependencies:
  - python=3.11.14
  - pip=25.3
  - tesseract=5.5.1
  - pip:
"""


def pins(text: str) -> dict[str, str]:
    """Package name -> the pinned requirement with its marker, from a compiled requirements file."""
    lines = [
        line.split("\\")[0].strip() for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))
    ]
    return {line.split("==")[0].strip().lower(): line for line in lines}


def conda_yaml(product: dict[str, str]) -> str:
    """conda.yaml with every package that the product needs at run time."""
    first = [f'      - "{pin}"\n' for name, pin in product.items() if name not in WITHOUT_DEPENDENCIES]
    last = " ".join(product[name].split(" ;")[0] for name in WITHOUT_DEPENDENCIES)
    return CONDA_HEAD + "".join(first) + f"rccPostInstall:\n  - python -m pip install --no-deps {last}\n"


def compile_lock(*options: str) -> str:
    """Runs uv's resolver for all platforms and returns the requirements."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--quiet", "--no-emit-index-url"]
    command += ["--no-annotate", "--no-header", "--python-version", "3.11", str(PROJECT), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def main(argv: list[str]) -> int:
    argparse.ArgumentParser(prog="run.py lock", description=__doc__).parse_args(argv)
    head = "# Written by `python3 run.py lock`: change pyproject.toml, not this file.\n"
    LOCK.write_text(head + compile_lock("--generate-hashes", "--group", "dev"), encoding="utf-8")
    CONDA.write_text(conda_yaml(pins(compile_lock("--constraint", str(LOCK)))), encoding="utf-8")
    print(f"{LOCK.name} and {CONDA.name} are written.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
