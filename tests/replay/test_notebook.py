"""The notebook of a replay, run from end to end on the small watch, and what it opens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.replay.conftest import CRISIS, FIRST, LAST, Build, history
from veille.errors import UsageError
from veille.replay import Event, EventKind, Relived, figures, open_replay, operating, outlook, reliability
from veille.store import Store
from veille.watch import Watch

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "replay.py"


def judged(found: Relived) -> Relived:
    hostile = Event("<b>contamination</b>", "essai", CRISIS, LAST, EventKind.CRISIS)
    return Relived(found.watch, found.period, found.signals, found.journal, found.activity, (hostile,))


@pytest.mark.slow
def test_the_notebook_runs(relived: tuple[Watch, Store, Relived], tmp_path: Path) -> None:
    watch = relived[0]
    truth = tmp_path / "events.csv"
    truth.write_text(f"event_id,subject,onset,end,kind\ncontamination,essai,{CRISIS},{LAST},crisis\n", encoding="utf-8")
    given = {"watch_file": watch.file, "first_day": FIRST, "last_day": LAST, "truth_file": truth}
    source = NOTEBOOK.read_text(encoding="utf-8")
    for name, value in given.items():
        assert f'{name} = ""' in source
        source = source.replace(f'{name} = ""', f"{name} = {str(value)!r}", 1)
    source = source.replace('{"min_stories": [2, 3, 4], "fdr_level": [0.001, 0.005, 0.02]}', '{"min_stories": [3]}')
    names: dict[str, Any] = {"__name__": "notebook"}
    exec(compile(source, str(NOTEBOOK), "exec"), names)
    assert names["found"].scores().recall == 1.0
    assert len(names["moved"])


def test_the_time_line_shows_each_event_with_its_alarm_and_no_markup(relived: tuple[Watch, Store, Relived]) -> None:
    drawn = figures.timeline(judged(relived[2])).to_plotly_json()
    assert "<b>" not in str(drawn)
    bars = [trace for trace in drawn["data"] if trace["type"] == "bar" and len(trace["x"])]
    points = [trace for trace in drawn["data"] if trace["type"] == "scatter" and len(trace["x"])]
    assert list(bars[0]["y"]) == ["essai"]
    assert list(bars[0]["x"]) == [4 * 86_400_000]
    assert CRISIS in [day for trace in points for day in trace["x"]]


def test_curves_are_drawn_also_where_there_is_nothing_to_draw(relived: tuple[Watch, Store, Relived]) -> None:
    found = judged(relived[2])
    assert len(figures.operating_curve(operating(found)).data) == 2
    empty = reliability(outlook(found), CRISIS)
    assert isinstance(empty, pd.DataFrame)
    assert len(figures.reliability_curve(empty).data) == 2


def test_what_is_opened_by_default_is_the_last_four_weeks(build: Build) -> None:
    watch, _ = build("opened", history()[-8:])
    opened = open_replay(str(watch.file))
    assert (opened.last, (opened.last - opened.first).days) == (CRISIS + timedelta(days=1), 27)
    assert opened.truth == ()
    assert (opened.middle - opened.first).days == 14
    with pytest.raises(UsageError, match="'soon' is not a day"):
        open_replay(str(watch.file), first="soon")
