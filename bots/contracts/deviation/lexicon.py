"""The words that decide what a clause means: who, whether, must or may, how much, and what is excepted.

Words are looked up by their skeleton (see tokens.py), so that "shal1" is "shall" on a scan, too.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words("no not nor neither never none nothing nobody nowhere cannot without non isnt")
"""Words that turn a sentence round. "neither" counts as "either" with a negation."""

MODALS: dict[str, str] = {
    **dict.fromkeys(("shall", "must", "will", "obligated", "obliged", "required"), "duty"),
    **dict.fromkeys(("may", "can", "entitled", "permitted"), "right"),
    **dict.fromkeys(("should", "would", "could", "might"), "wish"),
}
"""What a modal verb says: shall, must and will bind alike; may and can allow."""

CARVE_OUTS = _words("except excepting unless notwithstanding excluding exclude excludes excepted")
"""Words that begin an exception by themselves."""

CARVE_OUT_PHRASES: tuple[tuple[str, ...], ...] = (
    ("provided", "that"),
    ("provided", "however"),
    ("provided", "further"),
    ("other", "than"),
    ("subject", "to"),
    ("save", "for"),
    ("save", "that"),
    ("save", "as"),
    ("apart", "from"),
    ("with", "exception", "of"),
    ("exclusive", "of"),
    ("but", "only"),
    ("only", "if"),
    ("to", "extent"),
    ("so", "long", "as"),
    ("as", "long", "as"),
    ("but", "for"),
    ("in", "case", "of"),
)
"""Phrases that begin an exception or a condition, without articles; the first word stands for the phrase."""

ROLES = _words(
    """
    customer client buyer purchaser supplier vendor seller provider contractor subcontractor consultant licensor
    licensee sublicensee distributor reseller dealer agent principal manufacturer producer developer lessor lessee
    landlord tenant employer employee executive franchisor franchisee lender borrower guarantor assignor assignee
    grantor grantee transferor transferee discloser recipient sponsor promoter owner operator shipper carrier company
    affiliate affiliates parent subsidiary subsidiaries controller processor publisher author artist endorser
    indemnitor indemnitee shareholder shareholders investor holder bank corporation partner partners
    """
)
"""Words that contracts define as the name of a party, or of who stands beside it."""

BUYERS = _words(
    """
    customer client buyer purchaser licensee lessee tenant controller franchisee borrower recipient sponsor employer
    shipper
    """
)
"""Roles of who pays and receives."""

SELLERS = _words(
    """
    supplier vendor seller provider contractor consultant licensor lessor landlord processor franchisor lender
    manufacturer distributor reseller agent developer employee carrier
    """
)
"""Roles of who delivers."""

EVERYBODY: dict[str, str] = {"either": "any", "each": "any", "any": "any", "both": "both", "neither": "any"}
"""Who is meant before `party`."""

UNITS: dict[str, str] = {
    **dict.fromkeys(("hour", "hours"), "hour"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("week", "weeks"), "week"),
    **dict.fromkeys(("month", "months", "monthly"), "month"),
    **dict.fromkeys(("quarter", "quarters", "quarterly"), "quarter"),
    **dict.fromkeys(("year", "years", "annual", "annually", "yearly"), "year"),
    **dict.fromkeys(("percent", "percentage", "pct"), "percent"),
    **dict.fromkeys(("dollar", "dollars", "usd"), "usd"),
    **dict.fromkeys(("euro", "euros", "eur"), "eur"),
    **dict.fromkeys(("pound", "pounds", "gbp"), "gbp"),
    "business": "business",
    "times": "times",
    "twice": "twice",
    "once": "once",
    "double": "double",
    "half": "half",
}
"""What numbers count; a change of these is a change of the number."""

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

BOUNDS = _words("least most minimum maximum exceed less more fewer greater lesser before after")
"""Words that say on which side of a number one has to be."""

STOP_WORDS = _words(
    """
    of to in on by for at as is be been being are was were that this these those its it such and or with any all
    from into upon under hereof herein hereto hereunder thereof therein thereto which who whom whose their his her
    there then shall will so if
    """
)
"""Words that a scan may lose without a change of meaning."""

DROPPED = _words("the a an said")

MISREAD_THE = _words("fbe fhe tbe thc tho tne tke lhe ihe tha tlie")

REAL_WORDS = _words(
    """
    now note net lot hot got many day pay way say my small shell hall wall well mail main on so to do go he we note
    noted nor note none tone gone bone month mouth wan man can't car cause clause fill all
    """
)
"""Words so near to a deciding one that they are taken for themselves, and not for a misread one."""

OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        ("increase", "decrease"),
        ("increased", "decreased"),
        ("include", "exclude"),
        ("including", "excluding"),
        ("inclusive", "exclusive"),
        ("prior", "subsequent"),
        ("terminate", "renew"),
        ("accept", "reject"),
        ("grant", "deny"),
        ("with", "without"),
    )
)
"""Pairs whose exchange turns a sentence round."""

PREFIXES = ("non", "un", "in", "im", "ir", "dis")

REFERENCES = _words(
    """
    section sections article articles clause clauses paragraph paragraphs exhibit exhibits schedule schedules annex
    annexes appendix appendices attachment attachments subsection subsections
    """
)
"""Words before a number that is only a place in the document."""

PLACES = _words(
    """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas
    utah vermont virginia washington wisconsin wyoming columbia england wales scotland ireland germany france austria
    switzerland netherlands belgium luxembourg spain italy portugal poland sweden denmark norway finland canada ontario
    quebec australia singapore japan china india israel bermuda hong kong cayman taiwan korea brazil
    """
)
