"""Programs of the system that Deskhand uses: a browser, Tesseract; in tests Dovecot, PostgreSQL. Standard library only.

On Debian and its kin they are installed where that is allowed; elsewhere the browser is Playwright's own, and the
others are done without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tasks.quietly import SetupFailed, run, say

DEBIAN = {
    "browser": ("chromium", "fonts-dejavu-core", "fonts-liberation"),
    "ocr": ("tesseract-ocr", "tesseract-ocr-deu", "tesseract-ocr-fra", "libgl1", "libglib2.0-0"),
    "mail-server": ("dovecot-imapd", "dovecot-lmtpd"),
    "postgresql": ("postgresql",),
}
DONE_WITHOUT = {
    "ocr": "Tesseract with English, German and French is not there: scans are read by PaddleOCR alone.",
    "mail-server": "Dovecot is not there: the tests of the IMAP mailbox are skipped.",
    "postgresql": "PostgreSQL is not there: the tests of a shared database are skipped.",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def install_programs(parts: Sequence[str]) -> None:
    """Installs programs where we may; says what is done without where we may not. Only a browser is indispensable."""
    wanted = [package for part in parts if not is_there(part) for package in DEBIAN[part]]
    if wanted and shutil.which("apt-get"):
        try:
            apt_install(wanted, "An administrator can install these: apt-get install " + " ".join(wanted))
        except SetupFailed as refused:
            say(f"  {refused}")
    for part in parts:
        if part in DONE_WITHOUT and not is_there(part):
            say(f"  {DONE_WITHOUT[part]}")


def is_there(part: str) -> bool:
    """Whether the part's programs are there already, however they came (asked only while setting up)."""
    if part == "browser":
        return find_browser() is not None
    if part == "ocr":
        tesseract = shutil.which("tesseract")
        if tesseract is None:
            return False
        known = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
        libraries = list(Path("/usr/lib").glob("**/libGL.so.1")) if sys.platform == "linux" else [Path("/")]
        return {"eng", "deu", "fra"} <= set(known) and bool(libraries)
    if part == "postgresql":
        return shutil.which("postgres") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin") is not None


def find_browser() -> str | None:
    """The path of an installed Chromium, Chrome or Edge."""
    places = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        os.path.expandvars(r"%ProgramFiles%\Google\Chrome\Application\chrome.exe"),
        os.path.expandvars(r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"),
    ]
    on_path = next((p for p in map(shutil.which, BROWSERS) if p), None)
    return on_path or next((p for p in places if Path(p).exists()), None)


def install_own_browser(python: Path) -> None:
    """Playwright's own Chromium, where the system has none."""
    command = [str(python), "-m", "playwright", "install", "chromium"]
    run(command, "no browser was found: install Chromium or Google Chrome, then run this again")


def apt_install(packages: Sequence[str], otherwise: str) -> None:
    """Installs Debian packages. Raises SetupFailed with the sentence `otherwise` where that may not be."""
    apt = shutil.which("apt-get")
    sudo = [] if os.name != "nt" and os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (sudo and not shutil.which("sudo")):
        raise SetupFailed(otherwise)
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-o", "DPkg::Lock::Timeout=300", "-qq"]
    install = [*apt_get, "install", "-y", "--no-install-recommends", *packages]
    run([*apt_get, "update"], otherwise)
    try:
        run(install, otherwise)
    except SetupFailed:  # an installation that was cut off blocks the next ones until it is completed
        run([*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--configure", "-a"], otherwise)
        run(install, otherwise)
