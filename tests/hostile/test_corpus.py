from __future__ import annotations

import json

from tests.hostile import corpus


def test_there_are_three_hundred_and_each_field_meets_each_trick() -> None:
    rows = corpus.hostile()
    assert len(rows) == 300
    assert len({json.dumps(row) for row in rows}) == 300
    for tricks in corpus.FAMILIES.values():
        for trick in tricks:
            assert {field for row in rows for field in corpus.FIELDS if trick in str(row[field] or "")} >= set(corpus.FIELDS)


def test_the_week_is_the_one_and_nothing_comes_from_later() -> None:
    for row in corpus.hostile():
        assert "2026-11-16" <= row["published_at"] < "2026-11-23"
        assert row["published_at"] < row["gathered_at"] < "2026-11-23T06"
