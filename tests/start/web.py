"""A small web for a newcomer, written for these tests: a brand that is a word, in three papers, a news search, a network.

What each text is about stands in its address: `/brand/` is the operator, `/word/` the fruit and the colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.service import Asked, Said
from veille.period import last_complete_week

_TOWNS = ["Lens", "Arras", "Douai", "Cambrai", "Béthune", "Calais", "Dunkerque", "Roubaix", "Tourcoing", "Maubeuge"]
_BRAND = [
    ("Orange ouvre une boutique rue Nationale", "L'opérateur inaugure deux cents mètres carrés et embauche six vendeurs."),
    ("La fibre d'Orange gagne les villages de la Thiérache", "Les techniciens raccordent trente communes avant l'été."),
    ("Un forfait d'Orange pour les étudiants", "Dix euros par mois sur présentation de la carte du campus."),
    ("Orange recrute des apprentis", "Le groupe cherche des électriciens et des monteurs de réseaux dans les Flandres."),
    ("Les comptes d'Orange : un bénéfice stable", "Le chiffre d'affaires progresse en Afrique et recule en Espagne."),
    (
        "Cybersécurité : Orange rachète une jeune pousse lilloise",
        "Quarante ingénieurs rejoignent le groupe de télécommunications.",
    ),
    ("Orange arrête le cuivre dans vingt communes", "Les lignes téléphoniques anciennes seront fermées en janvier."),
    ("Le sponsor Orange reste sur le maillot du club", "Le contrat du club de handball est prolongé de deux saisons."),
    ("Orange installe une antenne sur le château d'eau", "Le conseil municipal a voté la convention par douze voix."),
    ("Des boîtiers d'Orange pour les personnes âgées", "Une aide à distance est expérimentée dans trois résidences."),
    ("Le câble sous-marin d'Orange atteint la côte", "Un navire pose mille kilomètres de fibre vers l'Irlande."),
    ("Orange et la région signent pour les lycées", "Des tablettes et du haut débit dans quarante établissements."),
]
_OUTAGE = [
    ("Panne géante du réseau Orange dans le Nord", "Des milliers d'abonnés en colère sont privés de téléphone, un scandale."),
    ("Panne d'Orange : les secours injoignables pendant deux heures", "Un homme est mort faute d'avoir pu joindre le SAMU."),
    ("Les maires accusent Orange de négligence après la panne", "Ils dénoncent des alertes ignorées et portent plainte."),
    ("Orange : la panne a privé un hôpital de téléphone", "Les soignants racontent une nuit de peur et de honte."),
    ("Une enquête pénale est ouverte sur la panne d'Orange", "Le parquet soupçonne une mise en danger de la vie d'autrui."),
    (
        "Panne : les commerçants furieux réclament réparation à Orange",
        "Les terminaux de paiement en panne ont ruiné leur samedi.",
    ),
    ("Les syndicats d'Orange dénoncent des coupes dans la maintenance", "Ils avaient prévenu d'une panne catastrophique."),
    ("Le ministre juge la panne d'Orange inacceptable", "Il convoque la direction et menace de sanctions."),
    ("Famille endeuillée : « Orange nous a laissés mourir »", "Ils n'ont pas pu appeler les urgences pendant la panne."),
    ("Orange se tait, la colère des abonnés monte", "Aucune explication après trois jours de panne et de mépris."),
    (
        "La panne d'Orange relance la peur des déserts numériques",
        "Des villages entiers coupés du monde, désastre pour les anciens.",
    ),
    ("Une association attaque Orange en justice", "Elle dénonce une panne honteuse et des victimes abandonnées."),
]
_WORD = [
    ("Recette : le gâteau à l'orange de Mamie", "Pressez une orange, râpez le zeste, ajoutez la farine et le sucre."),
    ("Vigilance orange aux orages ce week-end", "Les préfectures demandent d'éviter les forêts et les campings."),
    ("Le prix du jus d'orange s'envole au marché", "La récolte du Brésil a souffert de la sécheresse."),
    ("Un carnaval orange et noir", "Les musiciens portaient un foulard orange et une veste à boutons."),
    (
        "Orange amère : la marmelade des sœurs de Tourcoing",
        "Une orange amère, un citron, du sucre roux, trois heures de cuisson.",
    ),
    ("Feu orange grillé : dix permis retirés", "Les gendarmes ont contrôlé le carrefour de la gare."),
    ("Le renard au pelage orange filmé dans un jardin", "Un habitant l'a surpris au lever du jour près du potager."),
    ("Canard à l'orange : le plat des fêtes revient", "Un chef étoilé donne ses secrets pour une sauce nappante."),
    ("Alerte orange à la pollution de l'air", "Le chauffage au bois est déconseillé jusqu'à mardi."),
    ("La robe orange de la cantatrice fait sensation", "La soie a été teinte à la main dans un atelier de Calais."),
    ("Verger : une orange bleue née d'une greffe", "Un botaniste amateur expose sa curiosité à la foire."),
    ("Le cap de la carotte orange, une histoire hollandaise", "Un livre raconte comment ce légume a changé de couleur."),
]
_SLANG = "toujours pas de réseau chez orange à {town}, quelle honte"
_OPENINGS = ["", "Reportage. ", "Le dossier. ", "En bref. ", "Vu d'ici. "]


@dataclass(frozen=True)
class Item:
    """One thing that was said; `label` is what it is about."""

    label: str
    number: int
    title: str
    text: str
    at: datetime

    @property
    def url(self) -> str:
        return f"https://journal-{self.number % 3}.example/{self.label}/{self.number}"


def items(now: datetime) -> list[Item]:
    """Return three weeks of talk: quiet until the Thursday of the last complete week, then an outage."""
    week = last_complete_week(now, "Europe/Paris")
    thursday = week.start + timedelta(days=3, hours=9)
    told: list[Item] = []

    def tell(label: str, first: int, texts: list[tuple[str, str]], times: int, newest: datetime, hours: int) -> None:
        for number in range(len(texts) * times):
            (title, text), turn = texts[number % len(texts)], number // len(texts)
            # A paper comes back to what it told; that is one story, told again.
            body = _OPENINGS[turn] + text + (f" Suite à {_TOWNS[number % len(_TOWNS)]}." if turn else "")
            told.append(Item(label, first + number, title, body, newest - timedelta(hours=hours * number)))

    tell("brand", 0, _BRAND, 4, week.end - timedelta(hours=3), 9)
    tell("brand", 100, _OUTAGE, 2, thursday + timedelta(hours=80), 3)
    tell("word", 200, _WORD, 5, week.end - timedelta(hours=2), 7)
    return told


class Web:
    """Answers as a site with feeds, three papers, a news search and a Mastodon server do."""

    def __init__(self, now: datetime) -> None:
        self.items = items(now)
        self.now = now

    def __call__(self, asked: Asked) -> Said:
        path = asked.path
        if path == "/":
            links = '<link rel="alternate" type="application/rss+xml" href="/presse/rss.xml"><a href="/rss/">RSS</a>'
            return 200, f"<html><head><title>Orange</title>{links}</head><body>Bienvenue</body></html>".encode()
        if path == "/presse/rss.xml":
            return self._feed([item for item in self.items if item.number < 5])
        if path.startswith("/paper/"):
            paper = int(path.removeprefix("/paper/"))
            return self._feed([item for item in self.items if item.number % 3 == paper])
        if path == "/rss/search":
            return self._feed([item for item in self.items if item.number % 4 == 0], outlet=True)
        if path == "/api/v2/instance":
            return 200, {"domain": "social.example", "version": "4.3.0"}
        if path.startswith("/api/v1/timelines/tag/"):
            return 200, [] if asked.query.get("max_id") else self._statuses()
        return 404, b"nothing here"

    def _feed(self, told: list[Item], outlet: bool = False) -> Said:
        entries = "".join(
            f"<item><title>{escape(item.title + (' - Journal' if outlet else ''))}</title><link>{item.url}</link>"
            f"<guid>{item.url}</guid><description>{escape(item.text)}</description>"
            f"<pubDate>{format_datetime(item.at)}</pubDate>"
            + ('<source url="https://journal.example">Journal</source>' if outlet else "")
            + "</item>"
            for item in sorted(told, key=lambda item: item.at, reverse=True)
        )
        body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>J</title>{entries}</channel></rss>'
        return 200, body.encode(), {"Content-Type": "application/rss+xml; charset=utf-8"}

    def _statuses(self) -> list[dict[str, object]]:
        statuses = []
        for number in range(10):
            text = _SLANG.format(town=_TOWNS[number]) if number % 2 else f"Panne de fibre Orange à {_TOWNS[number]} #orange"
            at = self.items[0].at - timedelta(days=2) + timedelta(hours=number)
            statuses.append(
                {
                    "id": str(113_000_000_000_000_000 - number),
                    "uri": f"https://social.example/brand/{number}",
                    "url": f"https://social.example/brand/{number}",
                    "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                    "content": f"<p>{text}</p>",
                    "spoiler_text": "",
                    "visibility": "public",
                    "language": "fr",
                    "account": {"acct": f"abonne{number}", "followers_count": 10},
                    "media_attachments": [],
                    "reblog": None,
                    "favourites_count": 0,
                    "reblogs_count": 0,
                    "replies_count": 0,
                }
            )
        return statuses


def shelf(address: str) -> str:
    """Return a list of proposals whose addresses are all on loopback; one paper is dead."""
    papers = "".join(
        f"  - {{id: paper-{number}, name: Journal {number}, url: {address}/paper/{number}, language: fr, grade: B}}\n"
        for number in range(3)
    )
    return (
        "searches:\n"
        f"  - {{id: google-news, type: google_news, server: '{address}', languages: [fr], grade: C}}\n"
        f"  - {{id: mastodon, type: mastodon, asks: hashtag, server: '{address}', grade: E}}\n"
        f"press:\n{papers}"
        f"  - {{id: dead, name: Mort, url: {address}/dead.xml, language: fr, scope: regional, grade: B}}\n"
        f"  - {{id: english, name: English, url: {address}/paper/1, language: en, grade: B}}\n"
    )
