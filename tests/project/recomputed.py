"""The numbers of page 1 computed again from the stored tables without the package: plain pandas and textbook formulas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from deltalake import DeltaTable
from scipy.stats import beta, norm

WEEK = pd.Timedelta(days=7)
WEEKS = 12


@dataclass(frozen=True)
class Numbers:
    """What page 1 must say, each list in the order in which it is read."""

    band: list[int]
    level: int
    level_before: int
    other_new_signals: int
    signals: pd.DataFrame
    lines: dict[str, tuple[int, int]]
    tiles: list[list[int]]


def wilson(part: int, whole: int) -> tuple[float, float]:
    z = norm.ppf(0.975)
    ratio = part / whole
    centre, spread = ratio + z**2 / (2 * whole), z * np.sqrt(ratio * (1 - ratio) / whole + z**2 / (4 * whole**2))
    return (centre - spread) / (1 + z**2 / whole), (centre + spread) / (1 + z**2 / whole)


def densest(part: int, whole: int) -> tuple[float, float]:
    """Return the shortest interval that holds 95 % of a share's posterior, of a flat prior, to a quarter of a point."""
    left = np.linspace(1e-6, 0.05 - 1e-6, 4001)
    known = beta(part + 1, whole - part + 1)
    ends = known.ppf(left), known.ppf(left + 0.95)
    shortest = int(np.argmin(ends[1] - ends[0]))
    return float(ends[0][shortest]), float(ends[1][shortest])


def pct(share: float) -> int:
    return round(100 * share)


def recompute(folder: Path, monday: str, as_of: str, zone: str = "Europe/Paris") -> Numbers:
    """Compute the numbers of a week's page 1 from the tables below a watch's folder."""
    watch: dict[str, Any] = yaml.safe_load((folder / "watch.yml").read_text(encoding="utf-8"))
    tables = {path.parent.name: DeltaTable(str(path.parent)).to_pandas() for path in (folder / "store").glob("*/_delta_log")}
    moment, end = pd.Timestamp(as_of, tz=zone), pd.Timestamp(monday) + WEEK
    mentions = tables["mentions"]
    mentions = mentions[(mentions["gathered_at"] <= moment) & (mentions["published_at"] < end.tz_localize(zone))]
    local = mentions["published_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    mentions = mentions.assign(weeks=(end - pd.Timedelta(days=1) - local).dt.days // 7)
    mentions = mentions[mentions["weeks"] < WEEKS]
    week = mentions[mentions["weeks"] == 0]
    stories = _stories(mentions, tables, watch)
    on = {source["id"] for source in watch["sources"] if source.get("enabled", True)}
    own, rivals = stories["self"], stories["competitor"]
    now, before = (own["weeks"] == 0).sum(), (own["weeks"] == 1).sum()
    read = own[(own["weeks"] == 0) & (own["reads"] > 0)]
    negative = int((read["p"] >= 0.5).sum())
    heard = [(own["weeks"] == back).sum() / ((own["weeks"] == back).sum() + (rivals["weeks"] == back).sum()) for back in (0, 1)]
    signals = tables["signals"]
    at, then = end.tz_localize(zone), (end - WEEK).tz_localize(zone)
    current = signals[(signals["cutoff"] == at) & (signals["as_of"] <= moment)]
    earlier = signals[(signals["cutoff"] == then) & (signals["as_of"] <= moment)]
    ours = current[(current["role"] != "competitor") & (current["level"] >= 2)]
    voice = wilson(int(now), int(now + (rivals["weeks"] == 0).sum()))
    share = densest(negative, len(read))
    return Numbers(
        # A source that is off and brought nothing is not awaited.
        band=[len(week), week["source"].nunique(), len(on | set(week["source"]))],
        level=int(current.loc[current["role"] != "competitor", "level"].max()),
        level_before=int(earlier.loc[earlier["role"] != "competitor", "level"].max()),
        other_new_signals=int((ours["detected_at"] > then).sum()) - 1,
        signals=current,
        lines=_lines(mentions, tables, current),
        tiles=[
            [int(now), round(100 * round(float(now / before - 1), 3))],
            [pct(negative / len(read)), pct(share[0]), pct(share[1])],
            [pct(heard[0]), pct(voice[0]), pct(voice[1]), round(100 * (heard[0] - heard[1]))],
        ],
    )


def _of_subjects(mentions: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a mention and subject that it is public opinion about, with its tone towards that subject."""
    pairs = (
        mentions[["mention_id", "published_at", "weeks", "subjects"]]
        .explode("subjects")
        .rename(columns={"subjects": "subject"})
    )
    aside = tables["relevance"].query("verdict != 'relevant'")[["mention_id", "subject"]].assign(aside=1)
    pairs = pairs.dropna(subset=["subject"]).merge(aside, on=["mention_id", "subject"], how="left").query("aside != 1")
    tones = tables["readings"][["mention_id", "story_id", "tone", "p_negative"]]
    towards = tables["subject_tones"][["mention_id", "subject", "tone", "p_negative"]]
    pairs = pairs.merge(tones, on="mention_id").merge(
        towards, on=["mention_id", "subject"], how="left", suffixes=("", "_towards")
    )
    several = pairs["mention_id"].duplicated(keep=False) & pairs["tone_towards"].notna()
    tone, p = (
        pairs["tone_towards"].where(several, pairs["tone"]),
        pairs["p_negative_towards"].where(several, pairs["p_negative"]),
    )
    return pairs.assign(tone=tone, p=p)


def _stories(mentions: pd.DataFrame, tables: dict[str, pd.DataFrame], watch: dict[str, Any]) -> dict[str, pd.DataFrame]:
    pairs = _of_subjects(mentions, tables)
    found = {}
    for role in ("self", "competitor"):
        ids = [subject["id"] for subject in watch["subjects"] if subject["role"] == role]
        rows = (
            pairs[pairs["subject"].isin(ids)].sort_values("p", na_position="first").drop_duplicates("mention_id", keep="last")
        )
        found[role] = _by_story(rows)
    return found


def _by_story(rows: pd.DataFrame) -> pd.DataFrame:
    is_read = rows["tone"] != "not_read"
    rows = rows.assign(read=is_read, negative=rows["tone"] == "negative", p=rows["p"].where(is_read))
    return rows.groupby("story_id").agg(
        weeks=("weeks", "max"), reads=("read", "sum"), negatives=("negative", "sum"), p=("p", "mean")
    )


def _lines(mentions: pd.DataFrame, tables: dict[str, pd.DataFrame], signals: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return the last and the highest of the twelve weeks of negative stories of each signal's topic."""
    pairs = _of_subjects(mentions, tables).drop_duplicates("mention_id")
    latest = tables["assignments"].sort_values("cutoff").drop_duplicates("mention_id", keep="last")
    tones = tables["readings"][["mention_id", "tone", "p_negative"]]
    rows = pairs[["mention_id", "weeks", "story_id"]].merge(tones, on="mention_id").rename(columns={"p_negative": "p"})
    rows = rows.merge(latest[["mention_id", "topic_id"]], on="mention_id")
    found = {}
    for signal in signals.dropna(subset=["topic_id"]).itertuples():
        stories = _by_story(rows[rows["topic_id"] == signal.topic_id])
        negative = stories[(stories["reads"] > 0) & (2 * stories["negatives"] >= stories["reads"])]
        weekly = negative["weeks"].value_counts().reindex(range(WEEKS), fill_value=0)
        found[signal.signal_id] = int(weekly[0]), int(weekly.max())
    return found
