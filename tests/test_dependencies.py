"""One source of truth for dependencies: pyproject.toml, the lock that run.py installs, and rcc's conda.yaml agree."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from tasks.commands.lock import WITHOUT_DEPENDENCIES, conda_yaml, pins

ROOT = Path(__file__).resolve().parent.parent
LOCKED = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def conda_pins() -> dict[str, str]:
    conda = yaml.safe_load((ROOT / "conda.yaml").read_text(encoding="utf-8"))
    listed = next(d["pip"] for d in conda["dependencies"] if isinstance(d, dict))
    last = conda["rccPostInstall"][0].split("--no-deps ")[1].split()
    return pins("\n".join([*listed, *last]))


def version(pin: str) -> str:
    return pin.split("==")[1].split(";", maxsplit=1)[0].strip()


def names_of(requirements: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", Requirement(r).name).lower() for r in requirements}


def test_rcc_installs_the_versions_that_run_py_installs() -> None:
    assert {n: version(p) for n, p in conda_pins().items()} == {n: version(LOCKED[n]) for n in conda_pins()}


def test_every_direct_dependency_is_locked_within_its_bounds_and_in_conda_yaml() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in project["dependencies"]:
        wanted = Requirement(text)
        assert version(LOCKED[wanted.name.lower()]) in wanted.specifier
        assert wanted.name.lower() in conda_pins()


def test_conda_yaml_holds_everything_that_its_packages_need() -> None:
    """Installed without their dependencies, the last three must find theirs in the list before."""
    listed = conda_pins()
    for name in WITHOUT_DEPENDENCIES:
        needs = [r for r in importlib.metadata.requires(name) or [] if not Requirement(r).marker]
        missing = names_of(needs) - listed.keys() - {"opencv-python", "opencv-python-headless"}
        assert not missing


def test_conda_yaml_is_what_the_lock_command_writes() -> None:
    assert (ROOT / "conda.yaml").read_text(encoding="utf-8") == conda_yaml(conda_pins() | _markers())


def _markers() -> dict[str, str]:
    conda = yaml.safe_load((ROOT / "conda.yaml").read_text(encoding="utf-8"))
    return pins("\n".join(next(d["pip"] for d in conda["dependencies"] if isinstance(d, dict))))


def test_the_lock_names_a_hash_for_every_package() -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_no_package_of_the_product_is_under_the_gpl() -> None:
    """LGPL libraries are used unmodified; the ERP's own GPL programs live in an environment of their own."""
    for name in conda_pins():
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform
        licence = f"{about.get('License-Expression') or ''} {' '.join(about.get_all('Classifier') or [])}"
        strong = re.search(r"(?<!L)(?<!Lesser )\b(AGPL|GPL|GNU General Public|GNU Affero)", licence)
        assert not strong or "BSD" in licence or "Public Domain" in licence, name
