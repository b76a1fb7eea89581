"""Keys of services: their names stand in watch.yml, their values in the environment and nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from veille.errors import SourceError

if TYPE_CHECKING:
    from veille.watch import SourceSpec


def secret(spec: SourceSpec, key: str) -> str:
    """Return the value of the environment variable that a key of a source names.

    Parameters
    ----------
    spec
        The source.
    key
        `token` or `user`.

    Raises
    ------
    SourceError
        The source does not name it, or it is not set, or it cannot be sent: a message shows its name, never its value.
    """
    name = getattr(spec, key)
    if not name:
        raise SourceError(f"the source has no {key}", f"write {key}: and the name of an environment variable in watch.yml")
    value = os.environ.get(name, "").strip()
    if not value:
        raise SourceError(f"the environment variable {name} is not set", "set it where veille runs")
    if not value.isascii() or not value.isprintable():
        raise SourceError(f"the environment variable {name} holds what no key is made of", "set it again, without line breaks")
    return value
