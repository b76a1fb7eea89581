"""The invented region: towns, lines, outlets, servers. None of these names belongs to anyone."""

from __future__ import annotations

TOWNS = (
    "Corvenne", "Port-Lauzenne", "Saint-Orlan", "Villemorne", "Beaucroix", "Quersac", "Lormenay", "Brévaumont", "Mirvault",
    "La Ferté-Ambrane", "Pont-d'Essiane", "Castelvire", "Ormeval", "Tréganne", "Sourdvalles", "Les Aubrelles",
)  # fmt: skip
STOPS = (
    "Place-aux-Grains", "Vieux-Pont", "Lycée des Tilleuls", "Les Mouettes", "Quai Nord", "Tannerie", "Zone des Chênes",
    "Bellefeuille", "Trois-Moulins", "Cité-Verte", "Champ-de-Foire", "Clos-Marin", "Hôpital-Sud", "Halle aux Draps",
    "Les Glycines", "Porte d'Ambrane", "Stade des Docks", "Université-Plateau", "Mairie annexe", "Rond-point du Héron",
)  # fmt: skip
STATIONS = (
    "Corvenne-Centre", "Port-Lauzenne", "Saint-Orlan", "Quersac-Halte", "Villemorne", "Corvenne-Université", "Lormenay",
    "Pont-d'Essiane", "Castelvire", "Ormeval", "Lauzenne-Docks", "Beaucroix", "Mirvault",
)  # fmt: skip
# All feminine, so that the agreements written in the texts hold.
BUSES = (
    "la 7", "la 12", "la ligne 4", "la 9", "la 31", "la 22", "la ligne C", "la 40 express", "la 5", "la 18", "la ligne 3",
    "la N2", "la ligne 16", "la 8", "la 14", "la ligne 105", "la ligne 112", "la 26", "la ligne D", "la 2", "la 33", "la B",
)  # fmt: skip
TRAINS = (
    "le 7h12", "le train de 7h12", "le 18h04", "l'omnibus de 6h41", "le tram-train de 8h09", "le 17h36", "le train de 16h52",
    "le 6h58", "le train de 19h21", "le tram-train de 17h15", "le 8h27", "le dernier train, celui de 22h47", "le 12h40",
    "le train de 13h05", "le 5h49", "l'omnibus de 18h33",
)  # fmt: skip
SLOTS: dict[str, tuple[str, ...]] = {
    "ville": TOWNS,
    "arret": STOPS,
    "gare": STATIONS,
    "ligne": BUSES,
    "train": TRAINS,
    "axe": tuple(f"{a}–{b}" for a, b in zip(STATIONS, STATIONS[3:] + STATIONS[:3], strict=True)),
    "min": ("10", "12", "15", "17", "20", "22", "25", "30", "35", "40", "45", "50"),
    "hm": ("6h20", "6h45", "7h05", "7h10", "7h25", "7h40", "7h50", "8h", "8h10", "8h25", "8h45"),
    "hs": ("16h30", "16h50", "17h10", "17h20", "17h45", "18h", "18h15", "18h40", "19h05", "19h30", "20h10"),
    "jour": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
    "n": ("deux", "trois", "quatre", "cinq"),
    "nb": ("2", "3", "4", "5", "6", "7"),
    "pct": ("2,1 %", "2,8 %", "3,4 %", "4 %", "4,5 %", "6 %"),
    "prix": ("1,80 €", "2,10 €", "48 €", "62,50 €", "9 €", "14 €", "31 €", "5,40 €"),
    "cent": ("120", "140", "180", "220", "260", "310", "340", "85", "60"),
    "quand": ("ce matin", "ce soir", "hier soir", "hier matin", "aujourd'hui", "ce midi", "tout à l'heure", "hier"),
    "depuis": (
        "depuis lundi",
        "depuis une semaine",
        "depuis un mois",
        "depuis dix jours",
        "depuis des semaines",
        "depuis jeudi",
    ),
    "aq": ("Aquilon", "Aquilon", "Aquilon Mobilités", "@AquilonMobilites", "Aquilon"),
    "aqv": ("Aquilon", "Aquilon", "Aquilon Mobilités"),
    "de": ("de",),
    "jouren": ("Monday", "Tuesday", "Friday", "Saturday"),
    "ligneen": ("the 7 bus", "the number 12", "line 4", "the 31", "bus 22", "the C line"),
    "mois": ("mai", "juin", "avril", "mars", "février"),
    "aqm": (
        "Aquilon Mobilités",
        "Aquilon Mobilités",
        "Aquilon",
        "l'opérateur Aquilon Mobilités",
        "l'exploitant Aquilon Mobilités",
    ),
    "age": ("19 ans", "24 ans", "31 ans", "38 ans", "42 ans", "47 ans", "56 ans", "63 ans", "71 ans"),
    "proche": ("ma fille", "ma mère", "ma voisine", "ma collègue", "ma sœur", "ma grand-mère", "ma tante", "ma belle-mère"),
    "metier": ("aide-soignante", "étudiante", "lycéenne", "cuisinière", "comptable", "retraitée", "infirmière", "vendeuse"),
}

# id -> (name, host, kind of outlet, audience)
OUTLETS: dict[str, tuple[str, str, str]] = {
    "courrier": ("Le Courrier de Corvenne", "courrier-corvenne.example", "regional"),
    "matin": ("Essiane Matin", "essiane-matin.example", "regional"),
    "phare": ("Le Phare de Port-Lauzenne", "phare-lauzenne.example", "regional"),
    "radio": ("Radio Val-d'Essiane", "radio-valdessiane.example", "regional"),
    "canal": ("Télé Essiane", "tele-essiane.example", "regional"),
    "plateau": ("Les Nouvelles du Plateau", "nouvelles-plateau.example", "regional"),
    "eco": ("Essiane Éco", "essiane-eco.example", "regional"),
    "fil": ("Le Fil des Mobilités", "fil-mobilites.example", "sector"),
    "rail": ("Rail et Route Hebdo", "rail-route-hebdo.example", "sector"),
    "nation": ("Le Quotidien de la Nation", "quotidien-nation.example", "national"),
    "soir": ("Grand Soir Info", "grand-soir-info.example", "national"),
    "direct": ("Antenne Une", "antenne-une.example", "national"),
}
PIAF, SOCIAL, FORUM, STORE = "piaf.example", "social.example", "forum-usagers.example", "avis-applis.example"
