"""Commands by which people act: on topics, and on signals. Each act is an event with who and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd

from veille import signals, topics
from veille.bulletin.chronicle import chronicle
from veille.cli.answer import Answer, answering, read_watch, records
from veille.errors import UsageError
from veille.language import Language
from veille.masking import mask_frame
from veille.store import Store
from veille.watch import Watch, confidential_terms

_BY = click.option("--by", required=True, metavar="NAME", help="Who acts.")
_NOTE = click.option("--note", default="", help="Why.")


def _now() -> datetime:
    return datetime.now(UTC)


def _topic_event(event: pd.DataFrame) -> Answer:
    row = records(event)[0]
    return Answer(f"{row['act']} {row['topic_id']} (event {row['event_id']})", {"event": row})


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _awaited(events: pd.DataFrame) -> tuple[list[str], list[dict[str, object]]]:
    """Return which decisions await a second person, in lines and as records."""
    half = signals.half_decided(events).reset_index()
    when = half["at"].dt.strftime("%Y-%m-%d %H:%M")
    lines = "awaited: a second decision about " + half["signal_id"] + ", " + half["by"] + " decided alone on " + when
    return lines.tolist(), records(half[["signal_id", "by", "at"]])


def person_named(watch: Watch, by: str) -> str:
    """Return the name of who acts: one person by id here and by name there must not count as two."""
    given = by.strip().casefold()
    known = (person for person in watch.people if given in (person.id, person.name.casefold(), (person.mail or "").casefold()))
    person = next(known, None)
    return person.name if person and given else by


def _signal_events(events: pd.DataFrame) -> Answer:
    lines = events["at"].dt.strftime("%Y-%m-%d %H:%M") + "  " + events["signal_id"] + "  " + events["act"] + "  " + events["by"]
    return Answer("\n".join(lines + "  " + events["note"]), {"events": records(events)})


@click.group("topics")
def topics_group() -> None:
    """List topics, and decide about them: what is decided survives every refit."""


@topics_group.command("list")
@answering
def list_command(watch_file: Path) -> Answer:
    """List the topics of the last update, largest first; a watched one is there even when nobody speaks of it."""
    watch = read_watch(watch_file)
    current = topics.current(watch, Store(watch), _now())
    silent = topics.silent(current)
    listed = mask_frame(current.drop(columns="centroid").assign(silent=silent), confidential_terms(watch))
    lines = listed["topic_id"] + "  " + listed["stories"].astype("str").str.rjust(5) + "  " + listed["title"]
    lines = lines + silent.map({True: "  (watched, nothing this week)", False: ""})
    return Answer("\n".join(lines), {"topics": records(listed)})


@topics_group.command("history")
@click.argument("topic_id", required=False)
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language; by default the first of the watch.")
@answering
def history_command(watch_file: Path, topic_id: str | None, lang: str | None) -> Answer:
    """Tell what happened to a topic, or to all, and what shows that it did."""
    watch, now = read_watch(watch_file), _now()
    store = Store(watch)
    events, titles = topics.history(watch, store, now), topics.known_titles(watch, store, now)
    if topic_id is not None:
        events = events.loc[(events["topic_id"] == topic_id) | events["others"].map(lambda others: topic_id in list(others))]
        if events.empty and topic_id not in titles.index:
            raise UsageError(f"no topic is known as {topic_id}", "`veille topics list` shows the topics and their ids")
    told = chronicle(events, titles, Language(lang or watch.languages[0]))
    events = mask_frame(events.assign(sentence=told), confidential_terms(watch))
    return Answer("\n".join(events["sentence"]), {"events": records(events)})


@topics_group.command("split")
@click.argument("topic_id")
@click.option("--words", default="", metavar="QUERY", help="Stories that match leave; a comma means “or”.")
@click.option("--mentions", default="", metavar="IDS", help="Mentions that leave, with commas, and the stories nearer to them.")
@click.option("--into", default=2, show_default=True, help="Without words or mentions: so many parts, by a finer cut.")
@_BY
@_NOTE
@answering
def split_command(watch_file: Path, topic_id: str, words: str, mentions: str, into: int, by: str, note: str) -> Answer:
    """Make several topics of one; later stories go to the nearer part."""
    watch = read_watch(watch_file)
    store = Store(watch)
    event = topics.split(watch, store, topic_id, words=words, mentions=_ids(mentions), into=into, at=_now(), by=by, note=note)
    answer, texts = _topic_event(event), topics.parts(store, event)
    texts = mask_frame(texts, confidential_terms(watch))
    lines = [
        line
        for part, rows in texts.groupby("topic_id", sort=False)
        for line in (f"{part}: {len(rows)}", *("  " + rows["mention_id"] + "  " + rows["line"]))
    ]
    return Answer("\n".join([answer.text, *lines]), {**answer.data, "parts": records(texts)})


@topics_group.command("rename")
@click.argument("topic_id")
@click.argument("title")
@_BY
@answering
def rename_command(watch_file: Path, topic_id: str, title: str, by: str) -> Answer:
    """Give a topic the name people use."""
    watch = read_watch(watch_file)
    return _topic_event(topics.rename(watch, Store(watch), topic_id, title, at=_now(), by=by))


@topics_group.command("merge")
@click.argument("topic_id")
@click.argument("others", nargs=-1, required=True)
@_BY
@answering
def merge_command(watch_file: Path, topic_id: str, others: tuple[str, ...], by: str) -> Answer:
    """Merge OTHERS into a topic."""
    watch = read_watch(watch_file)
    return _topic_event(topics.merge(watch, Store(watch), topic_id, list(others), at=_now(), by=by))


@topics_group.command("ignore")
@click.argument("topic_id")
@_BY
@_NOTE
@answering
def ignore_command(watch_file: Path, topic_id: str, by: str, note: str) -> Answer:
    """Leave a topic out of bulletins."""
    watch = read_watch(watch_file)
    return _topic_event(topics.ignore(watch, Store(watch), topic_id, at=_now(), by=by, note=note))


@topics_group.command("watch")
@click.argument("topic_id", required=False)
@click.option("--title", default="", help="Watch a topic that nobody may speak of yet, under this name.")
@click.option("--words", default="", metavar="QUERY", help="What its stories say; a comma means “or”.")
@click.option("--examples", default="", metavar="IDS", help="Mentions that it is like, with commas.")
@_BY
@_NOTE
@answering
def watch_command(watch_file: Path, topic_id: str | None, title: str, words: str, examples: str, by: str, note: str) -> Answer:
    """Keep an eye on a topic, however small; or on one described by words or examples."""
    watch = read_watch(watch_file)
    if (topic_id is None) == (not title):
        raise UsageError("what is to be watched is not said", "give a topic's id, or --title with --words or --examples")
    if topic_id is not None:
        return _topic_event(topics.watch(watch, Store(watch), topic_id, at=_now(), by=by, note=note))
    shown = _ids(examples)
    return _topic_event(topics.declare(watch, Store(watch), title, words=words, examples=shown, at=_now(), by=by))


@topics_group.command("undo")
@click.argument("reference")
@_BY
@_NOTE
@answering
def undo_command(watch_file: Path, reference: str, by: str, note: str) -> Answer:
    """Undo an act by its event id, or the last act on a topic."""
    watch = read_watch(watch_file)
    return _topic_event(topics.undo(watch, Store(watch), reference, at=_now(), by=by, note=note))


@click.command("ack")
@click.argument("signal_id")
@_BY
@_NOTE
@answering
def ack_command(watch_file: Path, signal_id: str, by: str, note: str) -> Answer:
    """Say that a signal has been taken note of."""
    watch = read_watch(watch_file)
    return _signal_events(signals.acknowledge(Store(watch), signal_id, _now(), person_named(watch, by), note))


@click.command("decide")
@click.argument("signal_id")
@_BY
@click.option("--decision", required=True, help="What was decided.")
@answering
def decide_command(watch_file: Path, signal_id: str, by: str, decision: str) -> Answer:
    """Decide about a signal; at level 3 and above a second person confirms with a second `decide`."""
    watch = read_watch(watch_file)
    one_person = len(watch.people) == 1
    return _signal_events(
        signals.decide(Store(watch), signal_id, _now(), person_named(watch, by), decision, one_person=one_person)
    )


@click.command("confirm")
@click.argument("signal_id")
@click.argument("cluster", type=click.Choice(signals.CLUSTER_NAMES))
@_BY
@_NOTE
@answering
def confirm_command(watch_file: Path, signal_id: str, cluster: str, by: str, note: str) -> Answer:
    """Confirm who is held responsible: victim, accident or preventable; the next detection counts with it."""
    watch = read_watch(watch_file)
    return _signal_events(signals.confirm_cluster(Store(watch), signal_id, cluster, _now(), person_named(watch, by), note))


@click.command("close")
@click.argument("signal_id")
@_BY
@_NOTE
@answering
def close_command(watch_file: Path, signal_id: str, by: str, note: str) -> Answer:
    """Close a signal; at level 3 and above only once two people have decided."""
    watch = read_watch(watch_file)
    one_person = len(watch.people) == 1
    return _signal_events(signals.close(Store(watch), signal_id, _now(), person_named(watch, by), note, one_person=one_person))


@click.command("judge")
@click.argument("signal_id")
@click.argument("verdict", type=click.Choice([str(judgement) for judgement in signals.Judgement]))
@_BY
@_NOTE
@answering
def judge_command(watch_file: Path, signal_id: str, verdict: str, by: str, note: str) -> Answer:
    """Say afterwards whether a signal was true, false, or missed."""
    watch = read_watch(watch_file)
    return _signal_events(signals.judge(Store(watch), signal_id, verdict, _now(), person_named(watch, by), note))


@click.command("journal")
@answering
def journal_command(watch_file: Path) -> Answer:
    """Show what was done about signals, oldest first, and which decisions await a second person."""
    events = signals.journal(Store(read_watch(watch_file)), _now())
    answer, (lines, awaited) = _signal_events(events), _awaited(events)
    return Answer("\n".join([answer.text, *lines]), {**answer.data, "awaited": awaited})


COMMANDS = (topics_group, ack_command, decide_command, confirm_command, close_command, judge_command, journal_command)
