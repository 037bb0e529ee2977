"""Machines of a network of their own on one Linux: namespaces with a host name each, on a switch that is unplugged."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from benchmarks.servers import NotThere

HUB = "10.77.0.1"
"""The address of the hub, where the servers run; it is seen inside the network alone."""


class Network:
    """A hub with a switch, and machines `machine-a`, `machine-b` ... that reach nothing but the hub."""

    def __init__(self, machines: Sequence[str]) -> None:
        self._prefix = f"dh{os.getpid()}"
        self.machines = tuple(machines)

    @contextmanager
    def built(self) -> Iterator[Network]:
        """The network as long as the block lasts. Raises NotThere."""
        if os.name == "nt" or os.geteuid() != 0 or not all(map(shutil.which, ("ip", "unshare"))):
            raise NotThere("network namespaces need Linux, root and the programs ip and unshare")
        try:
            self._build()
            yield self
        finally:
            for name in (*self.machines, "hub"):
                subprocess.run(["ip", "netns", "del", self._name(name)], capture_output=True, check=False)

    def _build(self) -> None:
        for name in ("hub", *self.machines):
            _ip("netns", "add", self._name(name))
            self._inside(name, "link", "set", "lo", "up")
        self._inside("hub", "link", "add", "switch", "type", "bridge")
        self._inside("hub", "addr", "add", f"{HUB}/24", "dev", "switch")
        self._inside("hub", "link", "set", "switch", "up")
        for number, name in enumerate(self.machines, 2):
            self._inside("hub", "link", "add", name, "type", "veth", "peer", "eth0", "netns", self._name(name))
            self._inside("hub", "link", "set", name, "master", "switch", "up")
            self._inside(name, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
            self._inside(name, "link", "set", "eth0", "up")

    def unplug(self, machine: str) -> None:
        """Pulls the cable: what the machine sends gets nowhere, and nobody tells it."""
        self._inside("hub", "link", "set", machine, "down")

    def plug_in(self, machine: str) -> None:
        """Puts the cable back."""
        self._inside("hub", "link", "set", machine, "up")

    def command(self, machine: str, command: Sequence[str]) -> list[str]:
        """A command as it is started on a machine (or the hub): with its network, and its own host name."""
        inside = ["ip", "netns", "exec", self._name(machine)]
        if machine == "hub":
            return [*inside, *command]
        named = ["sh", "-c", 'hostname "$0" && exec "$@"', machine]
        return [*inside, "unshare", "--uts", *named, *command]

    @contextmanager
    def running(
        self, machine: str, command: Sequence[str], env: Mapping[str, str], log: str
    ) -> Iterator[subprocess.Popen[str]]:
        """A program on a machine; it is killed when the block ends."""
        with open(log, "a", encoding="utf-8") as errors:
            process = subprocess.Popen(
                self.command(machine, command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(env),
                text=True,
            )
        try:
            yield process
        finally:
            process.kill()
            with contextlib.suppress(ValueError, OSError):
                process.communicate()

    def _name(self, machine: str) -> str:
        return f"{self._prefix}-{machine}"

    def _inside(self, machine: str, *arguments: str) -> None:
        _ip("-n", self._name(machine), *arguments)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotThere(f"`ip {' '.join(arguments)}` failed: {said[-1] if said else done.returncode}")
