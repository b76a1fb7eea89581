"""The one verb that keeps topics: editions, alerts and replay all call it, so that what is proven is what runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from veille.period import Period
from veille.pseudonym import sealed_term
from veille.reading import vectors
from veille.store import Store
from veille.topics import acts, prior
from veille.topics import corpus as window_of
from veille.topics.corpus import Corpus
from veille.topics.derive import Derived, derive
from veille.topics.happened import Stamp
from veille.topics.settings import TopicSettings
from veille.topics.standing import standing
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS, Act, Level, TopicStatus
from veille.watch import Watch, confidential_terms

VERSION = "6"


@dataclass(frozen=True)
class TopicsResult:
    """What an update found.

    Parameters
    ----------
    cutoff
        Publications before this instant were looked at.
    topics, assignments, events
        The rows of this cut-off: TOPICS (both levels), ASSIGNMENTS, and the machine's TOPIC_EVENTS.
    verdict
        Empty, or why there are no topics, in words for a person: "not enough data: …".
    reused
        Whether the rows were there already.
    unread
        Mentions left out because the reading room has not read them.
    min_stories
        Stories from which a topic is shown.
    """

    cutoff: pd.Timestamp
    topics: pd.DataFrame
    assignments: pd.DataFrame
    events: pd.DataFrame
    verdict: str = ""
    reused: bool = False
    unread: int = 0
    min_stories: int = 2

    @property
    def fine(self) -> pd.DataFrame:
        """Fine topics of the window, lone stories included."""
        return self.topics.loc[(self.topics["level"] == Level.FINE) & (self.topics["stories"] > 0)].reset_index(drop=True)

    @property
    def coarse(self) -> pd.DataFrame:
        """Coarse topics of the window."""
        return self.topics.loc[self.topics["level"] == Level.COARSE].reset_index(drop=True)

    @property
    def listed(self) -> pd.DataFrame:
        """Fine topics to show: stories enough, or watched, and not ignored; largest first."""
        fine = self.fine
        enough = (fine["stories"] >= self.min_stories) | fine["watched"].astype(bool)
        shown = fine.loc[enough & ~fine["ignored"].astype(bool)]
        return shown.sort_values(["stories", "topic_id"], ascending=[False, True], ignore_index=True)

    @property
    def stories(self) -> int:
        """Stories looked at."""
        return int(self.fine["stories"].sum())

    @property
    def mentions(self) -> int:
        """Mentions assigned."""
        return len(self.assignments)

    @property
    def lone_stories_ratio(self) -> float:
        """Share of stories that are a topic of their own, 0 where there is no story."""
        return float((self.fine["stories"] == 1).sum()) / self.stories if self.stories else 0.0

    @property
    def born(self) -> int:
        """Topics listed for the first time."""
        return int((self.events["act"] == Act.BIRTH).sum())

    @property
    def dormant(self) -> int:
        """Listed topics that nobody talks about any more."""
        return int(((self.topics["status"] == TopicStatus.DORMANT) & self.topics["listed_at"].notna()).sum())


def update(
    watch: Watch, store: Store, as_of: datetime, period: Period | None = None, settings: TopicSettings | None = None
) -> TopicsResult:
    """Bring topics up to date as of a moment: cluster the window, match the registry, write what was found.

    The same update again, with the same inputs and version, reads the rows back and writes nothing; with other inputs
    the rows of its cut-off are replaced and events that no longer hold are undone by counter-events.

    Parameters
    ----------
    watch, store
        Whose topics, and where they are kept.
    as_of
        What was known at this instant.
    period
        Publications after its end are not looked at.
    settings
        Settings other than the watch's.

    Returns
    -------
    TopicsResult
        With empty frames and a verdict where the window holds too few stories.
    """
    settings = settings or TopicSettings.of(watch)
    window = window_of.load(watch, store, as_of, period, settings)
    people = store.load(TOPIC_EVENTS, where=[("at", "<=", pd.Timestamp(as_of))])
    people = people.loc[people["by"] != acts.MACHINE]
    decided = acts.decisions(people, watch.topics, as_of)
    known = prior.load(store, window.cutoff, as_of, decided)
    rights = {source.id: source.rights.quote_max for source in watch.sources}
    questions = standing(watch, store)
    terms = confidential_terms(watch)
    sealed = " ".join(sorted(sealed_term(store.key, term) for term in terms))
    made_with = hashlib.sha256(f"{settings.fingerprint} {rights} {questions.fingerprint} {sealed}".encode()).hexdigest()[:12]
    stamp = Stamp(
        window.cutoff,
        pd.Timestamp(as_of),
        f"topics {VERSION}; {watch.embedding.model}; {made_with}",
        _inputs(window, known.fingerprint, people, watch),
    )
    if len(window.stories) < settings.few_stories:
        return _too_few(store, window, settings)
    stored = _stored(store, window, stamp, settings)
    if stored:
        return stored
    story_vectors = vectors(watch, store, window.stories["text_hash"].tolist())
    subjects = [*(subject.name for subject in watch.subjects), watch.organisation]
    derived = derive(
        window,
        story_vectors,
        known,
        decided,
        stamp,
        settings,
        questions=questions,
        demoted=subjects,
        quote_max=rights,
        terms=terms,
    )
    _write(store, window.cutoff, derived)
    return TopicsResult(
        window.cutoff,
        derived.topics,
        derived.assignments,
        derived.events,
        unread=window.unread,
        min_stories=settings.min_stories,
    )


def _inputs(window: Corpus, registry: str, people: pd.DataFrame, watch: Watch) -> str:
    given = [topic.model_dump_json() for topic in watch.topics]
    parts = [window.fingerprint, registry, *sorted(people["event_id"]), *given]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _stored(store: Store, window: Corpus, stamp: Stamp, settings: TopicSettings) -> TopicsResult | None:
    where = [("cutoff", "==", stamp.cutoff)]
    topics = store.load(TOPICS, where=where)
    same = (topics["version"] == stamp.version) & (topics["inputs"] == stamp.inputs) & (topics["as_of"] <= stamp.as_of)
    if topics.empty or not same.all():
        return None
    topics = topics.sort_values(["level", "topic_id"], ignore_index=True)
    assignments = store.load(ASSIGNMENTS, where=where)
    return TopicsResult(
        stamp.cutoff,
        topics,
        assignments,
        _machine_events(store, stamp.cutoff),
        reused=True,
        unread=window.unread,
        min_stories=settings.min_stories,
    )


def _too_few(store: Store, window: Corpus, settings: TopicSettings) -> TopicsResult:
    empty = Derived(TOPICS.empty(), ASSIGNMENTS.empty(), TOPIC_EVENTS.empty())
    if len(store.load(TOPICS, ["topic_id", "cutoff"], [("cutoff", "==", window.cutoff)])):
        _write(store, window.cutoff, empty)
    verdict = (
        f"not enough data: {len(window.stories)} stories in {settings.window_days} days, {settings.few_stories} are needed"
    )
    return TopicsResult(
        window.cutoff,
        empty.topics,
        empty.assignments,
        empty.events,
        verdict,
        unread=window.unread,
        min_stories=settings.min_stories,
    )


def _write(store: Store, cutoff: pd.Timestamp, derived: Derived) -> None:
    # TOPICS last: its rows say that the update is complete, a run killed before is simply done again.
    stored = store.load(TOPIC_EVENTS, where=[("at", "==", cutoff)])
    events = pd.concat([derived.events, _corrections(stored, derived.events, cutoff)], ignore_index=True)
    if len(events):
        store.merge(TOPIC_EVENTS, events)
    store.replace(ASSIGNMENTS, derived.assignments, "cutoff", cutoff)
    store.replace(TOPICS, derived.topics, "cutoff", cutoff)


def _corrections(stored: pd.DataFrame, wanted: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Return the undos after which exactly the wanted events of this cut-off stand: of stale events, and of earlier undos."""
    machine = stored.loc[stored["by"] == acts.MACHINE]
    standing = acts.effective(machine)
    stale = standing.loc[~standing["event_id"].isin(wanted["event_id"])]
    back = wanted.loc[wanted["event_id"].isin(machine["event_id"]) & ~wanted["event_id"].isin(standing["event_id"])]
    undos = machine.loc[machine["act"] == Act.UNDO].explode("others")
    wrong = undos.loc[undos["others"].isin(back["event_id"])]
    targets = pd.concat([stale[["topic_id", "event_id"]], wrong[["topic_id", "event_id"]]], ignore_index=True)
    rows = [
        acts.event_row(Act.UNDO, topic, [event], "", at=cutoff, by=acts.MACHINE, salt=str(len(machine)))
        for topic, event in zip(targets["topic_id"], targets["event_id"], strict=True)
    ]
    return TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))


def _machine_events(store: Store, cutoff: pd.Timestamp) -> pd.DataFrame:
    events = store.load(TOPIC_EVENTS, where=[("at", "==", cutoff)])
    return acts.effective(events.loc[events["by"] == acts.MACHINE])
