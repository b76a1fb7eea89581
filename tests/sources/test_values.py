"""Whatever strangers write where a value should be, it is read or it is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.errors import SourceError
from veille.sources.secrets import secret
from veille.sources.values import (
    count_of,
    dict_of,
    dicts_of,
    host_of,
    id_of,
    language_of,
    list_of,
    moment_of,
    text_of,
    web_address,
)
from veille.watch import SourceSpec

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_nothing_breaks_on_any_json(value: Any) -> None:
    for read in (text_of, id_of, dict_of, list_of, dicts_of, count_of, moment_of, web_address, language_of):
        read(value)
    count = count_of(value)
    assert count is None or 0 <= count < 2**63


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), ("12", 12), (3.0, 3), (-1, None), (True, None), ("1e3", None), (10**30, None), (None, None)]
)
def test_counters(value: object, count: int | None) -> None:
    assert count_of(value) == count


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1795370400, datetime(2026, 11, 22, 18, tzinfo=UTC)),
        (1795370400.0, datetime(2026, 11, 22, 18, tzinfo=UTC)),
        ("2026-11-22T18:00:00.000Z", datetime(2026, 11, 22, 18, tzinfo=UTC)),
        ("20261122T180000Z", datetime(2026, 11, 22, 18, tzinfo=UTC)),
        (1e300, None),
        (float("nan"), None),
        ("soon", None),
        (True, None),
    ],
)
def test_times(value: object, moment: datetime | None) -> None:
    assert moment_of(value) == moment


def test_addresses_and_languages() -> None:
    assert web_address("/a", "https://example.org/b") == "https://example.org/a"
    assert web_address("javascript:alert(1)") is None
    assert web_address("http://[::1") is None
    assert host_of("https://Example.org:8/x") == "example.org"
    assert host_of("http://[::1") == ""
    assert (language_of("fr-FR"), language_of("french"), language_of(None)) == ("fr", None, None)


def test_a_key_is_read_from_the_environment_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SourceSpec.model_validate({"id": "s", "type": "rss", "token": "ACME_TOKEN"})
    monkeypatch.delenv("ACME_TOKEN", raising=False)
    with pytest.raises(SourceError, match="ACME_TOKEN is not set"):
        secret(spec, "token")
    with pytest.raises(SourceError, match="no user"):
        secret(spec, "user")
    monkeypatch.setenv("ACME_TOKEN", "hush\nhush")
    with pytest.raises(SourceError) as caught:
        secret(spec, "token")
    assert "hush" not in str(caught.value)
    monkeypatch.setenv("ACME_TOKEN", " key ")
    assert secret(spec, "token") == "key"
