"""Searches that answer page by page, newest first: resumed where they stopped, gaps filled as far as the source allows.

For each place (a query, an account) three things are kept between two runs: how far the newest page reached, the hole that an
outage or a limit left below it, and when counters were last refreshed. A run asks for what is newer than it knows; what is
left of its bound goes to the hole. A run that is killed keeps nothing and is simply done again: mentions have stable ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources.source import Fetched, Refused, Span, State

# Counters of posts move for two days; asking again every six hours follows them without doubling the requests of each run.
REFRESH_WINDOW = timedelta(hours=48)
REFRESH_EVERY = timedelta(hours=6)
MOST_MENTIONS = 1000
"""Mentions of one source and run where watch.yml sets no `limit`."""
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search.

    Parameters
    ----------
    mentions, refused
        What it holds.
    cursor
        What asks for the next, older, page; None where there is none.
    """

    mentions: list[Mention]
    refused: list[Refused] = field(default_factory=list)
    cursor: str | None = None


class PausedError(SourceError):
    """A place is not to be asked further in this run: a quota or a budget is used up, and whoever says so tells it once.

    No failure: what was not read is remembered as a hole, or asked for at the next run.
    """

    def __init__(self) -> None:
        super().__init__("")


Ask = Callable[[Span, str | None], Page]
"""Asks one place for the page of a span of publication; None asks for the first. May answer more than the span."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one place is asked for.

    Parameters
    ----------
    as_of
        Start of the run.
    backfill
        How far back the first run asks.
    reach
        How far back the source can answer at all; None where it has no such limit.
    refresh
        Whether known mentions are asked for again, for their counters; not where each costs money.
    """

    as_of: datetime
    backfill: timedelta
    reach: timedelta | None = None
    refresh: bool = True

    @property
    def floor(self) -> datetime | None:
        """The earliest publication the source can answer."""
        return None if self.reach is None else self.as_of - self.reach


@dataclass(slots=True)
class _Descent:
    mentions: list[Mention] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    complete: bool = False
    error: str = ""

    def oldest(self, otherwise: datetime) -> datetime:
        """How far down it came, `otherwise` where it came nowhere."""
        return min((mention.published_at for mention in self.mentions if mention.published_at), default=otherwise)


def search(places: Mapping[str, Ask], state: State, bounds: Bounds, limit: int | None = None) -> Fetched:
    """Ask every place of a source for what is new, then for what is missing; one that fails does not stop the others.

    Parameters
    ----------
    places
        How to ask each, by the name it has in the state and in messages.
    state
        What the last run left.
    bounds
        How much is asked for.
    limit
        Most mentions of all places together, `MOST_MENTIONS` where None. Each place gets its share, at least one.
    """
    fetched = Fetched([], {}, asked=len(places))
    share = max(1, (limit or MOST_MENTIONS) // max(1, len(places)))
    errors: list[str] = []
    unfilled: list[Span] = []
    for name, ask in places.items():
        before = state.get(name, {})
        fetched.state[name] = before
        try:
            descent, after, lost = _walk(ask, before, bounds, share)
        except PausedError:
            continue
        except SourceError as error:
            errors.append(f"{name}: {error.message}")
            continue
        fetched.mentions.extend(descent.mentions)
        fetched.refused.extend(descent.refused)
        fetched.state[name] = after
        errors += [f"{name}: {descent.error}"] if descent.error else []
        unfilled += [lost] if lost else []
    return Fetched(
        fetched.mentions,
        fetched.state,
        fetched.refused,
        asked=len(places),
        errors=tuple(errors),
        unfilled=tuple(unfilled),
        bounded=True,
    )


def _walk(ask: Ask, before: Mapping[str, str], bounds: Bounds, most: int) -> tuple[_Descent, dict[str, str], Span | None]:
    now = bounds.as_of
    reached = _moment(before.get("reached"))
    start = reached or now - bounds.backfill
    lost = None
    if bounds.floor and start < bounds.floor:
        # On the first run nobody has missed anything yet.
        lost = Span(start, bounds.floor) if reached else None
        start = bounds.floor
    refreshed = _moment(before.get("refreshed"))
    due = bounds.refresh and reached is not None and (refreshed is None or now - refreshed >= REFRESH_EVERY)
    hole = _hole(before)
    if hole and bounds.floor and hole.since < bounds.floor:
        # Before it is asked for: what is out of reach would be an error, or taken for filled.
        lost = Span(min(hole.since, lost.since) if lost else hole.since, min(hole.until, bounds.floor))
        hole = Span(bounds.floor, hole.until) if hole.until > bounds.floor else None
    descent = _descend(ask, Span(min(start, now - REFRESH_WINDOW) if due else start, now), most)
    if not descent.complete and descent.oldest(now) > start:
        hole = Span(min(start, hole.since) if hole else start, descent.oldest(now))
    elif hole and not descent.error and len(descent.mentions) < most:
        hole = _fill(ask, hole, descent, most)
    newest = max((mention.published_at for mention in descent.mentions if mention.published_at), default=None)
    after = {
        # A source that dates a post in the future must not make it skip what comes until then.
        "reached": min(max(filter(None, (newest, reached)), default=start), now).isoformat(),
        "refreshed": (now if due or refreshed is None else refreshed).isoformat(),
    }
    if hole:
        after |= {"hole_since": hole.since.isoformat(), "hole_until": hole.until.isoformat()}
    return descent, after, lost


def _fill(ask: Ask, hole: Span, descent: _Descent, most: int) -> Span | None:
    """Ask for a hole with what is left of the bound; return what is left of the hole."""
    try:
        filling = _descend(ask, hole, most - len(descent.mentions))
    except SourceError as error:
        descent.error = error.message
        return hole
    descent.mentions.extend(filling.mentions)
    descent.refused.extend(filling.refused)
    descent.error = filling.error
    return None if filling.complete else Span(hole.since, min(hole.until, filling.oldest(hole.until)))


def _descend(ask: Ask, span: Span, most: int) -> _Descent:
    """Read pages from the newest down until the span, the pages or the bound end; an error after the first keeps those before.

    Raises
    ------
    SourceError
        The first page cannot be read.
    """
    descent = _Descent()
    cursor: str | None = None
    seen: set[str] = set()
    for _ in range(_MOST_PAGES):
        if len(descent.mentions) >= most:
            return descent
        try:
            page = ask(span, cursor)
        except SourceError as error:
            if cursor is None:
                raise
            descent.error = error.message
            return descent
        descent.mentions.extend(page.mentions)
        descent.refused.extend(page.refused)
        if page.cursor is None or descent.oldest(span.until) <= span.since:
            descent.complete = True
            return descent
        if page.cursor in seen or page.cursor == cursor:
            descent.error = "it answers the same page again and again"
            return descent
        seen.add(page.cursor)
        cursor = page.cursor
    descent.error = f"it answers more than {_MOST_PAGES} pages"
    return descent


def _hole(state: Mapping[str, str]) -> Span | None:
    since, until = _moment(state.get("hole_since")), _moment(state.get("hole_until"))
    return Span(since, until) if since and until and since < until else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
