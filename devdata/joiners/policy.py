"""What HR of the demo's company has decided: the roles' rights and the pools of licences."""

from __future__ import annotations

from bots.joiners.policy import JoinersPolicy, RoleRights
from bots.joiners.seats import Pool

OFFICE = ("LIC-OFFICE",)
ROLES = (
    RoleRights(
        role="Sales representative", groups=("Staff", "Sales desk"), tools=(*OFFICE, "LIC-CRM"), training=("CRM",)
    ),
    RoleRights(role="Design engineer", groups=("Staff", "Engineering drawings"), tools=(*OFFICE, "LIC-CAD")),
    RoleRights(role="Software developer", groups=("Staff", "Source code"), tools=(*OFFICE, "LIC-IDE")),
    RoleRights(role="Buyer", groups=("Staff", "Buying desk"), tools=OFFICE),
    RoleRights(role="Quality inspector", groups=("Staff", "Inspection records"), training=("Measuring devices",)),
    RoleRights(role="Machine operator", groups=("Staff", "Shop floor"), training=("Safety at machines",)),
    RoleRights(role="Accountant", groups=("Staff",), sensitive_groups=("Bookkeeping",), training=("Data protection",)),
)
POOLS = (
    Pool(product="LIC-OFFICE", owner="IT", seats=50),
    Pool(product="LIC-CRM", owner="Sales", seats=5),
    Pool(product="LIC-IDE", owner="IT", seats=3),
    Pool(product="LIC-CAD", owner="Engineering", seats=0),
)


def demo_policy() -> JoinersPolicy:
    """The demo's settings [joiners]."""
    return JoinersPolicy(roles=ROLES, licences=POOLS, sender="personal@moselbrueck.example")
