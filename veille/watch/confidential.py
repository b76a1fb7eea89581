"""The terms that must not leave, read from the file that watch.yml names, by the verbs that need them."""

from __future__ import annotations

from veille.errors import WatchError
from veille.watch.model import Watch


def confidential_terms(watch: Watch) -> tuple[str, ...]:
    """Return the confidential terms of a watch, one a line of its file; blank lines and lines with `#` are left out.

    Raises
    ------
    WatchError
        The file that watch.yml names cannot be read.
    """
    path = watch.confidential_path
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WatchError(
            f"the file of confidential terms {path} cannot be read", hint="correct confidential.terms_file, or leave it out"
        ) from error
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
