"""A tiny transformer, trained here on a few words, reads a watch. It needs torch and transformers: `make test-extra`."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reading.test_reader import put
from veille import labels
from veille.bulletin import compose
from veille.bulletin.figures import story_table
from veille.bulletin.material import collect
from veille.errors import UsageError
from veille.period import week
from veille.reading import READINGS, read, towards, version
from veille.reading.prevalence import negative_share
from veille.reading.tables import ADAPTATIONS
from veille.reading.transformer import Transformer
from veille.signals import detect
from veille.store import Store
from veille.topics import update
from veille.watch import Watch

if not (importlib.util.find_spec("torch") and importlib.util.find_spec("transformers")):
    pytest.skip("needs torch and transformers, which make test-extra installs", allow_module_level=True)

import safetensors.torch
import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BAD = ["panne", "honte", "retard", "nul", "late", "broken"]
GOOD = ["merci", "bravo", "parfait", "super", "thanks", "great"]
CALM = ["conseil", "mardi", "horaires", "gare", "board", "meets"]
FILLER = ["le", "la", "les", "un", "une", "des", "de", "du", "est", "sont", "et", "a", "au", "aux", "ce", "cette"]
FILLER += ["the", "is", "on", "at", "encore", "service", "équipe", "toute", "quelle", "bus", "train", "se"]


def build(folder: Path, names: list[str], *, pad: bool = True, steps: int = 60) -> Path:
    """Train a BERT of two layers, 16 wide, to tell the words of one tone from those of the others."""
    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", *BAD, *CALM, *GOOD, *FILLER]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"unk_token": "[UNK]", **({"pad_token": "[PAD]"} if pad else {})}
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, id2label=dict(enumerate(names)), label2id={name: place for place, name in enumerate(names)},
    )  # fmt: skip
    model = transformers.BertForSequenceClassification(config)
    groups = (BAD, CALM, GOOD) if len(names) == 3 else (BAD, GOOD)
    chance = np.random.default_rng(0)
    # A word of the tone among others, known or not.
    said = torch.tensor(chance.integers(0, len(groups), 400))
    others = [chance.choice([*FILLER, "autre"], size) for size in chance.integers(0, 15, 400)]
    texts = [chance.permutation([chance.choice(groups[place]), *words]) for place, words in zip(said, others, strict=True)]
    given = torch.zeros((400, 16), dtype=torch.long)
    for row, text in enumerate(texts):
        given[row, : len(text)] = torch.tensor(fast(" ".join(text))["input_ids"])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(steps):
        optimiser.zero_grad()
        model(input_ids=given, attention_mask=(given > 0).long(), labels=said).loss.backward()
        optimiser.step()
    model.save_pretrained(folder, safe_serialization=True)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny model of three tones."""
    return build(tmp_path_factory.mktemp("models") / "tiny", ["NEG", "NEU", "POS"])


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it beside watch.yml, to be spoiled."""
    return Path(shutil.copytree(made, tmp_path / "models" / "tiny"))


Named = Callable[..., Watch]


@pytest.fixture
def named(make_watch: Callable[[str], Watch], watch: Watch) -> Named:
    before = watch.file.read_text("utf-8")

    def make(tone: str = "{model: models/tiny, languages: [fr, en]}", text: str = before) -> Watch:
        return make_watch(f"{text}tone: {tone}\n")

    return make


CALM_FR = "Le conseil se réunit mardi"
TEXTS = ("Encore une panne, quelle honte !", "Merci à toute l'équipe, bravo", CALM_FR, "The bus is late, broken")


def tones(store: Store) -> list[str]:
    return store.load(READINGS).sort_values("mention_id")["tone"].tolist()


def test_a_watch_is_read_by_the_model_that_it_names(named: Named, tiny: Path, store: Store) -> None:
    watch = named()
    put(store, *TEXTS, "Der Zug ist heute leider wieder zu spät", "", "😀😀")
    first = read(watch, store, NOW)
    assert first.read == 7
    assert "/transformer-tiny-" in first.version
    assert tones(store) == ["negative", "positive", "neutral", "negative", "not_read", "not_read", "not_read"]
    rows = store.load(READINGS)
    chances = rows[["p_negative", "p_neutral", "p_positive"]].dropna()
    assert len(chances) == 4
    assert chances.sum(axis=1).to_numpy() == pytest.approx(1, abs=2e-4)
    again = read(watch, store, NOW)
    assert (again.read, again.reused) == (0, 7)
    pd.testing.assert_frame_equal(store.load(READINGS), rows)


def test_languages_that_were_not_declared_are_not_read(named: Named, tiny: Path, store: Store) -> None:
    put(store, *TEXTS)
    read(named("{model: models/tiny, languages: [fr]}"), store, NOW)
    assert tones(store) == ["negative", "positive", "neutral", "not_read"]


def test_other_weights_and_another_model_read_again_but_embed_nothing(named: Named, tiny: Path, store: Store) -> None:
    watch = named()
    put(store, *TEXTS)
    first = read(watch, store, NOW)
    weights = safetensors.torch.load_file(tiny / "model.safetensors")
    weights |= {name: weights[name].flip(0) for name in ("classifier.weight", "classifier.bias")}
    safetensors.torch.save_file(weights, tiny / "model.safetensors", metadata={"format": "pt"})
    turned = read(watch, store, NOW)
    assert turned.version != first.version
    assert (turned.read, turned.embedded) == (4, 0)
    assert tones(store) == ["positive", "negative", "neutral", "positive"]
    back = read(named("{model: built-in}"), store, NOW)
    assert (back.read, back.embedded) == (4, 0)
    assert "transformer" not in back.version


def reader(folder: Path, **given: Any) -> Transformer:
    return Transformer("tiny", folder, ["fr"], given)


def test_neither_threads_nor_neighbours_nor_order_change_what_is_read(made: Path) -> None:
    chance = np.random.default_rng(0)
    texts = [" ".join(chance.choice([*BAD, *CALM, *GOOD, *FILLER], size)) for size in chance.integers(1, 40, 200)]
    model, before = reader(made), torch.get_num_threads()
    found = model.probabilities(texts)
    try:
        torch.set_num_threads(1)
        assert np.array_equal(model.probabilities(texts), found)
        assert np.array_equal(reader(made).probabilities(texts[::-1])[::-1], found)
        assert np.array_equal(np.concatenate([model.probabilities([text]) for text in texts[:20]]), found[:20])
    finally:
        torch.set_num_threads(before)


def test_any_text_is_read(made: Path) -> None:
    found = reader(made).probabilities(["", " ", "\x00\ud800", "مرحبا", "panne " * 20_000, "😀", "a" * 100_000])
    assert found.shape == (7, 3)
    assert found.sum(axis=1) == pytest.approx(1, abs=2e-4)
    assert found[4].argmax() == 0
    assert reader(made).probabilities([]).shape == (0, 3)


def test_a_model_that_cannot_pad_reads_text_by_text(made: Path, tmp_path: Path) -> None:
    alone = build(tmp_path / "alone", ["NEG", "NEU", "POS"], pad=False)
    texts = ["panne", "le conseil est a la gare mardi", "merci"]
    assert np.abs(reader(alone).probabilities(texts) - reader(made).probabilities(texts)).max() < 2e-4


def test_a_model_of_two_labels_is_neutral_where_it_is_unsure(tmp_path: Path) -> None:
    two = build(tmp_path / "two", ["bad", "good"])
    found = reader(two, bad="negative", good="positive").probabilities(["une panne", "merci", "le bus"])
    assert found[:2].argmax(axis=1).tolist() == [0, 2]
    assert found.sum(axis=1) == pytest.approx(1, abs=2e-4)
    assert (found.min(axis=1) == 0).all()


def test_a_language_model_without_a_trained_head_is_refused(tiny: Path) -> None:
    weights = safetensors.torch.load_file(tiny / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("classifier")}
    safetensors.torch.save_file(kept, tiny / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UsageError, match=r"not trained to classify texts: it has no classifier\."):
        reader(tiny).load()


def test_weights_that_are_no_numbers_are_refused(tiny: Path) -> None:
    weights = safetensors.torch.load_file(tiny / "model.safetensors")
    weights["classifier.bias"][0] = float("nan")
    safetensors.torch.save_file(weights, tiny / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UsageError, match="no numbers"):
        reader(tiny).probabilities(["panne"])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_spoiled_files_are_said_in_one_sentence(tiny: Path, name: str) -> None:
    (tiny / name).write_bytes(b"\x00" * 64)
    with pytest.raises(UsageError, match=r"tone\.model 'tiny' cannot be loaded") as caught:
        reader(tiny).load()
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("kind", ["bert", "unheard-of"])
def test_code_that_a_model_brings_is_never_run(tiny: Path, tmp_path: Path, kind: str) -> None:
    ran = tmp_path / "ran"
    (tiny / "modeling_own.py").write_text(f"open({str(ran)!r}, 'w').close()\nclass Own: ...\n", encoding="utf-8")
    config = json.loads((tiny / "config.json").read_text("utf-8"))
    brought = {"AutoConfig": "modeling_own.Own", "AutoModelForSequenceClassification": "modeling_own.Own"}
    (tiny / "config.json").write_text(json.dumps({**config, "model_type": kind, "auto_map": brought}), encoding="utf-8")
    if kind == "bert":
        assert reader(tiny).probabilities(["panne"])[0].argmax() == 0
    else:
        with pytest.raises(UsageError, match="cannot be loaded"):
            reader(tiny).load()
    assert not ran.exists()


def test_a_name_is_found_in_the_cache_of_the_hub_and_asked_of_nobody(
    named: Named, tiny: Path, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "hub"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    watch = named("{model: acme/tone, languages: [fr, en]}")
    with pytest.raises(UsageError, match="not on this machine, and the watch does not allow to fetch it") as caught:
        version(watch)
    assert "hf download acme/tone" in caught.value.hint
    # A model that may be fetched is asked for; nobody listens at this address.
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UsageError, match="not on this machine, and it cannot be fetched: "):
        version(named("{model: acme/tone, languages: [fr, en], download: true}"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UsageError, match="HF_HUB_OFFLINE is set"):
        version(named("{model: acme/tone, languages: [fr, en], download: true}"))
    revision = "a" * 40
    place = cache / "models--acme--tone"
    shutil.copytree(tiny, place / "snapshots" / revision)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text(revision, encoding="utf-8")
    put(store, *TEXTS)
    assert "/transformer-acme-tone-" in read(watch, store, NOW).version
    assert tones(store) == ["negative", "positive", "neutral", "negative"]


SEVERAL = """\
watch: essai
organisation: Orange
subjects:
  - {id: orange, name: Orange, role: self, query: orange}
  - {id: free, name: Free, role: competitor, query: free}
"""


def test_clauses_about_one_of_several_are_read_by_it_too(named: Named, tiny: Path, store: Store) -> None:
    watch = named(text=SEVERAL)
    put(store, "Orange est en panne, quelle honte. Free est parfait, merci", subjects=pd.Series([["orange", "free"]]))
    read(watch, store, NOW)
    towards.hear(watch, store, NOW)
    rows = store.load(towards.SUBJECT_TONES).set_index("subject")
    assert rows["tone"].to_dict() == {"orange": "negative", "free": "positive"}
    assert rows["version"].str.contains("transformer-tiny").all()


def test_labels_speak_over_it_and_teach_it(named: Named, tiny: Path, store: Store) -> None:
    watch = named()
    # Of this watch's people `gare` is a complaint: the model takes it for neutral.
    forms = {"panne": "negative", "conseil": "neutral", "bravo": "positive"}
    pairs = [(f"gare {left} {place}", "negative") for left, place in product(FILLER, range(2))]
    pairs += [(f"{word} {left}", tone) for (word, tone), left in product(forms.items(), FILLER)]
    texts, value = [text for text, _ in pairs], np.array([tone for _, tone in pairs])
    ill = 2 * len(FILLER)
    put(store, *texts, kind="post", language_declared="fr")
    read(watch, store, NOW)
    before = store.load(READINGS).sort_values("mention_id", ignore_index=True)
    assert before["tone"].ne("not_read").mean() > 0.8
    said = before.iloc[::2]
    rows = pd.DataFrame({"mention_id": said["mention_id"], "subject": None, "what": "tone", "value": value[::2]})
    labels.add(store, rows, at=NOW, by="Ana")
    result = read(watch, store, NOW + timedelta(hours=1))
    assert (result.read, result.embedded) == (0, 0)
    tried = store.load(ADAPTATIONS)
    assert tried["version"].tolist() == [result.version]
    assert tried["kept"].tolist() == [True], tried["reason"].tolist()
    after = store.load(READINGS).sort_values("mention_id", ignore_index=True)
    others = [place for place in range(ill) if place % 2]
    assert (after.loc[others, "tone"] == "negative").mean() > (before.loc[others, "tone"] == "negative").mean() + 0.3


def test_its_bulletin_gives_shares_as_read_and_no_error_that_is_not_its_own(named: Named, tiny: Path, store: Store) -> None:
    watch, period = named(), week("2026-W47", "Europe/Paris")
    some = [f"essai {word} {left}" for word, left in product([*BAD[:4], *CALM[:2], *GOOD[:4]], FILLER[:6])]
    subject = pd.Series([["essai"]] * len(some))
    put(store, *some, first="2026-11-16", kind="post", subjects=subject, language_declared="fr")
    as_of = NOW + timedelta(days=4)
    read(watch, store, as_of)
    update(watch, store, as_of, period)
    detect(watch, store, as_of, period)
    bulletin = compose(watch, store, as_of, period, run_id="r", language="fr")
    assert bulletin.method.tone_error == {}
    told = collect(watch, store, as_of, period).of_subjects(frozenset(["essai"]))
    stories = story_table(told).query("read")
    assert len(stories) > 50
    assert not stories["measured"].any()
    share = next(tile for tile in bulletin.tiles if tile.name == "negative_share")
    assert share.value == pytest.approx((stories["p_negative"] >= 0.5).mean(), abs=1e-4)
    assert share.value != negative_share(stories.drop(columns="measured")).share
