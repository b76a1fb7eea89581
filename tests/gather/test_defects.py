"""Plug-ins that are wrong in themselves: the rest goes on, and the mistake is told as one of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from veille.cli import main
from veille.errors import SourceError, StoreError
from veille.gather import SOURCE_HEALTH, gather
from veille.gather import pull as pull_module
from veille.mention import MENTIONS, Mention
from veille.sources import Fetched
from veille.store import Store
from veille.watch import SourceSpec, Watch

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
SOURCES = json.dumps([{"id": name, "type": "rss", "urls": ["https://a.example/f"]} for name in ("un", "deux", "trois")])


def fine(spec: SourceSpec) -> list[Mention]:
    return [Mention(spec.id, spec.type, f"texte de {spec.id}", AS_OF, native_id=spec.id)]


def takes_a_text_for_a_number(spec: SourceSpec) -> list[Mention]:
    return [Mention(spec.id, spec.type, "t", likes=int("what the source said"))]


def gives_counters_below_zero(spec: SourceSpec) -> list[Mention]:
    return [Mention(spec.id, spec.type, "t", AS_OF, native_id="x", likes=-1)]


def cannot_be_reached(spec: SourceSpec) -> list[Mention]:
    raise SourceError("https://a.example/f answered 500")


def memory_is_full(spec: SourceSpec) -> list[Mention]:
    raise StoreError("the disk is full")


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch, make_watch: Callable[..., Watch]) -> Callable[..., Watch]:
    """Return a function that puts plug-ins in the place of the registry's."""

    def plug(**plugins: Callable[[SourceSpec], list[Mention]]) -> Watch:
        class Plugged:
            def fetch(self, spec: SourceSpec, *_: object) -> Fetched:
                return Fetched(plugins.get(spec.id, fine)(spec), {}, asked=1)

        monkeypatch.setattr(pull_module, "source_of", lambda *_: Plugged())
        return make_watch(sources=SOURCES)

    return plug


def test_the_others_are_gathered_and_the_defect_has_its_type_and_place(plugged: Callable[..., Watch]) -> None:
    watch = plugged(un=takes_a_text_for_a_number)
    store = Store(watch)
    done = gather(watch, store, AS_OF)
    assert sorted(store.load(MENTIONS)["source"]) == ["deux", "trois"]
    assert done.health["verdict"].tolist() == ["defect", "ok", "ok"]
    assert (done.broken, [defect.source for defect in done.defects]) == ((), ["un"])
    said = store.load(SOURCE_HEALTH).set_index("source").loc["un", "error"]
    assert said.startswith("a defect of veille: ValueError at test_defects.py:")
    assert done.warnings[0] == f"source un: {said}"
    assert "what the source said" not in said
    assert store.state.get("gather/source/un") is None


def test_rows_that_break_the_contract_are_a_defect_too(plugged: Callable[..., Watch]) -> None:
    done = gather(watch := plugged(deux=gives_counters_below_zero), Store(watch), AS_OF)
    assert done.health["verdict"].tolist() == ["ok", "defect", "ok"]
    assert "ContractError" in done.warnings[0]


def test_a_failure_of_the_source_is_none(plugged: Callable[..., Watch]) -> None:
    done = gather(watch := plugged(deux=cannot_be_reached), Store(watch), AS_OF)
    assert done.health["verdict"].tolist() == ["ok", "broken", "ok"]
    assert (done.broken, done.defects) == (("deux",), ())


def test_a_memory_that_fails_ends_it(plugged: Callable[..., Watch]) -> None:
    with pytest.raises(StoreError, match="disk is full"):
        gather(watch := plugged(deux=memory_is_full), Store(watch), AS_OF)


@pytest.mark.parametrize("flags", [[], ["--json"], ["--debug"]])
def test_the_command_tells_what_it_did_and_ends_as_failed(plugged: Callable[..., Watch], flags: list[str]) -> None:
    watch = plugged(un=takes_a_text_for_a_number)
    done = CliRunner().invoke(main, ["gather", "--watch", str(watch.file), *flags])
    assert done.exit_code == 1
    assert "veille: source un: a defect of veille: ValueError" in done.stderr
    assert ("Traceback" in done.stderr) == ("--debug" in flags)
    if flags == ["--json"]:
        told: dict[str, Any] = json.loads(done.stdout)
        assert told["new"] == 2
        assert "ValueError" in told["error"]
        assert "--debug" in told["hint"]
    else:
        assert "2 new" in done.stdout


def test_a_source_that_fails_ends_with_warnings_only(plugged: Callable[..., Watch], tmp_path: Path) -> None:
    watch = plugged(un=cannot_be_reached)
    assert CliRunner().invoke(main, ["gather", "--watch", str(watch.file)]).exit_code == 3
