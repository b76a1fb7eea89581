"""A complete watch.yml, the one that docs/watch.md shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from veille.errors import WatchError
from veille.watch import load_watch

DOCS = Path(__file__).parents[2] / "docs" / "watch.md"
MINIMAL = "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n"


@pytest.fixture(scope="session")
def example() -> str:
    """Return the complete example of the documentation."""
    match = re.search(r"```yaml\n(# A complete watch.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert match
    return match[1]


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str | bytes], WatchError]:
    """Return a function that loads a text and returns the error it must raise."""

    def refuse(text: str | bytes) -> WatchError:
        file = tmp_path / "watch.yml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        with pytest.raises(WatchError) as caught:
            load_watch(file)
        assert "\n" not in str(caught.value)
        assert str(file) in str(caught.value)
        return caught.value

    return refuse
