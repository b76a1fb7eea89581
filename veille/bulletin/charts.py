"""The charts of the page: sparklines, sorted bars, a time line; each with what it shows in words and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from veille.bulletin import svg
from veille.bulletin.types import Bulletin, Day, Event, Marking, Signal, Topic
from veille.bulletin.wording import shorten
from veille.language import Language

_INCH = 1 / 72
_LABEL_LENGTH = 46
_DRAWN = 8
SPARKLINE_PIXELS = (132, 34)
"""Width and height at which the line of a finding is shown."""
# What nobody could read is neither red nor blue: pale, and outlined so that it is seen on paper and without colours.
_UNREAD: dict[str, Any] = {"color": svg.FAINT, "edgecolor": svg.MUTED, "linewidth": 0.8}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its caption, and the numbers it is drawn from as a table."""

    svg: Markup
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width * _INCH, height * _INCH), dpi=72)


def sparkline(values: Sequence[float | None], name: str, language: Language, *, share: bool = False) -> Markup | None:
    """Return twelve weeks as a line that ends on this week, None where fewer than two weeks are known."""
    told = sparkline_words(values, language, share=share)
    if not told:
        return None
    with svg.settings():
        return svg.inline(_line(values), name, title=told)


def sparkline_png(values: Sequence[float | None]) -> bytes:
    """Return the line as a picture for mails, twice as fine as its `SPARKLINE_PIXELS`; for weeks of which two are known."""
    with svg.settings():
        return svg.png(_line(values))


def sparkline_words(values: Sequence[float | None], language: Language, *, share: bool = False) -> str:
    """Return what the line says to who does not see it, the empty text where fewer than two weeks are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    told = [language.percent(value) if share else language.number(value) for value in known]
    highest = told[max(range(len(known)), key=lambda place: known[place] or 0)]
    return language.say("Twelve weeks, last {last}, highest {highest}", last=told[-1], highest=highest)


def _line(values: Sequence[float | None]) -> Figure:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    figure = _figure(*SPARKLINE_PIXELS)
    axes = figure.add_axes((0.02, 0.08, 0.96, 0.84))
    axes.axis("off")
    axes.set_xlim(0, len(values) - 0.8)
    top = max(value for _, value in known) or 1
    axes.set_ylim(-0.08 * top, 1.12 * top)
    axes.plot([0, len(values) - 1], [0, 0], color=svg.FAINT, linewidth=1)
    axes.plot([place for place, _ in known], [value for _, value in known], color=svg.ACCENT, linewidth=1.6)
    axes.plot(*[[part] for part in known[-1]], marker="o", markersize=4.5, color=svg.ALERT, markeredgewidth=0)
    return figure


def topic_bars(topics: Sequence[Topic], language: Language) -> Chart | None:
    """Return the topics as horizontal bars, the most stories first, the negative and the unread part apart."""
    # The pages of several audiences show the same figures, and drawing takes longer than all else of a page.
    drawn = tuple(topic.model_copy(update={"evidence": (), "marking": Marking.CLEAR}) for topic in topics)
    return _topic_bars(drawn, language) if drawn else None


@lru_cache(maxsize=_DRAWN)
def _topic_bars(topics: tuple[Topic, ...], language: Language) -> Chart:
    pitch = 34
    height = pitch * len(topics) + 6
    longest = max(topic.stories for topic in topics) or 1
    with svg.settings():
        figure = _figure(400, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axis("off")
        axes.set_xlim(0, 400)
        axes.set_ylim(height, 0)
        for place, topic in enumerate(topics):
            top = pitch * place
            width = 330 * topic.stories / longest
            negative = width * topic.negative / topic.stories if topic.stories else 0
            axes.text(0, top + 11, _label(topic.title), fontsize=11.5, color=svg.INK, va="baseline")
            unread = width * topic.unread / topic.stories if topic.stories else 0
            axes.barh(top + 21, width - negative - unread, height=11, left=negative, color=svg.ACCENT)
            if unread:
                axes.barh(top + 21, unread, height=11, left=width - unread, **_UNREAD)
            if negative:
                axes.barh(top + 21, negative, height=11, color=svg.ALERT)
            axes.text(width + 6, top + 25, language.number(topic.stories), fontsize=11, color=svg.MUTED, va="baseline")
        caption = _bars_caption(topics, language)
        image = svg.inline(figure, "topics-chart", title=language.say("Stories by topic"), description=caption)
    rows = tuple(
        (topic.title, language.number(topic.stories), language.number(topic.negative), language.number(topic.read))
        for topic in topics
    )
    columns = (language.say("Topic"), language.say("Stories"), language.say("Negative"), language.say("Tone read"))
    return Chart(image, caption, columns, rows)


def _label(title: str) -> str:
    return title if len(title) <= _LABEL_LENGTH else title[: _LABEL_LENGTH - 1].rstrip() + "…"


def _bars_caption(topics: Sequence[Topic], language: Language) -> str:
    total = sum(topic.stories for topic in topics)
    negative = sum(topic.negative for topic in topics)
    leads = language.say_many(
        "“{title}” leads with {count} story of {total}.",
        "“{title}” leads with {count} stories of {total}.",
        topics[0].stories,
        title=shorten(topics[0].title, 8),
        total=language.number(total),
    )
    ill = language.say("Negative in all: {negative} (red, left end of the bars).", negative=language.number(negative))
    unread = _unread_told(sum(topic.unread for topic in topics), language, bars=True)
    return f"{leads} {ill} {unread}".rstrip()


def _unread_told(stories: int, language: Language, *, bars: bool) -> str:
    """Return how many stories are in the grey part; empty for none."""
    if not stories:
        return ""
    if bars:
        return language.say_many(
            "{count} story whose tone was not read stands apart (grey, right end of the bars).",
            "{count} stories whose tone was not read stand apart (grey, right end of the bars).",
            stories,
        )
    return language.say_many(
        "{count} story whose tone was not read stands apart (grey, top of the bars).",
        "{count} stories whose tone was not read stand apart (grey, top of the bars).",
        stories,
    )


def timeline(bulletin: Bulletin, language: Language) -> Chart | None:
    """Return daily stories and negative stories of four weeks with the organisation's calendar, None without stories."""
    if not any(day.stories for day in bulletin.daily):
        return None
    return _timeline(bulletin.daily, bulletin.calendar, language)


@lru_cache(maxsize=_DRAWN)
def _timeline(days: tuple[Day, ...], calendar: tuple[Event, ...], language: Language) -> Chart:
    top = max(day.stories for day in days)
    events: dict[date, str] = {}
    for event in calendar:
        events[event.day] = f"{events[event.day]} · {event.title}" if event.day in events else event.title
    numbers = {day: place for place, day in enumerate(sorted(events), 1)}
    with svg.settings():
        figure = _figure(400, 180)
        axes = figure.add_axes((0.07, 0.15, 0.92, 0.73))
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(svg.MUTED)
        axes.tick_params(length=0, labelsize=10.5, labelcolor=svg.MUTED)
        axes.grid(visible=True, axis="y", color=svg.FAINT, linewidth=0.7)
        axes.set_axisbelow(True)
        places = range(len(days))
        axes.bar(places, [day.stories - day.unread for day in days], width=0.74, color=svg.ACCENT)
        axes.bar(places, [day.negative for day in days], width=0.74, color=svg.ALERT)
        blind = [(place, day) for place, day in enumerate(days) if day.unread]
        if blind:
            axes.bar(
                [place for place, _ in blind],
                [day.unread for _, day in blind],
                width=0.74,
                bottom=[day.stories - day.unread for _, day in blind],
                **_UNREAD,
            )
        axes.set_ylim(0, top * 1.05)
        axes.set_xlim(-0.6, len(days) - 0.4)
        ticks = [place for place, day in enumerate(days) if day.day.isoweekday() == 1]
        axes.set_xticks(ticks, [language.day(days[place].day, "d MMM") for place in ticks])
        half = -(-top // 2)
        levels = sorted({0, half, top} if top > 1 else {0, 1})
        axes.set_yticks(levels, [language.number(level) for level in levels])
        for place, day in enumerate(days):
            if day.day in numbers:
                axes.axvline(place, color=svg.INK, linewidth=1, linestyle=(0, (3, 2)))
                axes.text(place, top * 1.1, str(numbers[day.day]), fontsize=11, color=svg.INK, ha="center", va="bottom")
        peak = max(days, key=lambda day: (day.stories, day.day))
        # One message in the number of the negative ones: French has an ending there, the total needs none.
        caption = language.say_many(
            "Most stories on {day}: {stories}, of which {count} negative (red, foot of the bars).",
            "Most stories on {day}: {stories}, of which {count} negative (red, foot of the bars).",
            peak.negative,
            day=language.day(peak.day, "d MMMM"),
            stories=language.number(peak.stories),
        )
        caption = f"{caption} {_unread_told(sum(day.unread for day in days), language, bars=False)}".rstrip()
        # Beside the picture they are a list by number; who does not see the numbers is told the days.
        dated = "; ".join(f"{language.day(day, 'd MMMM')}, {title}" for day, title in sorted(events.items()))
        spoken = " ".join([caption, language.say("Calendar: {dates}.", dates=dated)]) if dated else caption
        image = svg.inline(figure, "timeline-chart", title=language.say("Stories by day"), description=spoken)
    rows = tuple(
        (
            language.day(day.day, "d MMM"),
            language.number(day.stories),
            language.number(day.negative),
            language.number(day.stories - day.unread),
            events.get(day.day, ""),
        )
        for day in days
    )
    columns = (
        language.say("Day"),
        language.say("Stories"),
        language.say("Negative"),
        language.say("Tone read"),
        language.say("Calendar"),
    )
    return Chart(image, caption, columns, rows)


def calendar_marks(bulletin: Bulletin) -> tuple[tuple[int, Sequence[str]], ...]:
    """Return the number of each calendar mark of the time line with what stands on that day."""
    by_day: dict[object, list[str]] = {}
    for event in sorted(bulletin.calendar, key=lambda event: event.day):
        if bulletin.daily and bulletin.daily[0].day <= event.day <= bulletin.daily[-1].day + timedelta(0):
            by_day.setdefault(event.day, []).append(event.title)
    return tuple((place, titles) for place, (_, titles) in enumerate(sorted(by_day.items(), key=lambda item: str(item[0])), 1))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Signals by gravity (rows, the gravest first) and how fast they grow (columns, slowest first)."""

    rows: tuple[tuple[str, tuple[tuple[Signal, ...], ...]], ...]
    columns: tuple[str, ...]
    unplaced: tuple[Signal, ...]


def matrix(signals: Sequence[Signal], language: Language) -> Matrix | None:
    """Return the 4 by 4 matrix, None without signals; a signal of which a part is not known is told apart."""
    if not signals:
        return None
    bands = (language.say("low band"), language.say("medium band"), language.say("high band"), language.say("very high band"))
    cells: dict[tuple[int, int], list[Signal]] = {}
    unplaced = []
    for signal in signals:
        gravity, velocity = signal.parts.get("gravity"), signal.parts.get("velocity")
        if gravity is None or velocity is None:
            unplaced.append(signal)
        else:
            cells.setdefault((_band(gravity), _band(velocity)), []).append(signal)
    rows = tuple((bands[grave], tuple(tuple(cells.get((grave, fast), ())) for fast in range(4))) for grave in range(3, -1, -1))
    return Matrix(rows, bands, tuple(unplaced))


def _band(part: float) -> int:
    return min(3, int(part * 4))


def score_band(score: float, language: Language) -> str:
    """Return the band of a crisis score, at the thresholds of the levels: 35, 60, 80."""
    names = (language.say("low band"), language.say("medium band"), language.say("high band"), language.say("very high band"))
    return names[sum(score >= bound for bound in (35, 60, 80))]
