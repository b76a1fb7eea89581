"""Leak signals: visible mentions of the period that hold a confidential term, one signal a term."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.leak import leaked
from veille.signals.material import Material
from veille.signals.tables import SignalKind
from veille.watch import Role, Watch, confidential_terms


def leaks(watch: Watch, key: bytes, material: Material) -> list[Candidate]:
    """Return one candidate a subject and term; mentions of no subject go to the organisation.

    Of a term its keyed hash is kept, so that what leaks again is the signal that it was.
    """
    terms = confidential_terms(watch)
    if not terms:
        return []
    mentions = material.mentions.loc[material.mentions["published_at"] >= pd.Timestamp(material.start)]
    found = leaked(key, mentions["title"], mentions["text"], terms)
    if found.empty:
        return []
    held = mentions.iloc[found["place"].to_numpy()].assign(term=found["term"].to_numpy())
    own = next((subject.id for subject in watch.subjects if subject.role == Role.SELF), watch.subjects[0].id)
    known = {subject.id for subject in watch.subjects}
    subject = held["subjects"].map(lambda ids: next((name for name in ids if name in known), own))
    stories = material.told.drop_duplicates("mention_id").set_index("mention_id")["story_id"]
    story = held["mention_id"].map(stories).fillna(held["mention_id"])
    day = held["published_at"].dt.tz_convert(watch.timezone).dt.tz_localize(None).dt.normalize()
    frame = pd.DataFrame({"subject": subject, "term": held["term"], "story": story, "day": day})
    return [
        Candidate(
            kind=SignalKind.LEAK,
            subject=str(name),
            topic_id=WHOLE,
            first_day=rows["day"].min(),
            window_days=1,
            p_value=None,
            expected=None,
            stories=frozenset(rows["story"]),
            leaked_term=str(term),
        )
        for (name, term), rows in frame.groupby(["subject", "term"])
    ]


def told_with_strays(watch: Watch, material: Material, candidates: Sequence[Candidate]) -> pd.DataFrame:
    """Return what was told with the mentions of leaks and impostors that no query matched, under their signal's subject."""
    found = [candidate for candidate in candidates if candidate.kind in (SignalKind.LEAK, SignalKind.IMPOSTOR)]
    known = set(zip(material.told["subject"], material.told["mention_id"], strict=True))
    parts = [material.told]
    for candidate in found:
        stray = material.mentions.loc[material.mentions["mention_id"].isin(list(candidate.stories))]
        stray = stray.loc[[(candidate.subject, mention) not in known for mention in stray["mention_id"]]]
        known |= {(candidate.subject, mention) for mention in stray["mention_id"]}
        if len(stray):
            parts.append(_as_told(stray, candidate.subject, material, watch.timezone))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else material.told


def _as_told(mentions: pd.DataFrame, subject: str, material: Material, timezone: str) -> pd.DataFrame:
    columns = [name for name in material.told.columns if name in mentions.columns]
    frame = mentions[columns].assign(subject=subject, topic_id=WHOLE, story_id=mentions["mention_id"], bad=1.0, grave=0.0)
    frame["press"] = mentions["kind"] == "article"
    frame["day"] = frame["published_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    return frame.reindex(columns=material.told.columns)
