#!/usr/bin/env python3
"""Deskhand: bots that take paperwork from a mailbox to the ERP, and ask a person when in doubt.

usage: python3 run.py COMMAND [OPTIONS]

Everyday commands
  demo [invoices] [--fresh] [--stop]   everything on real parts: a mailbox, a real ERP, its screens, a report
  review [--port N]                    the review desk in your browser, for what waits for a person
  work [--once] [STEP...]              run the bots; --once: until nothing is ready
  read PATH... [--json]                read documents (files, folders, mails, zips) and print what was found
  queue [list|show|put|retry|cancel]   what waits where, and why
  check [--json]                       what of this deployment works and what is missing

For developers and operations
  task NAME                            one step of robot.yaml: collect_mail, read_documents, post_invoices, report_day
  test [PYTEST OPTIONS]                set up and run every check and test
  bench NAME [--json]                  figures with their baseline: posting, day, ...
  lock                                 compile requirements.lock and conda.yaml from pyproject.toml

The first call sets up what the command needs (.venv, and for the demo an ERP in .erp); later calls start at once.
Everything that is kept lies under DESKHAND_HOME (default: .deskhand). `COMMAND --help` says more.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST, NEWEST = (3, 11), (3, 13)

# What each command needs: see tasks/installation.py. `python` alone is the virtual environment.
NEEDS = {
    "demo": ("python", "browser", "ocr", "erp"),
    "test": ("python", "browser", "ocr", "erp", "mail-server"),
    "bench": ("python", "browser", "ocr", "erp"),
    "read": ("python", "ocr"),
    "work": ("python", "browser", "ocr"),
    "task": ("python", "browser", "ocr"),
    "review": ("python", "ocr"),
    "queue": ("python",),
    "check": ("python",),
    "lock": ("python",),
}


def environment():
    """The variables that every step gets; what the caller has set stays."""
    home = os.path.abspath(os.path.expanduser(os.environ.get("DESKHAND_HOME") or os.path.join(ROOT, ".deskhand")))
    env = dict(os.environ, DESKHAND_HOME=home)
    env.setdefault("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
    if "RC_API_SECRET_HOST" not in env:  # Control Room brings its own vault
        env.setdefault("RC_VAULT_SECRET_MANAGER", "FileSecrets")
        env.setdefault("RC_VAULT_SECRETS_FILE", os.path.join(home, "vault.json"))
    env.setdefault("OMP_NUM_THREADS", "1")  # one page, one core: more threads only heat the machine
    env["PYTHONPATH"] = os.pathsep.join(p for p in (ROOT, env.get("PYTHONPATH")) if p)
    return env


def python_that_fits():
    """This interpreter, or a newer or older one on the PATH that Deskhand's packages support; None if there is none."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    from shutil import which

    names = ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return next((found for found in map(which, names) if found), None)


def hand_over(command):
    """Replaces this process by `command` (on Windows: runs it and returns its status)."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        return subprocess.call(command, env=environment())
    os.execve(command[0], command, environment())
    return 0  # never reached


def command_line(python, name, arguments):
    if name == "task":
        if len(arguments) != 1 or arguments[0].startswith("-"):
            raise SystemExit("usage: python3 run.py task NAME    (the names are in robot.yaml)")
        output = os.path.join(environment()["DESKHAND_HOME"], "logs", arguments[0])
        tasks = os.path.join(ROOT, "tasks")
        return [python, "-m", "robocorp.tasks", "run", tasks, "-t", arguments[0], "-o", output, "--max-log-files", "5"]
    return [python, "-m", "tasks.commands." + name, *arguments]


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in NEEDS:
        print("run.py: there is no command %r; see python3 run.py --help" % name, file=sys.stderr)
        return 2
    python = python_that_fits()
    if python is None:
        message = "Deskhand needs Python 3.%d to 3.%d; this is %s. Install one of them and run this again."
        print(message % (OLDEST[1], NEWEST[1], sys.version.split()[0]), file=sys.stderr)
        return 1
    if python != sys.executable:
        return hand_over([python, os.path.abspath(__file__), *arguments])
    sys.path.insert(0, ROOT)
    from tasks.installation import SetupFailed, prepare

    wanted = ("python",) if {"-h", "--help"} & set(rest) else NEEDS[name]
    try:
        venv_python = prepare(wanted)
    except SetupFailed as failure:
        print("run.py: %s" % failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nrun.py: interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    return hand_over(command_line(venv_python, name, rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
