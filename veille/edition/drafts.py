"""The pages of a draft, as people leave it: what is withheld is gone from them before anybody releases anything."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from veille.bulletin.files import redraw, saved
from veille.bulletin.review import applied, reviews
from veille.bulletin.tables import REVIEWS
from veille.edition.publish import draft_link, editions_folder, made, run_folder, write_index
from veille.edition.record import sha256_of_files
from veille.masking import mask_terms
from veille.store import RunKind, Store, lock
from veille.watch import Watch, confidential_terms

WAIT_SECONDS = 60
"""How long a person waits for a release of the watch."""


def redraw_draft(watch: Watch, store: Store, week: str) -> Path | None:
    """Make the pages of the newest draft of a week again, as the standing acts of people leave it; return its page.

    The saved inputs stay whole, so that an act can be taken back and a release is made from all that was found. What was
    released stays as it was, and gives None: it is corrected by an edition of its own. So does a draft nobody acted on.

    Parameters
    ----------
    watch, store
        The watch and its memory.
    week
        ISO week.

    Raises
    ------
    LockedError
        A release of the watch takes longer than a person waits.
    EditionError
        The inputs of the draft cannot be read.
    """
    with lock(watch, RunKind.PUBLISH, wait_seconds=WAIT_SECONDS):
        draft = made(watch, week)
        if draft is None or draft.published_at is not None or store.load(REVIEWS, where=[("week", "=", week)]).empty:
            return None
        folder = run_folder(watch, draft.run_id)
        hide = partial(mask_terms, terms=confidential_terms(watch))
        events = reviews(store, week)
        redraw(watch, store, [applied(one, events, hide) for one in saved(folder)], folder)
        draft.model_copy(update={"outputs_sha256": sha256_of_files(folder)}).write(folder)
        write_index(watch)
        link = draft_link(watch, week)
        return (link if link.is_symlink() else editions_folder(watch) / week) / "bulletin.html"
