"""Names: read once a text and version, the watch's own always, one form for many spellings, nobody made of nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.mention import MENTIONS
from veille.period import Period, week
from veille.reading import READINGS
from veille.reading.entities import EntityKind, english, find, french, lists, named, rules
from veille.reading.entities.variants import merged
from veille.reading.texts import mention_texts, text_hashes
from veille.store import Store
from veille.watch import Watch

AS_OF = datetime(2026, 11, 23, 6, tzinfo=UTC)
PERIOD = week("2026-W47", "Europe/Paris")
WATCH = """\
watch: aquilon
organisation: Aquilon Mobilités
subjects:
  - {id: aquilon, name: Aquilon Mobilités, role: self, query: 'aquilon OR mobilites'}
  - {id: rivale, name: Rivale, role: competitor, query: rivale}
  - {id: secteur, name: Transports publics, role: sector, query: transports}
people: [{id: dg, name: Direction générale}, {id: dircom, name: Claire Martin}]
"""
TEXTS = [
    "Le maire de Nantes, Julien Besson, critique Aquilon",
    "Julien Besson maintient ses critiques, selon Ouest-France",
    "M. Besson ne répond plus",
    "شركة aquilon لا تجيب",
    "the rivale bus is late again and Claire Martin says nothing",
    "rien à dire des transports",
]


@pytest.fixture
def watch(make_watch: Callable[[str], Watch]) -> Watch:
    return make_watch(WATCH)


@pytest.fixture
def told(watch: Watch, store: Store) -> pd.DataFrame:
    """Store one mention of the week a text, as if they had been read."""
    frame = pd.DataFrame({"title": "", "text": TEXTS})
    frame["mention_id"] = [f"m{number}" for number in range(len(TEXTS))]
    frame["published_at"] = [PERIOD.start + timedelta(hours=5 * number) for number in range(len(TEXTS))]
    frame["subjects"] = [["aquilon"]] * 5 + [[]]
    store.merge(MENTIONS, MENTIONS.check(frame.assign(source="s", source_type="rss", kind="article", language_declared="fr")))
    lead = mention_texts(frame)["lead"]
    seen = pd.DataFrame({"mention_id": frame["mention_id"], "text_hash": text_hashes(lead), "story_id": frame["mention_id"]})
    seen["language"] = ["fr", "fr", "fr", "ar", "en", "fr"]
    seen = seen.assign(version="v", language_probability=1.0, story_similarity=1.0, tone="not_read")
    store.merge(READINGS, READINGS.check(seen))
    return frame


@pytest.mark.usefixtures("told")
def test_who_is_named_has_one_form_and_the_watch_s_names_their_kind_in_every_language(watch: Watch, store: Store) -> None:
    result = find(watch, store, AS_OF, PERIOD)
    assert (result.read, result.reused, result.left) == (5, 0, 0)
    who = named(watch, store, [f"m{number}" for number in range(6)])
    pairs = {(row.mention_id, row.name, row.kind) for row in who.itertuples()}
    assert {("m0", "Julien Besson", "person"), ("m1", "Julien Besson", "person"), ("m2", "Julien Besson", "person")} <= pairs
    assert ("m0", "Nantes", "place") in pairs
    assert {(mention, "Aquilon Mobilités", "organisation") for mention in ("m0", "m3")} <= pairs
    assert ("m4", "Rivale", "organisation") in pairs
    assert ("m4", "Claire Martin", "person") in pairs
    assert set(who["mention_id"]) <= {"m0", "m1", "m2", "m3", "m4"}
    assert who.loc[who["own"], "name"].isin(["Aquilon Mobilités", "Rivale", "Claire Martin"]).all()


@pytest.mark.usefixtures("told")
def test_only_new_work_is_done_and_nothing_is_written_again(watch: Watch, store: Store) -> None:
    find(watch, store, AS_OF, PERIOD)
    files = sorted(path.name for path in watch.store_path.rglob("*.json"))
    again = find(watch, store, AS_OF, PERIOD)
    assert (again.read, again.reused) == (0, 5)
    assert sorted(path.name for path in watch.store_path.rglob("*.json")) == files


@pytest.mark.usefixtures("told")
def test_a_call_is_bounded_and_the_rest_follows(watch: Watch, store: Store) -> None:
    first = find(watch, store, AS_OF, PERIOD, most=2)
    assert (first.read, first.left) == (2, 3)
    assert find(watch, store, AS_OF, PERIOD).read == 3


@pytest.mark.usefixtures("told")
def test_what_came_later_and_what_is_not_asked_is_not_read(watch: Watch, store: Store) -> None:
    early = PERIOD.start + timedelta(hours=7)
    assert find(watch, store, early, PERIOD).read == 2
    assert find(watch, store, AS_OF, PERIOD, ["m5"]).read == 1


@pytest.mark.usefixtures("told")
def test_another_name_in_watch_yml_is_another_version(watch: Watch, store: Store, make_watch: Callable[[str], Watch]) -> None:
    find(watch, store, AS_OF, PERIOD)
    other = make_watch(WATCH.replace("name: Rivale,", "name: Rivale Express,"))
    assert find(other, store, AS_OF, PERIOD).read == 5


def test_a_week_without_mentions_gives_nothing(watch: Watch, store: Store) -> None:
    result = find(watch, store, AS_OF, Period(PERIOD.first, PERIOD.last, PERIOD.timezone))
    assert (result.read, result.left) == (0, 0)
    assert named(watch, store, ["nobody"]).empty


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("E-commerce : jusqu’où ?", []),
        ("Climat : qu’est-ce qui change", []),
        ("Les Français et les Russes", []),
        ("la SNCF", [("SNCF", "organisation")]),
        ("Le Monde l’écrit", [("Le Monde", "organisation")]),
        ("Deliveroo condamné", [("Deliveroo", "organisation")]),
        ("à Côte d’Ivoire, en Corée du\u00a0Nord", [("Côte d'Ivoire", "place"), ("Corée du Nord", "place")]),
    ],
)
def test_french(text: str, spans: list[tuple[str, str]]) -> None:
    assert [(span.name, span.kind.value) for span in french.names([text])[0]] == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Yesterday Larry Davies said no", [("Larry Davies", "person")]),
        ("Mr Okafor resigned", [("Okafor", "person")]),
        ("Northwind Water Group pays", [("Northwind Water Group", "organisation")]),
        ("WHO says", [("WHO", "organisation")]),
        ("Who says", []),
        ("WHO ON EARTH SAYS THIS IN PARIS", [("PARIS", "place")]),
        ("I love Mondays", []),
        ("the google app", [("google", "organisation")]),
        ("an orange juice", []),
    ],
)
def test_english(text: str, spans: list[tuple[str, str]]) -> None:
    assert [(span.name, span.kind.value) for span in english.names([text])[0]] == spans


def test_spans_point_into_the_text() -> None:
    text = "À Lyon, l’ancien maire Gérard Collomb rejoint la SNCF et le Conseil d’État"
    plain = rules.straight(text)
    assert len(plain) == len(text)
    for span in french.names([text])[0]:
        assert plain[span.start : span.end] == span.name


def test_variants_of_a_surname_follow_the_one_who_is_named_in_full() -> None:
    def row(name: str, kind: str = "person", own: bool = False) -> dict[str, object]:
        return {"canonical": name, "kind": kind, "own": own}

    frame = pd.DataFrame(
        [row("Macron"), row("Emmanuel Macron"), row("MACRON"), row("Martin"), row("Anne Martin"), row("Paul Martin")]
    )
    told = merged(frame)["canonical"].tolist()
    assert told[:3] == ["Emmanuel Macron"] * 3
    # Two persons of that name are named as often: the surname alone is neither.
    assert told[3] == "Martin"
    mixed = pd.DataFrame([row("Azov", "place"), row("Azov", "place"), row("Azov", "organisation")])
    assert merged(mixed)["kind"].unique().tolist() == ["place"]
    decided = pd.DataFrame([row("Rivale", "organisation", own=True), *[row("Rivale", "place")] * 5])
    assert merged(decided)["kind"].unique().tolist() == ["organisation"]


def test_the_model_is_imported_only_where_names_are_read() -> None:
    code = "import sys, veille.reading, veille.reading.entities; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_no_listed_name_is_a_word_that_names_nobody() -> None:
    single = {first for first, items in lists.known().items() for item in items if len(item.words) == 1 and not item.acronym}
    assert single & lists.not_names() <= lists.ambiguous() | {"renaissance"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=3))
def test_hostile_text_never_raises(texts: list[str]) -> None:
    for read_names in (french.names, english.names):
        spans = read_names(texts)
        assert len(spans) == len(texts)
        for text, row in zip(texts, spans, strict=True):
            assert all(0 <= span.start < span.end <= len(text) and span.kind is not EntityKind.NONE for span in row)


@pytest.mark.parametrize("text", ["A-" * 140, "Union " * 46, "Le " * 93, "a.b." * 70, "Conseil de la " * 20, "M. " * 90])
def test_rules_are_quick_on_what_is_made_to_be_slow(text: str) -> None:
    begun = datetime.now(UTC)
    rules.certain(text)
    english.names([text])
    assert datetime.now(UTC) - begun < timedelta(seconds=1)
