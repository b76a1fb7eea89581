from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.errors import UsageError
from veille.gather import ALIASES
from veille.gather.mapping import missing_columns, read_mapping, resolve
from veille.gather.rows import FIELDS


def test_reads_columns_joins_and_fixed_values() -> None:
    mapping = read_mapping(["native_id=id", "text=title+description", "kind==article", " url = link "])
    assert mapping.columns == {"native_id": "id", "text": "title+description", "url": "link"}
    assert mapping.fixed == {"kind": "article"}


@pytest.mark.parametrize("text", ["", "text", "text=", "=text", "text==", "nonsense=text", "mention_id=id", "subjects==a"])
def test_a_mapping_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_mapping([text])


def test_a_field_is_given_once() -> None:
    with pytest.raises(UsageError, match="twice"):
        read_mapping(["text=a", "text==b"])


def test_columns_with_a_fields_name_map_by_themselves() -> None:
    assert resolve(read_mapping([]), ["Text", " url ", "created_at", "id", "other"]) == {
        "text": ["Text"],
        "published_at": ["created_at"],
        "native_id": ["id"],
        "url": [" url "],
    }


def test_the_own_name_goes_before_its_aliases() -> None:
    assert resolve(read_mapping([]), ["description", "content", "text"])["text"] == ["text"]
    assert resolve(read_mapping([]), ["description", "content"])["text"] == ["content"]


def test_a_column_that_was_placed_does_not_place_itself_too() -> None:
    found = resolve(read_mapping(["text=title+description"]), ["title", "description"])
    assert found == {"text": ["title", "description"]}


def test_what_decides_the_past_is_never_mapped_unasked() -> None:
    found = resolve(read_mapping([]), ["source", "source_type", "gathered_at", "text"])
    assert found == {"text": ["text"], "publisher": ["source"]}
    assert resolve(read_mapping(["gathered_at=gathered_at"]), ["gathered_at"]) == {"gathered_at": ["gathered_at"]}


def test_a_column_with_a_plus_in_its_name_is_one_column() -> None:
    assert resolve(read_mapping(["text=a+b"]), ["a+b", "a", "b"])["text"] == ["a+b"]


def test_missing_columns_are_named() -> None:
    mapping = read_mapping(["text=title+body", "url=user.link", "author=nobody.name"])
    assert missing_columns(mapping, ["title", "user"]) == ["body", "nobody.name"]


def test_aliases_are_of_known_fields_and_of_one_field_each() -> None:
    names = [name for aliases in ALIASES.values() for name in aliases]
    assert set(ALIASES) <= set(FIELDS)
    assert len(names) == len(set(names))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FIELDS), st.text(min_size=1).filter(lambda text: text.strip() and not text.strip().startswith("=")))
def test_any_column_name_comes_back(field: str, column: str) -> None:
    assert read_mapping([f"{field}={column}"]).columns == {field: column.strip()}
    assert read_mapping([f"{field}=={column}"]).fixed == {field: column.strip()}
