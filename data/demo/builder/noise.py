"""How a person types: every author keeps a way of writing, from careful to phone-in-a-moving-bus."""

from __future__ import annotations

import random
import re
import unicodedata

_SHORT = tuple((re.compile(pattern, re.I), forms) for pattern, forms in (
    (r"\bpourquoi\b", ("pk", "pq", "pourquoi")),
    (r"\bparce que\b", ("pcq", "parce que")),
    (r"\btoujours\b", ("tjrs", "toujours", "tjs")),
    (r"\bquelqu'un\b", ("qqn", "quelqu'un")),
    (r"\bc'est\b", ("c'est", "c", "cest")),
    (r"\bje suis\b", ("jsuis", "je suis", "chui")),
    (r"\bj'ai\b", ("jai", "j'ai", "g")),
    (r"\bil y a\b", ("y a", "ya", "il y a")),
    (r"\bBonjour\b", ("Bjr", "bonjour", "Bonjour")),
    (r"\bs'il vous plaît\b", ("svp", "s'il vous plait")),
    (r"\bminutes\b", ("min", "minutes", "mn")),
    (r"\bvous\b", ("vous", "vs", "vous")),
    (r"\bbeaucoup\b", ("bcp", "beaucoup")),
    (r"\bmaintenant\b", ("mtn", "maintenant")),
    (r"\bquand même\b", ("qd même", "quand meme")),
    (r"\bne ([a-zéèê]+) (pas|plus|jamais|rien)\b", (r"\1 \2", r"ne \1 \2")),
    (r"\bn'([a-zéèê]+) (pas|plus|jamais|rien)\b", (r"\1 \2", r"n'\1 \2")),
    (r"\bça\b", ("sa", "ça", "ca")),
    (r"\brendez-vous\b", ("rdv",)),
    (r"\btout le monde\b", ("tlm", "tout le monde")),
))  # fmt: skip
_ELONGATE = re.compile(r"\b(trop|marre|encore|merci|bravo|jamais|long|honte|super|sérieux|non|putain|enfin|génial|oui)\b", re.I)
_WORD = re.compile(r"(?<![@#\w])[a-zà-ÿ]{5,}")
_EMOJI = {
    "-": ("😡", "🤬", "😤", "🙄", "😩", "🤦", "👎", "😒", "🤡", "💀"),
    "0": ("🤔", "👀", "🚌", "🚲", "🚆", "ℹ️", "🙂"),
    "+": ("👏", "❤️", "😊", "🙏", "👍", "🥰", "🎉", "💪"),
}


def _strip_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _typo(rng: random.Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    match = rng.choice(words)
    word = match[0]
    at = rng.randrange(1, len(word) - 1)
    wrong = rng.choice(
        (word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at] + word[at:])
    )
    return text[: match.start()] + wrong + text[match.end() :]


def scribble(rng: random.Random, text: str, tone: str, care: float) -> str:
    """Return the text as someone of that care (0 sloppy to 1 careful) would type it on a network."""
    if "://" in text:
        return text  # a mistyped host could be somebody's
    sloppy = 1 - care
    if rng.random() < sloppy * 0.9:
        for pattern, forms in _SHORT:
            if rng.random() < 0.75 and pattern.search(text):
                text = pattern.sub(rng.choice(forms), text)
    if rng.random() < sloppy * 0.4:
        text = _ELONGATE.sub(lambda m: m[0] + m[0][-1] * rng.randrange(1, 5), text, count=1)
    if rng.random() < sloppy * 0.5:
        text = _typo(rng, text)
    if rng.random() < sloppy * 0.15:
        text = _typo(rng, text)
    if rng.random() < sloppy * 0.55:
        text = text.lower()
    if rng.random() < sloppy * 0.35:
        text = _strip_accents(text)
    if rng.random() < sloppy * 0.4:
        text = text.replace("’", " ").replace("'", rng.choice(("", " ", "'")))
    if rng.random() < sloppy * 0.6:
        text = text.rstrip(".")
    if tone == "-" and rng.random() < 0.12 + sloppy * 0.25:
        text = text.rstrip(".!") + "!" * rng.randrange(1, 5)
    if tone == "-" and rng.random() < 0.04:
        text = text.upper()
    if rng.random() < 0.06 + sloppy * 0.22:
        text = f"{text} {rng.choice(_EMOJI[tone]) * rng.choice((1, 1, 1, 2, 3))}"
    if rng.random() < sloppy * 0.12:
        text = text.replace(". ", rng.choice(("... ", ", ", " ")))
    return text.strip()


def rewire(rng: random.Random, text: str) -> str:
    """Return a copy of a dispatch as another desk edits it: an agency mark, a word changed, a last sentence cut."""
    edits = (
        (" a indiqué ", " a précisé "),
        (" selon ", " d'après "),
        (" ce matin", " dans la matinée"),
        ("Plusieurs ", "Une série de "),
        (" également ", " aussi "),
        (" environ ", " près de "),
        (" Par ailleurs, ", " "),
    )
    for before, after in edits:
        if rng.random() < 0.5:
            text = text.replace(before, after, 1)
    sentences = text.split(". ")
    if len(sentences) > 3 and rng.random() < 0.45:
        text = ". ".join(sentences[:-1]) + "."
    return rng.choice(("", "", "(AM) – ", "CORVENNE (Agence Méridienne) – ")) + text + rng.choice(("", "", " (avec AM)", " AM"))
