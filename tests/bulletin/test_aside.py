"""What is set aside is counted apart, said with its reason, and shown to the analyst."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from tests.bulletin.conftest import HOSTILE, World
from veille.bulletin.aside import build_set_aside, reason_words, samples
from veille.bulletin.compose import compose
from veille.bulletin.material import collect
from veille.bulletin.render import render
from veille.language import Language
from veille.reading.relevance import RELEVANCE, Reason
from veille.store import Store
from veille.watch import load_watch


def test_every_reason_that_sets_aside_has_words() -> None:
    for code in ("fr", "en"):
        words = [reason_words(reason, Language(code)) for reason in Reason]
        unsaid = {reason for reason, text in zip(Reason, words, strict=True) if text == reason}
        assert unsaid == {Reason.NOTHING_AGAINST, Reason.DOUBTFUL_CONTEXT}


def test_what_is_set_aside_leaves_the_figures_and_is_told(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    shutil.copytree(world.watch.file.parent, folder)
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    before = collect(watch, store, world.as_of, world.period)
    assert before.aside.empty
    week = before.week.loc[before.week["subjects"].str.len() > 0]
    chosen = week.iloc[[0]].explode("subjects")
    rows = pd.DataFrame({"mention_id": chosen["mention_id"], "subject": chosen["subjects"], "detail": HOSTILE[:90]})
    rows = rows.assign(version="v", text_hash="", verdict="spam", reason=Reason.SPAM_OFFER.value, probability=0.9)
    store.merge(RELEVANCE, rows)

    after = collect(watch, store, world.as_of, world.period)
    gone = chosen["mention_id"].iloc[0]
    told = after.mentions.set_index("mention_id").loc[gone]
    assert len(after.mentions) == len(before.mentions)
    assert list(told["subjects"]) == []
    assert pd.isna(told["topic_id"])
    (item,) = build_set_aside(after, Language("fr"))
    assert (item.verdict, item.reason, item.words, item.mentions) == ("spam", "spam_offer", "une offre non sollicitée", 1)
    (line,) = samples(after, Language("en"), str)
    assert "an unsolicited offer" in line
    assert "\x00" not in line
    bulletin = compose(watch, store, world.as_of, world.period, run_id="r1", language="fr")
    assert "1 mention : une offre non sollicitée" in render(bulletin).replace("\u202f", " ").replace("\xa0", " ")
