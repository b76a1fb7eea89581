# ruff: noqa: E501 - tables read better a row a line
from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from veille.bulletin.base import clean
from veille.bulletin.types import Bulletin, schema

SCHEMA = Path(__file__).parents[2] / "docs" / "bulletin.schema.json"
KEYS = {
    "": "edition marking headline level level_before tiles findings decisions signals weak_signals topics relays questions "
    "messages followup method evidence",
    "Edition": "watch week from to as_of language draft note",
    "Tile": "name value change low high",
    "Finding": "title value change_points change_pct history probability horizon confidence reason evidence",
    "Decision": "decision_id title effect ask owner due signal_ids",
    "Signal": "signal_id subject role topic_id title kind level score score_low score_high parts effects first_seen detected_at "
    "sent_at status owner stories publishers authors evidence",
    "SignalEffect": "id effect",
    "Topic": "topic_id title words stories change_pct negative_share low high born evidence",
    "Relay": "name kind stories new",
    "Question": "question mentions reach status message_id owner evidence",
    "Followup": "signal_id asked outcome",
    "Method": "sources not_observed tone_error thresholds replay run_id",
    "Source": "id verdict received",
    "Evidence": "publisher published_at quote url grade",
}


def test_schema_in_docs_is_the_one_of_the_types():
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "write what veille.bulletin.types.schema() returns to it"


@pytest.mark.parametrize("model", KEYS)
def test_keys_of_the_contract_are_all_there(model):
    known = Bulletin.model_json_schema(by_alias=True, mode="serialization")
    properties = (known["$defs"][model] if model else known)["properties"]
    assert set(KEYS[model].split()) <= set(properties)


def test_json_comes_back_as_the_same_bulletin(bulletin):
    again = Bulletin.model_validate_json(bulletin.to_json())
    assert again == bulletin
    assert again.to_json() == bulletin.to_json()


def test_unknown_keys_and_a_fourth_finding_are_refused(bulletin):
    content = bulletin.model_dump(mode="json", by_alias=True)
    with pytest.raises(ValidationError, match="surprise"):
        Bulletin.model_validate(content | {"surprise": 1})
    with pytest.raises(ValidationError, match="findings"):
        Bulletin.model_validate(content | {"findings": content["findings"] * 2})


def test_a_bulletin_is_frozen(bulletin):
    with pytest.raises(ValidationError, match="frozen"):
        bulletin.level = 0


def test_text_loses_what_no_page_should_carry():
    assert clean("a\x00b\u202ec\ud800d\ne\tf é 漢") == "abcd\ne\tf é 漢"
