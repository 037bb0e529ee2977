# ruff: noqa: E501 - paragraphs stand in one piece
"""What stands in the hostile contracts: an agreement clause by clause, and others in German, French and Spanish."""

OURS, THEM = "Moselbrück Apparatebau GmbH", "Penrose Building Care Ltd."
HEAD = (
    "SERVICES AGREEMENT",
    f"This Services Agreement (the “Agreement”) is made as of June 1, 2026 by and between {OURS}, a company organised "
    f"under the laws of Germany (“Customer”), and {THEM}, a company registered in England (“Supplier”).",
)
CLAUSES = (
    (
        "Services",
        "Supplier shall perform the services described in each order with the care of a prudent professional.",
    ),
    (
        "Term",
        "This Agreement begins on June 1, 2026 and, unless terminated earlier, shall continue until May 31, 2030.",
    ),
    (
        "Limitation of Liability",
        "Except for wilful misconduct and gross negligence, the aggregate liability of either party under this "
        "Agreement shall not exceed one hundred percent (100%) of the fees paid or payable in the twelve (12) months "
        "before the claim arose.",
    ),
    (
        "Assignment",
        "Neither party may assign this Agreement, in whole or in part, without the prior written consent of the other "
        "party, which shall not be unreasonably withheld.",
    ),
    ("Governing Law", "This Agreement shall be governed by and construed in accordance with the laws of Germany."),
)
SIGNED = (
    f"IN WITNESS WHEREOF, the parties have executed this Agreement. {OURS} By: /s/ K. Berger {THEM} By: /s/ J. Penrose"
)
FILLER = (
    "Supplier shall keep records of the work under order {n} and shall make them available to Customer upon request; "
    "each delivery under that order is described in Schedule {n}, and the parties shall review it in good faith."
)
GERMAN = (
    "DIENSTLEISTUNGSVERTRAG",
    f"Dieser Dienstleistungsvertrag wird am 1. Juni 2026 zwischen der {OURS} (nachfolgend „Auftraggeber“) und der Penrose "
    "Gebäudedienste GmbH (nachfolgend „Auftragnehmer“) geschlossen.",
    "§ 1 Leistungen. Der Auftragnehmer erbringt die in der Anlage beschriebenen Leistungen mit der Sorgfalt eines "
    "ordentlichen Kaufmanns und haftet für die von ihm eingesetzten Mitarbeiter.",
    "§ 2 Laufzeit. Der Vertrag beginnt am 1. Juni 2026 und endet am 31. Mai 2030. Er verlängert sich jeweils um ein Jahr, "
    "wenn er nicht mit einer Frist von drei Monaten gekündigt wird.",
    "§ 3 Haftung. Die Haftung der Parteien ist auf die Vergütung eines Jahres beschränkt. § 4 Es gilt deutsches Recht.",
)
FRENCH = (
    "CONTRAT DE PRESTATION DE SERVICES",
    f"Le présent contrat est conclu le 1er juin 2026 entre la société {OURS} (ci-après le « Client ») et la société Penrose "
    "Entretien SARL (ci-après le « Prestataire »).",
    "Article 1 - Objet. Le Prestataire exécute les services décrits en annexe avec le soin d'un professionnel prudent.",
    "Article 2 - Durée. Le contrat prend effet le 1er juin 2026 et se termine le 31 mai 2030. Il est renouvelé par tacite "
    "reconduction sauf dénonciation par lettre recommandée trois mois avant son échéance.",
    "Article 3 - Loi applicable. Le présent contrat est régi par le droit français et les tribunaux de Lyon sont compétents.",
)
SPANISH = (
    "CONTRATO DE PRESTACIÓN DE SERVICIOS",
    f"El presente contrato se celebra el 1 de junio de 2026 entre la sociedad {OURS} (en adelante, el «Cliente») y la sociedad "
    "Penrose Servicios S.L. (en adelante, el «Proveedor»).",
    "Cláusula primera. Objeto. El Proveedor prestará los servicios descritos en el anexo con la diligencia debida.",
    "Cláusula segunda. Duración. El contrato entrará en vigor el 1 de junio de 2026 y terminará el 31 de mayo de 2030, y se "
    "prorrogará por períodos de un año salvo denuncia de cualquiera de las partes con tres meses de antelación.",
    "Cláusula tercera. Ley aplicable. El presente contrato se rige por la legislación española.",
)
