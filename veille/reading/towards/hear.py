"""Read the tone towards each subject of mentions that match several."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

import numpy as np
import pandas as pd

from veille.labels import What, current
from veille.period import Period
from veille.reading import tone, transformer
from veille.reading.embedding import DEFAULT_MODEL, by_name
from veille.reading.names import naming
from veille.reading.reader import version as reading_version
from veille.reading.tables import READINGS, Tone
from veille.reading.terms import Terms, words_text
from veille.reading.texts import clean
from veille.reading.towards.clauses import clauses
from veille.reading.towards.comparing import compared
from veille.reading.towards.tables import SUBJECT_TONES, Basis
from veille.reading.unread import unread
from veille.store import Store
from veille.watch import Watch

# Raised when the way of attributing changes.
_ROOM = "towards-1"
_CHANCES = ["p_negative", "p_neutral", "p_positive"]
_KEY = ["mention_id", "subject"]
# What a comparison that names a winner is worth, against what the model reads in the clause.
_COMPARED = 0.9


@dataclass(frozen=True)
class TowardsResult:
    """What one call of `hear` did.

    Parameters
    ----------
    version
        Version of what read.
    read, reused
        Pairs of mention and subject read now, and read before by this version.
    seconds
        What it took.
    """

    version: str
    read: int
    reused: int
    seconds: float


def hear(watch: Watch, store: Store, as_of: datetime, period: Period | None = None) -> TowardsResult:
    """Read every visible mention that matches several subjects and that this version has not read, and write SUBJECT_TONES.

    Parameters
    ----------
    watch, store
        The watch and its memory; only mentions that are in READINGS are looked at.
    as_of
        What was known at this instant.
    period
        Publications after its end are not seen.

    Notes
    -----
    Reading twice changes nothing. Mentions that match one subject have no row: what they say is said of it.
    """
    start = perf_counter()
    version = _version(watch)
    mentions = store.mentions(as_of, period, ["mention_id", "title", "text", "subjects"])
    mentions = mentions.loc[mentions["subjects"].str.len() > 1]
    readings = store.load(READINGS, ["mention_id", "text_hash", "language", "tone", *_CHANCES])
    pairs = mentions.merge(readings, on="mention_id").explode("subjects").rename(columns={"subjects": "subject"})
    fresh = unread(store, SUBJECT_TONES, pairs, version, [*_KEY, "text_hash"])
    if len(fresh):
        subjects = {subject.id: naming(subject) for subject in watch.subjects}
        rows = towards(fresh, subjects, transformer.of_watch(watch)).assign(version=version)
        store.merge(SUBJECT_TONES, rows[SUBJECT_TONES.column_names])
    return TowardsResult(version, len(fresh), len(pairs) - len(fresh), round(perf_counter() - start, 3))


def towards(pairs: pd.DataFrame, subjects: dict[str, Terms], named: transformer.Transformer | None = None) -> pd.DataFrame:
    """Return the pairs with the tone towards their subject; nothing is read or written.

    Parameters
    ----------
    pairs
        One row a mention and subject, index unique: `mention_id`, `subject`, `title`, `text`, `language`, `tone`, `p_negative`,
        `p_neutral`, `p_positive` (of the whole text).
    subjects
        What names each subject, by its id.
    named
        The model of tone that the watch names; None is the built-in one.

    Returns
    -------
    pandas.DataFrame
        The rows with `tone` and probabilities towards the subject, and `basis`: `whole_text` where the text does not part,
        or where no model reads its language.

    Notes
    -----
    The clauses about a subject are read by the model of tone; where one of them names a winner of a comparison, that counts for
    nine tenths. A subject that is only the foil (`contrairement à …`) is given the opposite of what is said of the other.
    """
    rows = pairs.assign(basis=Basis.WHOLE_TEXT.value)
    texts = rows.drop_duplicates("mention_id").set_index("mention_id")
    whole = (texts["title"].astype("object").fillna("") + "\n" + texts["text"].astype("object").fillna("")).str.strip()
    told = clauses(whole.reset_index(drop=True), subjects)
    if told.empty:
        return rows
    told["mention_id"] = texts.index.to_numpy()[told["row"].to_numpy(dtype=np.int64)]
    said = rows[_KEY].merge(told[[*_KEY, "said", "own"]], on=_KEY, how="left").set_index(rows.index)
    readable = rows["language"].isin(named.languages if named else tone.LANGUAGES) & (rows["tone"] != Tone.NOT_READ)
    part = said.loc[said["said"].notna() & readable]
    if part.empty:
        return rows
    text = clean(part["said"])
    spoken = rows.loc[part.index, "language"]
    heard = named.tones(text, spoken) if named else tone.tones(text, by_name(DEFAULT_MODEL).encode(text.tolist()), spoken)
    chances = heard[_CHANCES].where(part["own"].astype(bool), rows.loc[part.index, _CHANCES]).to_numpy(dtype=np.float64).copy()
    marks = compared(words_text(part["said"]), part["subject"], subjects)
    won, lost = (marks["better"] & ~marks["worse"]).to_numpy(), (marks["worse"] & ~marks["better"]).to_numpy()
    chances[won] = (1 - _COMPARED) * chances[won] + _COMPARED * np.array([0.0, 0.0, 1.0])
    chances[lost] = (1 - _COMPARED) * chances[lost] + _COMPARED * np.array([1.0, 0.0, 0.0])
    chances = _foils(chances, part["mention_id"], marks["foil"].to_numpy())
    labels = np.array([item.value for item in tone.TONES], dtype="object")
    rows.loc[part.index, _CHANCES] = np.round(chances, 4)
    rows.loc[part.index, "tone"] = labels[chances.argmax(axis=1)]
    parted = part.index[part["own"].astype(bool).to_numpy() | won | lost]
    rows.loc[parted, "basis"] = Basis.CLAUSE.value
    return rows


def _foils(chances: np.ndarray, mention_id: pd.Series, foil: np.ndarray) -> np.ndarray:
    """Give each foil the opposite of what is said, on average, of the others of its mention."""
    others = pd.DataFrame(chances, index=mention_id.to_numpy())[~foil].groupby(level=0).mean()
    found = others.reindex(mention_id.to_numpy()).to_numpy()
    turned = foil & ~np.isnan(found[:, 0])
    result = chances.copy()
    result[turned] = found[turned][:, ::-1]
    return result


def toned(store: Store, as_of: datetime, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the tone towards its subject where there is one, else with the tone that it has.

    Parameters
    ----------
    store
        The memory of the watch.
    as_of
        Labels given later are not seen.
    frame
        One row a mention and subject: `mention_id`, `subject`, `tone` and any of `p_negative`, `p_neutral`, `p_positive`.

    Notes
    -----
    What a person said of the mention and this subject comes first, then what a person said of the mention as such (which
    READINGS carries), then SUBJECT_TONES, then READINGS.
    """
    known = store.load(SUBJECT_TONES, [*_KEY, "tone", *_CHANCES])
    labels = current(store, as_of)
    labels = labels.loc[labels["what"] == What.TONE]
    whole = labels.loc[labels["subject"].isna(), "mention_id"]
    said = labels.loc[labels["subject"].notna(), [*_KEY, "value"]].drop_duplicates(_KEY, keep="last")
    person = pd.DataFrame({"mention_id": said["mention_id"], "subject": said["subject"], "tone": said["value"]})
    for name, item in zip(_CHANCES, tone.TONES, strict=True):
        person[name] = (said["value"] == item).astype(float)
    known = known.loc[~known["mention_id"].isin(whole)]
    over = (
        pd.concat([known, person]).drop_duplicates(_KEY, keep="last").set_index(_KEY) if len(person) else known.set_index(_KEY)
    )
    place = over.index.get_indexer(pd.MultiIndex.from_frame(frame[_KEY]))
    rows = place >= 0
    if not rows.any():
        return frame
    result = frame.copy()
    for name in [name for name in ("tone", *_CHANCES) if name in frame.columns]:
        result.loc[rows, name] = over[name].to_numpy()[place[rows]]
    return result


def _version(watch: Watch) -> str:
    names = repr([(subject.id, subject.name, subject.query) for subject in watch.subjects])
    return f"{_ROOM}-{hashlib.sha256(names.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}/{reading_version(watch)}"
