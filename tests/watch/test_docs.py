"""docs/watch.md names every key with the default and meaning of the models, and its example loads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from veille import watch
from veille.watch import load_watch

DOCS = Path(__file__).parents[2] / "docs" / "watch.md"
SECTIONS: dict[str, type[BaseModel]] = {
    "The file": watch.Watch,
    "subjects": watch.Subject,
    "sources": watch.SourceSpec,
    "sources: rights": watch.Rights,
    "topics": watch.WatchedTopic,
    "people": watch.Person,
    "hours": watch.Hours,
    "strategy": watch.Strategy,
    "strategy: objectives, decisions, red_lines": watch.StrategicItem,
    "rules": watch.Rule,
    "voice": watch.Voice,
    "calendar": watch.CalendarEntry,
    "messages": watch.Message,
    "accounts": watch.Account,
    "confidential": watch.Confidential,
    "escalation": watch.Escalation,
    "autonomy": watch.Autonomy,
    "delivery": watch.Delivery,
    "delivery: readers": watch.Reader,
    "privacy": watch.Privacy,
    "images": watch.Images,
    "embedding": watch.Embedding,
    "tone": watch.ToneModel,
    "detection": watch.Detection,
    "detection: score_weights": watch.ScoreWeights,
}


def default_of(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "required"
    if isinstance(value, BaseModel):
        return "below"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "below" if any(isinstance(item, BaseModel) for item in value.values()) else f"`{_plain(value)}`"
    if value is None or value == () or value == "":
        return "none"
    if isinstance(value, tuple):
        return f"`[{', '.join(str(item) for item in value)}]`"
    return f"`{value}`"


def _plain(value: dict[str, object]) -> str:
    return "{" + ", ".join(f"{name}: {item}" for name, item in value.items()) + "}"


def rows_of(model: type[BaseModel]) -> list[str]:
    return [f"| `{name}` | {default_of(field)} | {field.description} |" for name, field in model.model_fields.items()]


def section(title: str) -> str:
    text = DOCS.read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("title", SECTIONS)
def test_each_section_lists_exactly_the_keys_of_its_model(title: str) -> None:
    listed = [line for line in section(title).splitlines() if line.startswith("| `")]
    assert listed == rows_of(SECTIONS[title])


def test_every_model_has_a_section() -> None:
    models = {getattr(watch, name) for name in watch.__all__ if isinstance(getattr(watch, name), type)}
    settings = {model for model in models if issubclass(model, BaseModel)} - {watch.Absence}
    assert settings == set(SECTIONS.values())


def test_default_escalation_is_the_documented_one() -> None:
    text = section("escalation")
    for level, step in watch.Watch.model_fields["escalation"].default.items():
        assert f"| {level} | {', '.join(step.to)} | {_delay(step.send_within)} | {_delay(step.decide_within)} |" in text


def test_default_autonomy_is_the_documented_one(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text("watch: w\norganisation: W\nsubjects: [{id: w, query: w}]\n", encoding="utf-8")
    loaded = load_watch(file)
    for level, leave in loaded.autonomy.items():
        step = max(level, 2)
        assert f"| {level} | {', '.join(leave.alone) or '-'} | `escalation` {step}: to | {_delay(leave.within)} |" in section(
            "autonomy"
        )
        assert leave.ask == loaded.escalation[step].to


def _delay(delay: dt.timedelta | None) -> str:
    if delay is None:
        return "-"
    minutes = int(delay.total_seconds() // 60)
    return f"{minutes // 60}h" if minutes > 60 and minutes % 60 == 0 else f"{minutes}m"


def test_complete_example_loads_and_uses_every_section(example: str, tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_text(example, encoding="utf-8")
    loaded = load_watch(file)
    assert loaded.model_fields_set == set(watch.Watch.model_fields)


def test_every_example_of_the_sources_is_a_watch(tmp_path: Path) -> None:
    text = (DOCS.parent / "sources.md").read_text(encoding="utf-8")
    examples = [part.split("```", 1)[0] for part in text.split("```yaml\n")[1:]]
    assert len(examples) >= 8
    for example in examples:
        file = tmp_path / "watch.yml"
        file.write_text(f"watch: a\norganisation: A\nsubjects: [{{id: a, query: a}}]\n{example}", encoding="utf-8")
        assert all(source.enabled for source in load_watch(file).sources), example
