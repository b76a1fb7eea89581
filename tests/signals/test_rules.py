from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.signals.rules import in_force, saying, trigger_pattern, triggered
from veille.watch.strategy import Rule

DATA = Rule(id="g1", title="RGPD", trigger=["fuite de données", "données volées", "data breach", "personal data exposed"])
FIRE = Rule(id="g2", title="Produits", trigger=["batterie en feu", "rappel de produit", "prend feu", "product recall"])
OWN, OTHERS = ["Aquilon Mobilités", "aquilon"], ["Rivale Mobilités", "rivale"]


def starts(text: str, rule: Rule) -> bool:
    return bool(triggered(pd.Series([text]), rule, OWN, OTHERS)[0])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Fuites de données chez Aquilon : 30 000 clients touchés", DATA),
        ("Aquilon : les données des clients ont été volées", DATA),
        ("FUITE DE DONNEES ce matin", DATA),
        ("Aquilon n’a pas prévenu ses clients de la fuite de données", DATA),
        ("Rivale s'en sort bien. Chez Aquilon, une fuite de données est confirmée.", DATA),
        ("Aquilon confirms a data breach", DATA),
        ("Aquilon : data breaches reported by customers", DATA),
        ("Des batteries en feu devant la gare", FIRE),
        ("Rappels de produits : les vélos concernés", FIRE),
        ("Pas de blessé, mais un vélo prend feu", FIRE),
    ],
)
def test_it_happened_to_the_organisation_in_whatever_form(text: str, rule: Rule) -> None:
    assert starts(text, rule)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Aucune fuite de données chez Aquilon", DATA),
        ("Il n’y a pas eu de fuite de données", DATA),
        ("Vos données n’ont pas été volées, assure Aquilon", DATA),
        ("Aquilon dément toute fuite de données", DATA),
        ("Aquilon denies any data breach", DATA),
        ("Aquilon : exercice de fuite de données cette semaine", DATA),
        ("Comment éviter une fuite de données ?", DATA),
        ("How to prevent a data breach", DATA),
        ("Fuite de données chez Rivale Mobilités, Aquilon rassure ses clients", DATA),
        ("Rivale est piratée. La fuite de données touche 3 000 clients. Aquilon propose des cars.", DATA),
        ("Après la fuite de données chez Untel, Aquilon est-il prêt ?", DATA),
        ("La ligne 12 rouvre lundi", DATA),
        ("Le feu passe au rouge, la batterie est vide", FIRE),
    ],
)
def test_what_is_denied_feared_rehearsed_or_another_s_starts_nothing(text: str, rule: Rule) -> None:
    assert not starts(text, rule)


def test_a_rule_without_a_trigger_is_never_started() -> None:
    assert not starts("fuite de données", Rule(id="g", title="t"))


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=80))
def test_no_text_of_a_stranger_breaks_it(text: str) -> None:
    assert triggered(pd.Series([text, f"{text} fuite de données"]), DATA, OWN, OTHERS).shape == (2,)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(alphabet="abcdeéè*'- ", max_size=12), max_size=4))
def test_any_trigger_compiles(triggers: list[str]) -> None:
    assert trigger_pattern(tuple(triggers)).search("zzz") is None


def members(stories: list[str], *, press: bool = False) -> pd.DataFrame:
    moments = pd.date_range("2022-03-01", periods=len(stories), freq="h", tz="UTC")
    ids = [f"m{n}" for n in range(len(stories))]
    return pd.DataFrame({"story_id": stories, "mention_id": ids, "press": press, "published_at": moments})


def test_one_post_among_many_is_not_enough_two_stories_or_the_press_are() -> None:
    said = pd.Series([True, False, False]).to_numpy()
    assert saying(members(["a", "b", "c"]), said).empty
    assert saying(members(["a", "b", "c"], press=True), said)["mention_id"].tolist() == ["m0"]
    assert len(saying(members(["a", "b", "c"]), pd.Series([True, True, False]).to_numpy())) == 2
    assert len(saying(members(["a"]), pd.Series([True]).to_numpy())) == 1


def test_a_rule_holds_on_its_last_day_and_not_after() -> None:
    rule = DATA.model_copy(update={"valid_until": date(2026, 8, 31)})
    assert in_force(rule, date(2026, 8, 31))
    assert not in_force(rule, date(2026, 9, 1))
    assert in_force(DATA, date(2099, 1, 1))
