"""Settings: named, bounded, part of the version."""

from __future__ import annotations

from dataclasses import fields

import pytest

from veille.errors import UsageError
from veille.topics import TopicSettings


@pytest.mark.parametrize("bad", [{"window_days": 0}, {"cut_distance": 2.5}, {"match_minimum": -0.1}, {"few_stories": 0}])
def test_nonsense_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(bad))):
        TopicSettings(**bad)


def test_every_setting_changes_the_fingerprint() -> None:
    default = TopicSettings()
    prints = {TopicSettings(**{item.name: 1}).fingerprint for item in fields(default) if getattr(default, item.name) != 1}
    assert len(prints | {default.fingerprint}) == len(fields(default)) + 1


def test_every_setting_is_documented() -> None:
    assert TopicSettings.__doc__ is not None
    for item in fields(TopicSettings):
        assert f"\n    {item.name}\n" in TopicSettings.__doc__
