"""The code lists that the chain needs, with short meanings in our own Dutch. Codes are text: zeros in front count."""

_LANDEN = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
LANDEN: tuple[str, ...] = tuple(_LANDEN.split())
"""Country codes of the standard (not the whole ISO list)."""

RETOURCODES: dict[str, str] = {
    "0001": "Afgekeurd: het bericht klopt op zichzelf niet",
    "0200": "Geen opmerkingen over dit onderdeel",
    "0233": "Dit onderdeel is niet beoordeeld",
    "0611": "Het tarief wijkt af van het contract",
    "8001": "De declaratie is helemaal toegekend",
    "8017": "Bij deze creditregel is geen debetregel bekend",
    "8021": "Het referentienummer van de regel is al eens gebruikt",
    "8187": "De regel of het BSN hoort niet bij deze cliënt",
    "8214": "De periode van de declaratie sluit niet aan op de vorige maand",
    "8848": "De dagtekening ligt in de toekomst",
    "9019": "Bij deze start of stop is geen toewijzing bekend",
    "9056": "De identificatie van het bericht is al gebruikt",
    "9063": "Er is niets te verwijderen: deze aanlevering is niet bekend",
    "9069": "Bij deze stop is geen start bekend",
    "9071": "De start kan niet weg, want de zorg is al gestopt",
    "9074": "Deze aanlevering is al eerder ontvangen",
    "9307": "De periode begint buiten de toewijzing",
    "9308": "De periode eindigt buiten de toewijzing",
    "9319": "De periode valt niet binnen een declaratieperiode",
    "9321": "Er is meer gedeclareerd dan toegewezen",
    "9322": "Er is samen meer gedeclareerd dan toegewezen",
    "9326": "De zorg loopt al: er is nog geen stop gemeld",
    "9332": "Het toewijzingnummer is al gebruikt",
    "9333": "Het declaratienummer is al gebruikt",
    "9338": "Bij deze declaratieregel hoort geen toewijzing",
    "9339": "De categorie wijkt af van de toewijzing",
    "9340": "De productcode wijkt af van de toewijzing",
    "9341": "De eenheid past niet bij de toewijzing",
    "9346": "Het bedrag is niet volume maal tarief",
    "9347": "De referentie van de aanbieder is al gebruikt",
    "9349": "In het wijzigingsverzoek ontbreken lopende toewijzingen",
    "9350": "Het product dat gelijk blijft heeft geen lopende toewijzing",
    "9351": "Het product dat wijzigt heeft geen lopende toewijzing",
    "9355": "De referentie in het antwoord komt niet uit een verzoek",
    "9357": "De gewenste datum wijkt af van de oorspronkelijke ingangsdatum",
    "9359": "Bij deze referentie is al een toewijzing gestuurd",
    "9360": "Bij deze referentie is al een antwoord gestuurd",
    "9361": "Hetzelfde product komt voor met overlappende perioden",
    "9365": "Het eerdere antwoord was niet: in onderzoek",
    "9366": "Het referentienummer staat niet in de declaratie",
    "9367": "De waarde wijkt af van de declaratie",
    "9369": "De declaraties gaan over het budget heen",
    "9373": "Het budget wijzigt niet vanaf het begin van de toewijzing",
    "9374": "Er loopt al een verzoek voor deze cliënt",
    "9375": "Er is een omvang gevraagd, maar de toewijzing heeft geen product",
    "9379": "De referentie van de aanbieder komt niet uit een verzoek",
    "9384": "De toewijzing is verwijderd",
    "9385": "Op de toewijzing zijn al declaraties goedgekeurd",
    "9387": "De periode begint niet op de eerste dag van de maand of de toewijzing",
    "9388": "De periode eindigt niet op de laatste dag van de maand of de toewijzing",
    "9389": "Er is al een debetregel zonder creditering",
    "9390": "De regel is al gecrediteerd",
    "9411": "De omvang ontbreekt, terwijl de toewijzing een productcode heeft",
    "9412": "Er is een omvang gevraagd, maar de toewijzing heeft geen productcode",
    "9413": "Bij deze start is al een tijdelijke stop gemeld",
    "9414": "De einddatum ligt voor die van de eerdere stop",
    "9415": "De zorg is al definitief gestopt",
    "S300": "Onbekende gemeentecode",
    "S329": "Onbekende productcode",
}

REDENEN_WIJZIGING: dict[str, str] = {
    "01": "Administratieve correctie (niet meer gebruiken)",
    "02": "Cliënt is overleden",
    "03": "Contract is gewijzigd",
    "04": "Na herbeoordeling verlengd",
    "05": "Na herbeoordeling verkort",
    "06": "Naar een andere wet of ander domein",
    "07": "Verhuisd naar een andere gemeente",
    "08": "Andere leveringsvorm",
    "09": "Naar een andere aanbieder",
    "10": "Over naar een andere manier van bekostigen",
    "11": "Gemeenten zijn opnieuw ingedeeld",
    "12": "Op verzoek van de aanbieder",
    "13": "Verwijderd",
    "14": "Administratieve correctie",
}

_REDENEN_BEIDE = {
    "02": "Overleden",
    "20": "Tijdelijk gestopt",
    "36": "Op initiatief van de gemeente",
    "37": "Door een verzoek om wijziging",
    "38": "Naar een andere aanbieder",
    "39": "Naar een andere wet of ander domein",
}
REDENEN_BEEINDIGING: dict[str, dict[str, str]] = {
    "jeugdwet": _REDENEN_BEIDE
    | {
        "31": "Gestopt volgens plan",
        "32": "Eerder gestopt door de cliënt",
        "33": "Eerder gestopt door de aanbieder",
        "34": "Eerder gestopt in overleg",
        "35": "Eerder gestopt door een oorzaak van buiten",
    },
    "wmo": _REDENEN_BEIDE
    | {
        "19": "Gestopt volgens plan",
        "21": "Eenzijdig gestopt door de cliënt",
        "22": "Eenzijdig gestopt door de aanbieder",
        "23": "Eerder gestopt in overeenstemming",
        "31": "Verhuisd naar een andere gemeente",
    },
}
"""Why care stopped, per law: 31 does not mean the same in both."""

EENHEDEN: dict[str, str] = {
    "01": "minuut",
    "04": "uur",
    "14": "etmaal",
    "16": "dagdeel van 4 uur",
    "82": "stuks (resultaat)",
    "83": "eurocent",
    "84": "stuks (inspanning)",
}

FREQUENTIES: dict[str, str] = {"1": "per dag", "2": "per week", "4": "per maand", "6": "in de hele periode samen"}
