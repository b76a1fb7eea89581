"""How a signal is named and shown: a headline that says the thing in plain words, and the mentions that tell it best."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from veille.folding import fold, terms_pattern
from veille.language import Language
from veille.names import posing_names
from veille.signals.affairs import weigh
from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.material import Material
from veille.signals.tables import SignalKind
from veille.typography import closed
from veille.watch import Subject, Watch

TITLE_CHARACTERS = 70
_NAME_LETTERS = 4
_LEAST_RATIO = 0.5
_LEAK_TITLES = {"fr": "Terme confidentiel vu en public", "en": "Confidential term seen in public"}
_CLAUSE = re.compile(r"(?:\s[:;–—-]\s?|[,;:.!…]\s|\s\()")
_THREAD = re.compile(r"^\s*(?:(?:re|fwd?|tr)\s*:\s*|\[[^\]]*\]\s*)+", re.IGNORECASE)
# Headlines that promise instead of saying, on folded text.
_TEASER = re.compile(
    r"\?|^\W*(?:ce qu|ce que|tout (?:savoir|comprendre)|pourquoi|comment|voici|que (?:sait|faut|dit|risque)|quel|qui "
    r"|retour sur|le point sur|a retenir|chronologie|editorial|edito|tribune|portrait|chronique|en images|video|direct\b"
    r"|les questions|what |why |how |here |everything |explain|opinion|editorial|live\b|watch:|five things)"
    r"|: (?:comment|pourquoi|ce que|ce qu'|how|why|what) |les questions auxquelles|ce que (?:l'on|nous) s"
    r"|beaucoup de questions|what we know"
)
_LOOSE = ' ,;:.–—-(«“"'
_QUOTE = re.compile(r"^\W*[\"«“]")


def names(subject: Subject) -> re.Pattern[str]:
    """Return the pattern, on folded text, of the words a subject is named by."""
    words = [word for word in re.findall(r"\w+", subject.name) if len(word) >= _NAME_LETTERS]
    return terms_pattern(words or [subject.name])


def title_of(watch: Watch, candidate: Candidate, members: pd.DataFrame, evidence: list[str], material: Material) -> str:
    """Return the name of a signal, at most 70 characters.

    The name a person gave its topic comes first; then the headline of the press that holds most of its telling words,
    neither a question nor a teaser; then what a post says.

    Parameters
    ----------
    members
        Its mentions, in order of publication.
    evidence
        Ids of the mentions that tell it best.
    """
    if candidate.kind is SignalKind.LEAK:
        return _LEAK_TITLES.get(watch.languages[0], _LEAK_TITLES["en"])
    if candidate.posing:
        return posing_names(Language(watch.languages[0]))[candidate.posing]
    if candidate.topic_id != WHOLE and candidate.topic_id in material.given_titles:
        return headline(material.given_titles[candidate.topic_id], "")
    pool = members.drop_duplicates("story_id")
    told = pool["title"].fillna("").str.strip()
    press = (pool["press"] & (told != "")).to_numpy(dtype=bool)
    said = pd.Series(
        [headline(title, text) for title, text in zip(told, pool["text"].fillna(""), strict=True)], index=pool.index
    )
    if candidate.kind is SignalKind.STRATEGIC and candidate.telling:
        press = (
            press
            & pool["story_id"].isin(members.loc[members["mention_id"].isin(list(candidate.telling)), "story_id"]).to_numpy()
        )
    folded = fold(said)
    threads = told.map(lambda title: bool(_THREAD.match(title))).to_numpy(dtype=bool)
    named = folded.str.contains(names(watch.subject(candidate.subject))).to_numpy(dtype=bool)
    worth = (
        weigh(said.tolist(), dict(candidate.words))
        + 0.5 * press
        + 0.05 * named
        + 0.05 * pool["gravity"].fillna(0.0).to_numpy(dtype=np.float64)
        + 0.02 * pool["mention_id"].isin(evidence[:1]).to_numpy(dtype=np.float64)
        - 1.0 * folded.str.contains(_TEASER).to_numpy(dtype=bool)
        - 0.2 * said.str.contains(_QUOTE).to_numpy(dtype=bool)
        - 0.2 * said.str.endswith("…").to_numpy(dtype=bool)
        - 0.3 * (threads & ~press)
    )
    return str(said.iloc[int(np.argmax(worth))])


def headline(title: str, text: str) -> str:
    """Return the words a signal is named by: the title, else the beginning of the text, cut at a clause or a word."""
    words = _THREAD.sub("", " ".join((title or text).split())) or " ".join(text.split())
    if not title:
        words = re.sub(r"^(?:@\w+[\s,:]*)+", "", words) or words
    # What an address or a name was taken off may begin with the sign that came after it.
    words = words.lstrip(" ,;:.–—»)") or words
    if len(words) <= TITLE_CHARACTERS:
        return words
    clauses = [match.start() for match in _CLAUSE.finditer(words[: TITLE_CHARACTERS + 1])]
    if clauses and clauses[-1] >= _LEAST_RATIO * TITLE_CHARACTERS:
        line = closed(words[: clauses[-1]].rstrip(_LOOSE))
        if len(line) <= TITLE_CHARACTERS:
            return line
    # Marks that must be closed take room.
    rooms = range(TITLE_CHARACTERS - 1, 0, -1)
    lines = (closed(words[:room].rsplit(" ", 1)[0].rstrip(_LOOSE) + "…") for room in rooms)
    return next(line for line in lines if len(line) <= TITLE_CHARACTERS)


def evidence_of(told: pd.DataFrame, limit: int, named: re.Pattern[str], candidate: Candidate) -> list[str]:
    """Return the mentions that tell one signal best, one a story, the most telling first.

    What says what its effects are, the gravest, the first mention, those who say who is to blame, press and people:
    each has its place before the rest is filled by weight.
    """
    title = told["title"].fillna("")
    texts = (title + " . " + told["text"].fillna("")).tolist()
    weight = (
        told["gravity"].fillna(0.0).astype(float)
        + 0.3 * told["loaded"].fillna(0.0).astype(float)
        + 0.2 * told["similarity"].fillna(0.0).astype(float)
        + 0.2 * told["press"].astype(float)
        + 0.4 * fold(title).str.contains(named).astype(float)
        + 0.1 * told["responsibility"].fillna(0.0).astype(float)
        + weigh(texts, dict(candidate.words))
        - 0.5 * fold(title.where(title != "", told["text"].fillna(""))).str.contains(_TEASER).astype(float)
    )
    if candidate.kind in (SignalKind.STRATEGIC, SignalKind.IMPOSTOR):
        weight = weight + 2.0 * told["mention_id"].isin(list(candidate.telling)).astype(float)
    ranked = told.assign(weight=weight).sort_values(
        ["weight", "published_at", "mention_id"], ascending=[False, True, True], kind="stable"
    )
    ranked = ranked.drop_duplicates("story_id")
    blames = ranked["responsibility"].fillna(0.0) >= 1.0
    press = ranked["press"].astype(bool)
    places = [
        ranked.loc[press].head(2),
        ranked.loc[press & blames].head(1),
        ranked.loc[~press & blames].head(1),
        ranked.loc[~press].head(1),
        ranked.sort_values(["published_at", "mention_id"], kind="stable").head(1),
        ranked,
    ]
    chosen = list(dict.fromkeys(str(mention) for place in places for mention in place["mention_id"]))[:limit]
    return [str(mention) for mention in ranked["mention_id"] if mention in chosen]
