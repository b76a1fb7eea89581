"""The verb `release`: a person lets a draft go out, or `publish: auto` does; the pages are made again from the saved inputs.

The release is a run of its own, so that what was written stays as it was. Under one lock, in an order in which a crash
leaves nothing half told: its folder, the link, the event, what is owed, the sending. Whoever comes second finds it done;
whoever comes after a crash finishes it under the name of who began.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from veille.bulletin import Bulletin, write
from veille.bulletin.corrections import changes
from veille.bulletin.files import AUDIENCES, INPUTS, saved, write_audiences
from veille.bulletin.marking import least
from veille.bulletin.page_one import fit
from veille.bulletin.review import NOTE_WORDS, act, applied, reviews
from veille.bulletin.tables import ReviewAct
from veille.bulletin.types import Correction, Marking
from veille.edition.outbox import Post
from veille.edition.pdf import print_pdf
from veille.edition.publish import (
    archive_link,
    draft_link,
    editions_folder,
    free_place,
    made,
    published,
    run_folder,
    runs_folder,
    swap_link,
    write_index,
)
from veille.edition.record import RUN_FILE, RunRecord, RunStatus, StepRecord, sha256_of_files
from veille.edition.tables import Parcel
from veille.errors import UsageError
from veille.masking import mask_terms
from veille.store import RunKind, Store, lock
from veille.watch import Watch, confidential_terms

WAIT_SECONDS = 60
"""How long a person waits for another release of the watch."""
_STEP = "release"
_MADE_AGAIN = ("bulletin*", "mail*", "figures.csv", "print.pdf", INPUTS, RUN_FILE, AUDIENCES)


@dataclass(frozen=True)
class Released:
    """An edition that went out.

    Parameters
    ----------
    record
        What the run.json of the release says.
    bulletin
        The page, under the week's link.
    sent, failed, pending
        One record a mail or card that was taken, an attempt that failed, and what is still owed.
    warnings
        What a person must see.
    """

    record: RunRecord
    bulletin: Path
    sent: tuple[dict[str, object], ...] = ()
    failed: tuple[dict[str, object], ...] = ()
    pending: tuple[dict[str, object], ...] = ()
    warnings: tuple[str, ...] = field(default=())


def release(
    watch: Watch,
    store: Store,
    week: str,
    *,
    at: datetime,
    by: str,
    note: str = "",
    environment: Mapping[str, str] | None = None,
) -> Released:
    """Let the newest edition of a week go out under a person's name, and send it.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    week
        ISO week.
    at, by
        When, and who.
    note
        The analyst's word, at most `NOTE_WORDS` words.
    environment
        Where the variables of channels are looked for; the process's own where None.

    Raises
    ------
    UsageError
        There is no draft of that week, no name was given, or the note is too long.
    LockedError
        Another release of the watch takes longer than a person waits.
    EditionError
        The inputs of the draft cannot be read.
    """
    who, word = " ".join(by.split()), " ".join(note.split())
    if not who:
        raise UsageError("a release needs the name of who releases", "give it with --by")
    if len(word.split()) > NOTE_WORDS:
        raise UsageError(f"the note has {len(word.split())} words", f"page 1 has room for {NOTE_WORDS}")
    with lock(watch, RunKind.PUBLISH, wait_seconds=WAIT_SECONDS):
        draft = made(watch, week)
        if draft is None:
            raise UsageError(f"there is no edition of {week} to release", f"make it first: veille edition --week {week}")
        if draft.published_by is not None:
            if _is_told(watch, store, draft):
                raise UsageError(
                    f"the edition {week} was already released by {draft.published_by}",
                    "to correct it, make the edition again and publish that",
                )
            return _go_out(watch, store, draft, _environment(environment), at)
        record = _make(watch, store, draft, at.astimezone(UTC), who, word)
        return _go_out(watch, store, record, _environment(environment), at)


def release_unreviewed(
    watch: Watch, store: Store, draft: RunRecord, *, at: datetime, environment: Mapping[str, str] | None = None
) -> Released:
    """Let an edition go out at once, stamped as not reviewed; one that says what the released one says changes nothing.

    See `release`.
    """
    with lock(watch, RunKind.PUBLISH, wait_seconds=WAIT_SECONDS):
        made_so, before = _make(watch, store, draft, at.astimezone(UTC), None, ""), _released(watch, draft.week)
        if before and _same(watch, before, made_so):
            # Nobody is written to twice about the same, and what stands needs no correction.
            shutil.rmtree(run_folder(watch, made_so.run_id))
            return Released(before, editions_folder(watch) / draft.week / "bulletin.html")
        return _go_out(watch, store, made_so, _environment(environment), at)


def preview(watch: Watch, store: Store, week: str) -> tuple[RunRecord, list[Bulletin]]:
    """Return the newest edition of a week as the standing acts of people leave it, and its run.

    Raises
    ------
    UsageError
        There is none.
    """
    draft = made(watch, week)
    if draft is None:
        raise UsageError(f"there is no edition of {week}", f"make it first: veille edition --week {week}")
    # A release was cut already: what was withheld is only in the run it was made from.
    origin = draft.released_from or draft.run_id
    return draft, saved(run_folder(watch, origin))


def _environment(given: Mapping[str, str] | None) -> Mapping[str, str]:
    return os.environ if given is None else given


def _released(watch: Watch, week: str) -> RunRecord | None:
    record = published(watch, week)
    return record if record and record.published_at is not None else None


def _is_told(watch: Watch, store: Store, record: RunRecord) -> bool:
    linked = published(watch, record.week)
    told = reviews(store, record.week)
    known = set(told.loc[told["act"] == ReviewAct.RELEASED, "run_id"])
    return linked is not None and linked.run_id == record.run_id and record.run_id in known


def _make(watch: Watch, store: Store, draft: RunRecord, at: datetime, by: str | None, note: str) -> RunRecord:
    """Write the folder of the release, whole or not at all."""
    before = _released(watch, draft.week)
    begun = at
    while run_folder(watch, run_id := f"{begun:%Y%m%dT%H%M%S%f}-{draft.week}").exists():
        begun += timedelta(microseconds=1)
    record = draft.model_copy(
        update={
            "run_id": run_id,
            "published_by": by,
            "published_at": at,
            "released_from": draft.run_id,
            "replaces": before.run_id if before else None,
            "outputs_sha256": {},
        }
    )
    source, folder = run_folder(watch, draft.run_id), run_folder(watch, run_id)
    hidden = runs_folder(watch) / f".{run_id}.{os.getpid()}"
    shutil.rmtree(hidden, ignore_errors=True)
    shutil.copytree(source, hidden, copy_function=_linked, ignore=shutil.ignore_patterns(*_MADE_AGAIN))
    bulletins = _stamped(watch, store, record, saved(source), before, note)
    write(bulletins, hidden)
    if (source / AUDIENCES).exists():
        # What was withheld, and the stamps, hold for every audience.
        refused = write_audiences(watch, store, bulletins, hidden).warnings
        step = StepRecord(name=_STEP, status=RunStatus.DONE, warnings=list(refused))
        record = record.model_copy(update={"steps": [*record.steps, step]})
    record = record.model_copy(update={"outputs_sha256": sha256_of_files(hidden)})
    record.write(hidden)
    hidden.rename(folder)
    return record


def _stamped(
    watch: Watch, store: Store, record: RunRecord, drafts: Sequence[Bulletin], before: RunRecord | None, note: str
) -> list[Bulletin]:
    hide = partial(mask_terms, terms=confidential_terms(watch))
    events = reviews(store, record.week)
    earlier = {one.edition.language: one for one in saved(run_folder(watch, before.run_id))} if before else {}
    place = free_place(watch, record.week)
    result = []
    for one in drafts:
        left = applied(one, events, hide)
        edition = left.edition.model_copy(
            update={
                "draft": False,
                "note": hide(note),
                "note_language": watch.languages[0] if note else None,
                "published_by": hide(record.published_by) if record.published_by else None,
                "published_at": record.published_at if record.published_by else None,
            }
        )
        method = left.method.model_copy(update={"run_id": record.run_id})
        left = fit(left.model_copy(update={"edition": edition, "method": method}))
        old = earlier.get(edition.language)
        if before and old and record.published_at:
            told = Correction(replaces=before.run_id, place=place, at=record.published_at, changes=changes(old, left))
            left = left.model_copy(update={"edition": edition.model_copy(update={"correction": told})})
        result.append(left)
    return result


def _go_out(watch: Watch, store: Store, record: RunRecord, environment: Mapping[str, str], at: datetime) -> Released:
    """Point the link at a release that is written, tell it, and send it; done again it changes nothing."""
    linked = published(watch, record.week)
    if linked and linked.run_id != record.run_id and linked.run_id == record.replaces:
        archive_link(watch, linked)
    link = swap_link(watch, record)
    draft_link(watch, record.week).unlink(missing_ok=True)
    if record.published_by and record.published_at:
        word = saved(run_folder(watch, record.run_id))[0].edition.note
        act(
            store,
            record.week,
            ReviewAct.RELEASED,
            [],
            at=record.published_at,
            by=record.published_by,
            note=word,
            run_id=record.run_id,
            needs_reason=False,
        )
    write_index(watch)
    warning = print_pdf(watch, link, record.week)
    post = Post(watch, store, partial(run_folder, watch), environment)
    moment = record.published_at or at
    post.owe(Parcel.BULLETIN, record.week, record.run_id, moment)
    post.owe(Parcel.CARD, record.week, record.run_id, moment)
    post.send(at)
    untold = _untold(watch, run_folder(watch, record.run_id))
    return Released(
        record,
        link / "bulletin.html",
        tuple(post.sent),
        tuple(post.failed),
        tuple(post.pending),
        (*_refused(record), *untold, *([warning] if warning else []), *told_failures(post)),
    )


def _refused(record: RunRecord) -> list[str]:
    return [warning for step in record.steps if step.name == _STEP for warning in step.warnings]


def _untold(watch: Watch, folder: Path) -> list[str]:
    """Say which audiences read of the organisation's alarms and not of a leak, for a person may think that they do."""
    leaks = sum(one.kind == "leak" for one in saved(folder)[0].signals)
    if not leaks:
        return []
    return [
        f"audience {name} ({tlp}) does not read of the {leaks} leak(s) of this edition, marked {least('leak').value}: "
        "tell its readers yourself, or raise it in audiences of watch.yml"
        for name, tlp in watch.audiences.items()
        if least("level").rank <= Marking(str(tlp)).rank < least("leak").rank
    ]


def told_failures(post: Post) -> list[str]:
    """Return what a person must see of a round of sending."""
    lines = [f"{one['kind']} to {one['to'] or 'nobody known'}: {one['why']}" for one in post.failed]
    return [*lines, *([f"{len(post.pending)} messages are owed: `veille publish --due` sends them"] if post.pending else [])]


def _same(watch: Watch, before: RunRecord, after: RunRecord) -> bool:
    told, again = (saved(run_folder(watch, record.run_id)) for record in (before, after))
    return [_content(one) for one in told] == [_content(one) for one in again]


def _content(bulletin: Bulletin) -> Bulletin:
    edition = bulletin.edition.model_copy(
        update={
            "draft": False,
            "note": "",
            "note_language": None,
            "published_by": None,
            "published_at": None,
            "correction": None,
        }
    )
    return bulletin.model_copy(update={"edition": edition, "method": bulletin.method.model_copy(update={"run_id": ""})})


def _linked(source: str, target: str) -> str:
    """Share a file that is not written again: an annex is megabytes."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
    return target
