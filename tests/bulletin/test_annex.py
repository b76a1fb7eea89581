from __future__ import annotations

import nbformat
import pandas as pd
import pytest
from lxml import html

from veille.bulletin import plots
from veille.bulletin.annex import _cells
from veille.bulletin.base import clean
from veille.language import Language


@pytest.fixture
def notebook(tmp_path, hostile):
    made = nbformat.v4.new_notebook()
    output = nbformat.v4.new_output("stream", name="stdout", text="Lu : 12 mentions, écrire à jean@example.org")
    rich = nbformat.v4.new_output(
        "display_data", data={"text/html": "<script>alert(1)</script>", "text/plain": "<Figure size 1x1>"}
    )
    made.cells = [
        nbformat.v4.new_markdown_cell("Des mots <script>alert(1)</script>"),
        nbformat.v4.new_code_cell("secret = 1", outputs=[output, rich]),
    ]
    path = tmp_path / "01.ipynb"
    nbformat.write(made, path)
    return path


def test_a_notebook_gives_its_words_and_plain_outputs_and_no_code(notebook):
    cells = list(_cells(notebook, ()))
    assert [cell.kind for cell in cells] == ["words", "output"]
    told = " ".join(cell.text for cell in cells)
    assert "12 mentions" in told
    assert "jean@" not in told
    assert "secret" not in told
    assert "Figure" not in told


def test_labels_of_strangers_cannot_be_read_as_markup_or_template(hostile):
    shown = plots.label(hostile + '<b>gras</b> <a href="x">lien</a> %{x}')
    tree = html.fragment_fromstring(shown, create_parent="div")
    assert {element.tag for element in tree.iter()} == {"div", "br"}
    assert "%{" not in shown


def test_a_figure_cannot_close_its_script(hostile):
    stories = pd.DataFrame({"topic_id": ["t"], "weeks_ago": [0]})
    figure = plots.topics_over_time(
        stories, {"t": "</script><script>alert(1)</script>" + clean(hostile)}, Language("fr"), pd.Timestamp("2026-11-16")
    )
    page = figure.to_html(full_html=False, include_plotlyjs=False, div_id="d")
    assert page.count("</script>") == page.count("<script") == 1


def test_days_and_buttons_are_in_the_language_of_the_page_and_nothing_is_sent_to_a_server():
    spoken = plots.config(Language("fr"))
    assert spoken["locale"] == "fr"
    told = spoken["locales"]["fr"]
    assert (told["format"]["days"][0], told["format"]["months"][10], told["format"]["shortMonths"][0]) == (
        "dimanche",
        "novembre",
        "janv.",
    )
    assert (told["format"]["decimal"], told["format"]["thousands"]) == (",", "\u202f")
    assert told["dictionary"]["Zoom in"] == "Plus près"
    english = plots.config(Language("en"))["locales"]["en"]["format"]
    assert (english["days"][0], english["decimal"], english["thousands"], english["date"]) == ("Sunday", ".", ",", "%d/%m/%Y")
    assert spoken["showSendToCloud"] is False


def test_an_axis_of_days_is_one_and_an_axis_of_counts_is_not():
    days = plots.tone_over_time(
        pd.DataFrame({"day": [pd.Timestamp("2026-11-17").date()], "tone": ["negative"], "mention_id": ["a"]}),
        {"negative": "Négatif"},
        Language("fr"),
    )
    assert days.layout.xaxis.type == "date"
    counts = plots.sources(pd.DataFrame({"publisher": ["a", "b"], "source": ["x", "y"]}), Language("fr"))
    assert counts.layout.xaxis.type is None
