"""Judge what is new: whether each visible mention is about the subjects whose queries it matches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib import resources
from time import perf_counter

import pandas as pd

from veille.labels import Relevance, What, current
from veille.period import Period
from veille.reading.embedding import embedder
from veille.reading.names import naming
from veille.reading.relevance.homonyms import homonyms
from veille.reading.relevance.learned import LEAST_LABELS, Learned, known_vectors, learn
from veille.reading.relevance.own import OwnVoice, official, own_pages, own_voice
from veille.reading.relevance.spam import spam
from veille.reading.relevance.tables import RELEVANCE, Reason
from veille.reading.tables import READINGS
from veille.reading.terms import Terms, terms, words_text
from veille.reading.unread import unread
from veille.store import Store
from veille.watch import Subject, Watch

# Raised when the way of judging changes without any list of words changing.
_ROOM = "relevance-1"
_TAG = r"#[^ ]+"
# More is never looked at, however long a text is.
_CHARACTERS = 4000
_NEEDED = ["mention_id", "source", "source_type", "publisher", "url", "author", "kind", "title", "text", "subjects"]
_VERDICTS = {
    Reason.SPAM_OFFER: Relevance.SPAM,
    Reason.TAG_HIJACK: Relevance.SPAM,
    Reason.MASS_OFFER: Relevance.SPAM,
    Reason.OTHER_EXPRESSION: Relevance.HOMONYM,
    Reason.OTHER_CONTEXT: Relevance.HOMONYM,
    Reason.DOUBTFUL_CONTEXT: Relevance.RELEVANT,
}


@dataclass(frozen=True)
class RelevanceResult:
    """What one call of `judge` did.

    Parameters
    ----------
    version
        Version of what judged.
    judged
        Pairs of mention and subject judged now.
    reused
        Pairs that this version had judged before.
    set_aside
        Of those judged now, how many got each verdict but `relevant`.
    learned
        Subjects whose labels were learned from.
    seconds
        What it took.
    """

    version: str
    judged: int
    reused: int
    set_aside: dict[str, int]
    learned: tuple[str, ...]
    seconds: float


def judge(watch: Watch, store: Store, as_of: datetime, period: Period | None = None) -> RelevanceResult:
    """Judge every pair of visible mention and subject that this version has not judged, and write RELEVANCE.

    Parameters
    ----------
    watch, store
        The watch and its memory; mentions are to be read first, unread ones are judged without their story.
    as_of
        What was known at this instant; labels given later teach nothing.
    period
        Publications after its end are not seen.

    Raises
    ------
    StoreError
        The store cannot be read or written.

    Notes
    -----
    Judging twice changes nothing. What people said of single mentions is not written here but laid over it by `standing`, so
    that a label counts at once and can be taken back.
    """
    start = perf_counter()
    mentions = store.mentions(as_of, period, _NEEDED)
    mentions = mentions.loc[mentions["subjects"].str.len() > 0].reset_index(drop=True)
    readings = store.load(READINGS, ["mention_id", "text_hash", "story_id"])
    mentions = mentions.merge(readings, on="mention_id", how="left")
    mentions["text_hash"] = mentions["text_hash"].fillna("")
    mentions["story_id"] = mentions["story_id"].fillna(mentions["mention_id"])
    own = own_voice(watch, store.key)
    pairs = mentions.explode("subjects").rename(columns={"subjects": "subject"})
    pairs = pairs.loc[pairs["subject"].isin([subject.id for subject in watch.subjects])].reset_index(drop=True)
    models = _models(watch, store, as_of, pairs, own)
    version = _version(watch, own, models)
    fresh = unread(store, RELEVANCE, pairs, version, ["mention_id", "subject", "text_hash"])
    if fresh.empty:
        return RelevanceResult(version, 0, len(pairs), {}, tuple(sorted(models)), round(perf_counter() - start, 3))
    # How many copies a text has is asked of all mentions, the new ones only are judged.
    rows = _corrected(watch, store, verdicts(watch, fresh, own, copies=pairs), models)
    store.merge(RELEVANCE, rows.assign(version=version)[RELEVANCE.column_names])
    counts = rows.loc[rows["verdict"] != Relevance.RELEVANT, "verdict"].value_counts()
    told = {str(name): int(count) for name, count in counts.items()}
    return RelevanceResult(
        version, len(fresh), len(pairs) - len(fresh), told, tuple(sorted(models)), round(perf_counter() - start, 3)
    )


def verdicts(watch: Watch, pairs: pd.DataFrame, own: OwnVoice, copies: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the pairs with `verdict`, `reason`, `detail` and `probability`; nothing is read or written.

    Parameters
    ----------
    watch
        The watch.
    pairs
        One row a mention and subject, index unique: columns of MENTIONS that say who speaks where, `title`, `text`,
        `subject`, `story_id`.
    own
        The organisation's own accounts and pages.
    copies
        Mentions among which copies are counted, those of `pairs` where not given.

    Notes
    -----
    The first of these that holds decides: own account, own site, spam, homonym; else relevant. Own accounts and spam are what
    they are for every subject, homonyms are told subject by subject.
    """
    rows = pairs.assign(verdict=Relevance.RELEVANT.value, reason=Reason.NOTHING_AGAINST.value, detail="", probability=0.95)
    # Objects, because a lone surrogate fits in no Arrow text before it is cleaned.
    title, text = rows["title"].astype("object").fillna(""), rows["text"].astype("object").fillna("")
    words = words_text(title + " \n " + text.str.slice(0, _CHARACTERS))
    untagged = words.str.replace(_TAG, "", regex=True)
    only_tags = pd.Series(False, index=rows.index)
    vocabulary = terms(_vocabulary(watch))
    for subject in watch.subjects:
        mine = rows.index[(rows["subject"] == subject.id).to_numpy()]
        name = naming(subject)
        only_tags.loc[mine] = name.holds(words.loc[mine]) & ~name.holds(untagged.loc[mine])
        others = _others(watch, subject, vocabulary)
        told = homonyms(words.loc[mine], subject, others, partial(embedder, watch), rows.loc[mine, ["title", "text"]])
        rows = _laid_over(rows, told)
    rows = _laid_over(rows, spam(rows, words, only_tags, copies))
    for flags, reason in ((own_pages(rows, own), Reason.OWN_SITE), (official(rows, own), Reason.OFFICIAL_ACCOUNT)):
        place = rows["publisher"].astype("object").fillna(rows["source"])
        rows.loc[flags, ["verdict", "reason"]] = [Relevance.OWN_ACCOUNT.value, reason.value]
        rows.loc[flags, "probability"] = 0.99
        rows.loc[flags, "detail"] = place[flags]
    return rows


def _laid_over(rows: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    if len(told):
        rows.loc[told.index, ["reason", "detail"]] = told[["reason", "detail"]].astype("str")
        rows.loc[told.index, "probability"] = told["probability"].astype(float)
        rows.loc[told.index, "verdict"] = told["reason"].map(_VERDICTS).astype("str")
    return rows


def _vocabulary(watch: Watch) -> list[str]:
    """Return the words of the watch's strategy: whoever speaks of these speaks of the organisation."""
    items = [*watch.strategy.objectives, *watch.strategy.decisions, *watch.strategy.red_lines]
    return [term for item in items for term in item.terms if len(term) > 3]


def _others(watch: Watch, subject: Subject, found: Terms) -> Terms:
    """Return what shows that a text is about the world of the watch: names of its other subjects, words of its strategy."""
    for other in watch.subjects:
        found = found if other.id == subject.id else found | naming(other)
    return found


def _models(watch: Watch, store: Store, as_of: datetime, pairs: pd.DataFrame, own: OwnVoice) -> dict[str, Learned]:
    """Return what labels taught, by subject; a label of a mention as such counts for each of its subjects."""
    labels = current(store, as_of)
    labels = labels.loc[(labels["what"] == What.RELEVANCE) & (labels["value"] != Relevance.OWN_ACCOUNT)]
    if len(labels) < LEAST_LABELS:
        return {}
    whole = labels.loc[labels["subject"].isna(), ["mention_id", "value"]]
    one = labels.loc[labels["subject"].notna(), ["mention_id", "subject", "value"]]
    asked = pd.concat([pairs.merge(one, on=["mention_id", "subject"]), pairs.merge(whole, on="mention_id")])
    asked = asked.drop_duplicates(["mention_id", "subject"]).sort_values(["subject", "mention_id"], ignore_index=True)
    found = {}
    for subject, part in asked.groupby("subject"):
        if len(part) < LEAST_LABELS:
            continue
        ruled = verdicts(watch, part.drop(columns="value").reset_index(drop=True), own, copies=pairs)["verdict"]
        vectors, at = known_vectors(watch, store, part["text_hash"])
        taught = learn(vectors, part["value"].iloc[at].reset_index(drop=True), ruled.ne(Relevance.RELEVANT).to_numpy()[at])
        if taught is not None:
            found[str(subject)] = taught
    return found


def _corrected(watch: Watch, store: Store, rows: pd.DataFrame, models: dict[str, Learned]) -> pd.DataFrame:
    for subject, model in sorted(models.items()):
        mine = rows.loc[rows["subject"] == subject]
        vectors, at = known_vectors(watch, store, mine["text_hash"])
        rows.loc[mine.index] = model.corrected(mine, vectors, at)
    return rows


def _version(watch: Watch, own: OwnVoice, models: dict[str, Learned]) -> str:
    asked = [[subject.id, subject.name, subject.query] for subject in watch.subjects]
    content = hashlib.sha256(_lists())
    for part in (asked, own.accounts.to_numpy().tolist(), own.hosts, _vocabulary(watch), watch.embedding.model):
        content.update(repr(part).encode("utf-8", "surrogatepass"))
    taught = "".join(f"/{name}-{model.digest}" for name, model in sorted(models.items()))
    return f"{_ROOM}/{content.hexdigest()[:10]}{taught}"


@cache
def _lists() -> bytes:
    folder = resources.files("veille.reading.relevance")
    return b"".join(folder.joinpath(name).read_bytes() for name in ("senses.txt", "spam.txt"))
