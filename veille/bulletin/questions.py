"""The public's questions in the bulletin: the most asked of twelve weeks, those of the week, and whom each is asked of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from veille.bulletin.evidence import verify
from veille.bulletin.figures import WEEKS
from veille.bulletin.material import Material, records
from veille.bulletin.types import Question
from veille.desk.questions import Answered, asked
from veille.language import Language
from veille.names import people_names
from veille.period import Period
from veille.signals.tables import SignalKind

if TYPE_CHECKING:
    from veille.store import Store
    from veille.watch import Watch

SHOWN, SHOWN_OF_WEEK = 5, 3
"""Questions shown: the most asked of all weeks, and of the week besides."""
_FEWEST_VOICES = 3
_EVIDENCE = 2


def build_questions(
    watch: Watch, store: Store, material: Material, hide: Callable[[str], str], language: Language
) -> tuple[Question, ...]:
    """Return the questions that at least three people ask, the most asked of twelve weeks first, then those of the week.

    Parameters
    ----------
    watch
        As it is written: its answers are held against what is asked.
    store
        Mentions that were read.
    material
        What the bulletin rests on.
    hide
        Masks handles, addresses and confidential terms.
    language
        Of the names of functions that nobody was named for.

    Raises
    ------
    EditionError
        A question is not in the stored text of its mention.
    """
    period = Period(material.period.last - timedelta(days=7 * WEEKS - 1), material.period.last, material.period.timezone)
    table = _chosen(asked(watch, store, material.as_of, period), material)
    weeks = max(1, min(WEEKS, material.known_weeks))
    until = {message.id: message.valid_until for message in watch.messages}
    told = material.mentions.set_index("mention_id")[["title", "text"]].fillna("")
    result = []
    for row in records(table):
        if row.quoted:
            source = told.loc[row.evidence[0]]
            verify(row.evidence[0], row.question, str(source["title"]), str(source["text"]))
        result.append(
            Question(
                question=hide(row.question),
                mentions=int(row.mentions),
                voices=int(row.voices),
                voices_week=int(row.week),
                weeks=weeks,
                reach=None if pd.isna(row.reach) else float(row.reach),
                status=Answered(row.status).value,
                message_id=row.message_id if isinstance(row.message_id, str) else None,
                answer_until=until.get(row.message_id) if row.status == Answered.EXPIRED else None,
                owner=people_names(watch, row.owners, language) if row.owners else None,
                quoted=bool(row.quoted),
                language=row.language,
                evidence=tuple(row.evidence[:_EVIDENCE]),
            )
        )
    return tuple(result)


def _chosen(table: pd.DataFrame, material: Material) -> pd.DataFrame:
    """Return the rows that are shown, with `week`, the voices of the week."""
    leaks = material.signals.loc[material.signals["kind"] == SignalKind.LEAK.value, "evidence"]
    leaked = set(leaks.explode().dropna())
    # What shows a leak is never quoted, and nothing is quoted of what fell out of the weeks that were read.
    known = set(material.mentions["mention_id"]) - leaked
    table = table.loc[[not row.quoted or row.evidence[0] in known for row in records(table)]]
    table = table.assign(evidence=table["evidence"].map(lambda ids: [one for one in ids if one in known]))
    table = table.assign(week=_voices(table["evidence"], material.week)).loc[table["evidence"].str.len() > 0]
    most = table.loc[table["voices"] >= _FEWEST_VOICES].head(SHOWN)
    others = table.drop(most.index)
    others = others.loc[others["week"] >= _FEWEST_VOICES].sort_values("week", ascending=False, kind="stable")
    return pd.concat([most, others.head(SHOWN_OF_WEEK)])


def _voices(evidence: pd.Series, mentions: pd.DataFrame) -> pd.Series:
    """Return how many distinct authors, or publishers where a source names none, of some mentions are in each list of ids."""
    voice = mentions["author"].fillna(mentions["publisher"]).fillna(mentions["source"])
    heard = evidence.explode().map(dict(zip(mentions["mention_id"], voice, strict=True)))
    return heard.groupby(level=0).nunique().reindex(evidence.index, fill_value=0)
