"""Metrics that reach their ends, fall when answers get worse, and say what a file lacks."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from veille.cli import main
from veille.cli.measure import evaluate_command
from veille.errors import UsageError
from veille.evaluate import EVALUATIONS, read_labelled, sentiment_metrics, stories_metrics, stream_metrics, topics_metrics

NEGATIVE = [
    "Service lamentable, encore deux heures de retard et personne pour nous répondre.",
    "Quelle honte, le train est supprimé une fois de plus, je suis furieux.",
    "Accueil exécrable, je ne reviendrai jamais, c'est scandaleux.",
    "Le pire trajet de ma vie, sale, bruyant et en retard.",
]
POSITIVE = [
    "Merci beaucoup, trajet parfait et personnel adorable !",
    "Excellent service, je recommande vivement, bravo à toute l'équipe.",
    "Super expérience, ponctuel et très confortable, j'adore.",
    "Quel bonheur de voyager ainsi, félicitations !",
]


def labelled(wrong: int = 0) -> pd.DataFrame:
    labels = ["negative"] * len(NEGATIVE) + ["positive"] * len(POSITIVE)
    swapped = ["positive" if label == "negative" else "negative" for label in labels[:wrong]] + labels[wrong:]
    return pd.DataFrame({"text": [*NEGATIVE, *POSITIVE], "label": swapped})


def test_tone_that_agrees_has_the_best_figure_and_each_disagreement_costs() -> None:
    figures = [sentiment_metrics(labelled(wrong)) for wrong in range(5)]
    # Neutral is in no label: of three classes two can be right.
    assert figures[0]["negative_f1"] == 1.0
    assert figures[0]["prevalence_error_as_read_points"] == 0.0
    assert figures[0]["prevalence_error_points"] < 10
    errors = [figure["prevalence_error_points"] for figure in figures[:4]]
    assert errors == sorted(errors)
    macro = [figure["macro_f1"] for figure in figures]
    assert macro == sorted(macro, reverse=True)
    assert macro[0] > macro[-1]
    assert errors[3] > errors[0] + 10
    # Where no label is negative there is no heap to draw.
    assert figures[4]["prevalence_error_points"] is None


def test_a_label_that_is_no_tone_is_told() -> None:
    with pytest.raises(UsageError, match="'angry' is no tone") as caught:
        sentiment_metrics(pd.DataFrame({"text": ["a"], "label": ["angry"]}))
    assert "negative, neutral, positive" in caught.value.hint


def test_tone_in_other_languages_is_in_no_figure() -> None:
    greek = pd.DataFrame({"text": ["Η εξυπηρέτηση ήταν απαράδεκτη και πολύ αργή σήμερα το πρωί"], "label": ["negative"]})
    figures = sentiment_metrics(pd.concat([labelled(), greek], ignore_index=True))
    assert (figures["rows"], figures["not_read_rows"]) == (8, 1)
    with pytest.raises(UsageError, match="no text is in a language whose tone is read"):
        sentiment_metrics(greek)


FIRE = "Un vélo en libre-service a pris feu devant la gare de Lille ce jeudi matin, sans faire de blessé selon les pompiers"
VOTE = "Le conseil régional votera mardi la gratuité des transports pour les moins de vingt-six ans, annonce sa présidente"


@pytest.mark.parametrize(
    ("stories", "precision", "recall"),
    [("aabb", 1.0, 1.0), ("abcd", 0.0, 1.0), ("aaaa", 1.0, 1 / 3)],
)
def test_stories_are_judged_by_pairs(stories: str, precision: float, recall: float) -> None:
    frame = pd.DataFrame({"text": [FIRE, FIRE + ".", VOTE, VOTE + " !"], "story": list(stories)})
    figures = stories_metrics(frame)
    assert figures["precision"] == pytest.approx(precision, abs=1e-3)
    assert figures["recall"] == pytest.approx(recall, abs=1e-3)


def test_topics_of_a_heap_and_of_one_text() -> None:
    frame = pd.DataFrame({"text": [FIRE, FIRE + ".", VOTE, VOTE + " !"], "label": list("aabb")})
    assert topics_metrics(frame)["ami"] == 1.0
    assert topics_metrics(frame, "coarse")["topics"] >= 1
    assert topics_metrics(frame.head(1))["topics"] == 1


def test_a_stream_keeps_what_lives_on_and_sees_what_is_born() -> None:
    fire = [f"{FIRE}, témoin {n}" for n in range(5)]
    vote = [f"{VOTE}, avis {n}" for n in range(5)]
    rows = [(text, "fire", batch) for batch in "123" for text in fire] + [
        (text, "vote", batch) for batch in "23" for text in vote
    ]
    figures = stream_metrics(pd.DataFrame(rows, columns=["text", "label", "batch"]))
    assert (figures["nmi_mean"], figures["identity_kept_ratio"], figures["born_on_time_ratio"]) == (1.0, 1.0, 1.0)
    assert (figures["batches"], figures["topics"]) == (3, 2)
    # What was always there is born nowhere.
    late = pd.DataFrame(
        [(text, name, batch) for batch, name in (("1", "a"), ("2", "b")) for text in fire], columns=["text", "label", "batch"]
    )
    assert stream_metrics(late)["born_on_time_ratio"] == 0.0


def test_batches_are_numbers_where_all_are() -> None:
    rows = [(f"{FIRE} {n}", "a", str(batch)) for batch in (2, 10) for n in range(5)]
    rows += [(f"{VOTE} {n}", "b", "10") for n in range(5)]
    assert stream_metrics(pd.DataFrame(rows, columns=["text", "label", "batch"]))["born_on_time_ratio"] == 1.0


def test_columns_may_have_other_names_and_be_joined(tmp_path: Path) -> None:
    file = tmp_path / "x.csv.gz"
    file.write_bytes(gzip.compress(b"titre;corps;avis\nUn;deux;negative\nTrois;;\n"))
    frame = read_labelled(file, ("text", "label"), ["text=titre+corps", "label=avis"])
    assert frame.to_dict("records") == [{"text": "Un\ndeux", "label": "negative"}]


@pytest.mark.parametrize(
    ("content", "mapping", "says"),
    [
        ("a,b\n1,2\n", (), "has no column 'text'; it has a, b"),
        ("text,label\nx,\n", (), "holds no labelled row"),
        ("text,label\nx,y\n", ("foo=bar",), "--map 'foo=bar' cannot be read"),
    ],
)
def test_what_a_file_lacks_is_said(tmp_path: Path, content: str, mapping: tuple[str, ...], says: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_labelled(file, ("text", "label"), mapping)
    assert says in caught.value.message


def test_a_file_of_no_known_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is of no known kind"):
        read_labelled(tmp_path / "x.docx", ("text",))


def test_the_command_offers_exactly_what_there_is_and_prints_json(tmp_path: Path) -> None:
    assert list(evaluate_command.params[0].type.choices) == list(EVALUATIONS)  # type: ignore[attr-defined]
    file = tmp_path / "x.csv"
    labelled().to_csv(file, index=False)
    done = CliRunner().invoke(main, ["evaluate", "sentiment", str(file), "--json"])
    assert done.exit_code == 0
    assert set(json.loads(done.stdout)) >= {"macro_f1", "negative_f1", "prevalence_error_points", "rows"}
    assert CliRunner().invoke(main, ["evaluate", "sentiment", str(tmp_path / "none.csv")]).exit_code == 2


@pytest.mark.parametrize("what", ["topics", "stories", "language"])
@pytest.mark.parametrize("texts", [[""], ["", ""], ["😀🎉"], ["同じ文です"] * 3, ["x" * 100_000], ["même texte"] * 50])
def test_odd_texts_give_a_figure(what: str, texts: list[str], tmp_path: Path) -> None:
    from veille.evaluate import evaluate

    file = tmp_path / "x.jsonl"
    file.write_text("".join(json.dumps({"text": text, "label": "a", "story": "a"}) + "\n" for text in texts), encoding="utf-8")
    assert evaluate(what, file)["rows"] == len(texts)
