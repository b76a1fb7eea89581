"""Mentions of brands that are words, written for these tests, each labelled with what it is about."""

from __future__ import annotations

import pandas as pd

# Label, title, text. `brand` is the operator or the retailer, `word` is the fruit, the adjective or the gambling hall.
ORANGE = [
    ("brand", "Panne chez Orange dans le Nord", "Les abonnés fibre d'Orange n'ont plus de réseau depuis lundi matin."),
    ("brand", "Orange augmente le prix de ses forfaits", "L'opérateur Orange relève le tarif de la fibre de deux euros."),
    ("brand", "Le réseau d'Orange reste en panne à Lens", "La fibre est coupée et Orange ne répond pas aux abonnés."),
    ("brand", "ORANGE : la colère des abonnés fibre", "L'opérateur ORANGE promet un geste commercial."),
    ("brand", "Orange ferme une boutique à Dunkerque", "La boutique Orange de la rue Clemenceau ferme en mars."),
    ("brand", "Fibre : Orange condamnée pour retard", "Le tribunal condamne l'opérateur Orange pour ses délais."),
    ("brand", "", "Toujours pas de fibre, merci Orange, trois semaines sans réseau"),
    ("brand", "", "le service client Orange m'a raccroché au nez, panne de fibre depuis jeudi"),
    ("brand", "", "orange encore en panne ce soir, plus de fibre, plus de télé"),
    ("brand", "Orange recrute trois cents techniciens", "Orange embauche des techniciens pour la fibre."),
    ("word", "Recette : gâteau à l'orange et au chocolat", "Pressez une orange, râpez le zeste, ajoutez le jus."),
    ("word", "Le jus d'orange coûte plus cher", "Le prix du jus d'orange a doublé avec la mauvaise récolte."),
    ("word", "Vigilance orange aux orages dans le Sud", "Six départements en vigilance orange aux orages."),
    ("word", "La Corse en vigilance orange", "Vigilance orange pour vents violents jusqu'à demain."),
    ("word", "Un canard à l'orange pour les fêtes", "La recette du canard, du zeste et du jus d'orange."),
    ("word", "Le carnaval orange de Dunkerque", "Les musiciens portent un foulard orange et une veste noire."),
    ("word", "Récolte : une orange sur trois perdue", "Le gel a détruit une orange sur trois, le jus sera rare."),
    ("word", "", "petit déjeuner : tartine, jus d'orange et café"),
    ("word", "", "le feu est passé à l'orange et il a accéléré"),
    ("word", "Orange amère : la recette de la marmelade", "Une orange amère, du sucre, et le zeste d'un citron."),
]
FREE = [
    ("brand", "Free lance un forfait à dix euros", "L'opérateur Free propose un forfait mobile sans engagement."),
    ("brand", "Panne géante chez Free", "Les abonnés mobile de Free n'ont plus de réseau."),
    ("brand", "Le forfait de Free change de prix", "Free relève le prix de son forfait mobile."),
    ("brand", "", "la box de Free redémarre toute seule depuis hier"),
    ("brand", "Free Mobile ouvre une boutique", "Free ouvre sa boutique à Amiens."),
    ("word", "Un concert free jazz à Lille", "Le trio joue un free jazz nerveux et généreux."),
    ("word", "Cosmétiques cruelty free", "Une marque cruelty free ouvre un corner."),
    ("word", "Le gâteau gluten free de Jeanne", "Une recette gluten free et sans lait."),
    ("word", "Une école de free jazz", "On y apprend le free jazz et la clarinette."),
    ("word", "", "un restaurant gluten free enfin correct"),
    ("word", "Il quitte son emploi pour devenir free lance", "Devenir free lance demande de la trésorerie."),
    ("word", "", "open bar et entrée free avant minuit"),
]
CASINO = [
    ("brand", "Casino vend ses hypermarchés", "Le distributeur Casino cède ses magasins et sa dette."),
    ("brand", "La dette de Casino inquiète les banques", "Le groupe Casino négocie sa dette avec les banques."),
    ("brand", "Casino : les salariés des magasins en grève", "Les salariés de Casino craignent pour leurs magasins."),
    ("brand", "", "mon magasin Casino ferme en juin, tous les salariés au chômage"),
    ("brand", "Saint-Étienne soutient les salariés de Casino", "Le siège de Casino emploie mille personnes."),
    ("word", "Braquage au casino de la plage", "Deux hommes ont braqué le casino et ses machines à sous."),
    ("word", "Le casino de Bray-Dunes rouvre", "Roulette, machines à sous et spectacle au casino."),
    ("word", "Il gagne un million au casino", "Le jackpot des machines à sous d'un casino de la côte."),
    ("word", "", "soirée casino improvisée, roulette et rires"),
    ("word", "Un film sur le casino clandestin", "La roulette d'un casino clandestin, par une cinéaste belge."),
]


def planted(rows: list[tuple[str, str, str]], times: int = 1) -> pd.DataFrame:
    """Return these as rows that a query can be asked of, with the column `about`; three a day, from two sources."""
    labels, titles, texts = zip(*(rows * times), strict=True)
    count = len(labels)
    hours = pd.Series(pd.to_timedelta([8 * number for number in range(count)], unit="h"))
    return pd.DataFrame(
        {
            "mention_id": [f"{number:032x}" for number in range(count)],
            "source": ["presse" if title else "forum" for title in titles],
            "source_type": "rss",
            "publisher": "journal.example",
            "author": pd.Series([None] * count, dtype="str"),
            "kind": "article",
            "url": None,
            "language_declared": "fr",
            "published_at": pd.Timestamp("2026-11-01", tz="UTC") + hours,
            "title": titles,
            "text": texts,
            "subjects": [[] for _ in range(count)],
            "about": labels,
        }
    )
