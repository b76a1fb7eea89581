"""Pictures that travel, as the annex shows them: nothing that texts hide, in both languages."""

from __future__ import annotations

import base64
import io
import shutil
from datetime import timedelta
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from lxml import html
from PIL import Image

from veille import images
from veille.bulletin.annex import annex
from veille.bulletin.pictures import travelling
from veille.images import MEDIA, PICTURES, thumbnails
from veille.language import Language
from veille.mention import MENTIONS
from veille.store import Store
from veille.watch import load_watch

TERMS = ("projet Boréal",)


def picture(number, words="", verdict="read", **more):
    name = f"{number:032x}"
    row = {
        "picture_id": name, "group_id": name, "version": "images-1/no-logo", "width": 300, "height": 200, "phash": "0" * 16,
        "dhash": "0" * 16, "crop_hashes": [], "signature": "", "plain": False, "likeness": 1.0, "words": words,
        "words_verdict": verdict, "altered": False,
    }  # fmt: skip
    return row | more


@pytest.fixture(scope="module")
def shown(world, tmp_path_factory, request):
    """A watch of which every group below is shown by two publishers of the week."""
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copytree(world.watch.store_path, folder / "store")
    content = (world.watch.store_path.parents[1] / "watch.yml").read_text(encoding="utf-8")
    (folder / "watch.yml").write_text(content + "store: store\nstate: state\n", encoding="utf-8")
    (folder / "terms.txt").write_text("projet Boréal\n", encoding="utf-8")
    watch = load_watch(folder / "watch.yml")
    store = Store(watch)
    from tests.bulletin.conftest import HOSTILE

    rows = [
        picture(1, "METRO EN PANNE", logo="logo_altered", logo_file="logo.png"),
        picture(2, "Tout sur le projet Boréal"),
        picture(3, "écrire à @jean.martin"),
        picture(4, verdict="not_installed"),
        picture(5, verdict="none"),
        picture(6, HOSTILE.encode("utf-8", "replace").decode()),
        picture(7, "GRATUIT", picture_id=f"{7:032x}", group_id=f"{1:032x}", altered=True),
    ]
    frame = pd.DataFrame(rows).assign(looked_at=world.as_of, first_seen=world.period.start)
    store.merge(PICTURES, frame)
    addresses = [f"https://cdn.example/{number}.png" for number in range(1, 8)]
    media = {"address": addresses, "picture_id": frame["picture_id"], "looked_at": world.as_of, "attempts": 1}
    store.merge(MEDIA, pd.DataFrame(media))
    week = store.mentions(world.as_of, world.period)
    week = week.loc[week["published_at"] >= pd.Timestamp(world.period.start)].head(2).reset_index(drop=True)
    week = week.assign(publisher=["un.example", "deux.example"], kind="article", media=[addresses, addresses])
    store.merge(MENTIONS, week)
    for number in range(1, 8):
        image = Image.fromarray(np.random.default_rng(number).integers(0, 255, (200, 300, 3), dtype=np.uint8))
        thumbnails.keep(watch, f"{number:032x}", image)
    images.caption(store, f"{5:032x}", "Une carte de @jean pour le projet Boréal", at=world.as_of, by="Inès Caron")
    return world, watch, store


def by_id(shown, code="fr"):
    world, watch, store = shown
    found = travelling(watch, store, world.as_of, world.period, TERMS, Language(code))
    return {int(item.group_id, 16): item for item in found}


def test_a_thumbnail_is_shown_only_where_its_words_may_be_read(shown):
    found = by_id(shown)
    assert set(found) == {1, 2, 3, 4, 5, 6}
    assert {number for number, item in found.items() if item.source} >= {1, 5}
    assert [found[number].source for number in (2, 3, 4)] == ["", "", ""]
    image = Image.open(io.BytesIO(base64.b64decode(found[1].source.partition(",")[2])))
    assert image.format == "JPEG"
    assert max(image.size) <= 240


def test_words_and_captions_are_masked_and_name_who_said_them(shown):
    found = by_id(shown)
    told = "\n".join(line for item in found.values() for line in (*item.lines, item.alternative))
    assert "Boréal" not in told
    assert "jean" not in told
    assert "Inès Caron" in "\n".join(found[5].lines)
    assert found[5].alternative.startswith("Une carte de @…")
    assert found[1].alternative == "METRO EN PANNE"
    assert "1 copie porte d'autres mots." in " ".join(found[1].lines).replace("’", "'")
    assert "Tesseract" in " ".join(found[4].lines)


def test_both_languages_say_all(shown):
    french, english = by_id(shown, "fr"), by_id(shown, "en")
    assert {number: len(item.lines) for number, item in french.items()} == {n: len(item.lines) for n, item in english.items()}
    assert "No caption yet." in english[1].lines
    assert not set(french[4].lines) & set(english[4].lines)


def test_a_caption_given_later_is_not_seen_then(shown):
    world, watch, store = shown
    before = travelling(watch, store, world.as_of - timedelta(hours=1), world.period, TERMS, Language("en"))
    assert all("Inès" not in line for item in before for line in item.lines)
    assert len(before) == 6


def test_the_annex_holds_them_as_inert_pictures_with_words_in_their_place(shown):
    world, watch, store = shown
    with patch("veille.bulletin.annex.vectors", lambda _watch, _store, hashes: np.eye(len(hashes), 4, dtype=np.float32)):
        page = annex(watch, store, world.as_of, world.period)
    tree = html.fromstring(page)
    figures = tree.xpath("//figure")
    assert len(figures) == 6
    sources = tree.xpath("//figure//img/@src")
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert all(tree.xpath("//figure//img/@alt"))
    assert not tree.xpath("//figure//script | //figure//style | //figure//*[@onerror or @onmouseover]")
    assert "cdn.example" not in page
    assert "Boréal" not in page
