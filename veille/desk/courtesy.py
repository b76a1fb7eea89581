"""What may be said to anybody on anything: thanks, regrets, a question back, handing on, where to look.

Recognised by likeness to sentences of that kind, clause by clause: all else a draft says needs an approved message. So what
no list of dangers foresees is asked about, not posted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from veille.desk.draft import Sentence
from veille.reading import Embedder

# Least cosine with one of the sentences below; of a whole sentence, and of each of its clauses.
_WHOLE, _CLAUSE, _QUESTION = 0.48, 0.38, 0.45
_SHORT_WORDS = 3
_FACT = re.compile(r"\d|[€$£%]|\bhttps?:|@\w")
_ASSERTS = re.compile(
    r"\b(?:parce qu|a cause d|en raison d|du fait d|suite a|grace a|depuis (?:le|la|les|hier|lundi|mardi|mercredi|jeudi|"
    r"vendredi)|"
    r"demain|ce soir|des lundi|la semaine prochaine|l an prochain|bientot (?:de |des |un|le|la)|because|due to|owing to|"
    r"tomorrow|"
    r"tonight|next (?:week|month|year)|(?:sont|est|etait|etaient|a ete|ont ete) (?:sur|sure|surs|sures|controle\w*|"
    r"repare\w*|retabli\w*|"
    r"supprime\w*|annule\w*|ferme\w*|ouvert\w*|gratuit\w*)|(?:is|are|was|were|has been|have been) (?:safe|checked|repaired|"
    r"restored|"
    r"cancelled|closed|open|free|fixed|known))\b"
)
KINDLY: tuple[str, ...] = (
    "Bonjour", "Bonsoir et bienvenue", "Merci pour votre message", "Merci de votre retour", "Merci de nous l'avoir signalé",
    "Merci pour vos encouragements", "Merci beaucoup pour ce gentil commentaire", "Merci pour cette idée, nous la notons",
    "Merci de votre patience", "Merci de votre compréhension", "Merci pour le partage", "Avec plaisir", "Je vous en prie",
    "Nous sommes désolés pour la gêne occasionnée", "Toutes nos excuses pour cette attente", "Nous regrettons ce désagrément",
    "Nous comprenons votre mécontentement", "Nous comprenons votre inquiétude", "Nous avons bien reçu votre message",
    "Nous lisons tous les messages", "Nous transmettons votre message au service concerné", "Nous en informons l'équipe",
    "Nous faisons remonter votre remarque", "Nous transmettons vos félicitations au conducteur",
    "Nous revenons vers vous dès que possible", "Nous vérifions et nous vous répondons", "Nous posons la question à l'équipe",
    "Nous n'avons pas encore la réponse", "Nous regardons cela", "C'est bien noté",
    "Pouvez-vous nous préciser la ligne, l'arrêt et l'heure ?", "À quel arrêt étiez-vous ?", "De quel trajet s'agit-il ?",
    "Pouvez-vous nous envoyer une photo ?", "Quel est votre numéro de dossier ?", "Écrivez-nous en message privé",
    "Contactez notre service client", "Vous trouverez les informations sur notre site", "Consultez la page de votre ligne",
    "N'hésitez pas à nous écrire", "Nous restons à votre disposition", "Bonne journée", "Bonne soirée", "Bon voyage",
    "Belle photo", "À bientôt à bord", "Ravis que cela vous plaise", "Nous sommes heureux que votre trajet se soit bien passé",
    "Hello", "Good evening and welcome", "Thank you for your message", "Thanks for your feedback", "Thanks for telling us",
    "Thank you for your kind words", "Thanks for the idea, we take note of it", "Thank you for your patience",
    "Thank you for your understanding", "Thanks for sharing", "You are welcome", "My pleasure",
    "We are sorry for the inconvenience", "Apologies for the wait", "We are sorry to read this",
    "We understand your frustration", "We understand your concern", "We have received your message", "We read every message",
    "We are passing your message on to the right team", "We will let the team know", "We will tell the driver",
    "We will get back to you as soon as we can", "We are checking and will answer you", "We are asking the team",
    "We do not have the answer yet", "We will look into it", "Noted",
    "Could you tell us the line, the stop and the time?", "Which stop were you at?", "Which journey was it?",
    "Could you send us a picture?", "What is your reference number?", "Please send us a direct message",
    "Please contact our customer service", "You will find the information on our website", "Please see the page of your line",
    "Feel free to write to us", "Let us know if you have questions", "Have a nice day", "Have a good evening",
    "Have a good trip",
    "Nice picture", "See you soon on board", "Glad you like it", "We are happy you enjoyed your journey",
)  # fmt: skip
"""Sentences of that kind, French and English; what is like none of them says something."""


class Courtesy:
    """Tells which sentences only are courteous.

    Parameters
    ----------
    embedder
        Model of the watch.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known = embedder.encode(list(KINDLY))

    def only(self, sentences: Sequence[Sentence]) -> NDArray[np.bool_]:
        """Return which sentences say nothing but courtesies, shape (sentences,)."""
        return np.array([self._is(one) for one in sentences], dtype=bool)

    def _is(self, sentence: Sentence) -> bool:
        folded = " ".join(sentence.words)
        if not folded:
            return True
        if _FACT.search(sentence.said) or _ASSERTS.search(folded):
            return False
        clauses = [part for part in sentence.clauses if len(part.split()) >= _SHORT_WORDS] or [sentence.said]
        likeness = (self._embedder.encode([sentence.said, *clauses]) @ self._known.T).max(axis=1)
        if sentence.text.rstrip().endswith("?"):
            # Who only asks says nothing.
            return bool(likeness[0] >= _QUESTION)
        return bool((likeness[0] >= _WHOLE and likeness[1:].min() >= _CLAUSE) or likeness[1:].min() >= _WHOLE)
