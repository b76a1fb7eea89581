"""Competitors in one measure with the organisation; regulators and the sector told apart and counted in no share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree, html

from tests.bulletin.conftest import WATCH, World
from veille.bulletin import compose
from veille.bulletin.audience import for_audience
from veille.bulletin.render import render
from veille.bulletin.table import rows
from veille.bulletin.types import Bulletin, Marking
from veille.bulletin.voice_chart import shown, voices_chart
from veille.language import Language
from veille.mention import MENTIONS
from veille.reading import prevalence
from veille.store import Store
from veille.watch import load_watch

RIVAL = "  - {id: rivale, name: Rivale, role: competitor, query: rivale}\n"
OTHERS = (
    "  - {id: tierce, name: Tierce, role: competitor, query: tierce}\n"
    "  - {id: region, name: Conseil régional, role: regulator, query: region}\n"
    "  - {id: metier, name: Transports publics, role: sector, query: metier}\n"
)


def _composed(world: World, folder: Path, text: str, also: dict[str, list[str]], language: str = "fr") -> Bulletin:
    """Compose with these subjects, where each mention's story of the week that `also` names is about more of them."""
    (folder / "watch.yml").write_text(text, encoding="utf-8")
    (folder / "terms.txt").write_text("projet Boréal\n", encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    shutil.copytree(world.watch.store_path, watch.store_path, dirs_exist_ok=True)
    mentions = world.mentions.copy()
    mentions["subjects"] = [
        sorted({*subjects, *also.get(name, [])})
        for name, subjects in zip(mentions["mention_id"], mentions["subjects"], strict=True)
    ]
    store.merge(MENTIONS, MENTIONS.check(mentions))
    return compose(watch, store, world.as_of, world.period, run_id="r", language=language)


@pytest.fixture(scope="module")
def several(world: World, tmp_path_factory: pytest.TempPathFactory) -> Bulletin:
    """Two of Rivale's five stories are about Tierce too, three of the organisation's about the region, one about the trade."""
    also = {
        "t3w2n0": ["tierce"], "t3w2n1": ["tierce"], "t1w2n1": ["region"], "t1w2n2": ["region"], "t2w2n3": ["region"],
        "t1w1n0": ["region"], "t2w2n4": ["metier"],
    }  # fmt: skip
    return _composed(world, tmp_path_factory.mktemp("several"), WATCH.replace(RIVAL, RIVAL + OTHERS), also)


def test_shares_of_voice_add_up_to_one_and_a_story_of_two_counts_for_both(several: Bulletin) -> None:
    assert [(voice.name, voice.role, voice.stories) for voice in several.voices] == [
        ("Aquilon Mobilités", "self", 14),
        ("Rivale", "competitor", 5),
        ("Tierce", "competitor", 2),
    ]
    assert [voice.share for voice in several.voices] == pytest.approx([14 / 21, 5 / 21, 2 / 21], abs=1e-4)
    tile = next(tile for tile in several.tiles if tile.name == "share_of_voice")
    ours = several.voices[0]
    assert (tile.value, tile.low, tile.high, tile.change) == (ours.share, ours.share_low, ours.share_high, ours.share_change)
    # Nobody spoke of Tierce the week before: 8 of 13, and 14 of 21 now.
    assert ours.share_change == pytest.approx(100 * (14 / 21 - 8 / 13), abs=0.05)


def test_each_share_has_its_interval_and_says_how_it_was_counted(several: Bulletin, world: World) -> None:
    for voice in several.voices:
        assert voice.share_low < voice.share < voice.share_high
        assert voice.negative_low <= voice.negative_share <= voice.negative_high
        # Three weeks by hand are too few to tell whose error the reading's is.
        assert not voice.corrected
    joined = world.mentions.merge(world.readings, on="mention_id")
    week = joined[(joined["published_at"] >= world.period.start) & (joined["mention_id"] == joined["story_id"])]
    rival = week[week["subjects"].map(lambda ids: "rivale" in ids)]
    counted = prevalence.negative_share(rival.assign(measured=False))
    told = several.voices[1]
    assert (told.negative_share, told.negative_low, told.negative_high) == (counted.share, counted.low, counted.high)


def test_regulators_and_the_sector_are_told_apart_and_are_in_no_share(several: Bulletin, world: World) -> None:
    region, trade = several.around
    assert (region.name, region.role, region.stories, region.stories_before) == ("Conseil régional", "regulator", 3, 1)
    assert (trade.name, trade.role, trade.stories, trade.stories_before) == ("Transports publics", "sector", 1, 0)
    assert region.changed == "3 récits, 1 la semaine précédente."
    # Two of its stories are on the doors, one on the buses.
    assert region.topic_ids == ("t1", "t2")
    assert set(region.evidence) < {"t1w2n1", "t1w2n2", "t2w2n3"}
    assert len(region.evidence) == 2
    assert {*region.evidence, *trade.evidence} <= several.evidence.keys()
    assert not {voice.subject for voice in several.voices} & {one.subject for one in several.around}


def test_a_watch_without_competitors_has_no_share_of_voice(world: World, tmp_path: Path) -> None:
    told = _composed(world, tmp_path, WATCH.replace("role: competitor", "role: regulator"), {})
    assert told.voices == ()
    assert [tile.name for tile in told.tiles] == ["stories", "negative_share"]
    assert [(one.name, one.stories, one.signal_ids) for one in told.around] == [("Rivale", 5, ("s2",))]
    assert 'id="voices"' not in render(told)


def test_a_watch_of_others_alone_speaks_of_all_of_them_and_has_nobody_beside_it(world: World, tmp_path: Path) -> None:
    text = WATCH.replace("role: self", "role: sector").replace("role: competitor", "role: regulator")
    told = _composed(world, tmp_path, text, {})
    assert (told.voices, told.around) == ((), ())
    assert told.tiles[0].value == 19


def test_a_share_is_for_those_who_may_know_of_every_competitor(world: World, tmp_path: Path) -> None:
    secret = OTHERS.replace("query: tierce", 'query: tierce, tlp: "TLP:RED"')
    told = _composed(world, tmp_path, WATCH.replace(RIVAL, RIVAL + secret), {"t3w2n0": ["tierce"]})
    assert {voice.marking for voice in told.voices} == {Marking.RED}
    assert next(tile for tile in told.tiles if tile.name == "share_of_voice").marking is Marking.RED
    cut = for_audience(told, Marking.AMBER_STRICT)
    assert cut.voices == ()
    assert [tile.name for tile in cut.tiles] == ["stories", "negative_share"]
    assert "Tierce" not in render(cut)


def test_the_public_reads_of_nobody_else(several: Bulletin) -> None:
    cut = for_audience(several, Marking.CLEAR, "public")
    assert (cut.voices, cut.around) == ((), ())
    page = render(cut)
    for hidden in ("Rivale", "Tierce", "Conseil régional", "Transports publics", 'id="voices"', 'id="around"'):
        assert hidden not in page


def test_the_chart_shows_each_value_with_its_interval_and_says_it_in_words(bulletin: Bulletin) -> None:
    chart = voices_chart(bulletin.voices, Language("fr"))
    assert chart is not None
    tree = etree.fromstring(str(chart.svg))
    told = [text for text in tree.itertext() if text.strip()]
    assert {"61\u202f%", "39\u202f%", "52\u202f%", "20\u202f%"} <= set(told)
    assert tree.find("{*}desc").text == chart.caption
    assert "La critique pèse davantage sur elle que sur\u202f: Rivale." in chart.caption.replace("\u00a0", "\u202f")
    nobody = tuple(voice.model_copy(update={"stories": 0}) for voice in bulletin.voices)
    assert voices_chart(nobody, Language("fr")) is None


def test_one_cannot_be_told_worse_than_another_where_the_intervals_say_nothing(bulletin: Bulletin) -> None:
    own, rival = bulletin.voices
    near = rival.model_copy(update={"negative_share": 0.5, "negative_low": 0.3, "negative_high": 0.7})
    chart = voices_chart((own, near), Language("en"))
    assert chart is not None
    assert "Too few stories to say on whom criticism weighs more" in chart.caption
    assert "weighs more on it than on:" not in chart.caption


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_holds_the_table_behind_the_chart(bulletin: Bulletin, code: str) -> None:
    edition = bulletin.edition.model_copy(update={"language": code})
    tree = html.document_fromstring(render(bulletin.model_copy(update={"edition": edition})))
    (section,) = tree.xpath("//section[@id='voices']")
    cells = [" ".join(row.text_content().split()) for row in section.xpath(".//tbody/tr")]
    assert [cell.split()[0] for cell in cells] == ["Aquilon", "Rivale"]
    assert all("–" in cell and "pt" in cell for cell in cells)
    assert section.xpath(".//caption")[0].text_content().count("%") == 1
    (around,) = tree.xpath("//section[@id='around']")
    assert around.xpath(".//a[@href='#topic-2']")
    assert around.xpath(".//a[@href='#signal-2']")
    assert around.xpath(".//blockquote")


def test_all_figures_hold_those_of_the_comparison(bulletin: Bulletin) -> None:
    told = {(row.name, row.measure): row for row in rows(bulletin, Language("en"))}
    assert told["Rivale", "Share of voice"].low == pytest.approx(0.29)
    assert told["Rivale", "stories"].change == pytest.approx(100 * 12 / 26, abs=0.1)
    assert told["Conseil régional", "negative share"].high == pytest.approx(0.67)
    assert not [name for name, measure in told if name == "Conseil régional" and measure == "Share of voice"]


def test_a_competitor_of_whom_nobody_spoke_has_no_negative_share(world: World, tmp_path: Path) -> None:
    told = _composed(world, tmp_path, WATCH.replace(RIVAL, RIVAL + OTHERS), {})
    quiet = next(voice for voice in told.voices if voice.subject == "tierce")
    assert (quiet.stories, quiet.share, quiet.negative_share) == (0, 0.0, None)
    assert pd.isna(quiet.negative_low)
    assert "Tierce" in render(told)


def test_a_long_list_of_competitors_is_cut_to_those_spoken_of(bulletin: Bulletin) -> None:
    own, rival = bulletin.voices
    many = [rival.model_copy(update={"subject": f"r{n}", "name": f"Rivale {n}", "stories": 12 - n}) for n in range(10)]
    mute = rival.model_copy(update={"subject": "m", "name": "Muette", "stories": 0, "stories_before": 0})
    kept, left = shown((own, *many, mute))
    assert [voice.name for voice in kept] == ["Aquilon Mobilités", *(f"Rivale {n}" for n in range(6))]
    assert [voice.name for voice in left] == ["Rivale 6", "Rivale 7", "Rivale 8", "Rivale 9", "Muette"]
    told = bulletin.model_copy(update={"voices": (own, *many, mute)})
    (section,) = html.document_fromstring(render(told)).xpath("//section[@id='voices']")
    assert "5 autres concurrents ne sont pas montrés (récits en tout : 18)" in " ".join(section.text_content().split())
    assert "Muette" not in section.text_content()
    assert [row for row in rows(told, Language("fr")) if row.name == "Muette"]


def test_one_story_makes_nobody_less_criticised(bulletin: Bulletin) -> None:
    own, rival = bulletin.voices
    ill = own.model_copy(update={"read": 9, "negative_share": 1.0, "negative_low": 0.55, "negative_high": 1.0})
    one = rival.model_copy(update={"read": 1, "negative_share": 0.0, "negative_low": 0.0, "negative_high": 0.8})
    chart = voices_chart((ill, one), Language("en"))
    assert chart is not None
    assert "weighs more on it than on:" not in chart.caption
