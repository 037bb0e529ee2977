#!/usr/bin/env python3
"""Deskhand: bots that take paperwork from a mailbox to the ERP, and ask a person when in doubt.

usage: python3 run.py COMMAND [OPTIONS]

Everyday commands
  demo [DESK] [--fresh] [--stop]       everything on real parts: a mailbox, a real ERP, its screens, a report;
                                       DESK: invoices, contracts, joiners
  review [--port N]                    the review desk in your browser, for what waits for a person
  work [--once] [STEP...]              run the bots; --once: until nothing is ready
  read PATH... [--json]                read documents (files, folders, mails, zips) and print what was found
  queue [list|show|watch|retry|...]    what waits where, and why; what may be done about it (queue --help)
  schedule [list|next] [--json]        what the settings' schedules start, and when
  clauses [index|search|learn]         the company's own clauses, found by what a lawyer asks for
  models [list|show|train|...]         which models are in force; learn from people's answers (models --help)
  check [--json]                       what of this deployment works and what is missing

For developers and operations
  backup FOLDER|FILE.tar               a consistent copy of the home, while the bots work
  restore FOLDER|FILE.tar              fills an empty home from a backup
  keys [rotate|seal]                   the keys that seal documents on the disk; a new one
  retain [--apply]                     delete what has ended for longer than [retention] says
  task NAME                            one step of robot.yaml, as Control Room starts it; `task` names them all
  test [PYTEST OPTIONS]                set up and run every check and test
  bench NAME [--json]                  figures with their baseline: posting, day, ...
  lock                                 compile requirements.lock and conda.yaml from pyproject.toml

The first call sets up what the command needs (.venv, and for the demo an ERP in .erp); later calls start at once.
Everything that is kept lies under DESKHAND_HOME (default: .deskhand). `COMMAND --help` says more.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST, NEWEST = (3, 11), (3, 13)

# What each command needs: see tasks/installation.py. `python` alone is the virtual environment.
NEEDS = {
    "demo": ("python", "browser", "ocr", "erp"),
    "test": ("python", "browser", "ocr", "erp", "mail-server", "postgresql"),
    "bench": ("python", "browser", "ocr", "erp", "postgresql"),
    "read": ("python", "ocr"),
    "work": ("python", "browser", "ocr"),
    "task": ("python", "browser", "ocr"),
    "review": ("python", "ocr"),
    "queue": ("python",),
    "schedule": ("python",),
    "clauses": ("python",),
    "models": ("python", "ocr"),
    "check": ("python",),
    "backup": ("python",),
    "keys": ("python",),
    "restore": ("python",),
    "retain": ("python",),
    "lock": ("python",),
}


def home():
    """DESKHAND_HOME, else .deskhand beside this file."""
    return os.path.abspath(os.path.expanduser(os.environ.get("DESKHAND_HOME") or os.path.join(ROOT, ".deskhand")))


def fault_of_home(folder):
    """A sentence for a DESKHAND_HOME that nothing can be kept in; None where all is well."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        return "DESKHAND_HOME %s cannot be used: %s." % (folder, error.strerror)
    return None if os.access(folder, os.W_OK | os.X_OK) else "DESKHAND_HOME %s cannot be written to." % folder


def environment():
    """The variables that every step gets; what the caller has set stays, relative paths made absolute."""
    env = dict(os.environ, DESKHAND_HOME=home())
    env.setdefault("RC_WORKITEM_ADAPTER", "workitems.adapter.StoreAdapter")
    if "RC_API_SECRET_HOST" not in env:  # Control Room brings its own vault
        env.setdefault("RC_VAULT_SECRET_MANAGER", "FileSecrets")
        env.setdefault("RC_VAULT_SECRETS_FILE", os.path.join(home(), "vault.json"))
    for name in ("DESKHAND_SETTINGS", "RC_VAULT_SECRETS_FILE"):  # workers run in the project's folder
        if env.get(name):
            env[name] = os.path.abspath(os.path.expanduser(env[name]))
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
    """What is run in the project's Python. Its -P keeps a `tasks` folder where the user stands from being ours."""
    if name != "task":
        return [python, "-P", "-m", "tasks.commands." + name, *arguments]
    output = os.path.join(home(), "logs", arguments[0])
    tasks = os.path.join(ROOT, "tasks")
    return [
        python,
        "-P",
        "-m",
        "robocorp.tasks",
        "run",
        tasks,
        "-t",
        arguments[0],
        "-o",
        output,
        "--max-log-files",
        "5",
    ]


def say(text):
    print("run.py: " + text, file=sys.stderr)


def check_task(arguments):
    """The status of a call of `task` that needs no Python of ours: help, or wrong usage; None for a task's name."""
    from tasks.flow import STEPS

    if arguments and arguments[0] in STEPS and len(arguments) == 1:
        return None
    print("usage: python3 run.py task NAME\n\nOne step, as robot.yaml and Control Room start it. The names:")
    for step in STEPS.values():
        source = "starts by itself" if step.producer else "takes " + step.takes
        print("  %-18s %s%s" % (step.name, source, ", gives " + ", ".join(step.gives) if step.gives else ""))
    if {"-h", "--help"} & set(arguments):
        return 0
    say("there is no task %r" % " ".join(arguments) if arguments else "which task?")
    return 2


def stop_demo():
    """Ends the demo's ERP. Nothing needs to be installed for that."""
    from tasks.demo.lock import DemoBusy, only_demo
    from tasks.demo_erp import ErpFailed, running, stop

    try:
        with only_demo(Path(home())):
            was = running(Path(home()))
            stop(Path(home()))
    except (DemoBusy, ErpFailed) as failure:
        say(str(failure))
        return 1
    print("The demo's ERP is stopped; the next demo starts it again." if was else "No ERP of the demo was running.")
    return 0


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in NEEDS:
        say("there is no command %r; see python3 run.py --help" % name)
        return 2
    python = python_that_fits()
    if python is None:
        needed = (*OLDEST, *NEWEST, sys.version.split()[0])
        say("Deskhand needs Python %d.%d to %d.%d; this is %s. Install one of them and run this again." % needed)
        return 1
    if python != sys.executable:
        return hand_over([python, os.path.abspath(__file__), *arguments])
    sys.path.insert(0, ROOT)
    return run(name, rest)


def run(name, rest):
    """Sets up what the command needs and hands over to it."""
    from tasks.installation import SetupFailed, prepare

    status = check_task(rest) if name == "task" else None
    if status is not None:
        return status
    wants_help = bool({"-h", "--help"} & set(rest))
    fault = None if wants_help or name == "lock" else fault_of_home(home())
    if fault:
        say(fault)
        return 1
    if name == "demo" and "--stop" in rest and not wants_help:
        return stop_demo()
    try:
        venv_python = prepare(("python",) if wants_help else NEEDS[name])
    except SetupFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("interrupted; the same command goes on from here.")
        return 130
    return hand_over(command_line(venv_python, name, rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
