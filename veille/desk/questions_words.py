"""What a question wants and what it is about: a few wants that people word in many ways, and the stems of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from veille.folding import fold_text
from veille.topics.stopwords import STOP_WORDS
from veille.topics.telling import stems

# How much more a want weighs than a word where it is nearly the whole question: "rembourser", "indemnisé" and "compensation"
# are one, whereas prices are asked of many things.
WHOLE_WANTS: Final = frozenset({"=refund", "=end", "=lost", "=safe"})
_WHOLE_WEIGHT: Final = 3
_NAME_RATIO: Final = 0.6
# Over folded words between single spaces.
_WANTS: Final = {
    "refund": r"rembours\w*|indemni\w*|dedommag\w*|compensat\w*|recuperer (?:mon|l|notre|son|leur) argent|geste commercial|"
    r"refund\w*|reimburs\w*|money back",
    "price": r"prix|tarifs?|combien (?:coute|ca coute|est|c est|on paye|faut)|c est combien|(?:paye|payer|payent?|coute\w*) "
    r"(?:combien|un supplement)|montants?|couts?|how much|fares?|prices?|costs?|supplement|gratuit\w*|free of charge",
    "end": r"resili\w*|desabonn\w*|retractation|cancel (?:my|the|a)|terminat\w*|unsubscribe",
    "when": r"quand (?:est|sera|seront|compt\w*|le|la|les|alle\w*|va)|a quelle heure|delais?|combien de temps|"
    r"c est pour quand|how long|when (?:will|is|are)",
    "outage": r"pannes?|coupures?|retabli\w*|en rade|(?:ne |n )?(?:marche\w*|fonctionne\w*) (?:pas|plus)|hors service|hs|"
    r"outages?|not working|incidents?",
    "reach": r"joindre|contact\w*|conseill\w*|service client\w*|numero|rappel\w*|recontact\w*|en mp|message prive|mp|dm|"
    r"humain|customer service|speak to|call me",
    "bill": r"factur\w*|preleve\w*|regul\w*|bills?|invoices?|charged",
    "lost": r"objets? (?:perdus?|trouves?|oublies?)|oublie\w*|lost (?:property|item)|retrouver",
    "allowed": r"(?:a|ai|avons|ont) (?:le )?droit|autoris\w*|accept\w*|admis\w*|permis|interdit\w*|regles?|peut on|puis je|"
    r"allowed|can i (?:take|bring|use)|rules?",
    "safe": r"danger\w*|securite|toxiques?|risqu\w*|safe(?:ty)?|dangerous|(?:est|sont) (?:il|elle|ils|elles) surs?e?s?",
    "form": r"formulaires?|demarches?|procedures?|justificatifs?|forms?",
}
# How people ask, not what about.
_ASKING: Final = (
    "cherche trouve trouver nulle part sais sait savoir connait connaitre question questions simple possible possibilite idee "
    "idees voudrais aimerais aimerait souhaite souhaiterais peux pouvez pourriez expliquer explique expliquez dire dites aide "
    "aider aidez besoin info infos information informations nouvelle nouvelles urgent help wonder possible question idea "
    "tell explain someone somebody appel normal charitable ame attends attendons reaction "
    "demande demander faire arrive marche regler quelque chose"
)
# What is left aside is not what is asked about: "sans abonnement".
_WITHOUT = re.compile(r"\b(?:sans|hors|without) (?:mon |ma |mes |le |la |les |l |un |une |d |a |my |the )?\w+")
_SPACES = re.compile(r"[^\w]+")
_INNER = re.compile(r"(?<=[\w,;:»)] )[^\W\d_]{3,}")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {f"={want}": re.compile(rf"\b(?:{pattern})\b") for want, pattern in _WANTS.items()}


@cache
def _stop() -> frozenset[str]:
    return frozenset(stems(pd.Series([" ".join([*STOP_WORDS, _ASKING])]))[0])


@dataclass(frozen=True)
class Words:
    """What each of some texts wants and is about.

    Parameters
    ----------
    wants
        Names of what each wants, each with a leading `=`.
    objects
        Stems of what each is about, the words of its wants and names of places and people left out.
    """

    wants: tuple[frozenset[str], ...]
    objects: tuple[frozenset[str], ...]

    @property
    def telling(self) -> NDArray[np.bool_]:
        """Whether each says what it asks: two objects, or an object and a want, or what is wanted alone; shape (texts,)."""
        return np.array(
            [
                bool(want & WHOLE_WANTS) or (bool(about) and len(about | want) >= 2)
                for about, want in zip(self.objects, self.wants, strict=True)
            ],
            dtype=bool,
        )

    def matrix(self) -> sparse.csr_matrix:
        """Return wants and objects weighed by their rarity as unit rows, shape (texts, vocabulary)."""
        tokens = [
            sorted(about | want) + sorted(want & WHOLE_WANTS) * (_WHOLE_WEIGHT - 1)
            for about, want in zip(self.objects, self.wants, strict=True)
        ]
        if not any(tokens):
            return sparse.csr_matrix((len(tokens), 1))
        return sparse.csr_matrix(TfidfVectorizer(analyzer=_itself).fit_transform(tokens))


def words_in(texts: Sequence[str], left_out: Iterable[str] = ()) -> Words:
    """Return what some texts want and are about.

    Parameters
    ----------
    texts
        Questions as they were asked, cleaned.
    left_out
        Names that every text may hold, such as the organisation's.
    """
    found = [_wants(text) for text in texts]
    hidden = (
        _stop() | _names(texts) | frozenset(stem for line in stems(pd.Series(list(left_out), dtype="object")) for stem in line)
    )
    objects = stems(pd.Series([rest for _, rest in found], dtype="object"))
    return Words(tuple(want for want, _ in found), tuple(frozenset(line) - hidden for line in objects))


def _wants(text: str) -> tuple[frozenset[str], str]:
    """Return what a text wants, and the text without the words that say so."""
    folded, wants = _WITHOUT.sub(" ", _SPACES.sub(" ", fold_text(text))).strip(), set()
    rest = folded
    for want, pattern in _patterns().items():
        if pattern.search(folded):
            wants.add(want)
            rest = pattern.sub(" ", rest)
    return frozenset(wants), rest


def _names(texts: Sequence[str]) -> frozenset[str]:
    """Return the stems that are mostly written with a capital inside sentences: where, not what."""
    inner = pd.Series(list(texts), dtype="object").str.findall(_INNER).explode().dropna().astype("object")
    if inner.empty:
        return frozenset()
    rows = pd.DataFrame({"stem": stems(inner), "capital": inner.str[0].str.isupper().to_numpy()}).explode("stem").dropna()
    ratio = rows.groupby("stem")["capital"].mean()
    return frozenset(str(stem) for stem in ratio.index[ratio >= _NAME_RATIO])


def _itself(tokens: list[str]) -> list[str]:
    return tokens
