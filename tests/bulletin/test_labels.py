from __future__ import annotations

import re

import pytest
from lxml import html

from veille.bulletin.labels import label_of, threshold_labels, threshold_value, tone_errors
from veille.bulletin.method import thresholds
from veille.bulletin.render import render
from veille.gather.tables import Verdict
from veille.language import Language

KEY = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|\b[a-z]+\.[a-z]+_[a-z_]+\b")


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_threshold_that_is_declared_has_one_label_of_its_own(code, world):
    labels = threshold_labels(Language(code))
    assert set(labels) == set(thresholds(world.watch))
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_no_technical_key_is_read_on_a_page(code, bulletin, world):
    sources = tuple(bulletin.method.sources[0].model_copy(update={"id": f"s{n}", "verdict": v}) for n, v in enumerate(Verdict))
    method = bulletin.method.model_copy(
        update={"thresholds": thresholds(world.watch), "sources": sources, "tone_error": world_error()}
    )
    edition = bulletin.edition.model_copy(update={"language": code})
    page = html.document_fromstring(render(bulletin.model_copy(update={"method": method, "edition": edition})))
    for hidden in page.xpath("//style|//blockquote"):
        hidden.drop_tree()
    shown = " ".join([*page.itertext(), *page.xpath("//@title"), *page.xpath("//@aria-label")])
    assert KEY.findall(shown) == []
    for key in thresholds(world.watch):
        assert label_of(key, threshold_labels(Language(code))) in shown


def world_error() -> dict[str, float]:
    return {f"{code}.{what}": 0.5 for code in ("fr", "en") for what in ("negative_found", "others_called_negative")}


def test_a_key_of_an_older_edition_is_read_as_words():
    assert label_of("score_weights.old_part", {}) == "score weights, old part"


def test_values_follow_the_language():
    shown = [threshold_value(value, Language("fr")) for value in (0.005, 35, True, None, "1, 3, 7")]
    assert shown == ["0,005", "35", "oui", "–", "1, 3, 7"]


def test_errors_of_the_tone_are_sentences():
    told = tone_errors({"fr.negative_found": 0.79, "fr.others_called_negative": 0.15}, Language("fr"))
    assert told == (
        "Français\u00a0: 79\u202f% des textes négatifs sont trouvés, 15\u202f% des autres sont pris pour négatifs.",
    )
