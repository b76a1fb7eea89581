"""What a watch says once it is read: defaults, paths, identity and what cannot be changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from veille.errors import WatchError
from veille.watch import Publish, Role, SourceSpec, Tlp, Watch, load_watch

MINIMAL = "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n"


def load(folder: Path, text: str) -> Watch:
    file = folder / "watch.yml"
    file.write_text(text, encoding="utf-8")
    return load_watch(file)


def test_three_keys_are_enough(tmp_path: Path) -> None:
    watch = load(tmp_path, MINIMAL)
    assert watch.languages == ("fr",)
    assert watch.timezone == "Europe/Paris"
    assert watch.subjects[0].role is Role.SELF
    assert watch.subjects[0].name == "a"
    assert watch.delivery.publish is Publish.REVIEW
    assert watch.detection.windows_days == (1, 3, 7)
    assert sum(watch.detection.score_weights.model_dump().values()) == pytest.approx(1)
    assert set(watch.escalation) == {1, 2, 3, 4}
    assert watch.escalation[4].send_within == dt.timedelta(minutes=15)
    assert watch.strategy.items == ()
    assert watch.confidential_path is None


def test_paths_start_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = load(tmp_path, MINIMAL + "store: /abs/store\nreports: out\nconfidential: {terms_file: t.txt}\n")
    assert watch.file == tmp_path / "watch.yml"
    assert watch.folder == tmp_path
    assert watch.store_path == Path("/abs/store")
    assert watch.state_path == tmp_path / "data/state"
    assert watch.reports_path == tmp_path / "out"
    assert watch.confidential_path == tmp_path / "t.txt"
    monkeypatch.chdir(tmp_path)
    assert load_watch("watch.yml").state_path == Path("data/state")


def test_an_escalation_level_keeps_what_it_leaves_out(tmp_path: Path) -> None:
    watch = load(tmp_path, MINIMAL + "escalation:\n  3: {to: [me], via: [URL]}\n  '2': {send_within: 2h}\n")
    assert watch.escalation[3].to == ("me",)
    assert watch.escalation[3].decide_within == dt.timedelta(hours=4)
    assert watch.escalation[2].send_within == dt.timedelta(hours=2)
    assert watch.escalation[2].to == ("head_of_communication",)
    assert list(watch.escalation) == [1, 2, 3, 4]


def test_default_recipients_need_not_be_people(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL + "people: [{id: me}]\n").escalation[1].to == ("analyst",)
    assert load(tmp_path, MINIMAL + "people: [{id: me}]\nescalation: {3: {send_within: 30m}}\n").escalation[3].to


def test_hash_follows_content_not_layout(tmp_path: Path) -> None:
    first = load(tmp_path, MINIMAL).config_sha256
    assert len(first) == 64
    assert load(tmp_path, "# note\nsubjects:\n- query: a\n  id: a\norganisation: 'A'\nwatch: a\n").config_sha256 == first
    assert load(tmp_path, MINIMAL + "timezone: Europe/Paris\n").config_sha256 == first
    assert load(tmp_path, MINIMAL + "detection: {min_stories: 4}\n").config_sha256 != first
    assert load(tmp_path, MINIMAL.replace("query: a", "query: b")).config_sha256 != first


def test_lookups(tmp_path: Path) -> None:
    watch = load(tmp_path, MINIMAL + "sources: [{id: s, type: import}]\npeople: [{id: me, name: Moi}]\n")
    assert watch.subject("a").query == "a"
    assert watch.source("s").grade == "F"
    person = watch.person("me")
    assert person is not None
    assert person.name == "Moi"
    assert watch.person("you") is None
    for lookup in (watch.subject, watch.source):
        with pytest.raises(KeyError):
            lookup("none")


def test_nothing_can_be_changed(tmp_path: Path) -> None:
    watch = load(tmp_path, MINIMAL)
    for model, name in ((watch, "watch"), (watch.subjects[0], "query"), (watch.detection, "min_stories")):
        with pytest.raises(ValidationError):
            setattr(model, name, "x")


def test_an_empty_section_counts_as_left_out(tmp_path: Path) -> None:
    watch = load(tmp_path, MINIMAL + "sources:\ndetection:\npeople: []\ndelivery: {mail: }\n")
    assert watch.sources == ()
    assert watch.detection.min_stories == 3


def test_values_are_read_as_what_they_are(tmp_path: Path, example: str) -> None:
    watch = load(tmp_path, example)
    assert watch.hours.office.days == (1, 2, 3, 4, 5)
    assert str(watch.hours.office) == "Mon,Tue,Wed,Thu,Fri 09:00-18:00"
    assert watch.hours.ring.start == dt.time(7)
    assert watch.delivery.publish_at.day == 1
    assert str(watch.delivery.publish_at) == "Mon 08:30"
    assert watch.audiences["direction"] is Tlp.AMBER
    assert [tlp.rank for tlp in Tlp] == [0, 1, 2, 3, 4]
    away = next(person for person in watch.people if person.id == "dircom")
    assert [away.is_away(dt.date(2026, 12, day)) for day in (23, 24, 31)] == [False, True, True]
    assert watch.strategy.decisions[0].due == dt.date(2026, 12, 15)
    assert [item.id for item in watch.strategy.items] == ["o1", "d1", "r1"]


@pytest.mark.parametrize(
    ("office", "days"),
    [("Sat-Mon 10:00-12:00", (1, 6, 7)), ("Mon,Wed,Fri 10:00-12:00", (1, 3, 5)), ("Sun 10:00-12:00", (7,))],
)
def test_office_days(tmp_path: Path, office: str, days: tuple[int, ...]) -> None:
    assert load(tmp_path, MINIMAL + f'hours: {{office: "{office}"}}\n').hours.office.days == days


def test_subjects_carry_their_query_read(tmp_path: Path) -> None:
    subject = load(tmp_path, MINIMAL).subjects[0]
    assert subject.predicate.text == "a"


def test_a_source_that_costs_money_is_asked_only_where_that_is_written() -> None:
    keys = {"id": "x", "type": "x", "queries": ["a"], "token": "X_TOKEN", "posts_a_month": 100}
    assert not SourceSpec.model_validate(keys).enabled
    assert not SourceSpec.model_validate({**keys, "enabled": None}).enabled
    assert SourceSpec.model_validate({**keys, "enabled": True}).enabled
    assert SourceSpec.model_validate({**keys, "type": "bluesky", "user": "U"}).enabled


def test_autonomy_keeps_what_it_leaves_out_and_asks_whom_escalation_tells(tmp_path: Path) -> None:
    told = (
        MINIMAL + "escalation:\n  3: {to: [me], send_within: 30m}\nautonomy:\n  '2': {alone: [courtesy]}\n  4: {ask: [boss]}\n"
    )
    watch = load(tmp_path, told)
    assert list(watch.autonomy) == [0, 1, 2, 3, 4]
    assert watch.autonomy[2].alone == ("courtesy",)
    assert watch.autonomy[2].ask == watch.autonomy[0].ask == ("head_of_communication",)
    assert (watch.autonomy[3].ask, watch.autonomy[3].within) == (("me",), dt.timedelta(minutes=30))
    assert (watch.autonomy[4].ask, watch.autonomy[4].alone) == (("boss",), ())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("autonomy: {5: {}}\n", "5"),
        ("autonomy: {3: {alone: [anything]}}\n", "anything"),
        ("people: [{id: me}]\nautonomy: {3: {ask: [me, nobody]}}\n", r"autonomy\.3\.ask\[2\]: “nobody”"),
    ],
)
def test_autonomy_that_cannot_be_kept_is_refused(tmp_path: Path, told: str, said: str) -> None:
    with pytest.raises(WatchError, match=said):
        load(tmp_path, MINIMAL + told)
