"""How a wording differs from an approved one, in what counts."""

from bots.contracts.deviation.align import Wording
from bots.contracts.deviation.compare import MATERIAL, Change, ChangeCode, changes, compare, wording
from bots.contracts.deviation.renaming import Cast

__all__ = ["MATERIAL", "Cast", "Change", "ChangeCode", "Wording", "changes", "compare", "wording"]
