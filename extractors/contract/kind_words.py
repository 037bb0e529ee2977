"""What the model of contract kinds looks for by name: words of titles, of parties' roles, of what is done and owed.

They are what a lawyer expects in a contract of a kind; a few hundred contracts are too few to learn that from words.
One line is one sign: alternatives of one or two words, an asterisk for any ending. Hyphens count as spaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

LEAST_STEM, LONGEST_STEM = 3, 24  # letters before an asterisk

SIGNS: dict[str, str] = {
    "Affiliate": "affiliate",
    "Agency": "agency|agent",
    "Co-Branding": "co brand*|cobrand*",
    "Collaboration": "collaborat*|cooperation|co operation",
    "Consulting": "consult*",
    "Development": "development",
    "Distributor": "distribut*",
    "Endorsement": "endorse*",
    "Franchise": "franchis*",
    "Hosting": "hosting",
    "IP": "intellectual property|ip rights",
    "Joint Venture": "joint venture*|joint filing",
    "License": "licens*|licenc*",
    "Maintenance": "maintenance|support",
    "Manufacturing": "manufactur*",
    "Marketing": "marketing|remarketing",
    "Non-Compete": "non compet*|noncompet*|not compete",
    "Outsourcing": "outsourc*",
    "Promotion": "promotion*",
    "Reseller": "resell*|re sell*|value added",
    "Service": "servic*",
    "Sponsorship": "sponsor*",
    "Strategic Alliance": "alliance",
    "Supply": "supply|purchase",
    "Transportation": "transport*|shipping|carriage|haul*",
    "NDA": "non disclosure|nondisclosure|confidentiality|secrecy",
    "Employment": "employment|employee",
    "Lease": "lease|tenancy|rental",
    "Data Processing": "data process*|data protection",
    "Loan": "loan|credit agreement|promissory",
    "Purchase": "and sale|asset purchase|share purchase|stock purchase",
    "Shareholders": "shareholders|stockholders|operating agreement|partnership agreement",
}
"""The words of each kind, in the order that the model was fitted to."""

TOPICS: tuple[str, ...] = (
    # Affiliate, Agency
    "affiliate program*|affiliate network*|affiliate site*|affiliate link*", "referr*|referral*", "click*",
    "commission*", "principal", "agent", "sub agent*|subagent*", "solicit*", "behalf of",
    # Co-Branding, Hosting
    "co brand*|cobrand*", "web site*|website*", "link*", "page views|pageviews|impressions", "card*|cardholder*",
    "host*", "server*", "uptime|up time|availability|downtime", "bandwidth", "data center*|data centre*", "content",
    "user*", "internet|online|on line", "advertis*", "commerce|ecommerce",
    # Collaboration, Development
    "collaborat*", "cooperat*|co operat*", "steering committee|joint committee*", "research*", "develop*",
    "milestone*", "specification*", "deliverable*", "prototype*", "clinical|regulatory",
    "work plan*|development plan*", "project*", "compound*|drug*",
    # Consulting, Employment
    "consultant*", "consulting", "independent contractor*", "advis*", "employee*", "salary|vacation*",
    # Distributor, Reseller
    "distributor*", "distribut*", "territory", "minimum purchase*|minimum quantit*|minimum order*", "appoint*",
    "resell|reselling|resale|re sell|re sale", "reseller*", "end user*", "discount*|price list*", "dealer*", "shares",
    "fund*|prospectus|underwrit*", "software", "subscri*",
    # Endorsement, Promotion, Sponsorship, Marketing
    "endorse*", "likeness|photograph*|autograph*", "appearance*", "athlete*|player*|golf*|driver*|artist*",
    "celebrit*|photo*", "promot*", "co promot*|copromot*|detail|details|detailing", "sales force|sales rep*",
    "sponsor*", "event*", "logo*", "signage|banner*", "ticket*|hospitality|seat|seats",
    "team*|race|racing|races|league*|stadium*", "marketing", "marketing plan*|marketing material*|marketing service*",
    "annuit*|insurance polic*", "television|radio|broadcast*", "remarketing*", "campaign*",
    # Franchise
    "franchis*", "franchisee*", "restaurant*|store|stores|outlet*", "system standards|operations manual", "royalt*",
    # IP, License
    "intellectual property", "patent*", "trademark*|trade mark*", "copyright*", "assign*", "licensor*", "licensee*",
    "licensed", "sublicens*|sub licens*", "spin off|spin co|spinco|separation|distribution date",
    "source code|escrow", "film*|music*|video*|game*", "marks",
    # Joint Venture, Shareholders, Strategic Alliance
    "joint venture*", "jointly file*|schedule 13d|schedule 13g|13d|13g|exchange act", "capital contribution*|equity",
    "board of|directors", "shareholder*|stockholder*", "alliance*", "strategic*", "partner|partners",
    "business plan*", "partnership*", "member|members",
    # Maintenance, Outsourcing, Service
    "maintenance", "repair*", "support", "error*|defect*|bug|bugs", "spare parts|equipment*", "update*",
    "response time*|help desk|helpdesk", "outsourc*", "service level*", "transition*|transferred",
    "statement of|statements of", "services", "service provider*", "customer*", "personnel", "vendor*",
    "trust|trustee*|trusts", "reimburs*", "contractor*",
    # Manufacturing, Supply
    "manufactur*", "batch*|gmp|fda", "forecast*", "raw material*|bulk|component*", "tooling|mold|molds", "quality",
    "supply|supplies|supplied|supplying", "supplier*", "buyer*|purchaser*", "seller*", "purchase order*", "deliver*",
    "shipment*", "plant|plants|facilit*", "inventory|stock", "packag*|label*",
    # Transportation
    "transport*", "shipper*", "carrier*", "pipeline*|barrel*|gas|oil", "cargo*|freight*|vessel*", "tariff*",
    "receipt point*|delivery point*",
    # Non-Compete, NDA, Lease, Data Processing, Loan, Purchase
    "compet*", "restricted period|restrictive covenant*", "confidential information", "disclosing party",
    "receiving party|recipient*", "evaluat*|proposed transaction", "tenant*|landlord*|lessor*|lessee*", "premises",
    "personal data|data subject*|processor*", "borrower*|lender*", "loan*|interest rate*", "closing",
    "purchase price",
)  # fmt: skip
"""How often these come is a sign of its own each; the order is that which the model was fitted to."""


class Stems:
    """Finds the words of many signs in one run over a text's words."""

    def __init__(self, signs: Iterable[str]) -> None:
        self._known: dict[str, list[int]] = {}  # "word", "wor*", "one two", "one tw*" -> the signs that it is of
        self.count = 0
        for number, sign in enumerate(signs):
            self.count = number + 1
            for words in sign.split("|"):
                self._known.setdefault(words, []).append(number)
        self._firsts = frozenset(w.partition(" ")[0] for w in self._known if " " in w)

    def counts_in(self, words: Sequence[str]) -> list[int]:
        """How often each sign comes."""
        found = [0] * self.count
        pairs = (f"{a} {b}" for a, b in pairwise(words) if a in self._firsts)
        for word, times in (*Counter(words).items(), *Counter(pairs).items()):
            for number in self._of(word):
                found[number] += times
        return found

    def places_in(self, words: Sequence[str]) -> list[int]:
        """The number of the word at which each sign first comes; -1 where it does not."""
        found = [-1] * self.count
        for at in range(len(words) - 1, -1, -1):
            for number in self._of(words[at]) | self._of(" ".join(words[at : at + 2])):
                found[number] = at
        return found

    def _of(self, words: str) -> set[int]:
        found = set(self._known.get(words, ()))
        for end in range(LEAST_STEM, min(len(words), LONGEST_STEM) + 1):
            found.update(self._known.get(f"{words[:end]}*", ()))
        return found
