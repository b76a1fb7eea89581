"""A type of source that another installed distribution adds is found, may stand in watch.yml and is asked."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from veille.errors import SourceError
from veille.sources import Client, source_of, source_types
from veille.watch import SourceSpec, plugged_types

MODULE = """
from veille.mention import Mention
from veille.sources import Fetched


class FaxSource:
    def __init__(self, timezone):
        self.timezone = timezone

    def fetch(self, spec, state, as_of, client):
        reply = client.get(f"{spec.server}/fax")
        return Fetched([Mention(spec.id, spec.type, reply.content.decode(), as_of, native_id="1")], {})
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put a distribution into a folder as an installer would: its module, and beside it what it says of itself."""

    def install(module: str) -> None:
        (tmp_path / "veille_fax_plugin.py").write_text(module, encoding="utf-8")
        info = tmp_path / "veille_fax-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: veille-fax\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[veille.sources]\nfax = veille_fax_plugin:FaxSource\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        plugged_types.cache_clear()

    yield install
    monkeypatch.undo()
    sys.modules.pop("veille_fax_plugin", None)
    importlib.invalidate_caches()
    plugged_types.cache_clear()


def spec(**keys: Any) -> SourceSpec:
    return SourceSpec.model_validate({"id": "fax", "type": "fax", **keys})


def test_a_type_of_another_distribution_is_found_and_asked(
    installed: Callable[[str], None], server: Any, client: Client
) -> None:
    with pytest.raises(ValueError, match="“fax” is not a type of source"):
        spec()
    installed(MODULE)
    # What it would do is not run before it is asked.
    assert "veille_fax_plugin" not in sys.modules
    assert "fax" in source_types()
    server.page("/fax", b"Grande panne")
    source = source_of("fax", "Europe/Paris")
    assert source.timezone == "Europe/Paris"  # type: ignore[attr-defined]
    fetched = source.fetch(spec(server=server.address), {}, datetime(2026, 11, 22, tzinfo=UTC), client)
    assert [(mention.text, mention.source_type) for mention in fetched.mentions] == [("Grande panne", "fax")]


def test_a_distribution_that_cannot_be_loaded_is_the_failure_of_its_source(installed: Callable[[str], None]) -> None:
    installed("raise RuntimeError('no modem')")
    with pytest.raises(SourceError, match="sources of type fax cannot be loaded: RuntimeError: no modem") as caught:
        source_of("fax", "UTC")
    assert "install it again" in caught.value.hint


def test_a_type_that_comes_with_veille_cannot_be_taken_over(installed: Callable[[str], None], tmp_path: Path) -> None:
    installed(MODULE)
    points = tmp_path / "veille_fax-1.0.dist-info" / "entry_points.txt"
    points.write_text("[veille.sources]\nrss = veille_fax_plugin:FaxSource\n", encoding="utf-8")
    plugged_types.cache_clear()
    assert type(source_of("rss", "UTC")).__module__ == "veille.sources.rss"
    assert source_types().count("rss") == 1
