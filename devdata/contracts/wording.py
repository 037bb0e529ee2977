"""The clauses that the demo's contracts are made of. `{us}` and `{them}` are the parties as the contract calls them."""

from __future__ import annotations

FEES = (
    "Fees",
    "{us} shall pay the fees set out in Schedule 1 within thirty (30) days after receipt of a proper invoice. All "
    "fees are stated in euros and exclude value added tax.",
)
SERVICES = (
    "Services",
    "{them} shall perform the services described in Schedule 1 with the care of a prudent professional and in "
    "accordance with the laws that apply to them. {them} shall assign qualified personnel and shall replace any "
    "person upon reasonable request of {us}.",
)
CONFIDENTIAL = (
    "Confidentiality",
    "Each party shall keep confidential all information that it receives from the other party and that is marked "
    "as confidential or is confidential by its nature, and shall use it only for the purposes of this Agreement.",
)
WARRANTY = (
    "Warranty",
    "{them} warrants that the products will be free from defects in material and workmanship for a period of "
    "twenty-four (24) months from delivery.",
)
CAP = (
    "Limitation of Liability",
    "Except for wilful misconduct and gross negligence, the aggregate liability of either party under this "
    "Agreement shall not exceed one hundred percent (100%) of the fees paid or payable in the twelve (12) months "
    "before the claim arose.",
)
NO_ASSIGNMENT = (
    "Assignment",
    "Neither party may assign this Agreement, in whole or in part, without the prior written consent of the other "
    "party, which shall not be unreasonably withheld.",
)
LAW = (
    "Governing Law",
    "This Agreement shall be governed by and construed in accordance with the laws of {law}, excluding its "
    "conflict of laws rules.",
)
CONVENIENCE = (
    "Termination for Convenience",
    "Either party may terminate this Agreement for convenience upon sixty (60) days' prior written notice to the "
    "other party.",
)
ENTIRE = (
    "Entire Agreement",
    "This Agreement, including its schedules, is the entire agreement of the parties about its subject. "
    "Amendments are valid only if they are made in writing and signed by both parties.",
)
INSURANCE = (
    "Insurance",
    "{them} shall maintain commercial general liability insurance with limits of not less than EUR 5,000,000 per "
    "occurrence during the term of this Agreement and shall provide a certificate of insurance upon request.",
)
AUDIT = (
    "Records and Audit",
    "Not more than once in any calendar year, and upon at least ten (10) business days' prior written notice, a "
    "party may have an independent auditor examine the records of the other party that relate to this Agreement, "
    "during normal business hours.",
)
TERM = (
    "Term",
    "This Agreement begins on {begins} (the “Effective Date”) and, unless terminated earlier in accordance with "
    "its terms, shall continue in effect until {ends}.",
)
RENEWS = (
    "Renewal",
    "Upon expiration of the initial term this Agreement shall automatically renew for successive periods of "
    "twelve (12) months unless either party gives written notice of non-renewal at least ninety (90) days before "
    "the end of the then current term.",
)
LICENCE = (
    "License Grant",
    "{them} grants to {us} a non-exclusive, non-transferable license to use the Software for its internal "
    "business purposes during the term of this Agreement.",
)
UNCAPPED = (
    "Indemnification",
    "{us} shall indemnify and hold harmless {them} from third party claims. The limitation of liability in this "
    "Agreement shall not apply to, and nothing in this Agreement shall limit, the liability of {us} for "
    "indemnification of third party claims, breach of confidentiality, gross negligence or willful misconduct.",
)
EXCLUSIVE = (
    "Exclusivity",
    "{us} hereby appoints {them} as its exclusive distributor of the Products in the Territory. During the term "
    "of this Agreement {us} shall not sell the Products, directly or indirectly, to any other customer in the "
    "Territory.",
)
MINIMUM = (
    "Minimum Purchases",
    "{them} shall purchase Products for at least EUR 250,000 in each calendar year. If {them} does not reach this "
    "minimum purchase commitment, {us} may terminate this Agreement.",
)
MOST_FAVOURED = (
    "Most Favored Customer",
    "{us} shall grant {them} prices and terms that are no less favorable than the most favorable prices and terms "
    "that {us} grants to any other customer, and shall adjust them retroactively.",
)
CONTROL = (
    "Change of Control",
    "If {us} undergoes a change of control, including any merger or the sale of substantially all of its assets, "
    "{them} may terminate this Agreement with immediate effect upon written notice.",
)
ASSIGNS_WORK = (
    "Ownership of Work Product",
    "{us} hereby assigns to {them} all right, title and interest in and to all inventions, designs and other work "
    "product made in the performance of this Agreement, including all intellectual property rights therein.",
)
NON_COMPETE = (
    "Non-Competition",
    "During the term of this Agreement and for a period of two (2) years thereafter, {us} shall not, directly or "
    "indirectly, develop, manufacture or sell any product that competes with the products of {them}.",
)
DATA_AUDIT = (
    "Inspections",
    "{us} shall have the right, upon reasonable notice, to audit and inspect the records, systems and premises of "
    "{them} in order to verify compliance with this Agreement.",
)
DATA = (
    "Processing of Personal Data",
    "{them} shall process personal data only on documented instructions of {us}, shall bind all persons "
    "authorised to process personal data to confidentiality, and shall notify {us} without undue delay of any "
    "personal data breach.",
)
SECRETS = (
    "Confidential Information",
    "The Receiving Party shall hold the Confidential Information of the Disclosing Party in strict confidence, "
    "shall not disclose it to any third party without prior written consent, and shall use it solely to evaluate "
    "the Purpose.",
)
RETURN = (
    "Return of Materials",
    "Upon written request the Receiving Party shall return or destroy all Confidential Information and all copies "
    "of it.",
)
PREMISES = (
    "Premises",
    "{them} leases to {us} the warehouse at Hafenstrasse 12, with about 2,400 square metres, and {us} takes it "
    "for the storage of machines and parts.",
)
RENT = (
    "Rent",
    "{us} shall pay a monthly rent of EUR 11,500, payable in advance on the first working day of each month.",
)
CARRIAGE = (
    "Carriage",
    "{them} shall collect, carry and deliver the goods that {us} tenders, at the rates and within the times of "
    "Schedule 1, and shall hand over a proof of delivery for each consignment.",
)
