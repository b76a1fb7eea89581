# ruff: noqa: E501 - one record a line reads better than one field a line
"""A rich bulletin made by hand, a hostile one made from it, and a small watch with real tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from veille.bulletin.types import (
    Around,
    Bulletin,
    Day,
    Decision,
    Edition,
    Event,
    Evidence,
    Finding,
    Followup,
    Marking,
    Message,
    Method,
    Relay,
    Signal,
    SignalEffect,
    Source,
    Tile,
    Topic,
    Voice,
)  # fmt: skip
from veille.mention import MENTIONS
from veille.period import Period
from veille.period import week as week_of
from veille.reading.tables import READINGS
from veille.signals.tables import DETECTIONS, JOURNAL, SIGNALS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPICS
from veille.watch import Watch, load_watch

AS_OF = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CUTOFF = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"' onmouseover='x {{7*7}} {% raw %} ${x} $\\frac{1}{0}$ "
    "</style><style>*{display:none}</style> javascript:alert(1) \u202eevil\u202c \x00\x0b \ud800 &amp; é 漢字 עברית"
)


def _evidence(publisher: str, day: int, quote: str, language: str = "fr", **more: Any) -> Evidence:
    moment = datetime(2026, 11, day, 9, 30, tzinfo=UTC)
    return Evidence(
        publisher=publisher,
        published_at=moment,
        quote=quote,
        url=f"https://{publisher}/article-{day}",
        grade="B2",
        language=language,
        **more,
    )


def _signal(number: int, title: str, level: int, **more: Any) -> Signal:
    given: dict[str, Any] = {
        "signal_id": f"s{number}", "subject": "aquilon", "subject_name": "Aquilon Mobilités", "role": "self", "topic_id": f"t{number}",
        "title": title, "kind": "negative_emergence", "level": level,
        "level_reason": "score de 66, reprise par la presse avec une gravité au moins moyenne",
        "score": 66.0, "score_low": 58.0, "score_high": 73.0,
        "parts": {"gravity": 0.8, "responsibility": 0.6, "velocity": 0.9, "reach": None, "loaded_words": 0.4},
        "effects": (), "first_seen": datetime(2026, 11, 19, 7, 12, tzinfo=UTC), "detected_at": CUTOFF - timedelta(days=2),
        "sent_at": None, "due": AS_OF + timedelta(hours=4), "status": "open", "owner": "Claire Martin", "p_value": 1e-6,
        "expected_stories": 1.4, "stories": 14, "negative_stories": 11, "publishers": 6, "authors": 9, "mentions": 41,
        "new": True, "history": (1.0, 0.0, 2.0, 1.0, 1.0, 3.0, 0.0, 2.0, 1.0, 2.0, 2.0, 11.0), "evidence": ("m1", "m2", "m3"),
    }  # fmt: skip
    return Signal(**(given | more))


def _topic(number: int, title: str, stories: int, negative: int, before: int | None, **more: Any) -> Topic:
    given: dict[str, Any] = {
        "topic_id": f"t{number}", "title": title, "words": ("portes", "rame", "voyageurs", "ligne 4"), "stories": stories,
        "stories_before": before, "negative": negative, "read": stories, "change_pct": 100 * (stories - before) / before if before else None,
        "negative_share": negative / stories, "low": max(0.0, negative / stories - 0.12), "high": min(1.0, negative / stories + 0.12),
        "born": datetime(2026, 10, 1, tzinfo=UTC), "changed": f"{stories} récits, {before} la semaine précédente.",
        "unknown": ("Le ton de 3 récits n’a pu être lu.",), "evidence": ("m1", "m4"),
    }  # fmt: skip
    return Topic(**(given | more))


def _voice(subject: str, name: str, role: str, stories: int, before: int, negative: int, share: float, ill: float) -> Voice:
    return Voice(
        subject=subject, name=name, role=role, stories=stories, stories_before=before, negative=negative, read=stories, negative_share=ill,
        negative_low=ill - 0.12, negative_high=ill + 0.12, negative_change=None, share=share, share_low=share - 0.1, share_high=share + 0.1,
        share_change=-2.5,
    )  # fmt: skip


@pytest.fixture(scope="session")
def bulletin() -> Bulletin:
    """A week with an alert, in French, complete in every section."""
    line = (1.0, 0.0, 2.0, 1.0, 1.0, 3.0, 0.0, 2.0, 1.0, 2.0, 2.0, 11.0)
    evidence = {
        "m1": _evidence("ouest-france.fr", 19, "Une rame de la ligne 4 a roulé portes ouvertes pendant près d'une minute, selon plusieurs voyageurs."),
        "m2": _evidence("mastodon.social", 19, "portes ouvertes à pleine vitesse ce matin, [compte masqué] vous attendez un mort ?", kind="post", tone="negative").model_copy(update={"url": None}),
        "m3": _evidence("franceinfo.fr", 20, "Aquilon Mobilités « prend l'incident très au sérieux »"),
        "m4": _evidence("lavoixdunord.fr", 18, "Les abonnés annuels paieront 4 % de plus en janvier."),
        "m5": _evidence("alhayat.example", 17, "أغلقت الشركة ثلاث محطات دون إشعار مسبق", "ar"),
        "m6": _evidence("thelocal.example", 21, "Aquilon's night bus pilot draws twice the riders expected.", "en"),
    }  # fmt: skip
    start = date(2026, 10, 26)
    counts = [3, 4, 2, 5, 3, 1, 2, 4, 3, 5, 4, 2, 1, 3, 4, 4, 3, 6, 2, 2, 3, 5, 4, 6, 12, 17, 9, 7]
    bad = [1, 1, 0, 2, 1, 0, 0, 1, 1, 2, 1, 0, 0, 1, 1, 2, 1, 2, 0, 1, 1, 1, 1, 2, 8, 11, 5, 3]
    return Bulletin(
        edition=Edition(
            watch="aquilon", organisation="Aquilon Mobilités", week="2026-W47", first=date(2026, 11, 16), last=date(2026, 11, 22),
            as_of=AS_OF, cutoff=CUTOFF, timezone="Europe/Paris", language="fr", draft=True, mentions_read=1284, sources_active=6,
            sources_expected=7,
        ),
        marking=Marking.AMBER,
        headline="Niveau 3, alerte (contre 1 la semaine précédente). Signal nouveau : « Rame portes ouvertes sur la ligne 4 ». "
        "2 décisions sont attendues, la première avant lundi 23 novembre à 11:00.",
        level=3,
        level_before=1,
        tiles=(
            Tile(name="stories", value=60, change=0.43, low=None, high=None),
            Tile(name="negative_share", value=0.52, change=17.5, low=0.39, high=0.64),
            Tile(name="share_of_voice", value=0.61, change=-2.5, low=0.51, high=0.7),
        ),
        findings=(
            Finding(title="Une critique émerge : « Rame portes ouvertes sur la ligne 4 »", value=11, change_pct=450.0, history=line,
                    probability="non quantifiable", horizon="Croissance sous 7 jours", confidence="élevée",
                    counted="récits négatifs", reason="14 récits, 6 éditeurs", evidence=("m1", "m2", "m3"), signal_id="s1", topic_id="t1"),
            Finding(title="La critique pèse davantage, 52 % des récits", unit="share", value=0.52, change_points=17.5,
                    history=tuple(value / 14 for value in line), probability="non quantifiable", horizon="Croissance sous 7 jours",
                    confidence="élevée", reason="60 récits, 12 éditeurs", evidence=("m2", "m4")),
            Finding(title="On parle plus de « Bus de nuit », surtout sans critique", value=9, change_pct=125.0,
                    history=(None, None, None, 1.0, 2.0, 2.0, 3.0, 2.0, 4.0, 3.0, 4.0, 9.0), probability="probable",
                    horizon="Croissance sous 7 jours", confidence="moyenne", reason="9 récits, 4 éditeurs", evidence=("m6",), topic_id="t3"),
        ),
        decisions=(
            Decision(decision_id="s1", title="Rame portes ouvertes sur la ligne 4", effect=None,
                     ask="Répondre ou non en public : « Rame portes ouvertes sur la ligne 4 »", owner="Claire Martin",
                     due=AS_OF + timedelta(hours=4), waiting="La presse s’en est saisie : 6 éditeurs", signal_ids=("s1",), level=3),
            Decision(decision_id="d1", title="Hausse tarifaire de janvier", effect="calls_into_question",
                     ask="Maintenir ou réviser « Hausse tarifaire de janvier »", owner="Paul Besson",
                     due=AS_OF + timedelta(hours=35), waiting="8 récits négatifs cette semaine, 3 la précédente", signal_ids=("s2",), level=2),
        ),
        signals=(
            _signal(1, "Rame portes ouvertes sur la ligne 4", 3, press_pickup_at=datetime(2026, 11, 19, 15, 0, tzinfo=UTC),
                    effects=(SignalEffect(id="o1", effect="bends", title="Regagner la confiance des abonnés"),)),
            _signal(2, "Hausse tarifaire de janvier contestée", 2, kind="strategic", score=48.0, score_low=48.0, score_high=48.0,
                    parts={"gravity": 0.3, "responsibility": 0.7, "velocity": 0.6, "reach": 0.5, "loaded_words": 0.2}, due=None,
                    effects=(SignalEffect(id="d1", effect="calls_into_question", title="Hausse tarifaire de janvier"),), stories=8,
                    short_history=True, status="acknowledged", sent_at=CUTOFF - timedelta(days=1), evidence=("m4",)),
        ),
        weak_signals=(_signal(3, "Trois stations fermées sans préavis", 1, kind="weak", stories=1, publishers=1, evidence=("m5",)),),
        topics=(
            _topic(1, "Rame portes ouvertes sur la ligne 4", 14, 11, 2),
            _topic(2, "Hausse tarifaire de janvier", 10, 6, 7),
            _topic(3, "Bus de nuit", 9, 1, 4, evidence=("m6",)),
            _topic(4, "Recrutement de conducteurs", 6, 2, 6),
            _topic(5, "Fermeture de stations", 3, 3, None, evidence=("m5",)),
        ),
        relays=(Relay(name="ouest-france.fr", kind="presse", stories=7, new=False), Relay(name="franceinfo.fr", kind="presse", stories=5, new=True),
                Relay(name="mastodon.social", kind="réseau", stories=4, new=False)),
        questions=(),
        messages=(Message(message_id="m1", question="Les rames sont-elles sûres ?", answer="Chaque rame est contrôlée tous les jours.", audience="public"),),
        followup=(Followup(signal_id="s0", title="Retards de la ligne 2", asked="Niveau 2, vigilance", outcome="Décidé le 17 novembre 2026 à 10:00 : excuses publiées"),),
        method=Method(
            sources=(Source(id="presse", grade="B", verdict="ok", received=812), Source(id="mastodon", grade="D", verdict="ok", received=402),
                     Source(id="avis", grade="C", verdict="broken", received=0)),
            not_observed=("X", "Facebook", "Instagram", "TikTok", "LinkedIn", "radio et télévision", "messages privés"),
            tone_error={"fr.negative_found": 0.79, "fr.others_called_negative": 0.15}, tone_read_share=0.94,
            thresholds={"fdr_level": 0.005, "min_stories": 3, "score_level_3": 60.0}, publication_to_sending_minutes=187.0,
            versions={"veille": "0.1.0", "python": "3.11", "embedding": "use-multilingual-v3"}, run_id="20261123T060000Z-1a2b",
        ),
        evidence=evidence,
        daily=tuple(Day(day=start + timedelta(days=n), stories=all_, negative=no) for n, (all_, no) in enumerate(zip(counts, bad, strict=True))),
        calendar=(Event(day=date(2026, 11, 4), title="Conseil d’administration"), Event(day=date(2026, 11, 18), title="Annonce des tarifs de janvier")),
        voices=(
            _voice("aquilon", "Aquilon Mobilités", "self", 60, 42, 31, 0.61, 0.52),
            _voice("rivale", "Rivale", "competitor", 38, 26, 8, 0.39, 0.2),
        ),
        around=(
            Around(subject="region", name="Conseil régional", role="regulator", stories=4, stories_before=1, negative=1, read=4, negative_share=0.25,
                   negative_low=0.03, negative_high=0.67, negative_change=None, changed="4 récits, 1 la semaine précédente.", topic_ids=("t2",),
                   signal_ids=("s2",), evidence=("m4",)),
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def poisoned(bulletin: Bulletin) -> Callable[[str], Bulletin]:
    """Return the bulletin with every free text replaced by what is given."""
    free = {
        "organisation", "note", "published_by", "headline", "title", "probability", "horizon", "confidence", "reason", "owner", "ask",
        "waiting", "level_reason", "subject_name", "changed", "name", "kind_words", "question", "answer", "asked", "outcome", "publisher",
        "quote", "verdict", "words", "unknown", "not_observed", "run_id",
    }  # fmt: skip

    def replace(value: Any, text: str) -> Any:
        if isinstance(value, dict):
            return {
                key: (text if isinstance(item, str) else [text] * len(item) if isinstance(item, list) else item)
                if key in free and not (key == "name" and item in ("stories", "negative_share", "share_of_voice"))
                else replace(item, text)
                for key, item in value.items()
            }
        return [replace(item, text) for item in value] if isinstance(value, list) else value

    def make(text: str) -> Bulletin:
        return Bulletin.model_validate(replace(bulletin.model_dump(mode="json", by_alias=True), text))

    return make


@pytest.fixture(scope="session")
def hostile() -> str:
    """Text that a stranger would write to get out of its place."""
    return HOSTILE


WATCH = """\
watch: aquilon
organisation: Aquilon Mobilités
languages: [fr, en]
subjects:
  - {id: aquilon, name: Aquilon Mobilités, role: self, query: aquilon}
  - {id: rivale, name: Rivale, role: competitor, query: rivale}
sources:
  - {id: presse, type: rss, urls: [https://example.org/rss.xml], grade: B, rights: {fulltext: false, quote_max: 60}}
  - {id: toots, type: import, publisher: mastodon.example, grade: D}
people: [{id: dg, name: Paul Besson}, {id: dircom, name: Claire Martin}]
strategy:
  decisions: [{id: d1, title: Hausse tarifaire de janvier, due: 2026-12-15, owner: dg}]
escalation:
  3: {to: [dircom]}
  4: {to: [dg]}
  2: {to: [dircom]}
  1: {to: [dircom]}
calendar: [{date: 2026-11-18, title: Annonce des tarifs}]
confidential: {terms_file: terms.txt}
"""


@dataclass(frozen=True)
class World:
    """A watch with three weeks of tables, written by hand so that every figure can be told."""

    watch: Watch
    store: Store
    period: Period
    as_of: datetime
    mentions: pd.DataFrame
    readings: pd.DataFrame


def _mention_rows() -> list[dict[str, Any]]:
    """Weeks 45 to 47: doors (t1) 1, 2 then 8 stories, all but one negative; night bus (t2) 6 a week, one negative."""
    rows: list[dict[str, Any]] = []
    plan = [("t1", "aquilon", (1, 2, 8)), ("t2", "aquilon", (6, 6, 6)), ("t3", "rivale", (5, 5, 5))]
    for topic, subject, weeks in plan:
        for week, stories in enumerate(weeks):
            for number in range(stories):
                moment = datetime(2026, 11, 2 + 7 * week + number % 6, 8, number, tzinfo=UTC)
                press = number % 2 == 0
                rows.append({
                    "mention_id": f"{topic}w{week}n{number}", "source": "presse" if press else "toots", "source_type": "rss" if press else "mastodon",
                    "publisher": f"journal{number % 4}.example" if press else "mastodon.example", "url": f"https://journal.example/{topic}/{week}/{number}",
                    "author": None if press else f"a{number}", "published_at": moment, "kind": "article" if press else "post",
                    "title": f"Titre {number} du sujet {topic}, semaine {week}" if press else "",
                    "text": f"Texte {number} du sujet {topic}, semaine {week}. Écrire à jean.dupont@example.org ou @jean, projet Boréal.",
                    "subjects": [subject], "topic": topic, "story": f"{topic}w{week}n{number}",
                    "tone": "negative" if number == 0 or (topic == "t1" and number != 7) else "neutral",
                })  # fmt: skip
    # A copy of this week's first doors story, and one of last week's: neither is a story of its own.
    copies = [
        (row | {"mention_id": row["mention_id"] + "copy", "published_at": datetime(2026, 11, 21, 20, tzinfo=UTC)})
        for row in rows
        if row["mention_id"] in ("t1w2n0", "t1w1n0")
    ]
    return rows + copies


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A watch whose tables are written by hand: readings, topics, signals and journal of three weeks."""
    tmp_path = tmp_path_factory.mktemp("bulletin")
    (tmp_path / "watch.yml").write_text(WATCH, encoding="utf-8")
    (tmp_path / "terms.txt").write_text("projet Boréal\n", encoding="utf-8")
    watch = load_watch(tmp_path / "watch.yml")
    store = Store(watch)
    period = week_of("2026-W47", "Europe/Paris")
    rows = pd.DataFrame(_mention_rows())
    mentions = MENTIONS.check(rows.drop(columns=["topic", "story", "tone"]))
    readings = READINGS.check(pd.DataFrame({
        "mention_id": rows["mention_id"], "version": "r1", "text_hash": rows["mention_id"], "language": "fr", "language_probability": 1.0,
        "story_id": rows["story"], "story_similarity": 1.0, "tone": rows["tone"],
        "p_negative": rows["tone"].map({"negative": 0.97, "neutral": 0.04}),
        "p_neutral": rows["tone"].map({"negative": 0.02, "neutral": 0.9}), "p_positive": rows["tone"].map({"negative": 0.01, "neutral": 0.06}),
    }))  # fmt: skip
    store.merge(MENTIONS, mentions)
    store.merge(READINGS, readings)
    store.replace(ASSIGNMENTS, ASSIGNMENTS.check(pd.DataFrame({
        "mention_id": rows["mention_id"], "cutoff": CUTOFF, "topic_id": rows["topic"], "similarity": 0.9,
    })), column="cutoff", value=CUTOFF)  # fmt: skip
    titles = {"t1": "Portes ouvertes sur la ligne 4", "t2": "Bus de nuit", "t3": "Rivale en grève"}
    for cutoff in (period.start, CUTOFF):
        store.replace(TOPICS, TOPICS.check(pd.DataFrame([
            {"topic_id": topic, "cutoff": cutoff, "as_of": cutoff, "version": "v", "inputs": "i", "level": "fine", "status": "active",
             "title": title, "listed_at": cutoff, "ignored": False, "watched": False, "cohesion": 0.9, "words": ["mot", "autre"], "stories": 9, "mentions": 9, "born_at": datetime(2026, 11, 2, tzinfo=UTC), "last_at": cutoff - timedelta(hours=9),
             "representatives": [f"{topic}w2n1", f"{topic}w2n0"], "centroid": [1.0]}
            for topic, title in titles.items()
        ])), column="cutoff", value=cutoff)  # fmt: skip
    looked = {"version": "v", "stories": 90, "tests": 40, "enough_data": True}
    store.merge(DETECTIONS, pd.DataFrame([{"cutoff": cutoff, "as_of": cutoff, **looked} for cutoff in (period.start, CUTOFF)]))
    store.replace(
        SIGNALS,
        SIGNALS.check(
            pd.DataFrame(
                [
                    _signal_row(period.start, 1, "s1"),
                ]
            )
        ),
        column="cutoff",
        value=period.start,
    )
    store.replace(SIGNALS, SIGNALS.check(pd.DataFrame([
        _signal_row(CUTOFF, 3, "s1", effects_ids=["d1"], effects=["calls_into_question"]),
        _signal_row(CUTOFF, 4, "s2", role="competitor", subject="rivale", topic_id="t3", title="Rivale en grève", evidence=["t3w2n0"], score=85.0),
        _signal_row(CUTOFF, 1, "s3", kind="weak", topic_id="t2", title="Bus de nuit", evidence=["t2w2n0"], score=20.0, stories=1),
    ])), column="cutoff", value=CUTOFF)  # fmt: skip
    store.merge(JOURNAL, JOURNAL.check(pd.DataFrame([
        {"event_id": "e1", "at": period.start, "by": "veille", "act": "opened", "signal_id": "s1", "level": 1, "note": ""},
        {"event_id": "e0", "at": period.start, "by": "veille", "act": "opened", "signal_id": "s0", "level": 2, "note": ""},
        {"event_id": "e2", "at": period.start + timedelta(days=2), "by": "Paul", "act": "decided", "signal_id": "s0", "level": 2, "note": "excuses, voir @paul"},
    ])))  # fmt: skip
    return World(watch, store, period, AS_OF, mentions, readings)


def _signal_row(cutoff: datetime, level: int, signal_id: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "signal_id": signal_id, "cutoff": cutoff, "as_of": cutoff, "version": "v", "subject": "aquilon", "role": "self", "topic_id": "t1",
        "kind": "negative_emergence", "title": "Portes ouvertes sur la ligne 4", "level": level, "level_reason": "score de 66",
        "score": 66.0, "score_low": 60.0, "score_high": 72.0, "part_gravity": 0.8, "part_responsibility": 0.6, "part_velocity": 0.9,
        "part_loaded_words": 0.5, "window_days": 7, "p_value": 1e-6, "expected_stories": 1.5, "stories": 8, "negative_stories": 7,
        "publishers": 5, "authors": 4, "mentions": 9, "short_history": False, "first_seen": datetime(2026, 11, 2, tzinfo=UTC),
        "detected_at": cutoff, "effects_ids": [], "effects": [], "relevance": 0.7, "evidence": ["t1w2n0", "t1w2n1"],
    }  # fmt: skip
    return given | more
