# ruff: noqa: E501 - one record a line reads better than one field a line
"""Confidential terms in watch.yml's own texts stand in no file of an edition."""

from __future__ import annotations

import shutil
from unittest.mock import patch

import numpy as np
import pytest

from veille.bulletin.annex import annex
from veille.bulletin.compose import compose
from veille.bulletin.files import write
from veille.bulletin.own_words import masked_watch, without_terms
from veille.folding import fold_text
from veille.store import Store
from veille.watch import confidential_terms, load_watch

SECRET = "Opération Épervier"
OWN = """\
  decisions: [{id: d1, title: Hausse tarifaire et Opération Épervier, due: 2026-12-15, owner: dg}]
  objectives: [{id: o1, title: Réussir l'opération-épervier, owner: dg}]
  red_lines: [{id: r1, title: Ne rien dire d'Opération Épervier, owner: dg}]
messages: [{id: m1, question: Qu'est-ce que l'Opération Épervier ?, answer: "Écrire à @aquilon, 01 99 00 40 40, pour OPERATION EPERVIER", audience: public}]
"""


@pytest.fixture(scope="module")
def told(world, tmp_path_factory):
    """Return the watch with a secret in every text of its own, and the texts of every file of its edition."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(world.watch.store_path, folder / "store")
    state = world.watch.state_path
    shutil.copytree(state, folder / "state") if state.exists() else None
    lines = (world.watch.store_path.parents[1] / "watch.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    content = "".join(line for line in lines if not line.startswith("  decisions:"))
    content = content.replace("strategy:\n", "strategy:\n" + OWN).replace("Paul Besson", f"Paul {SECRET}")
    content = content.replace("title: Annonce des tarifs", f"title: Annonce {SECRET}")
    content = content.replace("organisation: Aquilon", f"organisation: {SECRET} Aquilon").replace(
        "name: Rivale", f"name: {SECRET} Rivale"
    )
    (folder / "watch.yml").write_text(content + "store: store\nstate: state\n", encoding="utf-8")
    (folder / "terms.txt").write_text(f"projet Boréal\n{SECRET}\n", encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    bulletins = [
        compose(watch, Store(watch), world.as_of, world.period, run_id="r1", language=language) for language in ("fr", "en")
    ]
    paths = write(bulletins, folder / "out")
    files = {str(path.relative_to(folder / "out")): path.read_bytes().decode(errors="replace") for path in paths}
    # These texts were never read, so that they have no vectors.
    with patch("veille.bulletin.annex.vectors", lambda _watch, _store, hashes: np.eye(len(hashes), 4, dtype=np.float32)):
        files["annex.html"] = annex(watch, Store(watch), world.as_of, world.period)
    return watch, files


def test_no_file_of_an_edition_holds_a_term_of_the_watch_itself(told):
    _, files = told
    assert {"bulletin.html", "bulletin.en.html", "bulletin.json", "mail.html", "mail.txt", "figures.csv", "annex.html"} <= set(
        files
    )
    for name, content in files.items():
        assert "epervier" not in fold_text(content), name
        assert "boreal" not in fold_text(content), name
    for name in ("bulletin.html", "bulletin.json", "mail.html", "mail.txt", "annex.html"):
        assert "[confidentiel]" in files[name], name


def test_an_approved_answer_keeps_the_accounts_it_gives(told):
    _, files = told
    assert "Écrire à @aquilon, 01 99 00 40 40, pour [confidentiel]" in files["bulletin.html"]


def test_what_is_not_printed_stays_as_it_is(told):
    watch, _ = told
    shown = masked_watch(watch, confidential_terms(watch))
    assert shown.strategy.decisions[0].title == "Hausse tarifaire et [confidentiel]"
    assert [subject.query for subject in shown.subjects] == [subject.query for subject in watch.subjects]
    assert shown.store_path == watch.store_path


def test_a_term_that_any_section_brings_is_hidden_and_ids_are_kept(bulletin):
    hidden = without_terms(bulletin, ("ligne 4", "alerte", "quiet"))
    assert "ligne 4" not in hidden.to_json()
    assert [signal.signal_id for signal in hidden.signals] == [signal.signal_id for signal in bulletin.signals]
    assert hidden.evidence.keys() == bulletin.evidence.keys()
    assert type(bulletin).model_validate_json(hidden.to_json()) == hidden
    assert without_terms(bulletin, ()) is bulletin
