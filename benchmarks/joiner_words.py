# ruff: noqa: E501, SIM905 - tables of words and places stay whole; chance is no secret
"""What the made forms, contracts and mails of joiners say."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

ARRANGEMENTS = ("right", "inline", "above", "two columns", "lines", "right", "indented", "inline")
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
NATIONS = {
    "en": [("British", "GBR"), ("German", "DEU"), ("French", "FRA"), ("Polish", "POL"), ("Indian", "IND"), ("Irish", "IRL")],
    "de": [("deutsch", "DEU"), ("Deutschland", "DEU"), ("polnisch", "POL"), ("türkisch", "TUR"), ("Österreich", "AUT"), ("italienisch", "ITA")],
    "fr": [("française", "FRA"), ("France", "FRA"), ("belge", "BEL"), ("marocaine", "MAR"), ("allemande", "DEU")],
}  # fmt: skip
FIRMS = {
    "en": ["Northwind Traders Ltd", "Harbour & Lane LLP", "Bluefield Logistics Limited", "Acme Tools Inc.", "Orion Health plc", "Redwood Analytics"],
    "de": ["Beispiel Maschinenbau GmbH", "Nordlicht Energie AG", "Müller & Söhne KG", "Kranz Logistik GmbH & Co. KG", "Stadtwerke Lindau", "Veritas Software SE"],
    "fr": ["Dupont Services SAS", "Atelier des Lumières", "Société Morel SARL", "Transports Girard SA", "Éditions du Midi SAS"],
}  # fmt: skip
DEPARTMENTS = {
    "en": ["Engineering", "Finance", "Human Resources", "Sales", "Customer Support", "Research and Development", "IT", "Operations"],
    "de": ["Einkauf", "Vertrieb", "Finanzen", "IT", "Personal", "Forschung und Entwicklung", "Produktion", "Qualitätssicherung"],
    "fr": ["Comptabilité", "Ressources Humaines", "Informatique", "Ventes", "Achats", "Recherche et Développement", "Logistique"],
}  # fmt: skip
ROLES = {
    "en": ["Software Engineer", "Accountant", "Sales Representative", "Office Manager", "Data Analyst", "Warehouse Operative", "Nurse", "Head of Finance", "Junior Designer"],
    "de": ["Buchhalterin", "Softwareentwickler", "Sachbearbeiter Einkauf", "Projektleiterin", "Industriemechaniker", "Teamassistenz", "Key Account Manager", "Pflegefachkraft"],
    "fr": ["Comptable", "Développeur Web", "Assistante de direction", "Chef de projet", "Technicien de maintenance", "Responsable logistique", "Infirmière"],
}  # fmt: skip
STREETS = {
    "en": ["{} High Street", "{} Mill Lane"],
    "de": ["Hauptstraße {}", "Am Markt {}", "Lindenallee {}"],
    "fr": ["{} rue des Lilas", "{} avenue Foch"],
}
TOWNS = {
    "en": ["Leeds", "Bristol", "York"],
    "de": ["Berlin", "Köln", "Ulm", "Bad Homburg"],
    "fr": ["Lyon", "Nantes", "Paris"],
}
HEADINGS = {
    "en": ["New Starter Form", "Employee Information Form", "Onboarding Form", "New Hire Details", "Joiner Data Sheet"],
    "de": ["Personalfragebogen", "Personalstammblatt", "Einstellungsbogen", "Stammdatenblatt neue Mitarbeiter", "Meldung Neueintritt"],
    "fr": ["Fiche de renseignements salarié", "Fiche d'embauche", "Formulaire d'accueil", "Dossier du nouveau collaborateur"],
}  # fmt: skip
SECTIONS = {
    "en": ["Personal details", "Employment details", "Section A", "Part 2"],
    "de": ["Persönliche Angaben", "Angaben zur Beschäftigung", "Teil A", "Abschnitt 2"],
    "fr": ["Informations personnelles", "Informations sur le poste", "Partie A", "Cadre réservé"],
}
PARTED = {"en": ("Street", "Postcode, town"), "de": ("Straße", "PLZ, Ort"), "fr": ("Rue", "Code postal, ville")}
LABELS = {
    "en": {
        "surname": ["Surname", "Last name", "Family name"], "given_names": ["First name", "Given names", "Forename(s)", "First name(s)"],
        "name": ["Name", "Full name", "Employee name", "Name of new starter"], "born_on": ["Date of birth", "DOB", "Birth date", "Date of birth (dd/mm/yyyy)"],
        "nationality": ["Nationality", "Citizenship"], "address": ["Home address", "Address", "Residential address"], "email": ["Email", "E-mail address", "Private e-mail"],
        "document_number": ["Passport number", "ID number", "Passport No."], "employer": ["Employer", "Company", "Legal entity", "Company name"],
        "department": ["Department", "Team", "Business unit", "Dept."], "role": ["Job title", "Position", "Role", "Position title"],
        "manager": ["Line manager", "Manager", "Reports to", "Supervisor"], "starts_on": ["Start date", "Date of joining", "Starting date", "First day of work", "Commencement date"],
        "weekly_hours": ["Weekly hours", "Hours per week", "Working hours per week", "Contracted hours"],
    },
    "de": {
        "surname": ["Nachname", "Familienname", "Name"], "given_names": ["Vorname", "Vorname(n)", "Vornamen"], "name": ["Name, Vorname", "Vor- und Nachname", "Mitarbeiter/in", "Name des Mitarbeiters"],
        "born_on": ["Geburtsdatum", "geb. am", "Geburtstag"], "nationality": ["Staatsangehörigkeit", "Nationalität"], "address": ["Anschrift", "Adresse", "Wohnhaft in", "Privatanschrift"],
        "email": ["E-Mail", "E-Mail-Adresse", "Private E-Mail"], "document_number": ["Ausweisnummer", "Personalausweis-Nr.", "Reisepassnummer"],
        "employer": ["Arbeitgeber", "Firma", "Unternehmen", "Gesellschaft"], "department": ["Abteilung", "Bereich", "Organisationseinheit", "Team"],
        "role": ["Position", "Funktion", "Tätigkeit als", "Stellenbezeichnung", "Eingestellt als"], "manager": ["Vorgesetzter", "Vorgesetzte/r", "Führungskraft", "Berichtet an"],
        "starts_on": ["Eintrittsdatum", "Beginn", "Eintritt am", "Arbeitsbeginn", "Beginn der Tätigkeit", "Erster Arbeitstag"],
        "weekly_hours": ["Wochenstunden", "Arbeitszeit (Std./Woche)", "Wöchentliche Arbeitszeit", "Stunden pro Woche"],
    },
    "fr": {
        "surname": ["Nom", "Nom de famille", "NOM"], "given_names": ["Prénom", "Prénom(s)", "Prénoms"], "name": ["Nom et prénom", "Nom complet", "Salarié(e)", "Nom du salarié"],
        "born_on": ["Date de naissance", "Né(e) le"], "nationality": ["Nationalité"], "address": ["Adresse", "Domicile", "Adresse personnelle"], "email": ["Courriel", "E-mail", "Adresse électronique"],
        "document_number": ["N° de passeport", "N° de pièce d'identité"], "employer": ["Employeur", "Société", "Entreprise", "Raison sociale"],
        "department": ["Service", "Département", "Direction"], "role": ["Poste", "Fonction", "Emploi", "Intitulé du poste"],
        "manager": ["Responsable hiérarchique", "Responsable", "Supérieur hiérarchique", "Manager"], "starts_on": ["Date d'entrée", "Date d'embauche", "Date de début", "Prise de poste", "Date de prise de fonction"],
        "weekly_hours": ["Heures hebdomadaires", "Durée hebdomadaire du travail", "Heures par semaine", "Temps de travail"],
    },
}  # fmt: skip
Made = Callable[[Random], str]


def _day(one: Random) -> str:
    return f"{one.randint(1, 28):02d}.{one.randint(1, 12):02d}.20{one.randint(10, 30)}"


def _who(one: Random) -> str:
    return one.choice(["Petra Vogel", "Tom Hughes", "Luc Bernard", "Mona Sahin", "Karl-Heinz Boll"])


def _digits(one: Random) -> str:
    return str(one.randint(10**6, 10**9))


def _town(one: Random) -> str:
    return one.choice(["Berlin", "Lyon", "Leeds", "Warszawa"])


NOISE: dict[str, list[tuple[str, Made]]] = {
    "en": [("Place of birth", _town), ("Phone", _digits), ("Tax code", _digits), ("National Insurance No.", _digits), ("Emergency contact", _who), ("Probation period", lambda o: "6 months"),
           ("Date of issue", _day), ("HR contact", _who), ("Marital status", lambda o: "single"), ("Employee number", _digits), ("Annual leave", lambda o: "28 days"), ("Work location", _town), ("Date", _day), ("Contract type", lambda o: "permanent")],
    "de": [("Geburtsort", _town), ("Telefon", _digits), ("Steuer-ID", _digits), ("Sozialversicherungsnummer", _digits), ("Notfallkontakt", _who), ("Probezeit", lambda o: "6 Monate"),
           ("Ausgestellt am", _day), ("Ansprechpartner", _who), ("Familienstand", lambda o: "ledig"), ("Personalnummer", _digits), ("Urlaubsanspruch", lambda o: "30 Tage"), ("Arbeitsort", _town), ("Datum", _day), ("Befristet bis", _day)],
    "fr": [("Lieu de naissance", _town), ("Téléphone", _digits), ("N° de sécurité sociale", _digits), ("Personne à prévenir", _who), ("Période d'essai", lambda o: "3 mois"), ("Date de délivrance", _day),
           ("Situation familiale", lambda o: "célibataire"), ("Matricule", _digits), ("Congés", lambda o: "25 jours"), ("Lieu de travail", _town), ("Fait à", _town), ("Type de contrat", lambda o: "CDI"), ("Date de fin", _day)],
}  # fmt: skip
CONTRACTS = {
    "en": [
        ["EMPLOYMENT AGREEMENT", "Contract of Employment", "Employment Contract"],
        ['This Agreement is made on {other} between {employer}, whose registered office is at 4 Dock Road, Hull (the "Employer") and {title}{given_names} {surname} of {address} (the "Employee").',
         "between (1) {employer} (the “Company”) and (2) {title}{given_names} {surname}, born on {born_on}, residing at {address} (hereinafter the “Employee”).",
         "{employer} (hereinafter referred to as the Employer) employs {title}{given_names} {surname} (hereinafter the Employee) on the terms set out below. The Employee was born on {born_on}."],
        ["1. Your employment will commence on {starts_on}.", "1. Commencement. The employment shall begin on {starts_on} and continue until terminated by either party giving three months' notice.", "1. The Employee shall start work on {starts_on}; no employment with a previous employer counts."],
        ["2. You are employed as {role} in the {department} department and report to {manager}.", "2. Position. The Employee is engaged in the position of {role} within the {department} team. The Employee's line manager is {manager}.", "2. Job title: {role}. Department: {department}. You will report directly to {manager}, or to such other person as the Company may name."],
        ["3. Your normal working hours are {weekly_hours} hours per week, Monday to Friday.", "3. Hours of work. The weekly working time is {weekly_hours} hours.", "3. The Employee works {weekly_hours} hours a week, excluding breaks of 30 minutes."],
        ["4. The gross salary is EUR {pay} per month, payable on the 25th of each month.", "4. Remuneration. The Employer pays {pay} a month. Holiday entitlement is 28 days."],
        ["Signed on {other} by {boss}, Managing Director, and the Employee.", "This contract is governed by the laws of England. Date: {other}. Signature: {boss}"],
    ],
    "de": [
        ["Arbeitsvertrag", "ARBEITSVERTRAG", "Anstellungsvertrag"],
        ["zwischen der {employer}, Werkstraße 4, 70173 Stuttgart (nachfolgend „Arbeitgeber“) und {title}{given_names} {surname}, geboren am {born_on}, wohnhaft in {address} (nachfolgend „Arbeitnehmer“).",
         "Zwischen {employer} - im Folgenden Arbeitgeber genannt - und {title}{given_names} {surname}, {address} - im Folgenden Arbeitnehmer genannt - wird folgender Vertrag geschlossen:",
         "Die {employer}, vertreten durch die Geschäftsführerin {boss} (im Folgenden „die Gesellschaft“), und {title}{given_names} {surname}, geb. am {born_on} (im Folgenden „Mitarbeiter/in“), vereinbaren:"],
        ["§ 1 Das Arbeitsverhältnis beginnt am {starts_on}.", "§ 1 Beginn. Der Arbeitnehmer wird mit Wirkung vom {starts_on} eingestellt. Die ersten sechs Monate gelten als Probezeit.", "§ 1 Die Einstellung erfolgt zum {starts_on} auf unbestimmte Zeit."],
        ["§ 2 Der Arbeitnehmer wird als {role} in der Abteilung {department} beschäftigt. Vorgesetzter ist {manager}.", "§ 2 Tätigkeit. Die Mitarbeiterin ist tätig als {role} im Bereich {department} und berichtet an {manager}.", "§ 2 Der Mitarbeiter übernimmt die Stelle als {role}, Abteilung {department}. Er ist {manager} unterstellt."],
        ["§ 3 Die regelmäßige wöchentliche Arbeitszeit beträgt {weekly_hours} Stunden.", "§ 3 Arbeitszeit. Es gelten {weekly_hours} Stunden pro Woche, verteilt auf 5 Tage."],
        ["§ 4 Das Bruttogehalt beträgt {pay} Euro monatlich. Der Urlaub beträgt 30 Tage im Jahr.", "§ 4 Die Vergütung von {pay} EUR wird am 15. eines Monats gezahlt."],
        ["Stuttgart, den {other}. Unterschriften: {boss}", "Berlin, {other}. Für den Arbeitgeber: {boss}"],
    ],
    "fr": [
        ["Contrat de travail à durée indéterminée", "CONTRAT DE TRAVAIL", "Contrat de travail"],
        ["Entre les soussignés : la société {employer}, dont le siège est 3 place Bellecour, 69002 Lyon (ci-après « l'Employeur ») et {title}{given_names} {surname}, née le {born_on} à Lyon, demeurant {address} (ci-après « la Salariée »).",
         "Entre {employer}, représentée par {boss}, ci-après dénommée l'employeur, d'une part, et {title}{given_names} {surname}, demeurant {address}, ci-après dénommé le salarié, d'autre part."],
        ["Article 1. Le présent contrat prend effet le {starts_on}.", "Article 1 - Engagement. Le salarié est engagé à compter du {starts_on}, sous réserve de la visite médicale."],
        ["Article 2. La salariée est engagée en qualité de {role} au sein du service {department}, sous la responsabilité de {manager}.", "Article 2 - Fonctions. Le salarié occupe le poste de {role} dans le service {department}. Il est rattaché à {manager}."],
        ["Article 3. La durée hebdomadaire du travail est de {weekly_hours} heures.", "Article 3 - Durée du travail : {weekly_hours} heures par semaine."],
        ["Article 4. La rémunération brute est de {pay} euros par mois.", "Article 4. Le salaire mensuel est fixé à {pay} €."],
        ["Fait à Lyon, le {other}, en deux exemplaires. {boss}", "Lyon, le {other}"],
    ],
}  # fmt: skip
MAILS = {
    "en": [
        "Hi HR team,\n{given_names} {surname} starts on {starts_on} as {role} in the {department} department. Her line manager will be {manager}; she works {weekly_hours} hours per week.\nRegards, {boss}",
        "Hello,\nwe have hired {given_names} {surname} (born {born_on}) as {role}. First day is {starts_on}, team {department}, reporting to {manager}. Contract with {employer}, {weekly_hours} hours a week.\nThanks",
        "Dear colleagues,\nplease set up everything for {given_names} {surname}, who joins us on {starts_on} as our new {role} at {employer}. Manager: {manager}. Department: {department}.\nBest, {boss}",
        "Dear {boss},\nplease welcome {given_names} {surname} (born {born_on}), our next {role}, {department} team, at {employer}. She starts {starts_on}; {weekly_hours} hours per week. Her manager will be {manager}. She lives at {address}; tell me if anything is missing.\nThanks",
    ],
    "de": [
        "Hallo zusammen,\n{given_names} {surname} fängt am {starts_on} als {role} in der Abteilung {department} an. Vorgesetzte ist {manager}, {weekly_hours} Stunden pro Woche.\nViele Grüße, {boss}",
        "Liebe Kolleginnen und Kollegen,\nzum {starts_on} haben wir {given_names} {surname}, geboren am {born_on}, als {role} eingestellt. Abteilung: {department}. Arbeitgeber ist die {employer}. Führungskraft: {manager}\nGruß {boss}",
        "Sehr geehrte Frau {boss},\nwir stellen ein: {given_names} {surname} (geb. {born_on}), wohnhaft in {address}. Ab dem {starts_on} wird er für die {employer} als {role} arbeiten, Abteilung {department}. Seine Führungskraft wird {manager}, {weekly_hours} Wochenstunden.\nMit freundlichen Grüßen",
    ],
    "fr": [
        "Bonjour,\n{given_names} {surname} nous rejoint le {starts_on} comme {role} au service {department}. Son responsable sera {manager} ; {weekly_hours} heures par semaine.\nCordialement, {boss}",
        "Bonjour à tous,\nnous avons recruté {given_names} {surname} en qualité de {role} à compter du {starts_on}. Société : {employer}. Service : {department}. Responsable : {manager}.\nMerci, {boss}",
        "Bonjour Madame {boss},\n{given_names} {surname} (née le {born_on}), demeurant {address}, arrivera le {starts_on} en tant que {role}, service {department}, chez {employer}. Elle sera rattachée à {manager}, {weekly_hours} heures par semaine.\nCordialement",
    ],
}  # fmt: skip
