from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from veille.bulletin import compose, write_audiences
from veille.bulletin.marking import RULES, of_messages, of_strategy, of_subjects, top
from veille.bulletin.marks import mark
from veille.bulletin.material import collect
from veille.bulletin.own_words import without_hidden_words
from veille.bulletin.types import Marking
from veille.masking import CONFIDENTIAL
from veille.store import Store
from veille.watch import load_watch

CLEAR, AMBER, STRICT = Marking.CLEAR, Marking.AMBER, Marking.AMBER_STRICT


@pytest.fixture(scope="module")
def composed(world):
    return compose(world.watch, world.store, world.as_of, world.period, run_id="run", language="fr")


@pytest.fixture(scope="module")
def material(world):
    return collect(world.watch, world.store, world.as_of, world.period)


def test_markings_are_ordered_from_anybody_to_nobody():
    assert [marking.rank for marking in Marking] == [0, 1, 2, 3, 4]
    assert [marking.value for marking in Marking] == ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]


def test_the_table_in_the_docs_is_the_one_of_the_rules():
    docs = (Path(__file__).parents[2] / "docs" / "watch.md").read_text(encoding="utf-8")
    listed = [line for line in docs.split("\n## audiences\n", 1)[1].split("\n## ", 1)[0].splitlines() if line.startswith("| ")]
    assert listed[1:] == [f"| {name} | `{rule.marking.value}` | {rule.reason} |" for name, rule in RULES.items()]


def test_a_composed_bulletin_is_marked_by_the_rules(composed):
    # One of its quotations hides a confidential term.
    assert composed.marking is top(composed) is STRICT
    assert {signal.marking for signal in (*composed.signals, *composed.weak_signals)} == {AMBER}
    assert {decision.marking for decision in composed.decisions} == {AMBER}
    assert {item.marking for item in composed.followup} == {AMBER}
    assert {source.marking for source in composed.method.sources} == {AMBER}
    assert {relay.marking for relay in composed.relays} == {CLEAR}
    assert {tile.name: tile.marking for tile in composed.tiles}["share_of_voice"] is AMBER
    assert {tile.marking for tile in composed.tiles if tile.name != "share_of_voice"} == {CLEAR}
    assert {finding.marking for finding in composed.findings if finding.signal_id} <= {AMBER}


def test_what_is_said_of_a_competitor_alone_shows_that_it_is_watched(composed):
    by_title = {topic.title: topic.marking for topic in composed.topics}
    assert by_title["Portes ouvertes sur la ligne 4"] is CLEAR
    assert by_title["Rivale en grève"] is AMBER
    rival = next(signal for signal in composed.signals if signal.role == "competitor")
    assert {composed.evidence[one].marking for one in rival.evidence} == {AMBER}
    own = next(signal for signal in composed.signals if signal.role == "self")
    for one in (composed.evidence[name] for name in own.evidence):
        assert one.marking is (STRICT if CONFIDENTIAL in one.quote else CLEAR)
    assert CLEAR in {composed.evidence[name].marking for name in own.evidence}


def test_a_leak_and_all_that_rests_on_it_is_for_those_who_must_act(world, composed, material):
    signals = material.signals.assign(kind=material.signals["kind"].where(material.signals["signal_id"] != "s1", "leak"))
    leak = tuple(one.model_copy(update={"kind": "leak"}) if one.signal_id == "s1" else one for one in composed.signals)
    changed = vars(material) | {"signals": signals}
    changed.pop("topic_stories", None)
    told = mark(composed.model_copy(update={"signals": leak}), world.watch, type(material)(**changed))
    signal = next(one for one in told.signals if one.signal_id == "s1")
    assert signal.marking is STRICT
    assert {told.evidence[one].marking for one in signal.evidence} == {STRICT}
    assert {one.marking for one in told.decisions if "s1" in one.signal_ids} == {STRICT}
    assert {one.marking for one in told.findings if one.signal_id == "s1"} == {STRICT}
    assert {one.marking for one in told.topics if one.topic_id == signal.topic_id} == {STRICT}
    assert told.marking is STRICT
    assert told.before_marking is AMBER


def test_what_hides_a_confidential_term_says_that_there_is_one(world, composed, material):
    name, quoted = next(iter(composed.evidence.items()))
    evidence = composed.evidence | {name: quoted.model_copy(update={"quote": f"le {CONFIDENTIAL} avance"})}
    relays = tuple(one.model_copy(update={"name": CONFIDENTIAL}) for one in composed.relays)
    topics = tuple(one.model_copy(update={"words": ("mot", CONFIDENTIAL)}) for one in composed.topics)
    told = mark(composed.model_copy(update={"evidence": evidence, "relays": relays, "topics": topics}), world.watch, material)
    assert told.evidence[name].marking is STRICT
    assert {one.marking for one in (*told.relays, *told.topics)} == {STRICT}


def test_the_name_that_a_person_gave_a_topic_is_the_organisations_own(world, composed, material):
    event = {
        "event_id": "e9", "at": world.as_of, "by": "ana", "act": "rename", "topic_id": "t2", "others": [], "note": "Nuit",
    }  # fmt: skip
    events = pd.concat([material.topic_events, pd.DataFrame([event])], ignore_index=True)
    changed = vars(material) | {"topic_events": events}
    changed.pop("topic_stories", None)
    told = mark(composed, world.watch, type(material)(**changed))
    assert {one.topic_id: one.marking for one in told.topics}["t2"] is AMBER


def test_a_watch_may_say_otherwise(world):
    watch = world.watch
    subject = watch.subjects[1].model_copy(update={"tlp": "TLP:CLEAR"})
    assert of_subjects(watch)["rivale"] is AMBER
    assert of_subjects(watch.model_copy(update={"subjects": (watch.subjects[0], subject)}))["rivale"] is CLEAR
    decision = watch.strategy.decisions[0].model_copy(update={"tlp": "TLP:RED"})
    secret = watch.model_copy(update={"strategy": watch.strategy.model_copy(update={"decisions": (decision,)})})
    assert of_strategy(secret)["d1"] is Marking.RED
    told = compose(secret, world.store, world.as_of, world.period, run_id="run", language="fr")
    assert {one.marking for one in told.decisions if one.decision_id == "d1"} == {Marking.RED}
    assert {effect.marking for one in told.signals for effect in one.effects if effect.id == "d1"} == {Marking.RED}
    assert told.marking is Marking.RED


def test_an_answer_is_for_its_audience(world):
    model = type(world.watch).model_fields["messages"].annotation.__args__[0]
    messages = tuple(
        model(id=f"m{number}", question="?", answer="!", audience=audience)
        for number, audience in enumerate(("public", "direction", "comex", "nobody"))
    )
    watch = world.watch.model_copy(
        update={"messages": messages, "audiences": {"direction": "TLP:AMBER", "comex": "TLP:RED", "public": "TLP:CLEAR"}}
    )
    assert list(of_messages(watch).values()) == [CLEAR, AMBER, Marking.RED, AMBER]


def test_a_hidden_term_keeps_its_item_from_an_audience_and_not_the_audience_from_its_page(world, tmp_path):
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.folder, folder)
    (folder / "terms.txt").write_text("Bus de nuit\nprojet Boréal\n", encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    told = compose(watch, store, world.as_of, world.period, run_id="run", language="fr")
    hidden = [topic for topic in told.topics if CONFIDENTIAL in topic.title]
    assert {topic.marking for topic in hidden} == {STRICT}
    made = write_audiences(watch, store, [told], tmp_path)
    assert made.refused == {}
    direction = json.loads((tmp_path / "audiences" / "direction" / "bulletin.json").read_text(encoding="utf-8"))
    assert direction["topics"]
    assert direction["level"] is not None
    assert CONFIDENTIAL not in json.dumps(direction, ensure_ascii=False)


def test_a_word_that_hides_a_term_is_left_out_and_its_topic_stays(bulletin):
    listed = bulletin.topics[0].model_copy(update={"words": ("mot", f"le {CONFIDENTIAL}"), "named": (CONFIDENTIAL, "CGT")})
    left = without_hidden_words(bulletin.model_copy(update={"topics": (listed,)})).topics[0]
    assert (left.words, left.named) == (("mot",), ("CGT",))
    assert left.title == listed.title
