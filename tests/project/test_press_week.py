"""A week of the public press is as small to read and to mail as that of the demonstration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import veille

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "press-fr-2022h1"
COLUMNS = ["native_id=id", "url=id", "published_at=created_at", "text=description", "kind==article", "publisher==lemonde.fr"]
WATCH = """\
watch: press
organisation: Orpea
languages: [fr, en]
timezone: Europe/Paris
store: store
state: state
reports: reports
sources: [{id: press, type: import, publisher: lemonde.fr, grade: B, language: fr, enabled: false, rights: {fulltext: false}}]
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not SHARED.is_dir(), reason="the public data sets are not beside the checkout"),
]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the edition of the week in which a book accused the first of the set's companies, the others its competitors."""
    folder = tmp_path_factory.mktemp("press")
    subjects = (SHARED / "subjects.yml").read_text(encoding="utf-8").replace("role: competitor", "role: self", 1)
    (folder / "watch.yml").write_text(WATCH + subjects, encoding="utf-8")
    mapped = [f"--map={column}" for column in COLUMNS]
    done = veille(
        folder / "watch.yml", "import", str(SHARED / "items.jsonl.gz"), "--format", "jsonl", "--source", "press", *mapped
    )
    assert done.returncode == 0, done.stderr
    made = veille(folder / "watch.yml", "edition", "--week", "2022-W04", "--as-of", "2022-01-31T06:30")
    assert made.returncode in (0, 3), made.stderr
    return folder / "reports" / "press" / "2022-W04"


@pytest.mark.parametrize("name", ["bulletin.html", "bulletin.en.html"])
def test_the_page_is_at_most_400_kilobytes(week: Path, name: str) -> None:
    page = (week / name).read_bytes()
    # A page without its details would be small too.
    assert b'id="topics"' in page
    assert b'id="voices"' in page
    assert len(page) <= 400_000


def test_the_mail_is_at_most_102_kilobytes(week: Path) -> None:
    pictures = sum(path.stat().st_size for path in week.glob("mail-*.png"))
    assert (week / "mail.html").stat().st_size <= 102_000
    # Pictures travel beside the text, in base 64.
    assert (week / "mail.html").stat().st_size + pictures * 4 / 3 <= 102_000


def test_the_crisis_of_the_week_is_the_first_signal_and_no_competitor_is_among_its_own(week: Path) -> None:
    told = json.loads((week / "bulletin.json").read_text(encoding="utf-8"))
    assert told["signals"][0]["subject"] == "orpea"
    assert told["voices"][0]["name"] == "Orpea"
    assert len(told["voices"]) == 26
    assert sum(voice["share"] for voice in told["voices"]) == pytest.approx(1.0, abs=0.002)
