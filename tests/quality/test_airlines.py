"""A storm that airlines' customers told of in February 2015, day by day: found on its first day, and nothing before.

The whole set is eight days long, so that everything rests on a watch without past. It runs where the public set lies
beside the checkout.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from veille import reading, signals, topics
from veille.cli import main
from veille.period import Period
from veille.signals import SignalKind
from veille.store import Store
from veille.watch import load_watch

TWEETS = Path(__file__).parents[3] / "shared" / "data" / "airlines-en" / "tweets.csv"
# The airlines' own days: in the zones of Europe the storm's first day is cut in two (docs/limits.md).
ZONE = "America/Chicago"
WATCH = f"""\
watch: airlines
organisation: United Airlines
languages: [en]
timezone: {ZONE}
subjects:
  - {{id: united, name: United, role: self, query: 'united OR @united'}}
  - {{id: southwest, name: Southwest, role: competitor, query: 'southwest OR southwestair OR @southwestair'}}
sources:
  - {{id: tweets, type: import, publisher: twitter.com, enabled: false}}
"""
MAPS = ["text=text", "native_id=tweet_id", "published_at=created_at_utc", "kind==post", "source_type==x"]

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def by_day(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Any]:
    """Return what a detection at the end of each day finds."""
    if not TWEETS.exists():
        pytest.skip(f"{TWEETS} is not here")
    folder = tmp_path_factory.mktemp("airlines")
    (folder / "watch.yml").write_text(WATCH, "utf-8")
    maps = [f"--map={one}" for one in MAPS]
    arguments = ["import", str(TWEETS), "--format", "csv", "--source", "tweets", *maps, "--watch", str(folder / "watch.yml")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (0, 3), done.output
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    reading.read(watch, store, datetime(2015, 2, 25, tzinfo=UTC))
    found = {}
    for number in range(17, 25):
        day = date(2015, 2, number)
        period = Period(day, day, ZONE)
        topics.update(watch, store, period.end, period)
        found[day] = signals.detect(watch, store, period.end, period)
    return found


def test_the_storm_is_a_negative_emergence_of_level_2_on_its_days(by_day: dict[date, Any]) -> None:
    for day in (date(2015, 2, 22), date(2015, 2, 23)):
        rows = by_day[day].signals
        assert rows["subject"].tolist() == ["united"]
        assert rows["kind"].tolist() == [SignalKind.NEGATIVE_EMERGENCE]
        assert rows["level"].tolist() == [2]
        assert rows["short_history"].tolist() == [True]
        assert {"delay", "delayed", "cancelled"} & set(rows["words"].iloc[0])


def test_no_alarm_before_and_none_for_the_other_airline(by_day: dict[date, Any]) -> None:
    before = [by_day[date(2015, 2, 17) + timedelta(days=number)].signals for number in range(5)]
    assert all(rows.empty for rows in before)
    every = pd.concat([result.signals for result in by_day.values()])
    assert set(every["subject"]) == {"united"}
    assert by_day[date(2015, 2, 18)].verdict.startswith("not enough data")
