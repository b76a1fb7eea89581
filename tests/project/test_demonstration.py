"""The demonstration tells its story: the crisis first, the surge as no alarm, each quotation from the store."""

from __future__ import annotations

import gzip
import html
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from lxml import html as markup

from tests.project.recomputed import recompute
from veille.folding import fold_text
from veille.masking import mask
from veille.mention import MENTIONS
from veille.quotation import without_addresses
from veille.store import Store
from veille.watch import confidential_terms, load_watch

DEMO = Path(__file__).parent.parent.parent / "data" / "demo"
WEEK = "2026-W47"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the demonstration with its newest edition, made by the commands that `make report` runs."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("store", "state", "reports", "texts", "builder"))
    maps = [f"--map={field}={field}" for field in ("source", "source_type", "gathered_at")]
    for arguments in (
        ["import", str(folder / "mentions.jsonl.gz"), "--format", "jsonl", *maps],
        ["edition", "--week", WEEK, "--as-of", "2026-11-23T06:30"],
    ):
        command = [sys.executable, "-m", "veille", *arguments, "--watch", str(folder / "watch.yml")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 3), done.stderr
    return folder


@pytest.fixture(scope="module")
def bulletin(made: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((made / "reports" / "aquilon" / WEEK / "bulletin.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def truth(made: Path) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((made / "truth.yml").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def hidden(made: Path, truth: dict[str, Any]) -> dict[str, set[str]]:
    """Return the mention ids of each thing that is hidden in the data."""
    stored = Store(load_watch(made / "watch.yml")).load(MENTIONS, ["mention_id", "native_id", "url"])
    by_native = dict(zip(stored["native_id"], stored["mention_id"], strict=True))
    by_url = dict(zip(stored["url"], stored["mention_id"], strict=True))
    found: dict[str, set[str]] = {}
    for name in ("crisis", "crisis_rumour", "weak_signal", "positive_surge", "competitor_crisis", "vote", "leak"):
        ids = re.findall(r"[\w:/.@-]+", json.dumps(truth[name], ensure_ascii=False))
        found[name] = {by_native[word] for word in ids if word in by_native} | {by_url[word] for word in ids if word in by_url}
        assert found[name], name
    return found


def test_the_three_most_asked_questions_are_the_planted_ones_answered_as_planted(
    made: Path, bulletin: dict[str, Any], truth: dict[str, Any]
) -> None:
    stored = Store(load_watch(made / "watch.yml")).load(MENTIONS, ["mention_id", "native_id"])
    native = dict(zip(stored["mention_id"], stored["native_id"], strict=True))
    told = [(one["status"], one["message_id"]) for one in bulletin["questions"][:3]]
    assert told == [("answered", "m-velo"), ("expired", "m-tarif-jeune"), ("unanswered", None)]
    for one, name in zip(bulletin["questions"], ("question_answered", "question_expired", "question_unanswered"), strict=False):
        assert {native[mention] for mention in one["evidence"]} <= {str(planted) for planted in truth[name]["mentions"]}
    # What is not answered is asked of somebody by name.
    assert all(bool(one["owner"]) == (one["status"] != "answered") for one in bulletin["questions"])


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium to print with")
@pytest.mark.parametrize("name", ["bulletin.html", "bulletin.en.html"])
def test_printed_it_is_one_page_and_at_most_four_of_details(made: Path, tmp_path: Path, name: str) -> None:
    page, printed = made / "reports" / "aquilon" / WEEK / name, tmp_path / "page.pdf"
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-sync",
    ]
    command = ["chromium", *flags, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes())) <= 5


def test_the_crisis_comes_first_at_level_3_or_4(bulletin: dict[str, Any], hidden: dict[str, set[str]]) -> None:
    first = bulletin["signals"][0]
    assert first["level"] >= 3
    assert re.search(r"vélo|batterie", first["title"], re.IGNORECASE)
    assert re.search(r"vélo|batterie", bulletin["headline"], re.IGNORECASE)
    of_crisis = hidden["crisis"] | hidden["crisis_rumour"]
    assert set(first["evidence"]) <= of_crisis
    assert datetime.fromisoformat(first["first_seen"]) < datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_the_positive_surge_is_no_alarm(bulletin: dict[str, Any], hidden: dict[str, set[str]]) -> None:
    for signal in [*bulletin["signals"], *bulletin["weak_signals"]]:
        assert not set(signal["evidence"]) & hidden["positive_surge"], signal["title"]


def test_the_vote_calls_the_bid_into_question(bulletin: dict[str, Any], hidden: dict[str, set[str]]) -> None:
    of_vote = [signal for signal in bulletin["signals"] if set(signal["evidence"]) & hidden["vote"]]
    effects = {(effect["id"], effect["effect"]) for signal in of_vote for effect in signal["effects"]}
    assert ("d1", "calls_into_question") in effects
    assert "d1" in [decision["decision_id"] for decision in bulletin["decisions"]]


def test_the_weak_signal_the_competitor_and_the_leak_are_told_for_what_they_are(
    bulletin: dict[str, Any], hidden: dict[str, set[str]]
) -> None:
    signals = [*bulletin["signals"], *bulletin["weak_signals"]]

    def about(name: str) -> list[dict[str, Any]]:
        return [signal for signal in signals if set(signal["evidence"]) & hidden[name]]

    assert [signal["kind"] for signal in about("weak_signal")] == ["weak"]
    assert {signal["role"] for signal in about("competitor_crisis")} == {"competitor"}
    assert "leak" in {signal["kind"] for signal in about("leak")}


def test_each_quotation_is_in_the_store(made: Path, bulletin: dict[str, Any]) -> None:
    watch = load_watch(made / "watch.yml")
    stored = Store(watch).load(MENTIONS).set_index("mention_id")
    terms = confidential_terms(watch)
    leaked = {cited for signal in bulletin["signals"] if signal["kind"] == "leak" for cited in signal["evidence"]}
    posed = {cited for signal in bulletin["signals"] if signal["kind"] == "impostor" for cited in signal["evidence"]}
    assert len(bulletin["evidence"]) > 20
    for mention_id, evidence in bulletin["evidence"].items():
        if mention_id in leaked:
            assert "confidentiel" in evidence["quote"]
            continue
        row = stored.loc[mention_id]
        said = [mask(" ".join(text.split()), terms) for text in (row["title"], row["text"])]
        # What an impostor says is quoted without the addresses it lures to.
        if mention_id in posed:
            said = [without_addresses(text) for text in said]
        quote = " ".join(evidence["quote"].split()).rstrip("…").strip()
        assert any(quote in text for text in said), (mention_id, quote)


@pytest.mark.parametrize("name", ["bulletin.html", "bulletin.en.html"])
def test_the_page_is_one_small_file_that_needs_nothing(made: Path, name: str) -> None:
    page = (made / "reports" / "aquilon" / WEEK / name).read_text(encoding="utf-8")
    assert len(page.encode()) <= 400_000
    assert not re.search(r"<script|javascript:|\son\w+\s*=|<link|<iframe|@import|url\((?!#)", page, re.IGNORECASE)
    assert not re.search(r'<(?:img|source|video|audio|embed|object)[^>]+src="(?!data:)', page)


def test_no_output_holds_the_confidential_name(made: Path) -> None:
    (term,) = confidential_terms(load_watch(made / "watch.yml"))
    name = fold_text(term.split()[-1])
    files = [file for file in sorted((made / "reports" / "aquilon" / WEEK).resolve().rglob("*")) if file.is_file()]
    assert len(files) > 10
    assert [file.name for file in files if name in fold_text(file.read_text(encoding="utf-8", errors="replace"))] == []


def test_no_output_holds_a_handle_even_in_an_address(made: Path) -> None:
    lines = gzip.decompress((made / "mentions.jsonl.gz").read_bytes()).splitlines()
    watch = load_watch(made / "watch.yml")
    own = {account.handle.removeprefix("@").split("@")[0] for account in watch.accounts} | set(watch.privacy.public_authors)
    handles = {str(row["author"]) for row in map(json.loads, lines) if row.get("author")} - own
    assert len(handles) > 100
    for file in sorted((made / "reports" / "aquilon" / WEEK).resolve().rglob("*")):
        if file.is_file():
            named = set(re.findall(r"(?<=[@/])\w[\w.-]*", file.read_text(encoding="utf-8", errors="replace")))
            assert named & handles == set(), file.name


def test_the_publics_files_hold_nothing_internal(made: Path, bulletin: dict[str, Any]) -> None:
    watch = yaml.safe_load((made / "watch.yml").read_text(encoding="utf-8"))
    edition = (made / "reports" / "aquilon" / WEEK).resolve()
    files = {path.name: path.read_bytes() for path in sorted((edition / "audiences" / "public").iterdir())}
    assert {"bulletin.html", "bulletin.en.html", "bulletin.json", "mail.html", "mail.txt", "figures.csv"} <= set(files)
    told = {
        name: " ".join(re.findall(r"\w+", fold_text(html.unescape(content.decode("utf-8", "replace")))))
        for name, content in files.items()
    }
    strategy = [item for part in watch["strategy"].values() for item in part]
    internal = [
        *(item["title"] for item in strategy), *(text for item in strategy for text in item.get("assumptions", ())),
        *(rule["title"] for rule in watch["rules"]), *(rule["duty"] for rule in watch["rules"]),
        *(person["name"] for person in watch["people"]), *watch["delivery"]["readers"], *watch["delivery"]["failures"],
        *(item["title"] for item in watch["calendar"] if "tlp" not in item),
        *(item[key] for item in watch["messages"] if item["audience"] != "public" for key in ("id", "question", "answer")),
        "DIR_URL", "DIR_SMS_URL", "Rivale Mobilités", "TLP:AMBER", "TLP:RED", "confidentiel", "fdr_level", "score_level_3",
        *(signal["title"] for signal in bulletin["signals"] if signal["kind"] == "leak"),
        *(signal["signal_id"] for signal in [*bulletin["signals"], *bulletin["weak_signals"]]),
        *(decision["ask"] for decision in bulletin["decisions"]), bulletin["headline"],
    ]  # fmt: skip
    for text in internal:
        # What is long is looked for by its beginning too: titles are cut short.
        words = re.findall(r"\w+", fold_text(text))
        for part in {" ".join(words), " ".join(words[:5])}:
            assert [name for name, content in told.items() if f" {part} " in f" {content} "] == [], text
    page = json.loads(files["bulletin.json"])
    assert (page["marking"], page["level"], page["audience"]) == ("TLP:CLEAR", None, "public")
    assert len(page["topics"]) > 4
    assert len(page["evidence"]) > 8
    # The direction reads all, the leak too.
    direction = json.loads((edition / "audiences" / "direction" / "bulletin.json").read_bytes())
    assert direction["marking"] == bulletin["marking"] == "TLP:AMBER+STRICT"
    assert direction["signals"] == bulletin["signals"]


NUMBER = re.compile(r"\d+(?:[  \u202f]\d{3})*")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”")


def _numbers(element: Any) -> list[int]:
    """Return the numbers an element shows, those of quoted titles and of days and hours left out."""
    for moment in element.xpath(".//time"):
        moment.drop_tree()
    return [int(re.sub(r"\D", "", found)) for found in NUMBER.findall(QUOTED.sub("", element.text_content()))]


@pytest.mark.parametrize("name", ["bulletin.html", "bulletin.en.html"])
def test_every_number_of_page_one_is_that_of_the_tables(made: Path, bulletin: dict[str, Any], name: str) -> None:
    told = recompute(made, "2026-11-16", "2026-11-23T06:30")
    page = markup.document_fromstring((made / "reports" / "aquilon" / WEEK / name).read_text(encoding="utf-8"))
    facts = page.xpath("//dl[@class='facts']/div/dd")
    assert [number for fact in facts[1:3] for number in _numbers(fact)] == told.band
    main = page.get_element_by_id("page-1")
    signals = told.signals.set_index("signal_id")
    shown = [signals.loc[finding["signal_id"]] for finding in bulletin["findings"]]
    asked = [signals.loc[decision["signal_ids"][0]] for decision in bulletin["decisions"]]
    first = min(datetime.fromisoformat(decision["due"]) for decision in bulletin["decisions"]).astimezone(
        ZoneInfo("Europe/Paris")
    )

    (scale,) = main.xpath(".//*[@class='level-number']")
    assert _numbers(scale) == [told.level, 4]
    (lead,) = main.xpath(".//*[@class='lead']")
    moment = [first.day, first.hour, first.minute]
    assert _numbers(lead) == [told.level, told.level_before, told.other_new_signals, len(asked), *moment]
    waiting = [_numbers(line) for line in main.xpath(".//*[@class='waiting']")]
    assert waiting == [[row["stories"] if row["kind"] == "leak" else row["publishers"]] for row in asked]
    values = [_numbers(line) for line in main.xpath(".//*[@class='value']")]
    assert values == [[row["stories"]] if row["kind"] == "leak" else [row["negative_stories"], row["stories"]] for row in shown]
    judged = [_numbers(line) for line in main.xpath(".//*[@class='judgement']")]
    # Growth in 7 days is told beside each finding where there is a word for one of them, else once, at the foot.
    spoken = any(not finding["probability_reason"] for finding in bulletin["findings"])
    horizon = [[7]] if spoken else []
    assert judged == [numbers for row in shown for numbers in (*horizon, [row["stories"], row["publishers"]])]
    lines = [_numbers(title) for title in main.xpath(".//*[local-name()='title']")]
    assert lines == [list(told.lines[row.name]) for row in shown if row.name in told.lines]
    tiles = main.xpath(".//*[@class='tile']")
    assert [_numbers(tile) for tile in tiles] == told.tiles
    # No other number stands on page 1.
    for element in [scale, lead, *tiles, *main.xpath(".//*[@class='waiting' or @class='value' or @class='judgement']")]:
        element.drop_tree()
    for element in main.xpath(".//*[local-name()='svg']"):
        element.drop_tree()
    # The legend of probabilities tells figures of a replay, not of this week.
    for element in main.xpath("./p[contains(@class, 'legend')]"):
        element.drop_tree()
    assert _numbers(main) == [12] * len(lines)
