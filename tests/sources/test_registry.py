from __future__ import annotations

import pytest

from veille.errors import SourceError
from veille.sources import RssSource, source_of, source_types
from veille.watch import SourceType


def test_every_type_gives_a_source() -> None:
    assert "rss" in source_types()
    assert all(hasattr(source_of(name, "UTC"), "fetch") for name in source_types())
    assert source_of("rss", "Europe/Paris") == RssSource("Europe/Paris")


def test_every_type_that_watch_yml_may_name_is_read_here_or_in_the_room_above() -> None:
    assert {*source_types(), SourceType.IMPORT, SourceType.FILES} == set(SourceType)


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(SourceError, match="'fax'") as caught:
        source_of("fax", "UTC")
    assert "rss" in caught.value.hint
