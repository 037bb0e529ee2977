"""The words that forms put beside or above a value, in English, German and French (some Spanish, Italian and Dutch)."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.values import plain

# `name` is a whole name, `other` is asked for by forms and is nothing that we want: what stands there is no other value.
_LABELS = {
    "surname": r"sur ?name|last[ -]?name|family name|familien ?name|nach ?name|zuname|nom de famille|nom de naissance"
    r"|nom d.usage|apellidos?|cognome|achternaam|nom/surname|name/surname",
    "given_names": r"(?:first|given|fore|christian)[ -]?name(?:\(?s\)?)?|vorname(?:\(?n\)?)?|ruf ?name|prenom(?:\(?s\)?)?"
    r"|nombres?|voorna(?:am|men)|middle names?",
    "name": r"(?:full |legal |complete )?name|name of (?:the )?(?:new )?(?:employee|applicant|hire|starter|joiner|person)"
    r"|(?:new )?(?:employee|hire|starter|joiner|colleague|applicant|candidate|worker)(?:'?s)?(?: full)? name|new (?:hire|starter|joiner|employee|colleague)"
    r"|employee|candidate|applicant|name,? ?(?:und )?vorname|vor-? ?(?:und|&) ?(?:nach|zu|familien)name|nach-? ?(?:und|&) ?vorname|vorname,? (?:und )?(?:nach)?name"
    r"|name (?:des|der|d\.) (?:neuen )?(?:mitarbeiter|arbeitnehmer|beschaftigten|bewerber)s?(?:in|/in)?|(?:neuer? )?mitarbeiter(?:in|/-?in|:in|\*in)?"
    r"|(?:name )?(?:arbeitnehmer|bewerber|beschaftigter?)(?:in|/-?in)?|nom (?:et|&|/) ?prenoms?|prenoms? (?:et|&|/) ?nom|nom,? prenoms?|nom complet"
    r"|nom(?: d[ue]l? ?(?:salarie|collaborateur)(?:\(?e\)?)?)?|(?:nouveau )?(?:salarie|collaborateur)(?:\(?e\)?|trice)?|candidat(?:\(?e\)?)?|naam|person",
    "born_on": r"date of birth|birth ?da(?:te|y)|born(?: on)?|d\.? ?o\.? ?b\.?|geburts ?(?:datum|tag)|geb(?:oren|\.)?(?: am|-?datum)?"
    r"|date de naissance|nee?(?:\(e\))?\.? le|fecha de nacimiento|data di nascita|geboortedatum",
    "nationality": r"nationality|citizenship|citizen of|staatsangehorigkeit(?:en)?|nationalitat|staatsburgerschaft|nationalite|nacionalidad"
    r"|cittadinanza|nationaliteit",
    "document_number": r"(?:passport|id|identity|document|id[ -]?card|identity card|identity document)(?: card)?(?:/id)? ?(?:no|number|nr|num|#)\.?"
    r"|(?:personal)?ausweis(?:-?/? ?(?:pass)?)?[- ]?(?:nr|nummer)\.?|(?:reise)?pass[- ]?(?:nr|nummer)\.?|(?:nummer|nr\.?) (?:des )?(?:ausweis|reisepass|pass)(?:es)?"
    r"|(?:n[o°]\.?|numero) (?:de |du )?(?:passeport|la piece d.identite|piece d.identite|carte d.identite|document)|num\. documento|passport",
    "expires_on": r"(?:date of |passport |id |document )?expir(?:y|ation|es)(?: date| on)?|valid (?:until|to|thru)|gultig bis|ablauf(?:datum)?"
    r"|(?:ausweis )?gultigkeit|date d.expiration|valable jusqu.au|date de fin de validite|valido hasta|scadenza|geldig tot",
    "employer": r"(?:the )?employer(?: name)?|name of (?:the )?(?:employer|company)|(?:hiring |employing )?(?:company|entity|legal entity)(?: name)?|organi[sz]ation(?: name)?"
    r"|firma|arbeitgeber(?:in)?|unternehmen|gesellschaft|betrieb|(?:l.)?employeur|entreprise|(?:la )?societe|raison sociale|etablissement|empresa|werkgever",
    "department": r"department(?: name)?|dep[ta]\.?|team|division|business unit|org(?:anisational|anizational)? unit|section|abteilung|(?:fach)?bereich"
    r"|organisationseinheit|kostenstelle / abteilung|service|departement|direction|pole|departamento|reparto|afdeling",
    "role": r"(?:job |position |role )?title|job(?: role)?|position(?: title)?|role|occupation|designation|job description|employed as|function|tatig(?:keit)?(?: als)?"
    r"|funktion|(?:plan)?stelle|stellenbezeichnung|berufsbezeichnung|beruf|position/funktion|beschaftigt als|eingestellt als|poste(?: occupe)?|fonctions?|emploi"
    r"|intitule (?:du|de) poste|qualite|puesto|mansione|functie|rolle|jobtitel",
    "manager": r"(?:line |reporting |direct |hiring |people |team )?manager(?: name)?|(?:direct |immediate )?supervisor|report(?:s|ing)? to|(?:line )?superior|team lead(?:er)?"
    r"|(?:name (?:der|des) )?(?:direkte[rn]? |disziplinarische[rn]? )?vorgesetzte(?:[rn]|\(r\)|/r|r/in)?|fuhrungskraft|teamleit(?:er|ung)(?:in)?|abteilungsleit(?:er|ung)(?:in)?"
    r"|berichtet an|responsable(?: hierarchique| direct)?|superieur(?: hierarchique)?|n ?\+ ?1|rattachee?(?:\(e\))? a|leidinggevende|boss",
    "starts_on": r"(?:contract |employment |planned |proposed |agreed |anticipated |job )?start(?:ing|s)?(?: date| on| of employment| of work)?|date of (?:joining|commencement|entry|hire|employment|start)"
    r"|(?:joining|hire|hiring|entry|onboarding|commencement|effective) ?date|first (?:working )?day(?: of work| at work)?|commencement(?: of employment)?|employment (?:start|begin|commence)s?(?: date| on)?"
    r"|employed from|joins? on|eintritt(?:sdatum|stermin)?(?: am| zum)?|(?:arbeits|vertrags|dienst|beschaftigungs)?beginn(?: (?:der|des) (?:tatigkeit|beschaftigung|arbeitsverhaltnisses|arbeit))?"
    r"|beginn(?:t)? am|(?:beschaftigt|tatig|angestellt) ab|einstellungs(?:datum|termin)|einstellung (?:am|zum)|startdatum|(?:erster )?arbeitstag|dienstantritt|arbeitsaufnahme|ab wann"
    r"|date d.(?:entree|embauche|effet|engagement|arrivee)(?: en fonction)?|date de (?:debut|prise de (?:poste|fonctions?))(?: du contrat)?|debut d[ue] (?:contrat|l.emploi|travail)"
    r"|prise de (?:poste|fonctions?)|entree en fonctions?|a compter du|embauchee? le|fecha de inicio|data di assunzione",
    "weekly_hours": r"(?:contracted |agreed |regular |normal |standard )?(?:weekly )?(?:working )?hours(?: of work)?(?: ?(?:per|a|/) ?(?:the )?week| ?weekly| ?\(weekly\))?|weekly (?:working )?(?:hours|time)|hours/week|h/week"
    r"|working time|wochen ?stunden|(?:regelmassige )?(?:wochentliche )?(?:wochen)?arbeits ?zeit(?: ?(?:pro|je|/|in der) ?(?:woche|stunden))?|stunden ?(?:pro|je|/) ?woche|std\.? ?(?:pro|/|je) ?woche|arbeitsstunden"
    r"|heures (?:hebdomadaires|par semaine|de travail)|duree (?:hebdomadaire|du travail)(?: d[ue] travail)?(?: hebdomadaire)?|temps de travail(?: hebdomadaire)?|horaire(?: hebdomadaire)?|h/semaine",
    "address": r"(?:home |private |residential |postal |current |permanent )?address|(?:privat|wohn|post)?(?:anschrift|adresse)|wohnhaft(?: in)?|wohnsitz|adresse(?: personnelle| postale| du domicile)?|domicile|demeurant"
    r"|direccion|indirizzo|adres|street(?: address)?|strasse|stra(?:ß|ss)e(?: ?(?:und|,|/|&) ?hausnummer)?|rue",
    "email": r"(?:private |personal |work )?e-?mail(?: ?address| ?adresse)?|(?:private )?e-?mail|courriel|adresse (?:e-?mail|electronique|mail)|mail",
    "other": r"place of birth|birth ?place|birth name|maiden name|geburts ?(?:ort|name|land)|lieu de naissance|country of birth|pays de naissance|sex|gender|geschlecht|sexe|(?:mobile|tele|cell|home)?[- ]?phone(?: number| no\.?)?"
    r"|tel(?:efon|ephone|efonnummer|\.)?|mobil(?:e|telefon|nummer)?|handy|portable|tax (?:id|code|no|number|class|identification number)|steuer(?:-? ?id|klasse|nummer|-?identifikationsnummer)|sozialversicherungs ?(?:nummer|nr\.?)|sv-?(?:nummer|nr\.?)"
    r"|social (?:security|insurance) (?:no|number)\.?|national insurance (?:no|number)\.?|ni number|ssn|n[o°] (?:de )?(?:securite sociale|ss)|numero de securite sociale|kranken(?:kasse|versicherung)|health insurance|mutuelle|iban|bic|rib|bank(?: account| name|verbindung)?"
    r"|marital status|familien ?stand|civil status|situation (?:de famille|familiale)|etat civil|children|kinder|enfants|konfession|religion|salary|gross salary|gehalt|vergutung|bruttogehalt|remuneration|salaire|salary band|pay grade|entgeltgruppe"
    r"|probation(?:ary)?(?: period)?|probezeit|periode d.essai|notice(?: period)?|kundigungsfrist|preavis|annual leave|holiday entitlement|urlaub(?:sanspruch)?|conges|end date|contract end|befristet bis|date de fin|fin du contrat|vertragsende|contract type|employment type"
    r"|type de contrat|vertragsart|type|work (?:place|location)|place of work|location|office|site|arbeitsort|dienstort|standort|lieu de travail|lieu|signature|unterschrift|signed|ort,? datum|date|datum|place,? date|fait a|le|title \(mr/ms\)|salutation|anrede|civilite|emergency contact(?: name)?"
    r"|contact in (?:case of )?emergency|notfallkontakt|personne a (?:contacter|prevenir)|spouse|ehe(?:partner|gatte)|conjoint|relationship|beziehung|postcode|zip(?: code)?|plz|code postal|city|town|ort|stadt|ville|country|land|pays|hr contact|ansprechpartner|contact person|personalabteilung"
    r"|personnel number|employee (?:no|number|id)|personalnummer|matricule|cost cent(?:er|re)|kostenstelle|centre de cout|date of issue|issued (?:on|by)|ausstellungsdatum|ausgestellt am|behorde|authority|autorite|date de delivrance|delivre(?:e)? (?:le|par)|work permit|arbeitserlaubnis|visa|titre de sejour"
    r"|degree|abschluss|diplome|education|ausbildung|remarks|bemerkungen|remarques|notes|comments|reference|ref\.?|ihr zeichen|prepared by|completed by|erstellt von|requested by|request(?:ed)? date|submitted(?: on| at| by)?|created(?: at| on)?|updated(?: at| on)?|version|event(?: id| type)?|id|status|source|equipment|laptop|access",
}  # fmt: skip
_EXACT = {field: re.compile(rf"(?:{pattern})") for field, pattern in _LABELS.items()}
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})?[.)]\s+|[a-z]\)\s+|[-•*□☐]\s+)")
_CLOSING = re.compile(r"[\s:.*_…?!]*$")
_OWNER = re.compile(
    r"^(?:the |your |ihr[e]? |votre )?(?:employee|person|personal|new hire|new starter|joiner|candidate|worker|applicant|employment"
    r"|job|contact|passport|identity|mitarbeiter(?:s|in)?|du salarie|position|contract|contrat|primary|assignment|data|profile)"
    r"(?:'s)?[ /:.-]+"
)
FIELDS = tuple(field for field in _LABELS if field not in ("name", "other"))


class Label(NamedTuple):
    """A label: of which field, where in its cell it ends, and how much of what stands before a colon it explains."""

    field: str
    end: int
    share: float


def label_of(text: str) -> Label | None:
    """The label with which the text of a cell begins; the longest where several would do."""
    folded = plain(text).replace("ß", "s")
    start = found.end() if (found := _NUMBERING.match(folded)) else 0
    colon = folded.find(":", start)
    head = _CLOSING.sub("", folded[start : colon if 0 <= colon <= 60 else len(folded)])
    parts = _parts(head)
    whole = [field for part in parts for field, pattern in _EXACT.items() if pattern.fullmatch(part)]
    whole.sort(key=lambda field: field == "name")  # "Nom / Surname" is no whole name
    if whole:
        end = colon + 1 if 0 <= colon <= 60 else len(folded)
        return Label(whole[0], end, 1.0)
    best = _longest(folded, start)
    if best is None:
        return None
    share = (best[0] - start) / max(len(head), 1)
    if 0 <= colon <= 60:
        return Label(best[1], colon + 1, share) if share >= 0.4 else None
    return Label(best[1], best[0], share)


def _longest(folded: str, start: int) -> tuple[int, str] | None:
    """Where the longest label ends with which a text begins, and its field."""
    ends = [found.end() for found in re.finditer(r"\S+", folded)][:8]
    for end in reversed([end for end in ends if end > start]):
        head = _CLOSING.sub("", folded[start:end])
        for field, pattern in _EXACT.items():
            if any(pattern.fullmatch(part) for part in _parts(head)):
                return end, field
    return None


def _parts(head: str) -> list[str]:
    """A label without what it says in brackets and whose it is, in each of the languages that it is written in."""
    head = re.sub(r"\s*\([^)]{4,}\)?$", "", head)
    parts = [head, *re.split(r"\s*[/|]\s+|\s+[/|]\s*|\s+-\s+", head)]
    return [short for part in parts for short in (part.strip(), _OWNER.sub("", part.strip()))]
