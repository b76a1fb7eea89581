"""Strategic signals: stories that touch what the organisation has set out to do, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from veille.reading import embedder, vectors
from veille.signals import few
from veille.signals.affairs import Lexis
from veille.signals.assemble import members_of, parts_of
from veille.signals.candidates import Candidate, category_of
from veille.signals.counts import WHOLE
from veille.signals.material import Material
from veille.signals.relevance import announces, closeness, effects, hits_assumption, item_text, items, relevance
from veille.signals.tables import Effect, SignalKind
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Role, Watch
from veille.watch.strategy import StrategicItem

_CLOSE = 0.5
# Stories that must say the same for it to be the effect: two, and a fifth of those close to the item.
_SAYING_STORIES, _SAYING_RATIO = 2, 0.2
_RED_LINE_STORIES, _RED_LINE_RATIO = 3, 0.1
_UNKNOWN_REACH = 0.5
_LOUDEST_WORDS, _ECHO = 5, pd.Timedelta(days=1)


def strategic(
    watch: Watch,
    store: Store,
    material: Material,
    lexis: Lexis,
    tests: pd.DataFrame,
    found: Sequence[Candidate],
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the candidates with the effects they have, and the topics that only their effect makes a signal.

    Parameters
    ----------
    lexis
        The words of the stories.
    tests
        Result of `emergence.run_tests`: whether a topic rose.
    found
        Candidates of other kinds: a story that is one of theirs opens no second signal.
    """
    wanted = items(watch.strategy)
    told = material.told.loc[material.told["published_at"] >= pd.Timestamp(material.start)]
    told = told.drop_duplicates(["mention_id", "subject"]).reset_index(drop=True)
    if not wanted or told.empty:
        return list(found)
    plain = [item for _, item in wanted]
    close = closeness(told["title"], told["text"], plain, _cosines(watch, store, told, plain)) >= _CLOSE
    told = told.assign(
        effect=effects(told["title"], told["text"], told["tone"]), announces=announces(told["title"], told["text"])
    )
    near = {item.id: told.loc[close[:, column]] for column, item in enumerate(plain)}
    roles = {subject.id: subject.role for subject in watch.subjects}
    opened = [
        _in_words(candidate, lexis)
        for candidate in _topics(told, near, found, tests, material, thresholds)
        if not any(_sounds_like(candidate, other, lexis) for other in found)
    ]
    both = [
        _affected(candidate, told, near, wanted, material, thresholds, own=roles[candidate.subject] is Role.SELF)
        for candidate in [*found, *opened]
    ]
    return [candidate for candidate in both if candidate.kind is not SignalKind.STRATEGIC or candidate.effects]


def _topics(
    told: pd.DataFrame,
    near: dict[str, pd.DataFrame],
    found: Sequence[Candidate],
    tests: pd.DataFrame,
    material: Material,
    thresholds: Thresholds,
) -> list[Candidate]:
    """Return the topics of the period most of whose stories are close to one item, and of which something changed."""
    claimed = {(candidate.subject, story) for candidate in found for story in candidate.stories}
    free = np.array([key not in claimed for key in zip(told["subject"], told["story_id"], strict=True)], dtype=bool)
    of_topic = told.loc[free & (told["topic_id"] != WHOLE).to_numpy()]
    keys = ["subject", "topic_id"]
    sizes = of_topic.groupby(keys).agg(
        stories=("story_id", "nunique"), publishers=("publisher", "nunique"), authors=("author", "nunique")
    )
    enough = sizes["stories"] >= thresholds.min_stories
    sizes = sizes.loc[enough & (sizes[["publishers", "authors"]].max(axis=1) >= thresholds.min_voices)]
    result = []
    for row in few.rows(sizes.reset_index()):
        mine = of_topic.loc[(of_topic["subject"] == row.subject) & (of_topic["topic_id"] == row.topic_id)]
        closest = max(
            (rows.loc[rows["mention_id"].isin(mine["mention_id"])] for rows in near.values()),
            key=lambda rows: int(rows["story_id"].nunique()),
        )
        if closest["story_id"].nunique() < thresholds.strategic_share * row.stories:
            continue
        rise = _rise(tests, row.subject, row.topic_id)
        if not _changed(mine, closest, rise, material, thresholds):
            continue
        result.append(
            Candidate(
                kind=SignalKind.STRATEGIC,
                subject=str(row.subject),
                topic_id=str(row.topic_id),
                first_day=mine["day"].min(),
                window_days=max(thresholds.windows_days) if rise is None else int(rise["window_days"]),
                p_value=None if rise is None else float(rise["p_value"]),
                recent_p=None if rise is None else float(rise["p_value"]),
                expected=None if rise is None else float(rise["expected"]),
                stories=frozenset(mine["story_id"]),
                category=category_of(mine.drop_duplicates("story_id")),
            )
        )
    # A story that names two subjects is one: it is told where most is said of it.
    result.sort(key=lambda candidate: (-len(candidate.stories), candidate.subject, candidate.topic_id))
    topics = [candidate.topic_id for candidate in result]
    return [candidate for number, candidate in enumerate(result) if candidate.topic_id not in topics[:number]]


def _in_words(candidate: Candidate, lexis: Lexis) -> Candidate:
    words = lexis.of(candidate.subject)
    return replace(candidate, words=tuple(words.signature(candidate.stories, candidate.first_day).items()))


def _sounds_like(candidate: Candidate, other: Candidate, lexis: Lexis) -> bool:
    """Whether most stories of a topic hold one of the most telling words of an affair: then it is one of its echoes."""
    if other.subject != candidate.subject or not other.words or candidate.first_day < other.first_day - _ECHO:
        return False
    loudest = [stem for stem, _ in sorted(other.words, key=lambda word: (-word[1], word[0]))[:_LOUDEST_WORDS]]
    return lexis.of(candidate.subject).holding(candidate.stories, loudest) >= _CLOSE


def _rise(tests: pd.DataFrame, subject: str, topic: str) -> pd.Series | None:
    if tests.empty:
        return None
    mine = tests.loc[(tests["subject"] == subject) & (tests["topic_id"] == topic) & (tests["measure"] == "stories")]
    return mine.sort_values(["p_value", "window_days"], kind="stable").iloc[0] if len(mine) else None


def _changed(
    mine: pd.DataFrame, closest: pd.DataFrame, rise: pd.Series | None, material: Material, thresholds: Thresholds
) -> bool:
    """Whether a topic is new, has risen, or most of what is close in it announces a decision."""
    stories = material.stories
    born = stories.loc[stories["topic_id"] == mine["topic_id"].iloc[0], "published_at"].min() >= pd.Timestamp(material.start)
    risen = rise is not None and float(rise["p_value"]) <= thresholds.window_p
    announced = closest.groupby("story_id")["announces"].max().mean() >= _CLOSE
    return bool(born or risen or announced) and bool(closest["announces"].any() or closest["press"].any())


def _affected(
    candidate: Candidate,
    told: pd.DataFrame,
    near: dict[str, pd.DataFrame],
    wanted: list[tuple[str, StrategicItem]],
    material: Material,
    thresholds: Thresholds,
    *,
    own: bool,
) -> Candidate:
    """Return the candidate with its effect on every item that enough of its stories are close to.

    Red lines are promises of the organisation itself: what is said of others crosses none of them.
    """
    mine = told.loc[(told["subject"] == candidate.subject) & told["story_id"].isin(list(candidate.stories))]
    stories = mine["story_id"].nunique()
    if not stories:
        return candidate
    members = members_of([candidate], material.told)
    carried = parts_of(members, pd.Series([np.nan]), pd.Series([False]), thresholds)["part_reach"].iloc[0]
    reach = _UNKNOWN_REACH if pd.isna(carried) else float(carried)
    for section, item in wanted:
        rows = near[item.id].loc[near[item.id]["mention_id"].isin(mine["mention_id"])].drop_duplicates("mention_id")
        close = rows["story_id"].nunique()
        red = section == "red_line"
        least = max(_RED_LINE_STORIES, _RED_LINE_RATIO * stories) if red else thresholds.effect_share * stories
        alone = candidate.kind is SignalKind.STRATEGIC and not red
        if not close or close < (thresholds.strategic_share * stories if alone else least) or (red and not own):
            continue
        value = relevance(item.weight, 1.0, reach)
        if value >= thresholds.relevance_min:
            effect, saying = effect_of(rows, section, item)
            candidate = replace(
                candidate,
                effects=(*candidate.effects, (item.id, str(effect))),
                relevance=max(candidate.relevance, value),
                red_line=candidate.red_line or red,
                telling=candidate.telling | frozenset(saying["mention_id"]),
            )
    return candidate


def effect_of(rows: pd.DataFrame, section: str, item: StrategicItem) -> tuple[Effect, pd.DataFrame]:
    """Return what the mentions close to an item do to it, and those of them that say so.

    What bends an assumption of a decision calls the decision itself into question.
    """
    doubts = (rows["effect"] == Effect.CALLS_INTO_QUESTION).to_numpy()
    bends = (rows["effect"] == Effect.BENDS).to_numpy()
    if section == "decision":
        doubts = doubts | (bends & hits_assumption(rows["title"], rows["text"], item.assumptions))
    if section == "red_line":
        doubts = doubts | (rows["bad"] > 0).to_numpy()
    said = rows["story_id"].nunique()
    least = max(min(_SAYING_STORIES, said), _SAYING_RATIO * said)
    if rows.loc[doubts, "story_id"].nunique() >= least:
        return Effect.CALLS_INTO_QUESTION, rows.loc[doubts]
    helps = (rows["effect"] == Effect.CONTRIBUTES).to_numpy()
    if rows.loc[helps, "story_id"].nunique() > said / 2:
        return Effect.CONTRIBUTES, rows.loc[helps]
    return Effect.BENDS, rows.loc[~helps]


def _cosines(watch: Watch, store: Store, told: pd.DataFrame, wanted: Sequence[StrategicItem]) -> NDArray[np.float64] | None:
    if told["text_hash"].isna().any():
        return None
    texts = embedder(watch).encode([item_text(item) for item in wanted])
    stored = vectors(watch, store, [str(value) for value in told["text_hash"]])
    return np.asarray(stored @ texts.T, dtype=np.float64)
