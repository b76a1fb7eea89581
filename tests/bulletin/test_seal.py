# ruff: noqa: E501 - a watch reads better an item a line
from __future__ import annotations

import pytest

from veille.bulletin.seal import check, plain, secrets
from veille.bulletin.types import Marking
from veille.errors import EditionError
from veille.watch import load_watch

WATCH = """
watch: aquilon
organisation: Aquilon Mobilités
subjects:
  - {id: aquilon, name: Aquilon Mobilités, query: aquilon}
  - {id: rivale, name: Rivale Transports, role: competitor, query: rivale}
people: [{id: dg, name: Claire Martin, mail: claire@aquilon.example}, {id: adjoint, name: Paul Besson}]
strategy:
  objectives: [{id: o1, title: Doubler l'usage des vélos partagés d'ici 2028, terms: [vélo*, libre-service], owner: dg}]
  decisions: [{id: d1, title: Remettre une offre pour le contrat de la ligne nord, due: 2026-12-15, terms: [ligne nord], owner: dg}]
  red_lines: [{id: r1, title: Être franc, tlp: "TLP:CLEAR"}]
rules: [{id: g1, title: RGPD art. 33, duty: notifier l'autorité dans les 72 heures, trigger: [fuite de données]}]
calendar: [{date: 2026-11-18, title: Comité secret des tarifs}]
messages:
  - {id: m-velo, question: Puis-je monter avec mon vélo ?, answer: Oui}
  - {id: m-interne, question: Depuis quand le sait-on ?, answer: Un lot a été isolé le 9 septembre, audience: direction}
delivery: {readers: [chef@aquilon.example]}
confidential: {terms_file: terms.txt}
"""
HEAD = '<p class="tlp">TLP:CLEAR</p>'


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("seal")
    (folder / "watch.yml").write_text(WATCH, encoding="utf-8")
    (folder / "terms.txt").write_text("projet Boréal\n", encoding="utf-8")
    return load_watch(folder / "watch.yml")


def look(watch, content: str, name: str = "bulletin.html", ceiling: Marking = Marking.CLEAR, said: str = "") -> None:
    check({name: content.encode()}, watch, ceiling, ("projet Boréal",), lambda words: words in f" {plain(said)} ")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<h2>Doubler l’usage des <bdi>vélos partagés</bdi> d'ici 2028</h2>", "strategy.objectives.o1"),
        ('<img alt="remettre une offre pour le contrat…">', "strategy.decisions.d1"),
        ("<!-- REMETTRE UNE OFFRE POUR LE CONTRAT -->", "strategy.decisions.d1"),
        ('<li data-id="d1">', "strategy.decisions.d1.id"),
        ("<p>en libre-service</p>", "strategy.objectives.o1"),
        ("Notifier l&#39;autorit&eacute; dans les 72 heures", "rules.g1"),
        ("<a href='https://x.example/rgpd-art-33'>", "rules.g1"),
        ("Claire Martin", "people.dg"),
        ("claire@aquilon.example", "people.dg"),
        ("chef@aquilon.example", "delivery"),
        ("Comité secret des tarifs", "calendar"),
        ("Un lot a été isolé le 9 septembre", "messages.m-interne"),
        ("id=m-interne", "messages.m-interne"),
        ("Rivale Transports", "subjects.rivale"),
        ("gravity_medium", "detection.gravity_medium"),
        ("ce pr0jet-boreal", "a confidential term"),
        ("ce [confidentiel]", "the place of a confidential term"),
        ("TLP:AMBER+STRICT", "something marked TLP:AMBER+STRICT"),
    ],
)
def test_what_comes_from_the_watch_is_found_wherever_it_stands(watch, content, what):
    with pytest.raises(EditionError, match="above TLP:CLEAR") as error:
        look(watch, HEAD + content)
    assert what in error.value.message
    assert error.value.message.startswith("bulletin.html would hold")
    assert "tlp" in error.value.hint


def test_labels_of_thresholds_are_found_in_the_language_of_the_page(watch):
    with pytest.raises(EditionError, match=r"detection\.min_stories"):
        look(watch, "Récits au moins pour une émergence négative")


@pytest.mark.parametrize("name", ["bulletin.json", "figures.csv", "mail.txt"])
def test_data_and_mails_are_looked_at_too(watch, name):
    content = '{"a": ["x\\nRemettre une offre pour le contrat de la ligne nord"]}'
    with pytest.raises(EditionError, match=rf"{name} would hold strategy\.decisions\.d1"):
        look(watch, content, name)


def test_what_the_public_said_or_the_audience_may_read_is_no_secret(watch):
    look(watch, HEAD + "Vélos en libre-service : fuite de données", said="Des vélos en libre-service, et une fuite de données")
    look(watch, HEAD + "Puis-je monter avec mon vélo ? Oui. Être franc. Aquilon Mobilités")
    look(watch, '{"note": "", "title": "TLP:CLEAR"}', "bulletin.json")
    look(watch, "<p>TLP:AMBER, Claire Martin, d1</p>", ceiling=Marking.AMBER)


def test_a_confidential_term_is_found_even_where_the_public_said_it(watch):
    with pytest.raises(EditionError, match="a confidential term"):
        look(watch, "Le projet Boréal", said="Le projet Boréal")
    with pytest.raises(EditionError, match="a confidential term"):
        look(watch, "Le projet Boréal", ceiling=Marking.RED)


def test_every_text_of_the_watch_is_known_by_its_place(watch):
    told = {(one.place, one.text): one.marking for one in secrets(watch)}
    assert told["strategy.red_lines.r1", "Être franc"] is Marking.CLEAR
    assert told["messages.m-velo", "Oui"] is Marking.CLEAR
    assert told["messages.m-interne", "m-interne"] is Marking.AMBER
    assert told["subjects.aquilon", "Aquilon Mobilités"] is Marking.CLEAR
    assert told["strategy.objectives.o1", "vélo*"] is Marking.AMBER
