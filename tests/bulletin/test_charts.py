"""What could not be read is neither negative nor the contrary: the charts show it apart, and say so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from veille.bulletin.charts import Chart, timeline, topic_bars
from veille.bulletin.types import Bulletin
from veille.language import Language

ALERT, ACCENT, UNREAD = "f-alert", "f-accent", "f-faint s-muted"
BARS = {"stories": 20, "negative": 5, "read": 12}


def extents(chart: Chart | None, colour: str, axis: int) -> list[tuple[float, float]]:
    """Return where each filled shape of a colour begins and ends, along x (0) or y (1)."""
    assert chart is not None
    found = []
    for path in etree.fromstring(str(chart.svg)).iter("{*}path"):
        if path.get("class") == colour:
            points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
            along = [float(point[axis]) for point in points]
            found.append((min(along), max(along)))
    return found


def length(spans: list[tuple[float, float]]) -> float:
    return sum(end - start for start, end in spans)


def with_unread(bulletin: Bulletin, counts: dict[str, Any]) -> Bulletin:
    return bulletin.model_copy(
        update={
            "topics": (bulletin.topics[0].model_copy(update=counts),),
            "daily": (bulletin.daily[0].model_copy(update=counts),),
        }
    )


def test_bars_part_into_negative_read_and_unread_in_their_shares(bulletin: Bulletin) -> None:
    made = with_unread(bulletin, BARS)
    for chart, axis in ((topic_bars(made.topics, Language("fr")), 0), (timeline(made, Language("fr")), 1)):
        red, blue, grey = (extents(chart, colour, axis) for colour in (ALERT, ACCENT, UNREAD))
        assert len(grey) == 1
        # What is negative is drawn over what was read in the one, beside it in the other.
        whole = max(end for _, end in red + blue + grey) - min(start for start, _ in red + blue + grey)
        assert length(grey) / whole == pytest.approx(8 / 20, abs=0.01)
        assert length(red) / whole == pytest.approx(5 / 20, abs=0.01)
        assert all(abs(grey[0][0] - end) < 0.2 or abs(grey[0][1] - start) < 0.2 for start, end in blue)


@pytest.mark.parametrize(
    ("code", "words"), [("fr", "8 récits dont le ton n'a pas été lu sont à part"), ("en", "8 stories whose tone")]
)
def test_the_legend_says_what_is_grey_and_the_table_how_many_were_read(bulletin: Bulletin, code: str, words: str) -> None:
    made = with_unread(bulletin, BARS)
    for chart in (topic_bars(made.topics, Language(code)), timeline(made, Language(code))):
        assert chart is not None
        assert words in chart.caption.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        assert "12" in chart.rows[0]


@pytest.mark.parametrize("read", [20, None])
def test_nothing_is_grey_where_all_was_read_or_nobody_counted(bulletin: Bulletin, read: int | None) -> None:
    made = with_unread(bulletin, BARS | {"read": read if read is not None else 20})
    made = made.model_copy(update={"daily": (made.daily[0].model_copy(update={"read": read}),)})
    for chart, axis in ((topic_bars(made.topics, Language("en")), 0), (timeline(made, Language("en")), 1)):
        assert extents(chart, UNREAD, axis) == []
        assert chart is not None
        assert "grey" not in chart.caption
