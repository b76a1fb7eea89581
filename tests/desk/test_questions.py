"""The public's questions: grouped, counted by voices, and held against the approved messages."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from tests.desk.conftest import Change
from veille.desk.questions import ASKED, Answered, asked
from veille.mention import MENTIONS
from veille.period import Period
from veille.store import Store
from veille.watch import Watch

LAST = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
WEEKS = Period(date(2026, 8, 31), LAST, "Europe/Paris")

BIKE = (
    "Peut-on monter avec son vélo dans le train de 8 h ?",
    "On a le droit de prendre un vélo dans les trains le dimanche ?",
    "Les vélos sont admis dans le train de Corvenne, ou pas ?",
)
FARE = ("C'est combien l'abonnement étudiant cette année ?", "Quel est le prix de l'abonnement jeune et étudiant svp")
REFUND = (
    "Comment se faire rembourser un train supprimé ?",
    "Train supprimé hier, à qui dois-je demander le remboursement",
    "Y a-t-il un dédommagement quand le train est supprimé ?",
    "Je voudrais savoir si un train supprimé est remboursé",
)
BATTERY = ("Les batteries des vélos sont-elles sûres, depuis quand connaissez-vous le problème ?",)


def posts(*texts: str, author: str | None = None, **changed: Any) -> list[dict[str, Any]]:
    """Return one post a text, each by somebody else and a day apart."""
    return [
        {
            "mention_id": hashlib.sha256(f"{text}{author}".encode()).hexdigest()[:32], "source": "piaf",
            "source_type": "import", "publisher": "piaf.example", "kind": "post", "title": "", "text": text,
            "author": author or hashlib.sha256(text.encode()).hexdigest()[:16],
            "published_at": datetime(2026, 11, 10, 8, tzinfo=UTC) + timedelta(days=number), "subjects": ["aquilon"],
        }
        | changed
        for number, text in enumerate(texts)
    ]  # fmt: skip


def said(watch: Watch, *rows: dict[str, Any]) -> Store:
    store = Store(watch)
    store.merge(MENTIONS, MENTIONS.check(pd.DataFrame(list(rows))))
    return store


def test_each_question_is_one_row_with_its_status_the_most_asked_first(demo: Watch) -> None:
    table = asked(demo, said(demo, *posts(*BIKE, *FARE, *REFUND, *BATTERY)), NOW, WEEKS)
    assert ASKED.check(table).equals(table)
    rows = table.set_index("question_id")
    assert list(table["voices"]) == sorted(table["voices"], reverse=True)
    assert rows.loc["m-velo", ["status", "voices"]].tolist() == [Answered.ANSWERED, 3]
    assert rows.loc["m-tarif-jeune", ["status", "voices"]].tolist() == [Answered.EXPIRED, 2]
    assert rows.loc["m-batteries", "status"] == Answered.NOT_PUBLIC
    refund = table.loc[table["message_id"].isna()].iloc[0]
    assert (refund["status"], refund["voices"], refund["quoted"]) == (Answered.UNANSWERED, 4, True)
    assert refund["question"] in REFUND


def test_what_may_be_answered_is_asked_of_nobody_the_rest_of_who_owns_it(demo: Watch) -> None:
    rows = asked(demo, said(demo, *posts(*BIKE, *FARE, *REFUND)), NOW, WEEKS).set_index("status")["owners"]
    assert rows[Answered.ANSWERED] == []
    # Nothing of the strategy speaks of fares: those who approve messages are asked. Trains that are cut are the operation's.
    assert rows[Answered.EXPIRED] == ["chefcom"]
    assert rows[Answered.UNANSWERED] == ["exploitation"]


def test_who_is_away_is_replaced(change: Change) -> None:
    watch = change(
        "title: Communication, deputy: dircom}", "title: Communication, deputy: dircom, away: [2026-11-20/2026-11-30]}"
    )
    table = asked(watch, said(watch, *posts(*FARE)), NOW, WEEKS)
    assert table["owners"].tolist() == [["dircom"]]


def test_an_answer_holds_through_its_last_day(demo: Watch) -> None:
    day = demo.messages[1].valid_until
    assert day is not None
    rows = posts(*FARE, published_at=datetime(2026, 8, 30, 8, tzinfo=UTC))
    statuses = [
        asked(demo, said(demo, *rows), NOW, Period(date(2026, 8, 24), last, "Europe/Paris"))["status"].iloc[0]
        for last in (day, day + timedelta(days=1))
    ]
    assert statuses == [Answered.ANSWERED, Answered.EXPIRED]


def test_copies_and_one_loud_author_are_not_many(demo: Watch) -> None:
    rows = [*posts(*REFUND, author="a" * 16), *posts(REFUND[0], author="b" * 16, kind="repost")]
    table = asked(demo, said(demo, *rows), NOW, WEEKS)
    assert table[["mentions", "voices"]].to_numpy().tolist() == [[5, 2]]
    assert sorted(table["evidence"].iloc[0]) == sorted(row["mention_id"] for row in rows)


def test_empty_messages_leave_all_unanswered_and_nothing_said_gives_no_row(change: Change, demo: Watch) -> None:
    assert asked(demo, Store(demo), NOW, WEEKS).empty
    assert asked(demo, said(demo, *posts("Merci Aquilon, beau trajet.")), NOW, WEEKS).empty
    text = demo.file.read_text("utf-8")
    start, end = text.index("messages:"), text.index("accounts:")
    bare = change(text[start:end], "")
    table = asked(bare, said(bare, *posts(*BIKE, *FARE)), NOW, WEEKS)
    assert not bare.messages
    assert set(table["status"]) == {Answered.UNANSWERED}
    assert table["message_id"].isna().all()


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "article"},
        {"subjects": ["rivale"]},
        {"published_at": datetime(2026, 8, 1, tzinfo=UTC)},
        {"gathered_at": datetime(2026, 11, 24, tzinfo=UTC)},
    ],
    ids=["the press", "another subject", "another time", "not yet known"],
)
def test_only_the_public_asks_the_organisation_what_was_known_then(demo: Watch, changed: dict[str, Any]) -> None:
    assert asked(demo, said(demo, *posts(*REFUND, **changed)), NOW, WEEKS).empty


def test_the_same_tables_give_the_same_questions(demo: Watch) -> None:
    store = said(demo, *posts(*BIKE, *FARE, *REFUND))
    pd.testing.assert_frame_equal(asked(demo, store, NOW, WEEKS), asked(demo, store, NOW, WEEKS))
