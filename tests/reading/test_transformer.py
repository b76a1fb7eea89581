"""What a named model of tone must be, without the packages that run one; `test_transformer_read.py` runs one."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.reading.test_reader import put
from veille.errors import UsageError, WatchError
from veille.reading import READINGS, read, version
from veille.reading.prevalence import negative_share
from veille.reading.tone import measured
from veille.reading.transformer import of_watch
from veille.signals.thresholds import Thresholds
from veille.store import Store
from veille.watch import Watch

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MakeWatch = Callable[[str], Watch]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files of a model of which only the names and labels are looked at."""
    place = tmp_path / "models" / "tiny"
    place.mkdir(parents=True)
    (place / "model.safetensors").write_bytes(b"weights")
    (place / "config.json").write_text(json.dumps({"id2label": {"0": "NEG", "1": "POS"}}), encoding="utf-8")
    return place


@pytest.fixture
def named(make_watch: MakeWatch, watch: Watch) -> Callable[[str], Watch]:
    """Return a function that gives the watch a section `tone`."""
    before = watch.file.read_text("utf-8")
    return lambda tone: make_watch(f"{before}tone: {tone}\n")


TINY = "{model: models/tiny, languages: [fr]}"


def test_the_built_in_model_reads_where_none_is_named(watch: Watch, named: Callable[[str], Watch]) -> None:
    assert of_watch(watch) is None
    assert of_watch(named("{model: built-in}")) is None
    assert measured(pd.Series([version(watch)])).all()


def test_the_version_says_which_model_which_weights_and_what_was_said_of_it(
    named: Callable[[str], Watch], folder: Path
) -> None:
    first = version(named(TINY))
    assert "/transformer-tiny-" in first
    assert str(folder.parent) not in first
    assert version(named("{model: ./models/tiny/, languages: [fr]}")) == first
    others = {
        version(named("{model: models/tiny, languages: [fr, en]}")),
        version(named("{model: models/tiny, languages: [fr], labels: {NEG: positive, POS: negative}}")),
    }
    (folder / "model.safetensors").write_bytes(b"weightS")
    others.add(version(named(TINY)))
    assert len(others | {first}) == 4


def test_files_copied_elsewhere_are_the_same_model(named: Callable[[str], Watch], folder: Path) -> None:
    first = version(named(TINY))
    folder.rename(folder.parent.parent / "tiny")
    assert version(named("{model: ./tiny, languages: [fr]}")) == first


@pytest.mark.parametrize(
    ("tone", "said"),
    [
        ("{model: x/y}", "does not say which languages"),
        ("{languages: [fr]}", "a model that it does not name"),
        ("{download: true}", "a model that it does not name"),
        ("{model: x/y, languages: [french]}", "languages"),
        ("{model: x/y, languages: [fr], labels: {a: bad}}", "labels"),
    ],
)
def test_a_section_that_does_not_say_enough_is_refused(named: Callable[[str], Watch], tone: str, said: str) -> None:
    with pytest.raises(WatchError, match=said) as caught:
        named(tone)
    assert caught.value.line
    assert caught.value.hint


def test_weights_that_can_run_code_are_not_read(named: Callable[[str], Watch], folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(UsageError, match="no weights in safetensors"):
        version(named(TINY))


@pytest.mark.parametrize(
    "config", ["", "[]", "{", '{"id2label": {"x": "a"}}', '{"id2label": 3}', '{"id2label": {"0": 1, "b": 2}}']
)
def test_a_broken_config_is_said_in_one_sentence(named: Callable[[str], Watch], folder: Path, config: str) -> None:
    (folder / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(UsageError, match=r"config\.json of tone\.model 'models/tiny' cannot be read"):
        version(named(TINY))


def test_a_model_without_config_is_said_in_one_sentence(named: Callable[[str], Watch], folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(UsageError, match=r"config\.json .* cannot be read"):
        version(named(TINY))


def test_labels_without_a_name_are_asked_for(named: Callable[[str], Watch], folder: Path) -> None:
    (folder / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="'LABEL_0', 'LABEL_1'"):
        version(named(TINY))
    assert version(named("{model: models/tiny, languages: [fr], labels: {LABEL_0: negative, LABEL_1: positive}}"))


def test_a_model_that_gives_a_text_several_labels_is_refused(named: Callable[[str], Watch], folder: Path) -> None:
    config = {"problem_type": "multi_label_classification", "id2label": {"0": "negative", "1": "positive"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(UsageError, match="several labels to one text"):
        version(named(TINY))


@pytest.mark.parametrize("name", ["./models/none", "/nowhere/model", "~/none-at-all", "a/b/c"])
def test_a_folder_that_is_not_there_is_not_looked_for_elsewhere(named: Callable[[str], Watch], name: str) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        version(named(f"{{model: {name}, languages: [fr]}}"))


def test_a_name_without_the_package_that_knows_names_says_what_to_install(named: Callable[[str], Watch]) -> None:
    if importlib.util.find_spec("huggingface_hub"):
        pytest.skip("huggingface_hub is installed here, so that nothing is missing")
    with pytest.raises(UsageError, match="the package transformers, which knows models by name, is not installed") as caught:
        version(named("{model: acme/tone, languages: [fr]}"))
    assert "pip install 'veille[transformers]'" in caught.value.hint


def test_a_missing_package_is_said_before_anything_is_embedded(
    named: Callable[[str], Watch], folder: Path, store: Store
) -> None:
    if importlib.util.find_spec("transformers"):
        pytest.skip("transformers is installed here, so that nothing is missing")
    put(store, "Bravo à toute l'équipe")
    with pytest.raises(UsageError, match="'models/tiny' needs the package transformers, which is not installed") as caught:
        read(named(TINY), store, NOW)
    assert "pip install 'veille[transformers]'" in caught.value.hint
    assert store.load(READINGS).empty


def test_stories_of_a_model_whose_error_is_unknown_are_counted_as_read() -> None:
    scores = pd.DataFrame({"p_negative": [0.9] * 20 + [0.2] * 80, "language": "fr"})
    found = negative_share(scores.assign(measured=False))
    assert (found.read, found.uncorrected, found.share) == (100, 100, 0.2)
    assert found.low < 0.2 < found.high
    assert negative_share(scores.assign(measured=True)) == negative_share(scores)
    assert negative_share(scores).share != 0.2
    half = pd.concat([scores.assign(measured=True), scores.assign(measured=False)], ignore_index=True)
    assert (negative_share(half).read, negative_share(half).uncorrected) == (200, 100)


def test_only_versions_with_a_named_model_are_unmeasured() -> None:
    versions = pd.Series(["reading-2/tone-1/l/use", "reading-2/transformer-x-1-2/l/use", None, "r/tone-1/l/transformer-x"])
    assert measured(versions).tolist() == [True, False, True, True]
    assert measured(pd.Series([], dtype="object")).tolist() == []


def test_signals_do_not_take_its_error_for_that_of_the_built_in_model(watch: Watch) -> None:
    assumed, known = Thresholds.of(watch.detection), Thresholds.of(watch.detection, watch.languages)
    assert assumed.error_rates == Thresholds().error_rates != known.error_rates
