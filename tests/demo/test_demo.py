from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from ruamel.yaml import YAML
from sklearn.feature_extraction.text import HashingVectorizer

from veille.mention import Mention, MentionKind, mention_id
from veille.period import week
from veille.watch import load_watch

DEMO = Path(__file__).parents[2] / "data" / "demo"
PARIS = ZoneInfo("Europe/Paris")


def _shingles(text: str) -> frozenset[str]:
    sys.path.insert(0, str(DEMO))
    try:
        from builder.similar import shingles
    finally:
        sys.path.remove(str(DEMO))
    return shingles(text)


def _cosine(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / (len(left) * len(right)) ** 0.5


@pytest.fixture(scope="module")
def mentions() -> list[dict]:
    lines = gzip.decompress((DEMO / "mentions.jsonl.gz").read_bytes()).decode("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.fixture(scope="module")
def truth() -> dict:
    return YAML(typ="safe", pure=False).load((DEMO / "truth.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def named(mentions: list[dict]) -> dict[str, dict]:
    return {row["url"] if row["kind"] == "article" else row["native_id"]: row for row in mentions}


@pytest.fixture(scope="module")
def copies(truth: dict) -> set[str]:
    return {name for group in truth["copies"]["groups"] for name in group[1:]}


def _local_week(row: dict) -> str:
    year, number, _ = datetime.fromisoformat(row["published_at"]).astimezone(PARIS).isocalendar()
    return f"{year}-W{number:02d}"


def test_building_again_gives_the_committed_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(DEMO / "build.py"), "--out", str(tmp_path)], check=True, capture_output=True)
    for name in ("truth.csv", "truth.yml"):
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), f"{name}: run data/demo/build.py and commit"
    built, kept = ((folder / "mentions.jsonl.gz").read_bytes() for folder in (tmp_path, DEMO))
    # Another zlib may pack the same content into other bytes: the content is what must be the same.
    assert gzip.decompress(built) == gzip.decompress(kept), "mentions.jsonl.gz: run data/demo/build.py and commit"
    assert built[4:8] == kept[4:8] == bytes(4), "the gzip carries a time"


def test_it_is_large_enough_and_small_enough(mentions: list[dict]) -> None:
    assert len(mentions) >= 6000
    assert (DEMO / "mentions.jsonl.gz").stat().st_size < 2_500_000
    kinds = Counter(row["kind"] for row in mentions)
    assert set(kinds) <= set(MentionKind)
    for kind, least in {"article": 300, "post": 3000, "comment": 100, "review": 20, "repost": 300}.items():
        assert kinds[kind] >= least, kind


def test_weeks_are_complete_and_end_with_week_47(mentions: list[dict]) -> None:
    weeks = Counter(_local_week(row) for row in mentions if row["published_at"])
    assert min(weeks) == "2026-W30"
    assert max(weeks) == "2026-W47"
    assert len(weeks) >= 17
    assert min(weeks.values()) >= 100
    last = week("2026-W47", "Europe/Paris")
    assert all(row["published_at"] is None or datetime.fromisoformat(row["published_at"]) < last.end for row in mentions)


def test_every_line_is_a_mention_with_its_own_id(mentions: list[dict]) -> None:
    ids = set()
    for row in mentions:
        moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("published_at", "gathered_at")}
        assert moments["published_at"] is None or moments["published_at"] < moments["gathered_at"]
        ids.add(mention_id(Mention(**{**row, **moments})))
    assert len(ids) == len(mentions)


def test_days_are_over_dispersed(mentions: list[dict]) -> None:
    by_day = Counter(row["published_at"][:10] for row in mentions if row["published_at"])
    counts = list(by_day.values())
    mean = sum(counts) / len(counts)
    assert sum((count - mean) ** 2 for count in counts) / len(counts) > 3 * mean


def test_everything_hidden_is_there(truth: dict, named: dict[str, dict]) -> None:
    least = {
        "crisis": 150, "crisis_first": 1, "crisis_rumour": 10, "weak_signal": 8, "positive_surge": 40, "competitor_crisis": 30,
        "vote": 10, "leak": 2, "impostor": 3, "question_answered": 24, "question_expired": 24, "question_unanswered": 24,
        "same_picture": 5, "same_picture_everyday": 3, "arabic_and_darija": 25, "hostile": 30, "strike": 40, "ticketing": 25,
        "homonyms": 30, "spam": 30,
    }  # fmt: skip
    for name, count in least.items():
        names = truth[name]["mentions"]
        assert len(names) == truth[name]["count"] >= count, name
        assert set(names) <= set(named), name


def test_the_crisis_begins_on_thursday_morning_and_reaches_the_national_press(truth: dict, named: dict[str, dict]) -> None:
    rows = [named[name] for name in truth["crisis"]["mentions"]]
    moments = sorted(datetime.fromisoformat(row["published_at"]).astimezone(PARIS) for row in rows)
    assert moments[0].strftime("%Y-%m-%dT%H:%M")[:15] == "2026-11-19T07:3"
    assert moments[-1].date().isoformat() == "2026-11-22"
    national = [row for row in rows if row["source"] == "presse-nationale"]
    assert len({row["publisher"] for row in national}) == 3
    assert min(row["published_at"] for row in national) < "2026-11-20T12"


def test_the_weak_signal_is_weak_and_long(truth: dict, named: dict[str, dict]) -> None:
    weeks = Counter(_local_week(named[name]) for name in truth["weak_signal"]["mentions"])
    assert sorted(weeks) == [f"2026-W{number}" for number in range(43, 48)]
    assert max(weeks.values()) <= 5


def test_labelled_windows_are_in_the_form_of_replay(mentions: list[dict]) -> None:
    lines = (DEMO / "truth.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("event_id,subject,onset,end,kind")
    subjects = {subject.id for subject in load_watch(DEMO / "watch.yml").subjects}
    rows = [line.split(",") for line in lines[1:]]
    assert {row[1] for row in rows} <= subjects
    assert {row[4] for row in rows} == {"crisis", "not_crisis"}
    assert all(row[2] <= row[3] and int(row[5]) > 0 for row in rows)


def test_the_confidential_name_leaks_once_as_written_and_once_varied(truth: dict, named: dict[str, dict]) -> None:
    texts = [named[name]["text"] for name in truth["leak"]["mentions"]]
    assert sum("Projet Borée" in text for text in texts) == 1
    assert sum(bool(re.search(r"bor[eé]e", text, re.I)) for text in texts) == 2
    assert "Projet Borée" in (DEMO / "confidential-terms.txt").read_text(encoding="utf-8")


def test_the_impostor_looks_like_the_official_account(truth: dict, named: dict[str, dict], mentions: list[dict]) -> None:
    official = load_watch(DEMO / "watch.yml").accounts[0].handle.lstrip("@")
    false = {named[name]["author"] for name in truth["impostor"]["mentions"]}
    assert official not in false
    assert {handle.replace("I", "l") for handle in false} == {official}
    assert sum(row.get("author") == official for row in mentions) > 50


def test_watch_shows_one_expired_and_one_internal_answer_and_needs_no_secret() -> None:
    watch = load_watch(DEMO / "watch.yml")
    assert watch.privacy.key is None
    assert {str(message.valid_until) for message in watch.messages if message.valid_until} >= {"2026-08-31"}
    assert any(message.audience != "public" for message in watch.messages)
    assert (watch.store, watch.state, watch.reports) == ("store", "state", "reports")


def test_it_says_that_it_is_fictional() -> None:
    assert "FICTIONAL" in (DEMO / "watch.yml").read_text(encoding="utf-8").splitlines()[0]
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert "Everything here is fictional" in readme
    assert "Tout est fictif" in readme


def test_no_real_address_mail_or_phone(mentions: list[dict]) -> None:
    everything = "\n".join(json.dumps(row, ensure_ascii=False) for row in mentions)
    everything += "".join(path.read_text(encoding="utf-8") for path in (DEMO / "texts").glob("*.txt"))
    everything += (DEMO / "watch.yml").read_text(encoding="utf-8")
    hosts = set(re.findall(r"(?:https?|ldap)://([^/\s\"'<>:;)\\]+)", everything))
    assert {host for host in hosts if not host.endswith(".example")} <= {"[", "[:"}
    assert all(mail.endswith(".example") for mail in re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", everything))
    phones = re.findall(r"\b0[1-9](?: \d\d){4}\b", everything)
    assert phones
    assert all(phone.startswith("01 99 00 ") for phone in phones)


def test_handles_of_reposts_are_of_authors_in_the_data(mentions: list[dict]) -> None:
    authors = {row.get("author") for row in mentions}
    natives = {row["native_id"] for row in mentions}
    reposts = [row for row in mentions if row["kind"] == "repost"]
    assert all(row["parent_id"] in natives for row in reposts)
    quoted = {match[1] for row in reposts if (match := re.match(r"RT @(\S+) : ", row["text"]))}
    assert quoted <= authors


def test_wire_copies_and_reposts_are_near_identical(truth: dict, named: dict[str, dict]) -> None:
    groups = truth["copies"]["groups"]
    assert len(groups) > 150
    near = [
        _cosine(_shingles(named[group[0]]["text"]), _shingles(named[name]["text"])) for group in groups for name in group[1:]
    ]
    assert sum(value >= 0.75 for value in near) / len(near) > 0.97


def test_independent_mentions_are_not_near_identical(mentions: list[dict], truth: dict, copies: set[str]) -> None:
    loose = set(truth["spam"]["mentions"]) | set(truth["hostile"]["mentions"])
    skipped = copies | loose
    texts = [row["text"] for row in mentions if (row["url"] if row["kind"] == "article" else row["native_id"]) not in skipped]
    counter = HashingVectorizer(analyzer=_shingles, binary=True, alternate_sign=False, norm="l2", n_features=2**16)
    vectors = counter.transform(texts).tocsr()
    near = 0
    for start in range(0, len(texts), 500):
        likeness = (vectors[start : start + 500] @ vectors.T).toarray()
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = 0
        near += int((likeness.max(axis=1) >= 0.7).sum())
    assert near / len(texts) < 0.05
