"""Check of the model of tone that a watch names; nothing is loaded and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator

from veille.doctor.check import Check
from veille.errors import UsageError
from veille.reading import transformer
from veille.watch import BUILT_IN, Watch


def tone_checks(watch: Watch) -> Iterator[Check]:
    """Yield whether the named model is there and what it needs is installed; nothing where the built-in one reads."""
    if watch.tone.model == BUILT_IN:
        return
    here = watch.model_copy(update={"tone": watch.tone.model_copy(update={"download": False})})
    try:
        named = transformer.of_watch(here)
        if named:
            named.require()
    except UsageError as error:
        fetched = watch.tone.download and isinstance(error, transformer.NotHereError)
        said = "not on this machine: the next run fetches it, where it may" if fetched else error.message
        yield Check("tone model", fetched, said, "" if fetched else error.hint)
        return
    yield Check("tone model", True, f"{watch.tone.model} is there, and what it needs; its error is not known")
