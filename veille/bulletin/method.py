"""How the figures were made and what they do not see: the honest part of the bulletin."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from veille import __version__
from veille.bulletin.aside import build_set_aside
from veille.bulletin.material import Material
from veille.bulletin.named import build_not_read
from veille.bulletin.replayed import Replay
from veille.bulletin.types import Checked, Method, Signal, Source
from veille.language import Language
from veille.reading.tables import Tone

if TYPE_CHECKING:
    from veille.watch import Watch

# Where people speak in public; what no source of the watch can reach is said on page 1.
_NETWORKS = {
    "X": ("x", "twitter"),
    "Facebook": ("facebook",),
    "Instagram": ("instagram",),
    "TikTok": ("tiktok",),
    "LinkedIn": ("linkedin",),
    "YouTube": ("youtube",),
    "Reddit": ("reddit",),
    "Telegram": ("telegram",),
    "Mastodon": ("mastodon",),
    "Bluesky": ("bluesky",),
}
_HOSTS = {
    "X": ("x.com", "twitter.com"),
    "Facebook": ("facebook.com",),
    "Instagram": ("instagram.com",),
    "TikTok": ("tiktok.com",),
    "LinkedIn": ("linkedin.com",),
    "YouTube": ("youtube.com", "youtu.be"),
    "Reddit": ("reddit.com",),
    "Telegram": ("t.me",),
    "Bluesky": ("bsky.app",),
}


def not_observed(watch: Watch, mentions: pd.DataFrame, language: Language) -> tuple[str, ...]:
    """Return the networks and media of which neither a source that is asked nor a mention says anything."""
    types = {str(source.type).lower() for source in watch.sources if source.enabled}
    publishers = set(mentions["publisher"].dropna().str.lower().str.removeprefix("www.")) | set(
        mentions["source_type"].str.lower()
    )
    seen = {
        network
        for network, names in _NETWORKS.items()
        if types.intersection(names) or publishers.intersection((*names, *_HOSTS.get(network, ())))
    }
    missing = [network for network in _NETWORKS if network not in seen]
    return (*missing, language.say("radio and television"), language.say("private messages"))


def thresholds(watch: Watch) -> dict[str, float | int | str | bool | None]:
    """Return every threshold of detection by its name; a weight under `score_weights.` and its own."""
    told: dict[str, float | int | str | bool | None] = {}
    for name, value in sorted(watch.detection.model_dump(mode="json").items()):
        if isinstance(value, dict):
            told |= {f"{name}.{part}": weight for part, weight in value.items()}
        elif isinstance(value, list):
            told[name] = ", ".join(str(item) for item in value)
        else:
            told[name] = value
    return told


def build_method(
    watch: Watch,
    material: Material,
    signals: Sequence[Signal],
    language: Language,
    *,
    run_id: str,
    tone_error: dict[str, float],
    checked: tuple[Checked, ...] = (),
    replay: Replay | None = None,
) -> Method:
    """Return the method of this edition."""
    received = material.week["source"].value_counts()
    grades = {source.id: str(source.grade) for source in watch.sources}
    health = material.health.set_index("source")
    ids = sorted({*(source.id for source in watch.sources if source.enabled), *received.index.astype(str)})
    week = material.week
    sent = [(signal.sent_at - signal.first_seen).total_seconds() / 60 for signal in signals if signal.sent_at]
    acknowledged = [
        (signal.acknowledged_at - signal.sent_at).total_seconds() / 60
        for signal in signals
        if signal.sent_at and signal.acknowledged_at
    ]
    return Method(
        sources=tuple(
            Source(
                id=source,
                grade=grades.get(source, "F"),
                verdict=str(health["verdict"].get(source, "received" if received.get(source, 0) else "silent")),
                received=int(received.get(source, 0)),
                error=_given(health["error"].get(source)),
                missing_from=_given(health["unfilled_from"].get(source)),
                missing_until=_given(health["unfilled_until"].get(source)),
            )
            for source in ids
        ),
        not_observed=not_observed(watch, material.mentions, language),
        tone_error=tone_error,
        shares_corrected=bool((week["measured"] & week["tone"].ne(Tone.NOT_READ.value)).any()),
        tone_read_share=round(float(week["tone"].ne(Tone.NOT_READ.value).mean()), 4) if len(week) else None,
        not_read=build_not_read(week, language),
        set_aside=build_set_aside(material, language),
        checked=checked,
        thresholds=thresholds(watch),
        replay=replay,
        questions_covered=True,
        publication_to_sending_minutes=_median(sent),
        sending_to_acknowledgement_minutes=_median(acknowledged),
        versions={
            "veille": __version__,
            "python": platform.python_version(),
            "embedding": watch.embedding.model,
            **{name: version(name) for name in ("bertopic", "matplotlib", "pandas", "scikit-learn")},
        },
        run_id=run_id,
    )


def _given(value: Any) -> Any:
    return None if pd.isna(value) else value


def _median(minutes: list[float]) -> float | None:
    return round(float(pd.Series(minutes).median()), 1) if minutes else None
