"""`veille review` and `veille publish` as they are typed: JSON alone on standard output, exit codes, what is wrong use."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests import commands
from tests.alerts.conftest import Mailer
from tests.edition.conftest import MONDAY, WEEK, Draft
from veille.watch import Watch


def test_a_draft_is_looked_at_withheld_from_and_released(
    released_watch: Watch, draft: Draft, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_URL", mailer.url)
    draft()
    file = released_watch.file
    held = commands.veille(file, "review", WEEK, "--withhold", "2", "--reason", "Doublon.", "--by", "ana", "--json")
    assert held.returncode == 0, held.stderr
    told = json.loads(held.stdout)
    assert [one["number"] for one in told["findings"]] == [1, 2, 3]
    assert told["due_at"] == "2026-11-23T08:30:00+01:00"
    assert [(one["by"], one["note"]) for one in told["events"]] == [("Ana Lyste", "Doublon.")]
    late = commands.veille(file, "publish", "--due", "--as-of", (MONDAY + timedelta(hours=2)).isoformat(), "--json")
    assert late.returncode == 3
    assert json.loads(late.stdout)["noticed"]
    out = commands.veille(file, "publish", WEEK, "--by", "ana", "--note", "À lire.", "--json")
    assert out.returncode == 0, out.stderr
    told = json.loads(out.stdout)
    assert {"week", "published_at", "sent"} <= set(told)
    assert told["week"] == WEEK
    assert sorted(one["to"] for one in told["sent"]) == ["comite@aquilon.example", "direction@aquilon.example"]
    again = commands.veille(file, "publish", WEEK, "--by", "bruno", "--json")
    assert again.returncode == 2
    assert "already released by Ana Lyste" in json.loads(again.stdout)["error"]
    assert len(mailer.mails) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publish",), "needs the week"),
        (("publish", WEEK), "needs the name"),
        (("publish", WEEK, "--due"), "releases nothing"),
        (("publish", "47", "--by", "ana"), "not an ISO week"),
        (("review", WEEK), "no edition"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(released_watch: Watch, arguments: tuple[str, ...], words: str) -> None:
    done = commands.veille(released_watch.file, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_schedule_has_a_line_for_what_is_due(released_watch: Watch) -> None:
    lines = json.loads(commands.veille(released_watch.file, "schedule", "--json").stdout)["lines"]
    assert any(line.startswith("*/15 * * * * ") and " publish --due --watch " in line for line in lines)
