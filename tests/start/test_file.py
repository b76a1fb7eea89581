"""A new watch.yml: it always loads, whatever a name holds, and never takes another's place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import QueryError, UsageError
from veille.signals.delays import delay_of
from veille.start import Proposed, Shelf, SiteFeeds, Wish, checked, load_shelf, propose, watch_text, write_watch
from veille.start.file import rule_models
from veille.start.propose import words
from veille.watch import load_watch

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_that_comes_with_veille_makes_a_watch(tmp_path: Path, language: str) -> None:
    wish = Wish("L'Aquilon d'Été", '"aquilon été" AND NOT title:"jeu d\'eau"', language)
    sources = propose(wish, load_shelf(), SiteFeeds("https://aquilon.example", {"https://aquilon.example/rss": 3}))
    watch = write_watch(watch_text(wish, sources, DAY, 'exact:"Aquilon"'), tmp_path / "new" / "watch.yml")
    assert watch.organisation == "L'Aquilon d'Été"
    assert watch.subjects[0].query == wish.query
    assert watch.languages == (language,)
    kinds = {source.id: source.type for source in watch.sources if source.enabled}
    assert kinds["site"] == "rss"
    assert kinds["google-news"] == "google_news"
    assert ("bbc" in kinds, "lemonde" in kinds, "ouest-france" in kinds) == (
        language == "en",
        language == "fr",
        language == "fr",
    )
    assert all(source.grade != "F" for source in watch.sources)
    assert "# query: 'exact:\"Aquilon\"'" in (tmp_path / "new" / "watch.yml").read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["watch.yml"]


def test_hacker_news_is_for_english() -> None:
    proposed = {
        language: {source.id for source in propose(Wish("A", "a", language), load_shelf())} for language in ("fr", "en")
    }
    assert "hackernews" in proposed["en"]
    assert "hackernews" not in proposed["fr"]


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=60), reason=st.text(max_size=40).map(lambda text: " ".join(text.split())))
def test_any_name_makes_a_file_that_loads(name: str, reason: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        wish = checked(Wish(name, "aquilon"))
    except UsageError:
        return
    shown = reason if reason.isprintable() else ""
    sources = [*propose(wish, Shelf()), Proposed("a", "rss", {"urls": ["https://example.org/'x"]}, "site", off=shown)]
    file = tmp_path_factory.mktemp("any") / "watch.yml"
    watch = write_watch(watch_text(wish, sources, DAY), file)
    assert watch.organisation == wish.name
    assert watch.sources[0].enabled == (not shown)


def test_one_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_watch(watch_text(Wish("A", "a"), [], DAY), file)
    assert file.read_text(encoding="utf-8") == "mine"
    link = tmp_path / "link.yml"
    link.symlink_to(tmp_path / "nowhere.yml")
    with pytest.raises(UsageError, match="is there already"):
        write_watch(watch_text(Wish("A", "a"), [], DAY), link)
    with pytest.raises(UsageError):
        write_watch(watch_text(Wish("A", "a"), [], DAY), file / "below" / "watch.yml")


def test_a_type_that_cannot_be_read_yet_is_a_comment(tmp_path: Path) -> None:
    sources = [Proposed("soon", "reddit", {"queries": ["a"]}, "search", readable=False)]
    file = tmp_path / "watch.yml"
    assert write_watch(watch_text(Wish("A", "a"), sources, DAY), file).sources == ()
    assert "# - {id: soon, type: reddit" in file.read_text(encoding="utf-8")
    assert load_watch(file).subjects[0].id == "a"


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("Aquilon Mobilités", '"aquilon mobilites" OR @aquilon', ['"Aquilon Mobilités"', "@aquilon"]),
        ("Orange", 'exact:"Orange" AND (fibre OR mobile)', ["Orange fibre", "Orange mobile"]),
        ("Aquilon", "aquil*", ["Aquilon"]),
    ],
)
def test_networks_are_asked_for_words_of_the_query(name: str, query: str, expected: list[str]) -> None:
    assert words(Wish(name, query)) == expected


def test_what_is_wrong_is_told() -> None:
    with pytest.raises(UsageError, match="a name has"):
        checked(Wish(" \n", "a"))
    with pytest.raises(QueryError):
        checked(Wish("A", "a~2"))
    assert (Wish("Été & Cie", "a").slug, Wish("北京", "a").slug, Wish("Été & Cie", "a").hashtag) == (
        "ete-cie",
        "watch",
        "#etecie",
    )
    assert Wish("42", "a").hashtag == ""


@pytest.mark.parametrize(
    "text", ["press: [{id: a}]", "serches: []", "press: 3", "- a", "press: [{id: a, name: A, url: x, language: fr}]"]
)
def test_a_wrong_list_of_feeds_is_wrong_use(tmp_path: Path, text: str) -> None:
    file = tmp_path / "feeds.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"feeds\.yml"):
        load_shelf(file)


def test_every_address_that_comes_with_veille_is_encrypted_and_named_once() -> None:
    shelf = load_shelf()
    urls = [feed.url for feed in shelf.press]
    assert all(url.startswith("https://") for url in urls)
    ids = [item.id for item in (*shelf.searches, *shelf.press)]
    assert len(set(urls)) == len(urls)
    assert len(set(ids)) == len(ids)
    assert {feed.scope for feed in shelf.press if feed.language == "fr"} == {"national", "regional"}


@pytest.mark.parametrize(("language", "delays"), [("fr", [4320, None, None]), ("en", [4320, None, None])])
def test_the_duties_that_come_with_it_load_once_their_signs_are_taken_away(
    language: str, delays: list[int | None], tmp_path: Path
) -> None:
    wish = Wish("Essai", "essai", language)
    text = watch_text(wish, [], date(2026, 11, 24))
    before, after = text.split("# rules:\n")
    file = tmp_path / "watch.yml"
    file.write_text(before + "rules:\n" + "".join(line.removeprefix("# ") + "\n" for line in after.splitlines()), "utf-8")
    rules = load_watch(file).rules
    assert [rule.model_dump(exclude={"valid_until", "tlp"}, mode="json") for rule in rules] == rule_models(language)
    found = [delay_of(rule.duty) for rule in rules]
    assert [delay.minutes for delay in found] == delays
    assert all(delay.at_once for delay in found)
    assert all(rule.source for rule in rules)
