# ruff: noqa: E501  rows of exports are read across
"""Exports of vendors and tools, through the real command: every field arrives, odd rows are kept aside, recipes can be corrected."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from veille.cli import main
from veille.errors import UsageError
from veille.gather import RECIPES
from veille.gather.recipe import load_recipe, reader_of
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import Watch

REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies"


@pytest.fixture
def bring(make_watch: Callable[..., Watch]) -> Callable[..., tuple[pd.DataFrame, Result]]:
    """Import files by the command; return the mentions by their text, and what was said."""

    def run(*arguments: str) -> tuple[pd.DataFrame, Result]:
        watch = make_watch()
        done = CliRunner().invoke(main, ["import", *arguments, "--watch", str(watch.file), "--json"])
        return Store(watch).load(MENTIONS).sort_values("published_at", ignore_index=True), done

    return run


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


TWEET: dict[str, Any] = {
    "id": 1860000000000000001,
    "id_str": "1860000000000000001",
    "url": "https://x.com/lea/status/1860000000000000001",
    "date": "2026-11-20 08:05:00+00:00",
    "user": {"username": "lea", "followersCount": 321},
    "lang": "fr",
    "rawContent": "Encore un vélo Aquilon en feu 🔥\nvraiment ?",
    "replyCount": 2,
    "retweetCount": 3,
    "likeCount": 4,
    "viewCount": 500,
    "retweetedTweet": None,
    "media": {"photos": [{"url": "https://pbs.example/1.jpg"}, {"url": "https://pbs.example/2.jpg"}]},
}


def test_twscrape(bring: Callable[..., Any], tmp_path: Path) -> None:
    repost = {**TWEET, "id": 2, "id_str": "2", "date": "2026-11-20 09:00:00+00:00", "rawContent": "RT", "retweetedTweet": TWEET}
    file = tmp_path / "x.jsonl"
    file.write_text(lines(TWEET, repost, {"id": 3, "date": "2026-11-20"}), encoding="utf-8")
    frame, done = bring(str(file), "--format", "twscrape")
    told = json.loads(done.stdout)
    assert (told["read"], told["new"], told["refused"]) == (3, 2, 1)
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first["text"], first["native_id"], first["source_type"], first["kind"]) == (
        TWEET["rawContent"],
        TWEET["id_str"],
        "x",
        "post",
    )
    assert first["published_at"] == datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
    assert [first[name] for name in ("likes", "shares", "replies", "views", "author_followers")] == [4, 3, 2, 500, 321]
    assert list(first["media"]) == ["https://pbs.example/1.jpg", "https://pbs.example/2.jpg"]
    assert first["author"].startswith("a_")
    assert first["language_declared"] == "fr"
    assert (second["kind"], second["parent_id"]) == ("repost", TWEET["id_str"])
    assert list(first["subjects"]) == ["nous"]


def test_a_refused_row_names_nobody(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(lines(TWEET, {**TWEET, "rawContent": "", "id_str": "9", "id": 9}), encoding="utf-8")
    _, done = bring(str(file), "--format", "twscrape")
    rejects = Path(json.loads(done.stdout)["rejects_file"]).read_text(encoding="utf-8")
    assert "no title and no text" in rejects
    assert '"lea"' not in rejects.replace("x.com/lea", "")


def test_snscrape_of_any_network(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(
        lines(
            {"_type": "snscrape.modules.twitter.Tweet", "url": "https://twitter.com/a/status/7", "id": 7, "date": "2026-11-20T08:00:00+00:00",
             "rawContent": "Aquilon encore en panne", "user": {"username": "a"}, "likeCount": 1},
            {"_type": "snscrape.modules.telegram.TelegramPost", "url": "https://t.me/s/aquilon_infos/42", "date": "2026-11-20T09:00:00+00:00",
             "content": "Trafic interrompu", "outlinks": []},
            {"_type": "snscrape.modules.reddit.Comment", "url": "https://www.reddit.com/r/france/comments/a/_/b", "id": "t1_b",
             "date": "2026-11-20T10:00:00+00:00", "author": "lea", "body": "Pareil ici", "parentId": "t3_a"},
        ),
        encoding="utf-8",
    )  # fmt: skip
    frame, _ = bring(str(file), "--format", "snscrape")
    assert frame["source_type"].tolist() == ["x", "telegram", "reddit"]
    assert frame["kind"].tolist() == ["post", "post", "comment"]
    # As the sources of these networks name them: gathered and imported, it is one mention.
    assert frame["native_id"].tolist() == ["7", "aquilon_infos/42", "t1_b"]
    assert frame["publisher"].tolist() == ["x.com", "t.me", "reddit.com"]


OUTBOX = {
    "orderedItems": [
        {"type": "Create", "actor": "https://m.example/users/lea", "published": "2026-11-20T08:00:00Z",
         "object": {"id": "https://m.example/users/lea/statuses/1", "url": "https://m.example/@lea/1", "content": "<p>Aquilon</p><p>en panne</p>",
                    "summary": None, "inReplyTo": None, "attachment": [{"url": "https://m.example/1.png"}]}},
        {"type": "Announce", "actor": "https://m.example/users/lea", "published": "2026-11-20T09:00:00Z", "object": "https://n.example/1"},
    ]
}  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "zip", "tar.gz"])
def test_an_archive_of_mastodon(bring: Callable[..., Any], tmp_path: Path, kind: str) -> None:
    body = json.dumps(OUTBOX).encode()
    file = tmp_path / f"archive.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("outbox.json", body)
            archive.writestr("actor.json", "{}")
    elif kind == "tar.gz":
        with tarfile.open(file, "w:gz") as tar:
            info = tarfile.TarInfo("outbox.json")
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    else:
        file.write_bytes(body)
    frame, done = bring(str(file), "--format", "mastodon-archive")
    assert (json.loads(done.stdout)["new"], json.loads(done.stdout)["refused"]) == (1, 1)
    row = frame.iloc[0]
    assert (row["text"], row["native_id"], row["source_type"]) == (
        "Aquilon\n\nen panne",
        "https://m.example/users/lea/statuses/1",
        "mastodon",
    )
    assert list(row["media"]) == ["https://m.example/1.png"]


def test_an_archive_without_its_file_is_told(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "archive.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("actor.json", "{}")
    _, done = bring(str(file), "--format", "mastodon-archive")
    assert done.exit_code == 2
    assert "holds no outbox.json" in done.stderr


def test_newsapi(bring: Callable[..., Any], tmp_path: Path) -> None:
    article = {
        "source": {"id": None, "name": "La Gazette"}, "author": "Jean Dupont", "title": "Aquilon : la grève", "description": "Le trafic est perturbé.",
        "url": "https://gazette.example/1", "urlToImage": "https://gazette.example/1.jpg", "publishedAt": "2026-11-20T20:32:05Z", "content": None,
    }  # fmt: skip
    files = []
    for number in range(2):
        file = tmp_path / f"{number}.json"
        told = {"status": "ok", "articles": [{**article, "url": f"https://gazette.example/{number}"}]}
        file.write_text(json.dumps(told, indent=1), encoding="utf-8")
        files.append(str(file))
    frame, done = bring(*files, "--format", "newsapi")
    assert (done.exit_code, len(frame)) == (0, 2)
    assert set(frame["publisher"]) == {"La Gazette"}
    assert set(frame["kind"]) == {"article"}


def test_meltwater_in_utf16_with_tabulators(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "meltwater.csv"
    header = ["Date", "Headline", "URL", "Opening Text", "Hit Sentence", "Source", "Influencer", "Language", "Reach", "Tweet Id", "Twitter Screen Name", "Likes", "Views"]  # fmt: skip
    rows = [
        ["20-Nov-2026 05:30PM", "Aquilon suspend ses vélos", "https://gazette.example/1", "Deux vélos ont brûlé.", "Aquilon se tait.", "La Gazette", "J. D.", "French", "1000", "", "", "", ""],
        ["21-Nov-2026 06:00AM", "", "https://x.com/a/status/5", "=HYPERLINK(1)", "", "X", "", "French", "10", "5", "@lea", "7", "90"],
    ]  # fmt: skip
    file.write_bytes("\n".join("\t".join(row) for row in [header, *rows]).encode("utf-16"))
    frame, done = bring(str(file), "--format", "meltwater", "--tz", "Europe/Paris")
    assert done.exit_code == 0, done.stderr
    press, tweet = frame.iloc[0], frame.iloc[1]
    assert press["published_at"] == datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert (press["kind"], press["text"], press["publisher"]) == (
        "article",
        "Deux vélos ont brûlé.\n\nAquilon se tait.",
        "La Gazette",
    )
    assert (tweet["kind"], tweet["native_id"], tweet["likes"], tweet["views"]) == ("post", "5", 7, 90)
    assert tweet["text"] == "=HYPERLINK(1)"


def test_brandwatch_below_its_block_of_lines(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "brandwatch.csv"
    file.write_text(
        "Report:,Aquilon\nBrand:,Aquilon\n\n"
        "Query Id,Query Name,Date,Title,Snippet,Url,Domain,Page Type,Language,Author,Full Text,X Likes\n"
        '1,Aquilon,2026-11-20 08:00:00.0,,"Encore ""en panne""\nce matin",https://x.com/a/status/1,x.com,twitter,fr,lea,,4\n'
        "1,Aquilon,2026-11-20 09:00:00.0,Grève,Extrait,https://gazette.example/1,gazette.example,news,fr,,Texte entier,\n",
        encoding="utf-8",
    )
    frame, done = bring(str(file), "--format", "brandwatch")
    assert done.exit_code == 3
    assert "could not be verified" in done.stderr
    assert frame["kind"].tolist() == ["post", "article"]
    assert frame["text"].tolist() == ['Encore "en panne"\nce matin', "Texte entier"]


@pytest.mark.parametrize("name", ["talkwalker", "visibrain", "mention", "europresse"])
def test_a_workbook_of_a_vendor(bring: Callable[..., Any], tmp_path: Path, name: str) -> None:
    headers = {
        "talkwalker": ["title", "content", "url", "published", "lang", "source_type"],
        "visibrain": ["Titre", "Texte", "URL", "Date", "Langue", "Type"],
        "mention": ["Title", "Description", "Url", "Date", "Language", "Source type"],
        "europresse": ["Titre", "Texte", "Lien", "Date", "Langue", "Rubrique"],
    }
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(headers[name])
    sheet.append(
        [
            "Aquilon en grève",
            "Le trafic est perturbé.",
            "https://g.example/1",
            datetime(2026, 11, 20, 8, tzinfo=UTC).replace(tzinfo=None),
            "fr",
            "Article",
        ]
    )
    workbook.save(tmp_path / "export.xlsx")
    frame, done = bring(str(tmp_path / "export.xlsx"), "--format", name)
    assert done.exit_code == 3, done.stderr
    row = frame.iloc[0]
    assert (row["title"], row["text"], row["url"]) == ("Aquilon en grève", "Le trafic est perturbé.", "https://g.example/1")
    assert row["published_at"].date().isoformat() == "2026-11-20"


def test_a_recipe_can_be_printed_corrected_and_given(bring: Callable[..., Any], tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Wording,When\nAquilon en panne,2026-11-20\n", encoding="utf-8")
    _, refused = bring(str(export), "--format", "talkwalker")
    assert refused.exit_code == 2
    assert "has no column for the text" in refused.stderr
    assert "Wording, When" in refused.stderr
    _, shown = bring("--format", "talkwalker", "--show-mapping")
    mine = tmp_path / "mine.yml"
    text = json.loads(shown.stdout)["mapping"]
    mine.write_text(
        text.replace("text: [content,", "text: [Wording, content,").replace("[published,", "[When, published,"),
        encoding="utf-8",
    )
    frame, done = bring(str(export), "--format", "talkwalker", "--mapping", str(mine))
    assert done.exit_code == 0, done.stderr
    assert frame["text"].tolist() == ["Aquilon en panne"]
    assert frame["published_at"].notna().all()


def test_the_command_line_comes_before_the_recipe(bring: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(lines({**TWEET, "cleaned": "Autre texte"}), encoding="utf-8")
    frame, _ = bring(str(file), "--format", "twscrape", "--map", "text=cleaned", "--map", "kind==comment")
    assert frame[["text", "kind"]].to_numpy().tolist() == [["Autre texte", "comment"]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns: {foo: [a]}\n", "a mention has no field “foo”"),
        ("columns: {text: [a]}\nextract: {native_id: {column: url, pattern: '('}}\n", "is no regular expression"),
        ("columns: {text: [a]}\nextract: {native_id: {column: url, pattern: 'a'}}\n", "has 0 groups"),
        ("columns: {text: [a]}\nsurprise: 1\n", "surprise"),
        ("columns: [", "mine.yml:"),
        ("columns: {text: [a]}\nmeanings:\n  kind:\n    a: [1]\n", "mine.yml:4: meanings.kind.a"),
    ],
)
def test_a_mistake_in_a_recipe_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_recipe(file=file)
    assert says in caught.value.message
    assert "mine.yml" in caught.value.message


def test_a_recipe_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file") as caught:
        load_recipe(file=tmp_path / "none.yml")
    assert "--show-mapping" in caught.value.hint


def test_every_recipe_that_ships_can_be_read_and_is_named_in_the_documentation() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert len(RECIPES) >= 10
    for name in RECIPES:
        recipe = load_recipe(name)
        assert {"title", "text"} & set(recipe.fields), name
        assert recipe.note, name
        assert f"`{name}`" in docs, name


def test_a_file_of_no_known_kind() -> None:
    assert reader_of(Path("x.CSV.gz")) == "csv"
    with pytest.raises(UsageError, match="is of no kind"):
        reader_of(Path("x.pdf"))


@pytest.mark.shared_data
@pytest.mark.skipif(not REPLIES.is_dir(), reason="the public data sets are not beside the checkout")
def test_real_replies_of_newsapi_lose_no_row(bring: Callable[..., Any]) -> None:
    files = sorted((REPLIES / "newsapi").rglob("*.json"))
    rows = sum(len(json.loads(file.read_text(encoding="utf-8")).get("articles", [])) for file in files)
    _, done = bring(*map(str, files), "--format", "newsapi")
    told = json.loads(done.stdout)
    assert (told["read"], told["refused"]) == (rows, 0)
