"""The chart of share of voice and tone: two small multiples on the same subjects, each value with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veille.bulletin import figures, svg
from veille.bulletin.charts import Chart
from veille.bulletin.types import Marking, Voice
from veille.bulletin.wording import shorten
from veille.language import Language

SHOWN = 6
"""Competitors that the page shows; the table of all figures holds the others too."""
_FEWEST = 5
"""Stories of each that were read before one is called more criticised than another: an interval of one story tells little."""
_WIDTH, _PITCH, _HEAD, _PANEL = 400, 44, 24, 140
_SECOND = 205
_NAME_WORDS = 6
_DRAWN = 8
_Told = tuple[float | None, float | None, float | None]


def shown(voices: Sequence[Voice]) -> tuple[tuple[Voice, ...], tuple[Voice, ...]]:
    """Return the organisation with the competitors that are spoken of most, and the competitors that are left out."""
    told = [voice for voice in voices[1:] if voice.stories or voice.stories_before][:SHOWN]
    return (*voices[:1], *told), tuple(voice for voice in voices[1:] if voice not in told)


def voices_chart(voices: Sequence[Voice], language: Language) -> Chart | None:
    """Return share of voice and negative share of each, the organisation first; None where there is nothing to compare."""
    drawn = tuple(voice.model_copy(update={"marking": Marking.CLEAR}) for voice in voices)
    return _chart(drawn, language) if any(voice.stories for voice in drawn) else None


@lru_cache(maxsize=_DRAWN)
def _chart(voices: tuple[Voice, ...], language: Language) -> Chart:
    height = _HEAD + _PITCH * len(voices) + 4
    with svg.settings():
        figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=72)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axis("off")
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(height, 0)
        for left, head in ((0, language.say("Share of voice")), (_SECOND, language.say("Negative share"))):
            axes.text(left, 13, head, fontsize=11, color=svg.MUTED, va="baseline")
        for place, voice in enumerate(voices):
            top = _HEAD + _PITCH * place
            axes.text(0, top + 13, shorten(voice.name, _NAME_WORDS), fontsize=11.5, color=svg.INK, va="baseline")
            _dot(axes, 0, (voice.share, voice.share_low, voice.share_high), top + 26, svg.ACCENT, language)
            told = (voice.negative_share, voice.negative_low, voice.negative_high)
            _dot(axes, _SECOND, told, top + 26, svg.ALERT, language)
        caption = _caption(voices, language)
        name = language.say("Share of voice and negative share, the organisation and its competitors")
        image = svg.inline(figure, "voices-chart", title=name, description=caption)
    return Chart(image, caption, (), ())


def _dot(axes: Axes, left: float, told: _Told, middle: float, colour: str, language: Language) -> None:
    """Draw a share and its interval on a line from 0 to 1."""
    axes.plot((left, left + _PANEL), (middle, middle), color=svg.FAINT, linewidth=1)
    value, low, high = told
    if value is not None and low is not None and high is not None:
        ends = (left + _PANEL * low, left + _PANEL * high)
        axes.plot(ends, (middle, middle), color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot([left + _PANEL * value], [middle], marker="o", markersize=7, color=colour, markeredgewidth=0)
    text = "–" if value is None else language.percent(value)
    axes.text(left + _PANEL + 8, middle + 4, text, fontsize=11, color=svg.INK, va="baseline")


def _caption(voices: Sequence[Voice], language: Language) -> str:
    own, rivals = voices[0], voices[1:]
    told = []
    if own.share is not None and own.share_low is not None and own.share_high is not None:
        told.append(
            language.say(
                "{name} has {share} of what is told of it and of its competitors (between {low} and {high}).",
                name=shorten(own.name, _NAME_WORDS),
                share=language.percent(own.share),
                low=language.percent(own.share_low),
                high=language.percent(own.share_high),
            )
        )
    ours = _share(own)
    told_of = [voice for voice in rivals if min(own.read, voice.read) >= _FEWEST]
    apart = [voice for voice in told_of if figures.differs(ours, _share(voice))]
    groups = (
        (language.say("Criticism weighs more on it than on:"), [one for one in apart if _rate(own) > _rate(one)]),
        (language.say("Criticism weighs less on it than on:"), [one for one in apart if _rate(own) < _rate(one)]),
        (
            language.say("Too few stories to say on whom criticism weighs more, it or:"),
            [one for one in rivals if one not in apart],
        ),
    )
    told += [f"{head} {', '.join(shorten(one.name, _NAME_WORDS) for one in names)}." for head, names in groups if names]
    return " ".join([*told, language.say("From 0 to 100 %, thick lines are 95 % intervals.")])


def _share(voice: Voice) -> figures.NegativeShare:
    return figures.NegativeShare(voice.negative, voice.read, voice.negative_share, voice.negative_low, voice.negative_high)


def _rate(voice: Voice) -> float:
    return voice.negative_share or 0.0
