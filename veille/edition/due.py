"""The verb `due`, which a schedule asks for: tell what failed or was not released in time, send what is owed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from veille.edition.outbox import Post
from veille.edition.publish import latest, made, published, run_folder, runs_folder
from veille.edition.record import RunRecord, RunStatus
from veille.edition.release import WAIT_SECONDS, told_failures
from veille.edition.tables import Parcel
from veille.language import Language
from veille.masking import mask
from veille.period import Period, last_complete_week
from veille.store import RunKind, Store, lock
from veille.watch import Publish, Watch, confidential_terms

_RECENT = timedelta(days=3)
"""How old a failure may be that nobody was told of: a watch that begins to tell does not begin with its past."""


@dataclass(frozen=True)
class Due:
    """What a round found and did.

    Parameters
    ----------
    week
        The week that is due, the last complete one.
    noticed
        What failed or was late and had not been noticed before, the first line of each.
    sent, failed, pending
        One record a mail or card that was taken, an attempt that failed, and what is still owed.
    warnings
        What a person must see.
    """

    week: str
    noticed: tuple[str, ...]
    sent: tuple[dict[str, object], ...]
    failed: tuple[dict[str, object], ...]
    pending: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]


def due_at(watch: Watch, period: Period) -> datetime:
    """Return the instant by which the edition of a week must be out: the first `delivery.publish_at` after its end."""
    moment = watch.delivery.publish_at
    day = period.last + timedelta(days=moment.day)
    return datetime.combine(day, moment.time, ZoneInfo(watch.timezone))


def due(watch: Watch, store: Store, at: datetime, *, environment: Mapping[str, str] | None = None) -> Due:
    """Notice, once, what failed and what was not released by its hour, and send everything that is owed.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    at
        The present.
    environment
        Where the variables of channels are looked for; the process's own where None.

    Raises
    ------
    LockedError
        A release of the watch takes longer than a round waits.
    """
    period = last_complete_week(at, watch.timezone)
    post = Post(watch, store, partial(run_folder, watch), os.environ if environment is None else environment)
    with lock(watch, RunKind.PUBLISH, wait_seconds=WAIT_SECONDS):
        noticed = []
        for key, week, run_id, said in (*_late(watch, period, at), *_failures(watch, at)):
            if post.owe(Parcel.FAILURE, week, run_id, at, key=key, said=said):
                noticed.append(said.split("\n", 1)[0])
        post.send(at)
    return Due(
        period.week,
        tuple(noticed),
        tuple(post.sent),
        tuple(post.failed),
        tuple(post.pending),
        (*noticed, *told_failures(post)),
    )


def _late(watch: Watch, period: Period, at: datetime) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is to be told of an edition that is not out by its hour: key, week, run, words."""
    moment = due_at(watch, period)
    out = published(watch, period.week)
    if at < moment or (out and out.published_at is not None) or not _had_begun(watch, moment):
        return
    language = Language(watch.languages[0])
    when = language.moment(moment, watch.timezone, weekday=True)
    draft = made(watch, period.week)
    if draft is None:
        title = language.say("Edition {week}: none was made by {when}", week=period.week, when=when)
        yield f"none:{period.week}", period.week, "", f"{title}\nveille edition --week {period.week}"
    elif watch.delivery.publish is Publish.REVIEW:
        title = language.say(
            "Edition {week}: the draft was not released by {when}, nothing was sent", week=period.week, when=when
        )
        yield f"late:{period.week}", period.week, draft.run_id, f"{title}\nveille publish {period.week} --by …"


def _had_begun(watch: Watch, moment: datetime) -> bool:
    """Say whether the watch had a run before an edition was due: one that begins on a Wednesday owed nothing on Monday."""
    # The beginning of a run is the beginning of its folder's name.
    folders = runs_folder(watch).glob("[!.]*")
    return any(path.name < f"{moment.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%S}" for path in folders)


def _failures(watch: Watch, at: datetime) -> Iterator[tuple[str, str, str, str]]:
    """Yield the runs that failed lately and that no good run of their week has followed."""
    language, hide = Language(watch.languages[0]), partial(mask, terms=confidential_terms(watch))
    weeks = {path.name.partition("-")[2] for path in runs_folder(watch).glob("[!.]*")}
    for week in sorted(weeks):
        record: RunRecord | None = latest(watch, week)
        if record is None or record.status is not RunStatus.FAILED or at - (record.ended_at or record.started_at) > _RECENT:
            continue
        title = language.say("Edition {week}: it failed, nothing was published", week=week)
        yield f"failed:{record.run_id}", week, record.run_id, f"{title}\n{hide(record.error or '')}\n{record.run_id}/run.json"
