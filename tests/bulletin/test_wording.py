# ruff: noqa: E501 - tables read better a row a line
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.bulletin import compose
from veille.bulletin.wording import confidence, legend, lint, probability_word, probability_words, shorten
from veille.language import Language
from veille.names import level_name

FRENCH = Language("fr")


def test_probability_words_are_the_closed_list():
    assert probability_words(FRENCH) == (
        "presque impossible", "très improbable", "improbable", "environ une chance sur deux", "probable", "très probable", "quasi certain",
    )  # fmt: skip
    assert probability_word(None, FRENCH) == "non quantifiable"


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.0, "presque impossible"), (0.04, "presque impossible"), (0.1, "très improbable"), (0.3, "improbable"),
     (0.5, "environ une chance sur deux"), (0.7, "probable"), (0.9, "très probable"), (0.97, "quasi certain"), (1.0, "quasi certain")],
)  # fmt: skip
def test_each_range_has_its_word(probability, word):
    assert probability_word(probability, FRENCH) == word


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_probability_never_has_a_smaller_word(one, other):
    words = probability_words(FRENCH)
    low, high = sorted((one, other))
    assert words.index(probability_word(low, FRENCH)) <= words.index(probability_word(high, FRENCH))


def test_the_legend_tells_every_range():
    assert len(legend(FRENCH)) == 7
    assert legend(FRENCH)[0] == ("presque impossible", "1-5\u202f%")


def test_confidence_rises_with_stories_and_publishers_and_falls_with_a_short_past():
    order = ["faible", "moyenne", "élevée"]
    ranks = [order.index(confidence(stories, publishers, short_history=False, language=FRENCH)[0])
             for stories, publishers in ((1, 1), (3, 2), (10, 5), (100, 50))]  # fmt: skip
    assert ranks == sorted(ranks) == [0, 1, 2, 2]
    assert confidence(100, 50, short_history=True, language=FRENCH) == ("faible", "100 récits, 50 éditeurs, passé court")


@pytest.mark.parametrize(
    "text",
    ["Il semblerait que", "C’est peut-être grave", "un risque de grève", "Perhaps it grows", "a risk of strike", "It seems that",
     "La confiance est élevée et la hausse probable.", "Confidence is high and growth is likely."],
)  # fmt: skip
def test_what_is_not_said_is_found(text):
    assert lint([text])


@pytest.mark.parametrize(
    "text", ["Croissance : probable. Confiance : élevée.", "un risque de 3 jours de retard", "Rien ne change."]
)
def test_what_may_be_said_passes(text):
    assert lint([text]) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_generated_sentence_passes_the_lint(world, language):
    told = compose(world.watch, world.store, world.as_of, world.period, run_id="r", language=language)
    sentences = [told.headline]
    sentences += [text for item in told.findings for text in (item.title, f"{item.horizon}: {item.probability}.", item.reason)]
    sentences += [text for item in told.decisions for text in (item.ask, item.waiting)]
    sentences += [text for item in told.topics for text in (item.changed, *item.unknown)]
    sentences += [text for item in told.followup for text in (item.asked, item.outcome)]
    sentences += [item.level_reason for item in told.signals]
    assert len(sentences) > 15
    assert lint(sentences) == []


def test_levels_have_names_from_quiet_to_critical():
    assert [level_name(level, FRENCH) for level in range(5)] == [
        "calme",
        "suivi",
        "vigilance",
        "alerte",
        "critique, à qualifier",
    ]


def test_a_title_is_cut_between_words():
    assert shorten("un deux trois quatre", 2) == "un deux…"
    assert shorten("un  deux", 2) == "un deux"


def test_signs_are_no_words_and_a_quotation_in_a_title_has_inner_marks():
    title = "Bactérie « E.coli » : rappel massif de pizzas surgelées Buitoni"
    assert shorten(title, 9) == "Bactérie “E.coli” : rappel massif de pizzas surgelées Buitoni"
    assert shorten(title, 5) == "Bactérie “E.coli” : rappel massif de…"
    assert shorten("– – –", 2) == "– – –"
    assert (
        shorten("Après l’accident – dit « mortel » – la direction se tait encore un jour", 6)
        == "Après l’accident – dit “mortel”"
    )


def test_a_quotation_that_is_cut_is_closed():
    title = "Le maire de Corvenne : « les freins du tramway ont lâché trois fois en une semaine »"
    assert shorten(title, 9).count("“") == shorten(title, 9).count("”")
    assert shorten("« Les freins du tramway ont lâché trois fois en une semaine »", 5) == "“Les freins du tramway ont…”"
