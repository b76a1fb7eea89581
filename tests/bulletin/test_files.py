from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from veille.bulletin import rerender, write
from veille.bulletin.table import figures_csv, rows, safe
from veille.errors import EditionError
from veille.language import Language


@pytest.fixture
def twins(bulletin):
    return [bulletin, bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"language": "en"})})]


def test_an_edition_has_its_files_and_they_are_made_again_byte_for_byte(twins, tmp_path):
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in write(twins, tmp_path)}
    assert {"bulletin.html", "bulletin.en.html", "bulletin.json", "figures.csv"} < set(written)
    again = rerender(tmp_path)
    assert again
    assert {name: written[name] for name in again} == again
    assert 'lang="en"' in written["bulletin.en.html"].decode()


def test_changed_inputs_give_other_bytes(bulletin, tmp_path):
    write([bulletin], tmp_path)
    before = rerender(tmp_path)
    (inputs,) = (tmp_path / "inputs").iterdir()
    inputs.write_text(inputs.read_text(encoding="utf-8").replace("Bus de nuit", "Bus de jour"), encoding="utf-8")
    assert rerender(tmp_path)["bulletin.html"] != before["bulletin.html"]


def test_without_inputs_or_with_broken_ones_nothing_is_made(tmp_path):
    with pytest.raises(EditionError, match="no inputs"):
        rerender(tmp_path)
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "bulletin.0.fr.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EditionError, match="not a bulletin"):
        rerender(tmp_path)


def test_figures_are_those_of_the_bulletin(bulletin):
    table = list(csv.DictReader(figures_csv(bulletin, Language("fr")).splitlines()))
    assert len(table) == len(rows(bulletin, Language("fr")))
    assert [float(row["value"]) for row in table[:3]] == [tile.value for tile in bulletin.tiles]
    assert float(table[0]["change"]) == pytest.approx(100 * bulletin.tiles[0].change)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " ="])
def test_no_cell_begins_a_formula(poisoned, start):
    content = figures_csv(poisoned(f"{start}HYPERLINK(1)"), Language("fr"))
    for row in csv.DictReader(content.splitlines(keepends=True)):
        for name in ("section", "name"):
            assert not row[name].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text())
def test_a_safe_cell_keeps_its_text(text):
    assert safe(text) in (text, f"'{text}")


def test_the_mail_is_page_one_without_script_svg_or_outside_reference(poisoned, hostile, tmp_path):
    write([poisoned(hostile)], tmp_path)
    page = (tmp_path / "mail.html").read_text(encoding="utf-8")
    tree = html.document_fromstring(page)
    assert len(page.encode()) < 102_000
    assert not tree.xpath("//script|//svg|//style|//link|//a")
    assert all(re.fullmatch(r"mail-[1-3]\.png", src) and (tmp_path / src).exists() for src in tree.xpath("//@src"))
    assert not any("url" in style for style in tree.xpath("//@style"))
    assert "<script>alert(1)</script>" in tree.text_content()


def test_the_text_twin_says_the_same(bulletin, tmp_path):
    write([bulletin], tmp_path)
    told = (tmp_path / "mail.txt").read_text(encoding="utf-8")
    assert told.startswith("TLP:AMBER")
    for part in (bulletin.headline, *(item.ask for item in bulletin.decisions), *(item.title for item in bulletin.findings)):
        assert part in told
    assert "&#" not in told
