"""What a page of the desk cannot check, said rather than passed over: nothing that is missing looks like nothing to fear."""

from __future__ import annotations

from collections.abc import Iterator

from veille.desk.present import Present
from veille.desk.situation import STALE


def gaps(known: Present) -> tuple[str, ...]:
    """Return what cannot be checked, a sentence each."""
    return tuple(_gaps(known))


def _gaps(known: Present) -> Iterator[str]:
    say, watch = known.language.say, known.watch
    if known.looked_at is None:
        yield say("Nothing has been detected yet: open signals are not known.")
    elif known.as_of - known.looked_at > STALE:
        when = known.language.cutoff(known.looked_at, watch.timezone)
        yield say("The last detection is of {when}: later signals are not known.", when=when)
    if not watch.messages:
        yield say("Approved answers cannot be checked: watch.yml has no messages.")
    if not watch.voice.never:
        yield say("Words never used cannot be checked: watch.yml has no voice.never.")
    if not watch.rules:
        yield say("Duties cannot be checked: watch.yml has no rules.")
    if not watch.strategy.items:
        yield say("Internal facts cannot be checked: watch.yml has no strategy.")
    if not known.terms:
        yield say("Confidential terms cannot be checked: no file of them can be read.")
    if not watch.calendar:
        yield say("The organisation’s dates are not known: watch.yml has no calendar.")
