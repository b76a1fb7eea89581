"""What of a post says that its author speaks as the organisation, asks the public for data or money, or leads it.

Read from words alone, in French and English; what a post quotes, and what it warns of, is not its own claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from veille.folding import fold
from veille.gather import Names, skeleton

_QUOTED = re.compile(r"[«“][^«»“”]{0,400}[»”]|\"[^\"]{0,400}\"")
# Who warns of a swindle says what the swindler says.
_WARNS = re.compile(
    r"\b(?:arnaqu\w+|escroqu\w+|faux\scomptes?|fausse\spage|phishing|hameconn\w+|usurp\w+|fraud\w+|scam\w*|fake\saccount|"
    r"impersonat\w+|(?:ne|n')\s?(?:donne[zr]?|envoye[zr]?|clique[zr]?|communique[zr]?|confirme[zr]?|transmet\w*)\b.{0,30}"
    r"\b(?:jamais|rien|pas|aucun\w*)|(?:never|do not|don't)\s(?:give|send|click|share))\b"
)
_ASKS = re.compile(
    r"\b(?:donnez|envoyez|renseignez|saisissez|confirmez|communiquez|transmettez|indiquez|entrez|fournissez|verifiez|reglez|"
    r"payez|versez)(?:[- ](?:nous|moi|la|le|les|ici))?\b.{0,70}?\b(?:cartes?|rib|iban|codes?|identifiants?|mots?\sde\spasse|"
    r"coordonnees|numeros?|comptes?|frais|euros?|donnees)\b|"
    r"\b(?:send|dm|give|enter|confirm|verify|provide|submit|pay)\b.{0,70}?\b(?:cards?|passwords?|bank|accounts?|details|codes?|"
    r"pin|booking\sreference|iban|credentials|login|fee)\b|"
    r"\bcliquez\b.{0,60}?\b(?:rembours|indemni)|\bclick\b.{0,60}?\b(?:refund|compensation)"
)
_LINK = re.compile(r"https?://([^\s/?#]+)|\bwww\.([^\s/?#]+)")
_BAIT = (
    "rembours", "refund", "indemn", "secur", "login", "connexion", "compte", "account", "support", "service", "client", "verif",
    "paiement", "payment", "aide", "help", "claim",
)  # fmt: skip
_HELLO = r"(?:(?:bonjour|bonsoir|salut|hi|hello|dear\s\w+)\b[^.!?]{0,25}?[,!.:\s]+)?"
_DESK = (
    r"(?:service\s(?:client\w*|voyageurs?|commercial)|sav|support|assistance|equipe|direction|customer\s(?:service|support|care)|"
    r"help\s?desk|support\steam|team)"
)
_TIE = r"\s(?:(?:de|du|of|at|from|d'|team|here)\s?(?:la\s|l'|the\s)?)*"
_ROLE = (
    r"(?:porte[- ]parole|directeur|directrice|dg|pdg|president(?:e)?|patron(?:ne)?|dirigeant(?:e)?|responsable|"
    r"spokes(?:person|man|woman)|ceo|director|general\smanager|head|chief\s\w+\sofficer)(?:\s(?:general|generale|executif|adjoint|adjointe|officiel|"
    r"officielle|de\sla\scommunication|of\scommunications?|of\spress|of\soperations))?"
)
_NOT_SO = re.compile(r"\b(?:si|comme\ssi|if|wish|ex|ancien(?:ne)?|former|pas|not|jamais|never)\b[^.!?]{0,25}$")

_BEFORE = 60


@dataclass(frozen=True)
class _Patterns:
    speaks: re.Pattern[str]
    leads: re.Pattern[str]


def speaking(title: pd.Series, text: pd.Series, names: Names, own_hosts: tuple[str, ...]) -> pd.DataFrame:
    """Return what posts claim to be.

    Parameters
    ----------
    title, text
        As published; either may be empty.
    names
        How the organisation is called, as `gather.names_of` gives it.
    own_hosts
        Hosts of its own pages: a link there baits nobody.

    Returns
    -------
    DataFrame
        Flags on the index of `text`: `speaks` (as the organisation, or as a desk of it), `asks` (the reader for data or money),
        `baits` (a link to a host that bears the organisation's name and is not its own), `leads` (in the first person).
    """
    raw = words_said(title, text)
    said = raw.str.replace(_QUOTED, " ", regex=True)
    patterns = _patterns(names)
    warns = raw.str.contains(_WARNS)
    leads = said.str.contains(patterns.leads)
    leads &= said.where(leads, "").map(lambda one: _claims(one, patterns.leads)).astype(bool)
    flags = {
        "speaks": said.str.contains(patterns.speaks) & ~warns,
        "asks": said.str.contains(_ASKS) & ~warns,
        "baits": raw.map(lambda one: _baits(one, names, own_hosts)).astype(bool) & ~warns,
        "leads": leads & ~warns,
    }
    return pd.DataFrame(flags, index=text.index).astype(bool)


def words_said(title: pd.Series, text: pd.Series) -> pd.Series:
    """Return title and text of each mention as one folded text."""
    return fold(title.fillna("") + " . " + text.fillna(""))


def _patterns(names: Names) -> _Patterns:
    own = names.own.pattern
    desk_of = rf"{_DESK}{_TIE}{own}|{own}\s{_DESK}"
    speaks = (
        rf"^\W*{_HELLO}(?:ici|c'est|vous etes avec|this is|you(?:'re| are) (?:talking|speaking) to)\s(?:le\s|la\s|l'|the\s)?"
        rf"(?:{desk_of}|{own})",
        rf"\b(?:nos?|notre|our)\s{_DESK}{_TIE}{own}",
        rf"[.!?…]\s*(?:signe\s?:?\s*)?(?:l'|le\s|la\s|the\s)?(?:{desk_of})\W*$",
        rf"^\W*communique\s(?:officiel|de\spresse){_TIE}{own}.{{0,60}}\bnous\b",
        rf"^\W*official\sstatement{_TIE}{own}.{{0,60}}\bwe\b",
    )
    first = r"(?:je\s(?:suis|parle\sen\stant\sque)|i\sam|i'm|moi,?)"
    leads = (
        rf"\b{first}\s(?:le\s|la\s|the\s|a\s|an\s|votre\s|your\s)?(?:nouveau\s|nouvelle\s|new\s)?{_ROLE}{_TIE}{own}",
        rf"\b(?:en\stant\sque|en\smaqualite\sde|en\sma\squalite\sde|as|speaking\sas)\s(?:le\s|la\s|the\s|a\s|an\s)?{_ROLE}{_TIE}{own}"
        r"\W{1,3}(?:je|j'|nous|i|we)\b",
        rf"^\W*(?:speaking\son\sbehalf|au\snom){_TIE}{own}\W{{1,3}}(?:je|j'|nous|i|we)?\b",
        rf"\b(?:je\sparle|nous\sparlons|je\sm'exprime|i\sspeak|i(?:'m|\sam)\sspeaking)\s(?:ici\s|here\s)?"
        rf"(?:au\snom|on\sbehalf|for|pour){_TIE}{own}",
    )
    return _Patterns(re.compile("|".join(speaks), re.DOTALL), re.compile("|".join(leads)))


def _claims(said: str, pattern: re.Pattern[str]) -> bool:
    """Whether one claim stands without a condition or a denial before it."""
    begins = (match.start() for match in pattern.finditer(said))
    return any(not _NOT_SO.search(said[max(0, start - _BEFORE) : start]) for start in begins)


def _baits(said: str, names: Names, own_hosts: tuple[str, ...]) -> bool:
    for match in _LINK.finditer(said):
        host = (match[1] or match[2]).rpartition("@")[2].partition(":")[0].removeprefix("www.")
        if any(host == own or host.endswith(f".{own}") for own in own_hosts):
            continue
        look = skeleton(host)
        # The name in other letters baits by itself; written as it is, beside words of an office.
        if any(brand in look for brand in names.brands) and any(skeleton(word) in look for word in _BAIT):
            return True
    return False
