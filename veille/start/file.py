"""Write a watch.yml that a person can go on with: what will matter soon stands in it as a comment."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from ruamel.yaml import YAML

from veille.errors import UsageError
from veille.start.propose import Proposed, Wish, printable
from veille.watch import Watch, load_watch

_GROUPS = {
    "site": "Feeds that were found at the site; each could be read.",
    "search": "Searches that need no key. They find more than the query, which is asked of what they found.",
    "national": "National press. Everything is kept for the words beside you; only what matches the query is about you.",
    "regional": "Regional press: keep the papers of your region.",
}
_ZONES = {"fr": "Europe/Paris", "en": "Europe/London"}
_PLAIN = re.compile(r"[a-z][a-z0-9_-]+|[A-F]")
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
_REST = """\
# What leadership decides with, and what it fears: signals are weighed against it.
# strategy:
#   objectives: [{id: o1, title: Be known for punctuality, weight: 4, terms: [retard*, ponctualité]}]
#   decisions: [{id: d1, title: Open the night line, due: 2027-01-15, terms: [ligne de nuit]}]
#   red_lines: [{id: r1, title: Nobody is hurt, terms: [blessé*, accident]}]

# Who is told. Addresses of mail servers and channels are secrets: write the name of an environment variable.
# people: [{id: dircom, name: Director of communication}]
# escalation: {3: {to: [dircom], via: [DIR_URL], send_within: 60m, decide_within: 4h}}
# delivery: {mail: MAIL_URL, readers: [board@example.org], publish: review}

# Your own accounts, so that they are not taken for the public; terms that must not leave, one a line of a file.
# accounts: [{network: mastodon, handle: "@you@example.org"}]
# confidential: {terms_file: secrets/terms.txt}
"""


def watch_text(wish: Wish, sources: Sequence[Proposed], made: date, proposed_query: str = "") -> str:
    """Return the text of a watch.yml.

    Parameters
    ----------
    wish
        What is to be watched.
    sources
        Its sources.
    made
        The day it is made.
    proposed_query
        A query that was proposed and not taken; it is written as a comment.
    """
    lines = [
        f"# What is watched, where and for whom. Made by `veille init` on {made}; every key is explained in docs/watch.md.",
        "# Secrets are never written here: a key that needs one takes the name of an environment variable.",
        f"watch: {quoted(wish.slug)}",
        f"organisation: {quoted(wish.name)}",
        f"languages: [{wish.language}]        # of the reports; [fr, en] gives twin pages",
        f"timezone: {_ZONES.get(wish.language, 'UTC')}",
        "",
        "subjects:",
        "  # Which mentions are about you. Try another query before you change it: veille query try 'QUERY'",
        f"  - id: {quoted(wish.slug)}",
        f"    name: {quoted(wish.name)}",
        "    role: self",
        f"    query: {quoted(wish.query)}",
    ]
    if proposed_query:
        lines += [
            "    # Many mentions write it without a capital: it may be a word of the language. This one keeps the name only:",
            f"    # query: {quoted(proposed_query)}",
        ]
    lines += ["  # - {id: rival, name: A rival, role: competitor, query: rival}", ""]
    lines += (
        _sources(sources) if sources else ["sources: []", "  # - {id: press, type: rss, urls: [https://example.org/rss.xml]}"]
    )
    return "\n".join([*lines, "", _REST, *_rules(wish.language)])


def _rules(language: str) -> list[str]:
    """Return the models of duties as comments: whom a law does not bind deletes it."""
    models = rule_models(language)
    lines = [
        "# Duties that a signal starts, as models: correct them with your lawyers, and take away the signs before them.",
        "# rules:",
    ]
    for rule in models:
        keys = (f"{name}: {_written(value)}" for name, value in rule.items())
        lines += [f"# {'  - ' if number == 0 else '    '}{key}" for number, key in enumerate(keys)]
    return [*lines, ""]


def _written(value: object) -> str:
    return f"[{', '.join(map(quoted, value))}]" if isinstance(value, list) else quoted(str(value))


def rule_models(language: str) -> list[dict[str, object]]:
    """Return the duties that come with veille, ready for `rules` of watch.yml; in English for languages that have none."""
    text = files("veille.start").joinpath("rules.yml").read_text(encoding="utf-8")
    models: dict[str, list[dict[str, object]]] = YAML(typ="safe", pure=True).load(text)
    return models.get(language, models["en"])


def write_watch(text: str, file: Path) -> Watch:
    """Write a watch.yml whole or not at all, never over another, and load it.

    Raises
    ------
    UsageError
        There is one already, or it cannot be written there.
    """
    file = file.absolute()
    refuse_existing(file)
    # Beside it, so that it is put in its place in one step.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        load_watch(draft)
        file.hardlink_to(draft)
    except FileExistsError:
        refuse_existing(file)
        raise UsageError(f"{file.parent} is not a folder", "choose another folder") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}", "choose another folder") from error
    finally:
        if draft.exists():
            draft.unlink()
    return load_watch(file)


def refuse_existing(file: Path) -> None:
    """Raise UsageError where that file is there already: a watch that somebody made is never written over."""
    if file.exists() or file.is_symlink():
        raise UsageError(
            f"{file} is there already", "choose another folder, or edit the file: veille init never writes over one"
        )


def quoted(text: str) -> str:
    """Return a text in single quotes, as YAML has them."""
    return "'" + text.replace("'", "''") + "'"


def _sources(sources: Sequence[Proposed]) -> list[str]:
    lines = ["sources:"]
    off = [source for source in sources if source.off or not source.readable]
    # A list of comments alone would be no list.
    if len(off) == len(sources) and not any(source.readable for source in sources):
        lines = ["sources: []"]
    for group, told in _GROUPS.items():
        members = [source for source in sources if source.group == group]
        lines += [f"  # {told}"] if members else []
        for source in members:
            if source.off:
                lines.append(f"  # Not gathered: {printable(source.off)}")
            if not source.readable:
                lines.append(f"  # This version of veille cannot read {source.type} yet.")
            lines.append(("  - " if source.readable else "  # - ") + _source(source))
    return lines


def _source(source: Proposed) -> str:
    parts = [f"id: {_scalar(source.id)}", f"type: {source.type}"]
    for name, value in source.keys.items():
        items = [quoted(str(item)) for item in value] if isinstance(value, list) else []
        parts.append(f"{name}: [{', '.join(items)}]" if items else f"{name}: {_scalar(value)}")
    return "{" + ", ".join([*parts, *(["enabled: false"] if source.off else [])]) + "}"


def _scalar(value: object) -> str:
    text = str(value)
    return text if isinstance(value, int) or (_PLAIN.fullmatch(text) and text not in _WORDS_OF_YAML) else quoted(text)
