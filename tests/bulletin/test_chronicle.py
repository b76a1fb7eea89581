"""What happened to topics is told in sentences with figures, French and English."""

from __future__ import annotations

import pandas as pd
import pytest

from veille.bulletin.chronicle import chronicle
from veille.language import Language
from veille.topics.acts import event_row
from veille.topics.tables import TOPIC_EVENTS, Act

TITLES = pd.Series({"t1": "La grève", "t2": "Les quais {x}"})


def events() -> pd.DataFrame:
    at = pd.Timestamp("2026-11-03", tz="UTC")
    figures = {"shared_mentions": 5, "known_mentions": 8}
    rows = [
        event_row(act, "t1", others, note, at=at, by=by, salt="") | more
        for act, others, note, by, more in [
            *((act, ["t2"], "", "veille", figures) for act in (Act.SPLIT, Act.MERGE)),
            *((act, [], "", "veille", {}) for act in (Act.BIRTH, Act.DEATH, Act.REVIVAL)),
            *((act, ["t2"], "Nom", "Ana", figures) for act in (Act.SPLIT, Act.MERGE, Act.RENAME, Act.IGNORE, Act.WATCH)),
        ]
    ]
    return TOPIC_EVENTS.check(pd.DataFrame(rows, columns=TOPIC_EVENTS.column_names))


def test_a_split_is_explained_by_shared_mentions() -> None:
    english = chronicle(events(), TITLES, Language("en")).iloc[0]
    french = chronicle(events(), TITLES, Language("fr")).iloc[0]
    assert english == (
        "3 November 2026: “Les quais {x}” (t2) came out of “La grève” (t1); of its earlier mentions, 5 of 8 were there."
    )
    assert french.replace("\u202f", " ").replace("\xa0", " ") == (
        "3 novembre 2026 : « Les quais {x} » (t2) est issu de « La grève » (t1) ; "
        "de ses mentions antérieures, 5 sur 8 y étaient."
    )


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_act_has_a_sentence_of_its_own(code: str) -> None:
    told = chronicle(events(), TITLES, Language(code))
    assert told.is_unique
    assert told.str.contains("La grève", regex=False).all()
    assert told[events()["by"] == "Ana"].str.contains("Ana").all()
    assert told[events()["act"] == Act.RENAME].str.contains("Nom").all()


def test_a_topic_without_a_title_is_told_by_its_id_and_no_event_by_nothing() -> None:
    assert chronicle(events(), pd.Series(dtype="str"), Language("en")).iloc[2] == "3 November 2026: t1 appeared."
    assert chronicle(events().head(0), TITLES, Language("en")).empty
