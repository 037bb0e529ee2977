"""The demo's contracts: who agreed with whom on what, and what shall become of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from devdata.contracts import wording as w

US = "Moselbrück Apparatebau GmbH"
Clause = tuple[str, str]
_NUMBER = ("one hundred percent (100%)", "ten percent (10%)")


@dataclass(frozen=True)
class Deal:
    """One contract. `roles` are what the contract calls the company and the other side."""

    file: str
    title: str
    them: str
    address: str
    roles: tuple[str, str]
    begins: str
    ends: str
    clauses: tuple[Clause, ...]
    law: str = "Germany"
    signed: bool = True
    annexes: tuple[str, ...] = ("Schedule 1",)
    outcome: str = "registered"
    also: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    contract_type: str = ""
    ends_on: str | None = None
    about: str = ""
    mail: str = ""
    extra: dict[str, str] = field(default_factory=dict)


_TAIL = (w.CONFIDENTIAL, w.CAP, w.NO_ASSIGNMENT, w.LAW, w.ENTIRE)

CLEANING = Deal(
    file="Services_Agreement_Northgate.pdf",
    title="Services Agreement",
    them="Northgate Facility Services Ltd.",
    address="14 Quay Road, Bristol BS1 4QA, United Kingdom",
    roles=("Customer", "Supplier"),
    begins="January 1, 2026",
    ends="December 31, 2029",
    clauses=(w.SERVICES, w.FEES, w.TERM, w.CONVENIENCE, w.INSURANCE, *_TAIL),
    contract_type="Service",
    ends_on="2029-12-31",
    about="services in the approved words: nothing is unusual",
    mail="Please find attached the signed services agreement.",
)
SOFTWARE = Deal(
    file="Software_License_Ballinrae.pdf",
    title="Software License Agreement",
    them="Ballinrae Systems Limited",
    address="3 Harbour Street, Galway, Ireland",
    roles=("Licensee", "Licensor"),
    begins="March 1, 2026",
    ends="February 29, 2028",
    clauses=(w.LICENCE, w.FEES, w.TERM, w.RENEWS, w.AUDIT, *_TAIL),
    contract_type="License",
    ends_on="2028-02-29",
    about="a licence that renews itself, two years from now",
    mail="The countersigned licence is attached.",
)
LIFTS = Deal(
    file="Maintenance_Agreement_Velbert.docx",
    title="Maintenance Agreement",
    them="Velbert Lift Technik GmbH",
    address="Schlossweg 9, 42551 Velbert, Germany",
    roles=("Customer", "Contractor"),
    begins="@begins@",
    ends="@ends@",
    clauses=(w.SERVICES, w.FEES, w.TERM, w.RENEWS, w.INSURANCE, *_TAIL),
    contract_type="Maintenance",
    ends_on="@ends_on@",
    about="renews itself, and the last day for a notice is three weeks from the day that the demo runs",
    mail="Attached is our maintenance agreement, for your files.",
)
SECRET = Deal(
    file="NDA_Sorrel_Instruments.pdf",
    title="Mutual Non-Disclosure Agreement",
    them="Sorrel Instruments Inc.",
    address="220 Mercer Avenue, Albany, New York, USA",
    roles=("Receiving Party", "Disclosing Party"),
    begins="February 2, 2026",
    ends="February 1, 2029",
    clauses=(w.SECRETS, w.RETURN, w.TERM, w.NO_ASSIGNMENT, w.LAW, w.ENTIRE),
    law="the State of New York",
    annexes=(),
    contract_type="NDA",
    ends_on="2029-02-01",
    about="secrets of both sides",
    mail="Signed copy of the NDA.",
)
STEEL = Deal(
    file="Supply_Agreement_Ostra.pdf",
    title="Supply Agreement",
    them="Ostra Stahlwerke AG",
    address="Werkstrasse 1, 01067 Dresden, Germany",
    roles=("Buyer", "Supplier"),
    begins="April 1, 2026",
    ends="March 31, 2029",
    clauses=(w.SERVICES, w.FEES, w.WARRANTY, w.TERM, w.UNCAPPED, *_TAIL),
    contract_type="Supply",
    outcome="review",
    codes=("uncapped_liability",),
    about="liability without an upper limit",
    mail="Please sign the attached supply agreement.",
)
ADVICE = Deal(
    file="Consulting_Agreement_Lindqvist.pdf",
    title="Consulting Agreement",
    them="Lindqvist Advisory AB",
    address="Sveavägen 44, Stockholm, Sweden",
    roles=("Client", "Consultant"),
    begins="May 4, 2026",
    ends="May 3, 2027",
    clauses=(w.SERVICES, w.FEES, w.TERM, w.CONVENIENCE, w.CONFIDENTIAL, w.CAP, w.NO_ASSIGNMENT, w.ENTIRE),
    contract_type="Consulting",
    outcome="review",
    codes=("missing_governing_law",),
    about="no governing law",
    mail="Our consulting agreement is attached.",
)
CLEANING_TWO = replace(
    CLEANING,
    file="Services_Agreement_Penrose.pdf",
    them="Penrose Building Care Ltd.",
    address="8 Station Approach, Leeds LS1 5DL, United Kingdom",
    begins="June 1, 2026",
    ends="May 31, 2030",
    clauses=tuple((h, t.replace(*_NUMBER)) for h, t in CLEANING.clauses),
    outcome="review",
    codes=("deviation_number", "liability_cap_low"),
    ends_on=None,
    about="word for word the services agreement that was accepted, but for one number",
    mail="The agreement for your second site, same terms as usual.",
)
DISTRIBUTOR = Deal(
    file="Distributor_Agreement_Kanto.pdf",
    title="Distributor Agreement",
    them="Kanto Machinery Trading K.K.",
    address="2-7-1 Nihonbashi, Tokyo, Japan",
    roles=("Supplier", "Distributor"),
    begins="July 1, 2026",
    ends="June 30, 2031",
    clauses=(w.EXCLUSIVE, w.MINIMUM, w.FEES, w.TERM, *_TAIL),
    contract_type="Distributor",
    outcome="review",
    codes=("exclusivity",),
    about="an exclusive distributor",
    mail="We look forward to representing you in Japan. Agreement attached.",
)
WAREHOUSE = Deal(
    file="Scan_20260714_1021.pdf",
    title="Lease Agreement",
    them="Hafen Immobilien GmbH",
    address="Hafenstrasse 2, 54293 Trier, Germany",
    roles=("Tenant", "Landlord"),
    begins="August 1, 2026",
    ends="July 31, 2031",
    clauses=(w.PREMISES, w.RENT, w.TERM, w.INSURANCE, w.NO_ASSIGNMENT, w.LAW, w.ENTIRE),
    annexes=(),
    contract_type="Lease",
    also=("review",),
    ends_on="2031-07-31",
    about="a scan: pictures of paper without text",
    mail="Scanned lease.",
)
PROCESSING = Deal(
    file="Data_Processing_Agreement_Cloudmere.pdf",
    title="Data Processing Agreement",
    them="Cloudmere Hosting B.V.",
    address="Keizersgracht 301, Amsterdam, Netherlands",
    roles=("Controller", "Processor"),
    begins="January 15, 2026",
    ends="January 14, 2029",
    clauses=(w.DATA, w.DATA_AUDIT, w.TERM, *_TAIL),
    law="the Netherlands",
    also=("review",),
    contract_type="Data Processing",
    ends_on="2029-01-14",
    about="personal data on behalf of the company",
    mail="DPA as agreed.",
)
HOSTING = Deal(
    file="Hosting_Agreement_Fjordnet.pdf",
    title="Hosting Agreement",
    them="Fjordnet AS",
    address="Strandgaten 18, Bergen, Norway",
    roles=("Customer", "Provider"),
    begins="September 1, 2026",
    ends="August 31, 2028",
    clauses=(w.SERVICES, w.FEES, w.TERM, w.MOST_FAVOURED, w.CONTROL, *_TAIL),
    contract_type="Hosting",
    outcome="review",
    codes=("most_favoured_nation", "change_of_control"),
    about="most favoured terms, and an end upon a change of control",
    mail="Hosting agreement for signature.",
)
FREIGHT = Deal(
    file="Transportation_Agreement_Luxtrans.txt",
    title="Transportation Agreement",
    them="Luxtrans Carriers S.A.",
    address="12 Route d'Esch, Luxembourg",
    roles=("Shipper", "Carrier"),
    begins="October 1, 2026",
    ends="September 30, 2028",
    clauses=(w.CARRIAGE, w.FEES, w.INSURANCE, w.TERM, *_TAIL),
    law="Luxembourg",
    contract_type="Transportation",
    ends_on="2028-09-30",
    about="a plain text",
    mail="Transport contract as text.",
)
DEVELOPMENT = Deal(
    file="Development_Agreement_Arvika.pdf",
    title="Development Agreement",
    them="Arvika Medical Devices Inc.",
    address="77 Summer Street, Boston, Massachusetts, USA",
    roles=("Developer", "Customer"),
    begins="March 16, 2026",
    ends="March 15, 2028",
    clauses=(w.FEES, w.TERM, w.ASSIGNS_WORK, w.NON_COMPETE, *_TAIL),
    law="the State of Delaware",
    contract_type="Development",
    outcome="review",
    codes=("ip_assignment", "non_compete"),
    about="what the company develops would belong to the other side, and it may not compete",
    mail="Development agreement, please return signed.",
)
UNSIGNED = Deal(
    file="Outsourcing_Agreement_draft.pdf",
    title="Outsourcing Agreement",
    them="Brightwell Payroll Services Ltd.",
    address="1 Castle Yard, Oxford OX1 1AA, United Kingdom",
    roles=("Customer", "Provider"),
    begins="November 2, 2026",
    ends="November 1, 2029",
    clauses=(w.SERVICES, w.FEES, w.TERM, *_TAIL),
    law="England and Wales",
    signed=False,
    annexes=(),
    contract_type="Outsourcing",
    outcome="review",
    also=("registered",),
    codes=("missing_signature", "missing_annex"),
    about="nobody has signed it, and its Schedule 1 is not in the file",
    mail="Outsourcing agreement.",
)
AMENDED = Deal(
    file="Amendment_1_Services_Northgate.pdf",
    title="Amendment No. 1 to Services Agreement",
    them=CLEANING.them,
    address=CLEANING.address,
    roles=CLEANING.roles,
    begins="October 1, 2026",
    ends="December 31, 2031",
    clauses=(
        (
            "Amendment",
            "The parties amend the Services Agreement dated January 1, 2026 as follows. All other terms of the "
            "Services Agreement remain in full force and effect.",
        ),
        (
            "Term",
            "This Amendment is effective as of {begins}. The term of the Services Agreement is extended, and the "
            "Services Agreement shall continue in effect until {ends}.",
        ),
    ),
    annexes=(),
    contract_type="Service",
    ends_on="2031-12-31",
    about="an amendment that extends a registered contract",
    mail="Amendment No. 1, signed.",
)
DEALS = (
    *(CLEANING, SOFTWARE, LIFTS, SECRET, STEEL, ADVICE, CLEANING_TWO, DISTRIBUTOR, WAREHOUSE, PROCESSING, HOSTING),
    *(FREIGHT, DEVELOPMENT, UNSIGNED, AMENDED),
)
