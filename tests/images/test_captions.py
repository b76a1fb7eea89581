"""Captions are events with who and when: the latest that stands counts, at each instant."""

from __future__ import annotations

import json
from datetime import timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.images.conftest import AS_OF
from veille import images
from veille.cli import main
from veille.errors import UsageError
from veille.images import PICTURE_EVENTS
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch


@pytest.fixture
def group(
    watch: Watch,
    tell: Any,
    show: Any,
    drawn: ModuleType,
    rng: np.random.Generator,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    monkeypatch.setenv("PATH", "/nowhere")
    scene = drawn.scene(rng)
    tell(watch, ("a", "un.example", [show("/1.png", scene)]), ("b", "deux.example", [show("/2.png", scene.resize((300, 225)))]))
    images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    (found,) = set(images.groups(Store(watch), AS_OF)["group_id"])
    return str(found)


def standing(watch: Watch, hours: float = 24) -> list[tuple[str, str]]:
    frame = images.captions(Store(watch), AS_OF + timedelta(hours=hours))
    return list(zip(frame["caption"], frame["caption_by"], strict=True))


def test_the_latest_caption_stands_and_an_undo_brings_the_one_before_back(watch: Watch, group: str) -> None:
    store = Store(watch)
    other = images.groups(store, AS_OF)["picture_id"].iloc[-1]
    images.caption(store, group, "Une trottinette", at=AS_OF, by="Inès")
    # A caption of a copy is one of the group.
    second = images.caption(store, other, "Un  détournement\n de l'affiche", at=AS_OF + timedelta(hours=1), by="Hugo")
    assert standing(watch) == [("Un détournement de l'affiche", "Hugo")]
    assert standing(watch, 0.5) == [("Une trottinette", "Inès")]
    assert standing(watch, -1) == []
    taken = images.undo(store, second["event_id"].iloc[0], at=AS_OF + timedelta(hours=2), by="Hugo")
    assert standing(watch) == [("Une trottinette", "Inès")]
    images.undo(store, taken["event_id"].iloc[0], at=AS_OF + timedelta(hours=3), by="Hugo")
    assert standing(watch) == [("Un détournement de l'affiche", "Hugo")]
    assert len(store.load(PICTURE_EVENTS)) == 4


@pytest.mark.parametrize(
    ("picture", "text", "by", "told"),
    [
        ("f" * 32, "Oui", "Inès", "no picture"),
        ("", "Oui", "Inès", "no picture"),
        (None, " \n ", "Inès", "needs words"),
        (None, "x" * 501, "Inès", "more than 500"),
        (None, "Oui", "  ", "name of who acts"),
    ],
)
def test_what_is_no_caption_is_refused_and_leaves_nothing(
    watch: Watch, group: str, picture: str | None, text: str, by: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        images.caption(Store(watch), group if picture is None else picture, text, at=AS_OF, by=by)
    assert Store(watch).load(PICTURE_EVENTS).empty


def test_an_undo_of_nothing_is_refused(watch: Watch, group: str) -> None:
    with pytest.raises(UsageError, match="no event"):
        images.undo(Store(watch), "e0", at=AS_OF, by="Inès")


def run(watch: Watch, *arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["picture", *arguments, "--watch", str(watch.file), "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_commands_list_caption_and_take_back(watch: Watch, group: str) -> None:
    (row,) = run(watch, "list")["pictures"]
    assert (row["group_id"], row["mentions"], row["publishers"], row["caption"]) == (group, 2, 2, None)
    event = run(watch, "caption", group, "Écrire à @jean et jean@example.org", "--by", "Inès")["event"]
    (row,) = run(watch, "list")["pictures"]
    assert (row["caption"], row["caption_by"]) == ("Écrire à @… et [mail]", "Inès")
    told = CliRunner().invoke(main, ["picture", "list", "--watch", str(watch.file)]).output
    assert "groups of pictures: 1" in told
    assert "jean" not in told
    run(watch, "undo", event["event_id"], "--by", "Inès")
    assert run(watch, "list")["pictures"][0]["caption"] is None
    assert run(watch, "look")["looked"] == 0


def test_travelling_takes_two_voices(watch: Watch, group: str, tell: Any, show: Any, drawn: ModuleType, client: Client) -> None:
    from veille.period import week

    store, period = Store(watch), week("2026-W47", "Europe/Paris")
    assert list(images.travelling(store, AS_OF, period)["group_id"]) == [group]
    # The picture that one site puts beside all it prints goes nowhere.
    own = show("/own.png", drawn.scene(np.random.default_rng(9)))
    tell(watch, ("c", "un.example", [own]), ("d", "un.example", [own]), text="")
    images.look(watch, store, AS_OF, fetch=True, client=client)
    assert len(images.listing(store, AS_OF)) == 2
    assert list(images.travelling(store, AS_OF, period)["group_id"]) == [group]
    assert images.travelling(store, AS_OF, week("2026-W46", "Europe/Paris")).empty
