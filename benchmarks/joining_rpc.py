"""The lower limit for a joiner: the same records through Tryton's RPC, in as few calls as it takes."""

from __future__ import annotations

from typing import Any

from benchmarks.joining_staff import BOSS, GROUPS, HOME, Joiner
from connectors.tryton.rpc import TrytonRpc


class RpcJoining:
    """Joins without screens. What the company has set up is looked up once."""

    def __init__(self, rpc: TrytonRpc) -> None:
        self._rpc = rpc
        self._country = self._one("country.country", [("code", "=", HOME.country)])
        self._boss = self._one("company.employee", [("party.name", "=", BOSS)])
        self._company = self._one("company.company", [])
        self._groups = [self._one("res.group", [("name", "=", name)]) for name in GROUPS]
        names = (("Department", "Engineering"), ("Role", "Design engineer"), ("Working time", "40 h"))
        self._labels = [
            self._one("party.category", [("parent.name", "=", tree), ("name", "=", name)]) for tree, name in names
        ]

    def _one(self, model: str, domain: list[Any]) -> int:
        (row,) = self._rpc.read(model, domain, ["id"], limit=1)
        return int(row["id"])

    def join(self, joiner: Joiner) -> None:
        """Searches, creates person, employee and account, and reads back."""
        call = self._rpc.call
        if call("model.party.party.search", [("identifiers.code", "=", f"Deskhand {joiner.key}")], 0, 2, None):
            raise ValueError("joined already")
        place = {**HOME.model_dump(exclude={"country"}), "country": self._country}
        party = {
            "name": joiner.name,
            "addresses": [("create", [place])],
            "contact_mechanisms": [("create", [{"type": "email", "value": joiner.draft.email}])],
            "identifiers": [("create", [{"code": f"Deskhand {joiner.key}"}])],
            "categories": [("add", self._labels)],
        }
        (person,) = call("model.party.party.create", [party])
        job = {"party": person, "company": self._company, "start_date": joiner.starts_on, "supervisor": self._boss}
        (employee,) = call("model.company.employee.create", [job])
        user = {
            "name": joiner.name,
            "login": joiner.key,
            "companies": [("add", [self._company])],
            "company": self._company,
            "employees": [("add", [employee])],
            "employee": employee,
            "groups": [("add", self._groups)],
        }
        (account,) = call("model.res.user.create", [user])
        (shown,) = call("model.res.user.read", [account], ["login", "employees", "groups"])
        if shown["employees"] not in ([employee], (employee,)) or set(shown["groups"]) != set(self._groups):
            raise ValueError("not kept as it should be")
