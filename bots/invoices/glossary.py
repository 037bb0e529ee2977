"""Words of everyday invoices and what they are called in charts of accounts: a hint for suggestions, no more."""

from __future__ import annotations

_WORDS = """
strom electricity | energie electricity | électricité electricity | gas gas | wasser water | eau water
miete rent | loyer rent | pacht rent | reinigung cleaning | glasreinigung cleaning | nettoyage cleaning
wartung maintenance repair | instandhaltung maintenance | reparatur repair | réparation repair | entretien maintenance
versicherung insurance | assurance insurance | beratung consulting | honorar consulting legal | anwalt legal
rechtsanwalt legal | conseil consulting | avocat legal | buchhaltung bookkeeping | prüfung audit | abschluss audit
büro office | papier office | toner office | ordner office | fourniture office | stationery office
lizenz software licences | licence software | abonnement software | subscription software | cloud cloud | hosting cloud
notebook it equipment | laptop it equipment | monitor it equipment | drucker it equipment | server it
telefon telephone | mobilfunk telephone | internet internet | téléphone telephone | porto postage | briefmarke postage
timbre postage | fracht freight | versand freight | spedition freight | transport freight | shipping freight
schulung training | seminar training | kurs training | formation training | course training
buch books | zeitschrift periodicals | handbuch books | livre books | magazine periodicals
werbung advertising | anzeige advertising | druck printing | flyer printing | katalog printing | publicité advertising
impression printing | reise travel | hotel travel | flug travel | bahn travel | voyage travel
bewirtung hospitality | catering hospitality | kaffee hospitality | café hospitality | getränke hospitality
fahrzeug vehicle | kfz vehicle | tanken vehicle | diesel vehicle | benzin vehicle | carburant vehicle
werkzeug tools | outil tools | verpackung packaging | karton packaging | emballage packaging | folie packaging
stahl raw materials | blech raw materials | aluminium raw materials | rohstoff raw materials | acier raw materials
guss castings | fräs machined | dreh machined | lohnarbeit subcontracted | fremdleistung subcontracted
"""
MEANINGS: dict[str, frozenset[str]] = {
    entry.split()[0]: frozenset(entry.split()[1:]) for row in _WORDS.split("\n") for entry in row.split("|") if entry
}
"""By the beginning or end of a word ("strom", also in "stromkosten" and "ökostrom")."""
_LEAST = 4  # letters from which a part of a word says something


def meanings(words: set[str]) -> set[str]:
    """What the words may be called in a chart of accounts; `words` in lower case."""
    found: set[str] = set()
    for word in words:
        for stem, names in MEANINGS.items():
            if word == stem or (len(stem) >= _LEAST and (word.startswith(stem) or word.endswith(stem))):
                found |= names
    return found
