"""States and nationalities by the codes of machine-readable papers (ISO 3166-1 alpha-3 and those of ICAO 9303)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_ISO = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR
CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB
GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA
JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA
MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS
SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
"""
_OTHERS = "D GBD GBN GBO GBP GBS UNO UNA UNK XXA XXB XXC XXX XOM XPO XBA XIM XCC XCO XEC XMP EUE RKS UTO ROM IAO"
CODES = frozenset(_ISO.split()) | frozenset(_OTHERS.split())
"""All codes that stand in zones."""
_NAMES = Path(__file__).with_name("nationalities.json")


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = json.loads(_NAMES.read_text(encoding="utf-8"))
    return found


def code_of(text: str) -> str | None:
    """The code that a nationality or a state is meant by, in English, German or French (`deutsch`, `France`, `GB`)."""
    from extractors.values import plain

    words = " ".join("".join(c if c.isalnum() else " " for c in plain(text.strip())).split())
    if words.upper() in CODES:
        return words.upper()
    return _names().get(words)
