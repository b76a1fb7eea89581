"""Take a scope out of the pages of the desk: briefs and situation reports quote, and cannot be made again as they were."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from veille.bulletin.sheets import FOLDER
from veille.edition.publish import editions_folder
from veille.privacy.editions import needles_of, tells
from veille.privacy.rows import Counts
from veille.privacy.scope import Scope
from veille.privacy.tables import Cause
from veille.watch import Watch

PLACE = "desk pages"


def remove_pages(watch: Watch, scope: Scope, at: datetime, counts: Counts) -> None:
    """Remove the folders of pages that show something of a scope; under retention, those of moments before the limit."""
    folders = sorted((editions_folder(watch) / FOLDER).glob("*/"))
    needles = needles_of(scope) if scope.cause is not Cause.RETENTION and folders else []
    limit = at - timedelta(days=watch.privacy.retention_days)
    for folder in folders:
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
        old = scope.cause is Cause.RETENTION and _made(files) < limit
        if old or any(tells(path, needles) for path in files):
            shutil.rmtree(folder)
            counts.add(PLACE, len(files))


def _made(files: list[Path]) -> datetime:
    """Return the moment that pages are true of, as they say it themselves; what says nothing is as old as can be."""
    moments = [datetime.fromisoformat(json.loads(path.read_bytes())["as_of"]) for path in files if path.suffix == ".json"]
    return min(moments, default=datetime.min.replace(tzinfo=UTC))
