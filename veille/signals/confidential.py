"""Leak signals: visible mentions of the period that hold a confidential term, one signal a subject."""

from __future__ import annotations

import pandas as pd

from veille.signals.candidates import Candidate
from veille.signals.counts import WHOLE
from veille.signals.leak import leaking, read_terms
from veille.signals.material import Material
from veille.signals.tables import SignalKind
from veille.watch import Role, Watch


def leaks(watch: Watch, material: Material) -> list[Candidate]:
    """Return one candidate a subject whose mentions hold a confidential term; mentions of no subject go to the organisation."""
    terms = read_terms(watch.confidential_path)
    if not terms:
        return []
    mentions = material.mentions.loc[material.mentions["published_at"] >= pd.Timestamp(material.start)]
    held = mentions.loc[leaking(mentions["title"], mentions["text"], terms)]
    if held.empty:
        return []
    own = next((subject.id for subject in watch.subjects if subject.role == Role.SELF), watch.subjects[0].id)
    known = {subject.id for subject in watch.subjects}
    subject = held["subjects"].map(lambda ids: next((name for name in ids if name in known), own))
    stories = material.told.drop_duplicates("mention_id").set_index("mention_id")["story_id"]
    story = held["mention_id"].map(stories).fillna(held["mention_id"])
    day = held["published_at"].dt.tz_convert(watch.timezone).dt.tz_localize(None).dt.normalize()
    frame = pd.DataFrame({"subject": subject, "story": story, "day": day})
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
        )
        for name, rows in frame.groupby("subject")
    ]
