"""Pages of the desk as they are printed: marked, cut, quoted and checked like a bulletin, and of one sheet."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from tests.desk.conftest import NOW, Change, change, demo, demo_file, told  # noqa: F401 - fixtures
from veille.bulletin import sheets
from veille.bulletin.base import Marking
from veille.bulletin.marking import RULES
from veille.bulletin.sheets.fit import fit, height
from veille.bulletin.sheets.make import sheet_of
from veille.desk.brief import brief
from veille.desk.lines import Block, Line, Page, PageKind
from veille.errors import EditionError, UsageError
from veille.language import Language
from veille.masking import CONFIDENTIAL
from veille.mention import MENTIONS
from veille.signals import SIGNALS
from veille.store import Store
from veille.watch import Watch, confidential_terms


def printed(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def leak(store: Store, text: str) -> None:
    """Make of s2 a leak at level 3 that rests on a mention of that text."""
    mentions = store.load(MENTIONS).head(1).assign(mention_id="f" * 32, title="", text=text)
    store.merge(MENTIONS, mentions)
    rows = store.load(SIGNALS)
    rows = rows.loc[rows["signal_id"] == "s2"].assign(kind="leak", level=3, title=text)
    rows["evidence"] = [["f" * 32]]
    store.merge(SIGNALS, rows)


def page(*lines: Line, name: str = "said", kind: PageKind = PageKind.BRIEF) -> Page:
    return Page(kind, "fr", "Titre", "", NOW, NOW, NOW.date(), 2, (), (Block(name, "Partie", lines),))


def test_a_brief_is_one_page_a_language_with_its_twin_and_its_data(demo: Watch, told: Store) -> None:  # noqa: F811
    written = sheets.write_brief(demo, told, NOW, occasion="plateau 25 nov.")
    assert [file.name for file in written.files] == ["brief.html", "brief.en.html"]
    assert sorted(file.name for file in written.file.parent.iterdir()) == [
        "brief.en.html", "brief.en.json", "brief.html", "brief.json",
    ]  # fmt: skip
    for file, code, other in zip(written.files, ("fr", "en"), ("brief.en.html", "brief.html"), strict=True):
        tree = printed(file)
        assert tree.get("lang") == code
        assert tree.xpath("//a[@class='twin']/@href") == [other]


def test_the_page_runs_and_loads_nothing(demo: Watch, told: Store) -> None:  # noqa: F811
    text = sheets.write_brief(demo, told, NOW).file.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    tree = html.document_fromstring(text)
    assert tree.xpath("//script|//img|//link|//*[@style]|//iframe") == []


def test_every_sentence_is_marked_and_cites_what_is_quoted_on_the_page(demo: Watch, told: Store) -> None:  # noqa: F811
    sheet = sheets.write_brief(demo, told, NOW).sheet
    quoted = list(sheet.evidence)
    for part in sheet.parts:
        for one in part.sentences:
            assert one.evidence or one.sources
            assert one.marking.rank <= sheet.marking.rank
            assert [quoted[number - 1] for number in one.numbers] == list(one.evidence)


def test_every_part_of_a_line_is_one_that_the_table_of_markings_knows(demo: Watch, told: Store) -> None:  # noqa: F811
    lines = brief(demo, told, NOW, Language("fr"), ()).lines
    assert {line.part for line in lines} <= RULES.keys()


def test_a_reader_who_may_not_learn_of_a_leak_reads_neither_its_words_nor_its_level(demo: Watch, told: Store) -> None:  # noqa: F811
    leak(told, "On parle de Boréas partout")
    rows = told.load(SIGNALS)
    told.merge(SIGNALS, rows.loc[rows["signal_id"] == "s1"].assign(level=2))
    open_ = demo.model_copy(update={"audiences": {**demo.audiences, "direction": "TLP:AMBER"}})
    written = sheets.write_brief(open_, told, NOW)
    assert written.sheet.level == 2
    assert written.sheet.marking is Marking.AMBER
    for file in written.file.parent.iterdir():
        assert "confidentiels sont cités" not in file.read_text(encoding="utf-8")
    assert sheets.write_brief(demo, told, NOW).sheet.level == 3


def test_what_leaked_is_cited_and_never_quoted(demo: Watch, told: Store) -> None:  # noqa: F811
    term = confidential_terms(demo)[0]
    leak(told, f"Tout le monde parle de {term} et de {term.upper()}")
    written = sheets.write_brief(demo, told, NOW)
    assert written.sheet.evidence["f" * 32].marking is Marking.AMBER_STRICT
    for file in written.file.parent.iterdir():
        text = file.read_text(encoding="utf-8")
        assert term.lower() not in text.lower()
        assert "Tout le monde parle" not in text


def test_a_term_in_an_occasion_is_hidden(demo: Watch, told: Store) -> None:  # noqa: F811
    term = confidential_terms(demo)[0]
    written = sheets.write_brief(demo, told, NOW, occasion=f"plateau {term}")
    assert CONFIDENTIAL in written.sheet.title
    assert term.lower() not in written.file.read_text(encoding="utf-8").lower()


def test_an_answer_above_the_marking_of_the_reader_is_in_no_byte(demo: Watch, told: Store) -> None:  # noqa: F811
    open_ = demo.model_copy(update={"audiences": {**demo.audiences, "interne": "TLP:AMBER"}})
    written = sheets.write_brief(open_, told, NOW, audience="interne")
    for file in written.file.parent.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "m-batteries" not in text
        assert "depuis quand Aquilon" not in text


def test_nobody_below_amber_reads_a_brief(demo: Watch, told: Store) -> None:  # noqa: F811
    with pytest.raises(UsageError, match="internal"):
        sheets.write_brief(demo, told, NOW, audience="public")
    with pytest.raises(UsageError, match="not one of audiences"):
        sheets.write_brief(demo, told, NOW, audience="presse")


def test_a_page_that_would_hold_what_is_above_its_marking_is_not_written(
    demo: Watch,  # noqa: F811
    told: Store,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line that forgets what it rests on is open by mistake: the bytes are searched for the words of watch.yml."""
    secret = next(one for one in demo.messages if one.id == "m-batteries")
    forgetful = page(Line(secret.answer, "signal", ("signals.s1",)))
    monkeypatch.setattr("veille.bulletin.sheets.brief.brief", lambda *_, **__: forgetful)
    open_ = demo.model_copy(update={"audiences": {**demo.audiences, "interne": "TLP:AMBER"}})
    with pytest.raises(EditionError, match=r"messages\.m-batteries"):
        sheets.write_brief(open_, told, NOW, audience="interne")
    assert not list((demo.reports_path / demo.watch).rglob("*.html"))


def test_strangers_words_are_text_whatever_they_look_like(demo: Watch, told: Store) -> None:  # noqa: F811
    rows = told.load(SIGNALS)
    hostile = "<script>alert(1)</script>\u202e{{ 7*7 }} 'onerror=x @marie_d"
    told.merge(SIGNALS, rows.assign(title=hostile))
    mentions = told.load(MENTIONS).assign(title=hostile)
    told.merge(MENTIONS, mentions)
    text = sheets.write_brief(demo, told, NOW, occasion=hostile).file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text
    assert "marie_d" not in text
    assert "{{ 7*7 }}" in text


def test_what_one_sheet_has_no_room_for_is_left_out_from_the_least_needed_on_and_counted(demo: Watch, told: Store) -> None:  # noqa: F811
    many = tuple(Line("mot " * 40, "signal", ("signals.s1",)) for _ in range(60))
    sheet = sheet_of(page(*many), demo, told, ())
    assert height(sheet) <= 805
    kept = len(sheet.parts[0].sentences)
    assert kept + sheet.left_out == 60
    assert fit(sheet).left_out == 0


def test_a_first_report_then_a_second_are_written_and_kept(demo: Watch, told: Store) -> None:  # noqa: F811
    first = sheets.write_sitrep(demo, told, NOW, "s1", by="A. Martin")
    again = sheets.write_sitrep(demo, told, NOW, "s1", by="A. Martin")
    later = sheets.write_sitrep(demo, told, datetime(2026, 11, 24, 10, tzinfo=UTC), "s1")
    assert first.written.file.parent.name == "s1-01"
    assert again.written.file == first.written.file
    assert later.written.file.parent.name == "s1-02"
    assert later.changed == 0
    assert "Rien n’a changé" in later.written.file.read_text(encoding="utf-8")


def test_evidence_is_graded_and_shown_in_its_language(demo: Watch, told: Store) -> None:  # noqa: F811
    tree = printed(sheets.write_brief(demo, told, NOW).file)
    cites = tree.xpath("//ol[@class='cites']/li")
    assert cites
    assert [one.get("id") for one in cites] == [f"e{number}" for number in range(1, len(cites) + 1)]
    assert all(one.xpath(".//q/@lang") for one in cites)
    assert all(re.fullmatch(r"[A-F][1-6]", grade) for grade in tree.xpath("//ol[@class='cites']//abbr/text()"))


def test_a_mention_that_is_gone_is_not_cited(demo: Watch, told: Store) -> None:  # noqa: F811
    rows = told.load(SIGNALS)
    rows["evidence"] = pd.Series([["0" * 32]] * len(rows), index=rows.index)
    told.merge(SIGNALS, rows)
    sheet = sheets.write_brief(demo, told, NOW).sheet
    assert "0" * 32 not in sheet.evidence
    assert all(one.evidence or one.sources for part in sheet.parts for one in part.sentences)
