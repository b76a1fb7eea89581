"""How far a gather is: a bar where a person looks, one quiet line a source where nobody does. Standard output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from tqdm import tqdm

from veille.gather import Verdict


@contextmanager
def progress(sources: int) -> Iterator[Callable[[str, Verdict], None]]:
    """Yield what is told the id and the verdict of each source that is done.

    Parameters
    ----------
    sources
        How many there are.
    """
    if not sys.stderr.isatty():
        yield lambda source, verdict: click.echo(f"source {source}: {verdict}", err=True)
        return
    with tqdm(total=sources, unit="source", file=sys.stderr, leave=False, dynamic_ncols=True) as bar:

        def tell(source: str, verdict: Verdict) -> None:
            bar.set_postfix_str(f"{source}: {verdict}", refresh=False)
            bar.update()

        yield tell
