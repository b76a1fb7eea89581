"""What a bulletin is made from: one look at the tables, as of one moment, before anything is computed or worded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from veille.bulletin.figures import WEEKS, story_table
from veille.gather.tables import SOURCE_HEALTH
from veille.period import Period, local_midnight, published_before
from veille.reading.prevalence import comparable
from veille.reading.relevance import remaining, set_aside
from veille.reading.tables import READINGS, Tone
from veille.reading.tone import measured
from veille.reading.towards import toned
from veille.signals.tables import DETECTIONS, DUTIES, JOURNAL, SIGNALS, SURGES
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

_READ = ["mention_id", "version", "language", "story_id", "tone", "p_negative", "base_negative"]
_KEPT = [
    "mention_id", "source", "source_type", "publisher", "url", "author", "published_at", "kind", "title", "text", "subjects",
]  # fmt: skip


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Iterate over the rows of a short frame, what a page lists, by the names of its columns."""
    return iter(frame.itertuples(index=False))


@dataclass(frozen=True)
class Material:
    """The tables of one bulletin.

    Parameters
    ----------
    mentions
        Visible mentions of twelve weeks with what was read in them (`language`, `story_id`, `tone`, `p_negative`), their
        `topic_id`, local `day` and `weeks_ago` (0 is the week of the bulletin).
    topics
        Topics as they stood at the cut-off.
    topic_events
        What had happened to topics by `as_of`.
    signals, signals_before
        Signals at the cut-off, and at the last cut-off of the week before.
    signals_told
        Signals at the ends of the earlier weeks, as far as an edition could tell of them then.
    surges
        Subjects and topics spoken of far more than their habit, and not ill.
    journal
        What had been done about signals by `as_of`.
    health
        Sources as they fared last.
    has_before
        Whether the week before was looked at.
    rebuilt_before
        Whether the week before was only looked at now: nobody was told of it then.
    enough_data
        Whether the detection had enough to say anything.
    towards
        Tone towards each subject of the mentions that match several: `mention_id`, `subject`, `tone`, `p_negative`.
    aside
        Pairs of mention of the week and subject that are not public opinion about it: `mention_id`, `subject`, `verdict`,
        `reason`, `detail`. The mentions are still in `mentions`, without that subject, and without topic where none is left.
    duties
        Rules of the watch that the signals trigger.
    """

    period: Period
    as_of: datetime
    cutoff: datetime
    mentions: pd.DataFrame
    topics: pd.DataFrame
    topic_events: pd.DataFrame
    signals: pd.DataFrame
    signals_before: pd.DataFrame
    signals_told: pd.DataFrame
    surges: pd.DataFrame
    journal: pd.DataFrame
    health: pd.DataFrame
    has_before: bool
    rebuilt_before: bool
    enough_data: bool
    towards: pd.DataFrame
    aside: pd.DataFrame
    duties: pd.DataFrame

    @property
    def week(self) -> pd.DataFrame:
        """Mentions of the week itself."""
        return self.mentions[self.mentions["weeks_ago"] == 0]

    @property
    def known_weeks(self) -> int:
        """Weeks of which there are mentions, this one included, at most twelve."""
        return int(self.mentions["weeks_ago"].max()) + 1 if len(self.mentions) else 0

    @cached_property
    def topic_stories(self) -> pd.DataFrame:
        """Stories by topic, one row a topic and story."""
        return story_table(self.mentions[self.mentions["topic_id"].notna()], by=("topic_id",))

    def stories_of(self, topic_id: str) -> pd.DataFrame:
        """Return the stories of a topic."""
        return self.topic_stories[self.topic_stories["topic_id"] == topic_id]

    def of_subjects(self, ids: frozenset[str]) -> pd.DataFrame:
        """Return the mentions that match any of these subjects, with the tone towards these; of several the most negative."""
        exploded = self.mentions["subjects"].explode()
        chosen = exploded.index[exploded.isin(ids)].unique()
        mentions = self.mentions.loc[chosen].sort_index()
        heard = self.towards.loc[self.towards["subject"].isin(ids)].sort_values("p_negative", na_position="first")
        heard = heard.drop_duplicates("mention_id", keep="last").set_index("mention_id")
        told = mentions["mention_id"].map(heard["tone"])
        chance = mentions["mention_id"].map(heard["p_negative"])
        return mentions.assign(
            tone=told.where(told.notna(), mentions["tone"]),
            p_negative=chance.where(told.notna(), mentions["p_negative"]).astype(float),
        )


def collect(watch: Watch, store: Store, as_of: datetime, period: Period) -> Material:
    """Read what a bulletin rests on; nothing that was not visible at `as_of` is in it."""
    cutoff = published_before(as_of, period)
    long = Period(period.last - timedelta(days=7 * WEEKS - 1), period.last, period.timezone)
    known = [("cutoff", "<=", cutoff), ("as_of", "<=", as_of)]
    signals = store.load(SIGNALS, where=known)
    topics = store.load(TOPICS, where=known)
    mentions, aside = _mentions(store, as_of, period, long, topics)
    # The last look at or before the end of the week before, no older than that week.
    start = period.start
    oldest = start - timedelta(days=period.days)
    before = signals[(signals["cutoff"] <= start) & (signals["cutoff"] > oldest)]
    # What was only looked at for this edition was told to nobody.
    ends = [pd.Timestamp(local_midnight(period.first - timedelta(days=7 * back), period.timezone)) for back in range(WEEKS)]
    told = signals[signals["cutoff"].isin(ends) & (signals["as_of"] < pd.Timestamp(as_of))]
    looked = store.load(DETECTIONS, ["cutoff", "as_of", "enough_data"], known)
    return Material(
        period=period,
        as_of=as_of,
        cutoff=cutoff,
        mentions=mentions,
        topics=topics[topics["cutoff"] == cutoff].reset_index(drop=True),
        topic_events=store.load(TOPIC_EVENTS, where=[("at", "<=", as_of)]),
        signals=signals[signals["cutoff"] == cutoff].reset_index(drop=True),
        signals_before=before[before["cutoff"] == before["cutoff"].max()].reset_index(drop=True),
        signals_told=told.reset_index(drop=True),
        surges=store.load(SURGES, where=[("cutoff", "==", cutoff)]),
        journal=store.load(JOURNAL, where=[("at", "<=", as_of)]).sort_values(["at", "event_id"], ignore_index=True),
        health=_health(store, as_of, period),
        has_before=bool((looked["cutoff"] == start).any()),
        rebuilt_before=bool(((looked["cutoff"] == start) & (looked["as_of"] == pd.Timestamp(as_of))).any()),
        enough_data=bool(looked.loc[looked["cutoff"] == cutoff, "enough_data"].all()),
        towards=toned(store, as_of, _several(mentions)),
        aside=aside.loc[aside["mention_id"].isin(mentions.loc[mentions["weeks_ago"] == 0, "mention_id"])].reset_index(
            drop=True
        ),
        duties=store.load(DUTIES, where=[("cutoff", "==", cutoff)]),
    )


def _mentions(
    store: Store, as_of: datetime, period: Period, long: Period, topics: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    mentions = store.mentions(as_of, long)[_KEPT]
    aside = set_aside(store, as_of, mentions)
    mentions = remaining(mentions, aside)
    readings = store.load(READINGS, columns=_READ)
    readings["measured"] = measured(readings.pop("version"))
    # Shares are corrected by the error of the base model: where labels changed a reading, its own score is what they go by.
    readings["p_negative"] = readings.pop("base_negative").fillna(readings["p_negative"])
    # Assignments have no clock of their own: they are as old as the topics of their cut-off.
    updates = sorted(topics["cutoff"].unique())
    assignments = store.load(ASSIGNMENTS, ["mention_id", "cutoff", "topic_id"], [("cutoff", "in", updates)])
    # Topics look back fewer weeks than the bulletin: an older mention keeps the topic it was last seen in.
    latest = assignments.sort_values("cutoff").drop_duplicates("mention_id", keep="last")[["mention_id", "topic_id"]]
    joined = mentions.merge(readings, on="mention_id", how="left").merge(latest, on="mention_id", how="left")
    joined["story_id"] = joined["story_id"].fillna(joined["mention_id"])
    # An older cut-off may have put in a topic what was set aside since.
    gone = joined["mention_id"].isin(aside["mention_id"]) & (joined["subjects"].str.len() == 0)
    joined["topic_id"] = joined["topic_id"].mask(gone)
    joined["measured"] = joined["measured"].ne(other=False) & comparable(joined)
    joined["tone"] = joined["tone"].fillna(Tone.NOT_READ.value)
    joined["language"] = joined["language"].fillna("und")
    local = joined["published_at"].dt.tz_convert(period.timezone)
    joined["day"] = local.dt.date
    last = pd.Timestamp(period.last)
    joined["weeks_ago"] = ((last - local.dt.tz_localize(None).dt.normalize()).dt.days // 7).astype("int64")
    joined = joined[joined["weeks_ago"] < WEEKS]
    return joined.sort_values(["published_at", "mention_id"], ignore_index=True), aside


def _several(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a subject of the mentions that match more than one, with the tone of the whole mention."""
    several = mentions.loc[mentions["subjects"].str.len() > 1, ["mention_id", "subjects", "tone", "p_negative"]]
    return several.explode("subjects").rename(columns={"subjects": "subject"}).reset_index(drop=True)


def _health(store: Store, as_of: datetime, period: Period) -> pd.DataFrame:
    """Return how each source was last, with the span of the week that no gather could fill."""
    health = store.load(SOURCE_HEALTH, where=[("at", "<=", as_of)]).sort_values("at")
    last = health.drop_duplicates("source", keep="last").sort_values("source", ignore_index=True)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    lost = health.loc[(health["unfilled_until"] > start) & (health["unfilled_from"] < end)]
    since = lost["unfilled_from"].where(lost["unfilled_from"] > start, start).groupby(lost["source"]).min()
    until = lost["unfilled_until"].where(lost["unfilled_until"] < end, end).groupby(lost["source"]).max()
    spans = pd.DataFrame({"unfilled_from": since, "unfilled_until": until}).reset_index()
    return last.drop(columns=["unfilled_from", "unfilled_until"]).merge(spans, on="source", how="left")
