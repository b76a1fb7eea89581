"""Every mistake in watch.yml is one sentence with its line and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veille.errors import WatchError
from veille.watch import load_watch

Refused = Callable[[str | bytes], WatchError]
MINIMAL = "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n"


@pytest.mark.parametrize(
    ("written", "instead", "says", "hint"),
    [
        ("watch: aquilon", "watch: Aquilon!", "not a short name", "lower-case"),
        ("watch: aquilon", "watch:", "watch is missing", "watch: my-watch"),
        ("watch: aquilon", "wacth: aquilon", "unknown key wacth", "did you mean watch?"),
        ("organisation: Aquilon Mobilités", "organisation: 12", "must be text", "quotes"),
        ("organisation: Aquilon Mobilités", "organisation: ' '", "is empty", "write"),
        ("organisation: Aquilon Mobilités", "organisation: {a: b}", "must be text", "quotes"),
        ("languages: [fr, en]", "languages: [fr, xx]", "languages[2]: “xx”", "fr or en"),
        ("languages: [fr, en]", "languages: fr", "must be a list", "[a, b]"),
        ("languages: [fr, en]", "languages: []", "is empty", "at least one"),
        ("languages: [fr, en]", "languages: [fr, fr]", "listed twice", "once"),
        ("timezone: Europe/Paris", "timezone: Europe/Lutece", "not a time zone", "Europe/Paris"),
        ("timezone: Europe/Paris", "timezone: ../../etc/passwd", "not a time zone", "Europe/Paris"),
        ("store: data/store", "store: https://example.org", "folder of this machine", "data/store"),
        ("id: rivale", "id: aquilon", "“aquilon” is used twice", "own id"),
        ("role: competitor", "role: rival", "“rival” is not a role", "competitor"),
        ("'aquilon AND NOT title:fromage'", "'aquilon AND'", "subjects[1].query: cannot be read: at character", "AND, OR, NOT"),
        ("'aquilon AND NOT title:fromage'", "'titel:a'", "there is no field titel:", "title:"),
        ("'aquilon AND NOT title:fromage'", '"a" OR b', "not YAML", "single quotes"),
        ("urls: [https://example.org/rss.xml]", "urls: []", "has no urls", "https://"),
        ("https://example.org/rss.xml", "file:///etc/passwd", "not a web address", "https://"),
        ("https://example.org/rss.xml", "https://u:secretword@example.org", "a user name or a password", "environment"),
        ("type: rss", "type: fax", "sources[1].type: “fax” is not a type of source", "write one of rss, "),
        ("type: rss", "type: [rss]", "is not a type of source", "one of rss"),
        ("grade: B", "grade: G", "not a grade", "A (reliable)"),
        ("quote_max: 300", "quote_max: -1", "at least 0", "number"),
        ("fulltext: false", "fulltext: 'no'", "true or false", "true"),
        ("fulltext: false", "full_text: false", "unknown key sources[1].rights.full_text", "fulltext"),
        ("language: fr", "language: french", "right form", "two letters"),
        ("every: 24h", "every: 24", "not a duration", "60m"),
        ("words: [grève, préavis]", "words: [grève, 'pré(avis']", "topics[1].words[2]: cannot be read", "missing )"),
        ("words: [grève, préavis]", "words: [grève, '']", "topics[1].words[2] is empty", "write a text"),
        ("words: [grève, préavis]", "words: ['author:ada']", "topics[1].words[1]: asks who speaks", "words that mentions"),
        ("words: [grève, préavis]", "words: ['picture:a']", "asks for picture:", "mentions of the topic hold"),
        ("words: [grève, préavis]", "words: []", "topics[1]: is described by nothing", "or examples"),
        ("title: Conflit social", "name: Conflit social", "topics[1].title is missing", ""),
        ("préavis]}", "préavis]}, {id: greve, title: B, words: [b]}", "topics[2].id: “greve” is used twice", "its own id"),
        ("deputy: adjointe", "deputy: ghost", "“ghost” is not one of people", "adjointe"),
        ("2026-12-24/2027-01-02", "2027-01-02/2026-12-24", "ends before it starts", "first day"),
        ("2026-12-24/2027-01-02", "noel", "not a span of days", "2026-12-24"),
        ("Mon-Fri 09:00-18:00", "9 to 5", "not office hours", "Mon-Fri"),
        ("Mon-Fri 09:00-18:00", "Mon-Fri 18:00-09:00", "ends before it starts", "07:00"),
        ("07:00-22:00", "07:00-25:00", "not a span of hours", "07:00-22:00"),
        ("holidays: FR", "holidays: France", "right form", "two capitals"),
        ("weight: 4", "weight: 6", "at most 5", "number"),
        ("weight: 4", "weight: 0", "at least 1", "number"),
        ("weight: 4", "weight: '4'", "whole number", "without quotes"),
        ("due: 2026-12-15", "due: 2026-02-30", "not a date", "2026-12-15"),
        ("due: 2026-12-15", "due: 15/12/2026", "not a date", "2026-12-15"),
        ("terms: [retard*, ponctualité], owner: dg", "terms: [], owner: pdg", "“pdg” is not one of people", "dg"),
        ("id: r1", "id: o1x, titel: x", "unknown key strategy.red_lines[1].titel", "title"),
        ("{date: 2026-11-18, title: Conseil d'administration}", "{title: a}", "exactly one of date", "date"),
        ("{date: 2026-11-18, title: Conseil d'administration}", "{date: 2026-11-18}", "no title", "title"),
        ('handle: "@aquilon@example.org"', "handle: @aquilon", "not YAML", "quotes"),
        ("3: {to", "5: {to", "“5” is not a level", "1, 2, 3 and 4"),
        ("to: [dircom]", "to: [dircom, nobody]", "escalation.3.to[2]: “nobody”", "dircom"),
        ("send_within: 60m", "send_within: soon", "not a duration", "60m"),
        ("send_within: 60m", "send_within: 0m", "not a duration", "60m"),
        ("mail: MAIL_URL", "mail: smtp://user:secretword@example.org", "never the secret", "MAIL_URL"),
        ("via: [DIR_URL", "via: [https://hooks.example.org/secretword", "never the secret", "MAIL_URL"),
        ("key: VEILLE_KEY", "key: secretword", "never the secret", "MAIL_URL"),
        ("readers: [comite@example.org]", "readers: [comite]", "not a mail address", "name@"),
        ("publish: review", "publish: now", "not a way to publish", "review"),
        ("Mon 08:30", "Lundi 8h30", "not a moment of the week", "Mon 08:30"),
        ('direction: "TLP:AMBER"', "direction: AMBER", "not a TLP marking", "TLP:AMBER"),
        ("retention_days: 365", "retention_days: 0", "at least 1", "number"),
        ("min_stories: 3", "min_storys: 3", "unknown key detection.min_storys", "min_stories"),
        ("min_stories: 3", "min_stories: .nan", "whole number", "number"),
        ("min_stories: 3", "fdr_level: 2", "less than 1", "number"),
        ("min_stories: 3", "score_level_3: 20", "must rise", "35, 60"),
        ("min_stories: 3", "baseline_days: 7", "longer than the longest window", "56"),
        ("min_stories: 3", "score_weights: {gravity: 0.5}", "add up to", "all five"),
        ("min_stories: 3", "unheard: 3", "unknown key detection.unheard", "keys here are"),
        ("min_stories: 3", "unheard:", "unknown key detection.unheard", "keys here are"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(example: str, refused: Refused, written: str, instead: str, says: str, hint: str) -> None:
    assert written in example
    line = example[: example.index(written)].count("\n") + 1
    error = refused(example.replace(written, instead, 1))
    assert error.line == line
    assert f":{line}: " in str(error)
    assert says in error.message
    assert hint in error.hint
    assert "secretword" not in str(error) + error.hint


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "empty"),
        ("# only a comment\n", 0, "empty"),
        ("- a\n", 1, "does not hold keys"),
        ("word", 1, "does not hold keys"),
        ("watch: a\norganisation: b\n", 1, "subjects is missing"),
        ("watch: a\norganisation: b\nsubjects: []\n", 3, "empty"),
        ("watch: a\norganisation: b\nsubjects:\n  - id: a\n", 4, "subjects[1].query is missing"),
        ("watch: a\n\torganisation: b\n", 2, "tab"),
        ("watch: a\norganisation: b: c\n", 2, "colon"),
        ("watch: a\nwatch: b\n", 2, "watch stands twice"),
        ("watch: 'a\n", 1, "not YAML"),
        ("watch: a\n---\nwatch: b\n", 1, "not YAML"),
        ("watch: *nothing\n", 1, "not YAML"),
        ("watch: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("watch: !thing a\n", 1, "tag"),
        ("? [a, b]\n: c\n", 1, "cannot be a key"),
        ("watch: a\nx: \x00\n", 1, "not YAML"),
        (b"watch: a\norganisation: caf\xe9\n", 2, "not UTF-8"),
        ("[" * 5_000, 1, "nested too deep"),
        ("a: {b: " * 300 + "1" + "}" * 300, 1, ""),
    ],
)
def test_files_that_are_no_watch(refused: Refused, text: str | bytes, line: int, says: str) -> None:
    error = refused(text)
    assert error.line == line or says in ("not YAML", "")
    assert says in error.message


def test_aliases_that_multiply_are_refused(refused: Refused) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "aliases" in refused("\n".join(lines)).message
    assert "aliases" in refused("watch: &x\n  a: *x\n").message


def test_a_plain_alias_is_read(tmp_path: Path) -> None:
    file = tmp_path / "w.yml"
    file.write_text("watch: &name a\norganisation: A\nsubjects: [{id: *name, query: *name}]\n", encoding="utf-8")
    assert load_watch(file).subjects[0].query == "a"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(WatchError, match="no such file"):
        load_watch(tmp_path / "none.yml")
    with pytest.raises(WatchError, match="folder"):
        load_watch(tmp_path)


def test_several_mistakes_show_the_first_and_where_the_others_are(refused: Refused) -> None:
    text = "watch: a\norganisation: A\ntimezone: Mars\nsubjects:\n"
    text += "  - {id: a, query: 'a AND'}\n  - {id: b, role: x, query: b}\nfoo: 1\n"
    error = refused(text)
    assert error.line == 3
    assert "(and 3 more: line 5, line 6, line 7)" in error.message


def test_a_misspelt_required_key_is_said_once(refused: Refused) -> None:
    error = refused(MINIMAL.replace("organisation", "organization"))
    assert error.line == 2
    assert "unknown key organization" in error.message
    assert "more" not in error.message
    assert "organisation" in error.hint


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "watch.yml"
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load_watch(file).watch == "a"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("a:b -\n[]{}'\"&*!|>#?,%@`\t0.é<=~"), max_size=40))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "watch.yml"
    file.write_text(MINIMAL + text, encoding="utf-8")
    try:
        load_watch(file)
        said = f"{file}: read"
    except WatchError as error:
        said = str(error)
    assert re.match(rf"{re.escape(str(file))}(:\d+)?: \S", said)
