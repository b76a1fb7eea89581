from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("repin", Path(__file__).with_name("repin.py"))
assert SPEC
assert SPEC.loader
REPIN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(REPIN)
PINNED = {"a": {"floor": 0.8, "measured": 0.81, "sha256": "x"}, "other room": {"ami": 0.9}}


def test_a_floor_rises_with_the_figure_and_other_rooms_keep_theirs() -> None:
    floors = REPIN.repin(PINNED, {"a": 0.9}, {"a": "x"}, lower=False)
    assert floors["a"]["floor"] == pytest.approx(0.9 - REPIN.SLACK)
    assert floors["other room"] == PINNED["other room"]


def test_a_figure_below_its_floor_is_refused_without_the_flag() -> None:
    with pytest.raises(ValueError, match="--lower"):
        REPIN.repin(PINNED, {"a": 0.7}, {"a": "x"}, lower=False)
    assert REPIN.repin(PINNED, {"a": 0.7}, {"a": "x"}, lower=True)["a"]["floor"] == pytest.approx(0.7 - REPIN.SLACK)


def test_a_figure_just_above_its_floor_leaves_the_floor() -> None:
    assert REPIN.repin(PINNED, {"a": 0.805}, {"a": "x"}, lower=False) == PINNED


def test_another_corpus_is_refused_without_the_flag() -> None:
    with pytest.raises(ValueError, match="another corpus"):
        REPIN.repin(PINNED, {"a": 0.95}, {"a": "y"}, lower=False)


def test_a_new_measure_is_pinned() -> None:
    assert REPIN.repin({}, {"b": 0.5}, {"b": "z"}, lower=False)["b"]["sha256"] == "z"
