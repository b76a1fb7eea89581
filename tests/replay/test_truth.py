"""Files of events: a good one, and one sentence for each bad one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from veille.errors import UsageError
from veille.replay import Event, EventKind, read_truth
from veille.watch import Watch

HEAD = "event_id,subject,onset,end,kind"


def write(folder: Path, *lines: str) -> Path:
    file = folder / "events.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_other_columns_are_ignored_and_a_byte_mark_too(tmp_path: Path, watch: Watch) -> None:
    file = write(tmp_path, "\ufeff" + HEAD + ",what", 'e1,essai,2022-01-25,2022-02-20,crisis,"un livre, un scandale"')
    assert read_truth(file, watch) == (Event("e1", "essai", date(2022, 1, 25), date(2022, 2, 20), EventKind.CRISIS),)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["event_id,subject,onset,kind", "e,essai,2022-01-01,crisis"], "no column end"),
        ([HEAD, "e,essai,2022-01-01,2022-01-02,crises"], "line 2: kind is 'crises'"),
        ([HEAD, "e,autre,2022-01-01,2022-01-02,crisis"], "no subject 'autre'"),
        ([HEAD, "e,essai,01/02/2022,2022-01-02,crisis"], "onset is '01/02/2022'"),
        ([HEAD, "e,essai,2022-01-03,2022-01-02,crisis"], "ends on 2022-01-02, before its onset"),
        ([HEAD, ",essai,2022-01-01,2022-01-02,crisis"], "no event_id"),
        ([HEAD, *["e,essai,2022-01-01,2022-01-02,crisis"] * 2], "two events e"),
        ([HEAD, "e,essai,2022-01-01,2022-01-02,crisis", "f,essai,,2022-01-02,crisis"], "line 3: onset is ''"),
        ([""], "no CSV file"),
    ],
)
def test_a_bad_file_gives_one_sentence(lines: list[str], sentence: str, tmp_path: Path, watch: Watch) -> None:
    with pytest.raises(UsageError, match=sentence) as caught:
        read_truth(write(tmp_path, *lines), watch)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path, watch: Watch) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_truth(tmp_path / "none.csv", watch)
    (tmp_path / "odd.csv").write_bytes(b"event_id\xff\xfe")
    with pytest.raises(UsageError, match="no CSV file in UTF-8"):
        read_truth(tmp_path / "odd.csv", watch)
