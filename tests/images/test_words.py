"""Words in pictures: read by a real Tesseract where there is one, and done without where there is none."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.images.conftest import AS_OF, png
from veille import images
from veille.images import PICTURES, WordsVerdict
from veille.images.words import MOST_CHARACTERS, chosen, differ, installed, read_words
from veille.sources import Client
from veille.store import Store
from veille.watch import Watch
from veille.workbook import search

THERE = installed()
needs_tesseract = pytest.mark.skipif("eng" not in THERE, reason="Tesseract with English is not installed on this machine")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def test_languages_are_those_there_are_the_watch_s_first() -> None:
    assert chosen(("ara", "eng", "fra", "deu"), ("en", "fr")) == "eng+fra+ara"
    assert chosen(("eng",), ("fr",)) == "eng"
    assert chosen((), ("fr",)) == ""


def test_other_words_differ_and_misread_ones_do_not() -> None:
    assert differ("METRO EN GREVE", "LE MAIRE RIT")
    assert differ("", "METRO EN GREVE")
    assert not differ("METRO EN GREVE", "METR0 EN GRÈVE")
    assert not differ("", "ab")
    assert not differ("", "")


@needs_tesseract
def test_words_over_a_picture_and_of_a_screen_are_read(drawn: ModuleType, rng: np.random.Generator) -> None:
    languages = chosen(THERE)
    meme = drawn.lettered(drawn.scene(rng), "METRO EN PANNE")
    assert read_words(meme, languages).text == "METRO EN PANNE"
    read = read_words(drawn.screen(rng), languages)
    known = [word for word in read.text.split() if word in drawn.WORDS]
    assert len(known) >= 0.9 * len(read.text.split()) > 10


@needs_tesseract
def test_a_picture_without_words_has_none(drawn: ModuleType, rng: np.random.Generator) -> None:
    texts = [read_words(drawn.scene(rng), chosen(THERE)) for _ in range(4)]
    assert [text.text for text in texts].count("") >= 3
    assert {text.verdict for text in texts if not text.text} == {WordsVerdict.NONE}


def test_without_tesseract_the_verdict_says_so(without: None, drawn: ModuleType, rng: np.random.Generator) -> None:
    assert installed() == ()
    read = read_words(drawn.scene(rng), chosen(installed()))
    assert (read.text, read.verdict) == ("", WordsVerdict.NOT_INSTALLED)


@pytest.mark.parametrize("body", ["exit 1", "sleep 60", "echo not a table"])
def test_a_tesseract_that_fails_or_hangs_costs_a_picture_its_words_only(
    body: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drawn: ModuleType, rng: np.random.Generator
) -> None:
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo 'tesseract 5.3.0' && exit 0\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("veille.images.words.SECONDS_A_PICTURE", 1)
    assert read_words(drawn.scene(rng), "eng").verdict in (WordsVerdict.FAILED, WordsVerdict.NONE)


@needs_tesseract
def test_a_meme_is_in_the_group_of_its_picture_and_altered(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    scene = drawn.scene(rng)
    meme = drawn.lettered(drawn.lettered(scene, "AQUILON VOUS"), "REND MARTEAU", top=False)
    smaller = drawn.recompressed(scene, 50).resize((400, 300))
    tell(
        watch,
        ("a", "un.example", [show("/1.png", scene)]),
        ("b", "deux.example", [show("/2.jpg", png(meme, format="JPEG", quality=80))]),
        ("c", "trois.example", [show("/3.jpg", png(smaller, format="JPEG"))]),
    )
    images.look(watch, Store(watch), AS_OF, fetch=True, client=client)
    seen = images.groups(Store(watch), AS_OF)
    assert len(set(seen["group_id"])) == 1
    assert dict(zip(seen["address"].str[-5:], seen["altered"], strict=True)) == {"1.png": False, "2.jpg": True, "3.jpg": False}
    listed = images.listing(Store(watch), AS_OF).iloc[0]
    assert (listed["mentions"], listed["publishers"], listed["altered"]) == (3, 3, 1)


@needs_tesseract
def test_search_finds_a_mention_by_the_words_of_its_picture(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client
) -> None:
    meme = drawn.lettered(drawn.scene(rng), "MARTEAU @RIVALE")
    tell(watch, ("a", "un.example", [show("/1.png", meme)]), ("b", "deux.example", []))
    store = Store(watch)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    found = search(watch, store, AS_OF, "picture:marteau")
    assert list(found.mentions["native_id"]) == ["a"]
    assert len(search(watch, store, AS_OF, "aquilon AND NOT picture:marteau").mentions) == 1
    assert search(watch, store, AS_OF, "marteau").mentions.empty
    shown = found.shown["picture"].iloc[0]
    assert "MARTEAU" in shown
    assert "RIVALE" not in shown


@needs_tesseract
def test_words_are_read_later_where_tesseract_is_installed_later(
    watch: Watch, tell: Any, show: Any, drawn: ModuleType, rng: np.random.Generator, client: Client, tmp_path: Path
) -> None:
    meme = drawn.lettered(drawn.scene(rng), "METRO EN PANNE")
    tell(watch, ("a", "un.example", [show("/1.png", meme)]))
    store = Store(watch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "nothing"))
        result = images.look(watch, store, AS_OF, fetch=True, client=client)
        assert "Tesseract is not installed" in result.verdict
        assert store.load(PICTURES)["words_verdict"].tolist() == ["not_installed"]
    before = store.load(PICTURES).iloc[0]
    images.look(watch, store, AS_OF + timedelta(hours=1))
    row = store.load(PICTURES).iloc[0]
    assert (row["words"], row["words_verdict"]) == ("METRO EN PANNE", "read")
    assert (row["group_id"], row["looked_at"], row["width"]) == (before["group_id"], before["looked_at"], before["width"])


def test_hostile_words_are_cut_and_cleaned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    table += "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t96\tbon\u202ejour\n5\t1\t1\t1\t1\t2\t0\t0\t9\t9\t30\tdouteux\n"
    table += "".join(f"5\t1\t1\t1\t1\t{n}\t0\t0\t9\t9\t96\t{'x' * 90}\n" for n in range(3, 90))
    (tmp_path / "out.tsv").write_text(table, encoding="utf-8")
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    script = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'tesseract 5.3.0' && exit 0\n"
    program.write_text(f'{script}cp {tmp_path / "out.tsv"} "$2.tsv"\n')
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    read = read_words(Image.new("RGB", (90, 90), "black"), "eng")
    assert read.text.startswith("bonjour xxx")
    assert "douteux" not in read.text
    assert len(read.text) == MOST_CHARACTERS
