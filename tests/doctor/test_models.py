from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from veille.doctor.models import tone_checks
from veille.watch import Watch

HEAD = "watch: essai\norganisation: Essai\nsubjects: [{id: essai, query: essai}]\n"
MakeWatch = Callable[[str], Watch]


def test_nothing_is_said_of_the_built_in_model(make_watch: MakeWatch) -> None:
    assert list(tone_checks(make_watch(HEAD))) == []


def test_a_named_model_that_is_not_there_is_told(make_watch: MakeWatch) -> None:
    (check,) = tone_checks(make_watch(HEAD + "tone: {model: ./models/none, languages: [fr]}\n"))
    assert (check.name, check.ok) == ("tone model", False)
    assert "'./models/none' is not a folder" in check.found
    assert check.mend


def test_what_a_named_model_needs_is_told(make_watch: MakeWatch, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "model.safetensors").touch()
    (folder / "config.json").write_text('{"id2label": {"0": "negative", "1": "positive"}}', encoding="utf-8")
    (check,) = tone_checks(make_watch(HEAD + "tone: {model: tiny, languages: [fr]}\n"))
    if importlib.util.find_spec("transformers") and importlib.util.find_spec("torch"):
        assert check.ok
    else:
        assert not check.ok
        assert "'tiny' needs the package transformers" in check.found
        assert "pip install" in check.mend


def test_a_model_that_may_be_fetched_is_not_fetched_by_looking(
    make_watch: MakeWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("huggingface_hub", reason="needs transformers, which make test-extra installs")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    (check,) = tone_checks(make_watch(HEAD + "tone: {model: acme/tone, languages: [fr], download: true}\n"))
    assert check.ok
    assert "the next run fetches it" in check.found
    (check,) = tone_checks(make_watch(HEAD + "tone: {model: acme/tone, languages: [fr]}\n"))
    assert not check.ok
