"""`veille confirm`: who is held responsible, as a person says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
from click.testing import CliRunner, Result

from veille.cli import main
from veille.signals import SIGNALS, journal
from veille.signals.journal import confirmed_clusters
from veille.store import Store
from veille.watch import Watch

WATCH = "watch: essai\norganisation: Essai\nsubjects:\n  - {id: essai, name: Essai, query: essai}\n"
WHEN = datetime(2022, 1, 24, tzinfo=UTC)


def confirm(watch: Watch, *words: str) -> Result:
    return CliRunner().invoke(main, ["confirm", *words, "--json", "--watch", str(watch.file)])


def test_a_cluster_is_confirmed_and_a_later_one_replaces_it(make_watch: Callable[[str], Watch]) -> None:
    watch = make_watch(WATCH)
    store = Store(watch)
    texts = {"signal_id": "s1", "version": "v", "subject": "essai", "role": "self", "kind": "weak", "title": "t"}
    numbers = dict.fromkeys(["stories", "negative_stories", "publishers", "authors", "mentions"], 1)
    scores = {"score": 20.0, "score_low": 20.0, "score_high": 20.0, "relevance": 0.0}
    more = {"level": 1, "level_reason": "weak", "window_days": 7, "short_history": False}
    times = dict.fromkeys(["cutoff", "as_of", "first_seen", "detected_at"], WHEN)
    row = SIGNALS.check(pd.DataFrame([{**texts, **numbers, **scores, **more, **times}]))
    store.replace(SIGNALS, row, column="cutoff", value=pd.Timestamp(WHEN))
    done = confirm(watch, "s1", "accident", "--by", "A. Martin", "--note", "expertise du lot")
    assert done.exit_code == 0, done.output
    event = json.loads(done.stdout)["events"][0]
    assert (event["act"], event["note"], event["by"]) == ("cluster_confirmed", "accident: expertise du lot", "A. Martin")
    assert confirm(watch, "s1", "preventable", "--by", "B. Petit").exit_code == 0
    assert confirmed_clusters(journal(store)).loc["s1"].to_dict() == {"cluster": "preventable", "by": "B. Petit"}
    assert confirm(watch, "s1", "innocent", "--by", "B. Petit").exit_code == 2
    assert confirm(watch, "s2", "victim", "--by", "B. Petit").exit_code == 2
