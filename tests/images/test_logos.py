"""Logos: where they are, how near, and that a thing without shape is no logo."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.images.conftest import AS_OF, png
from veille import images
from veille.images import PICTURES, LogoUse
from veille.images.logos import find, read_logo
from veille.images.opening import RefusedError
from veille.sources import Client
from veille.store import Store


def emblem(drawn: ModuleType) -> Image.Image:
    """One with letters: a disc, a slice and a name."""
    rng = np.random.default_rng(11)
    sign: Image.Image = drawn.emblem(rng)
    while sign.width < 1.4 * sign.height:
        sign = drawn.emblem(rng)
    return sign


def test_a_logo_is_itself_at_no_distance(drawn: ModuleType) -> None:
    sign = emblem(drawn)
    seen = find(drawn.plate(sign), [read_logo("logo.png", png(sign))])
    assert seen is not None
    assert (seen.use, seen.file) == (LogoUse.LOGO, "logo.png")
    assert seen.distance <= 4
    assert seen.correlation > 0.97


def test_a_negative_is_altered_and_correlates_negatively(drawn: ModuleType) -> None:
    sign = emblem(drawn)
    seen = find(ImageOps.invert(drawn.plate(sign)), [read_logo("logo.png", png(sign))])
    assert seen is not None
    assert seen.use == LogoUse.LOGO_ALTERED
    assert seen.correlation < -0.9
    assert seen.distance > 50


def test_a_struck_logo_is_altered(drawn: ModuleType, rng: np.random.Generator) -> None:
    sign = emblem(drawn)
    logo = read_logo("logo.png", png(sign))
    found = [find(drawn.struck(rng, drawn.plate(sign)), [logo]) for _ in range(6)]
    uses = [seen.use for seen in found if seen]
    assert len(uses) >= 4
    # A thin cross can pass for the logo as it is; tests/quality says how often.
    assert uses.count(LogoUse.LOGO) <= 1


def test_the_best_of_several_logos_is_told(drawn: ModuleType, rng: np.random.Generator) -> None:
    sign, other = emblem(drawn), drawn.emblem(rng)
    logos = [read_logo("other.png", png(other)), read_logo("ours.png", png(sign))]
    seen = find(drawn.placed(rng, drawn.plate(sign), drawn.scene(rng)), logos)
    assert seen is not None
    assert seen.file == "ours.png"


@pytest.mark.parametrize(
    "picture", [Image.new("RGB", (300, 200), "white"), Image.new("RGB", (1, 1)), Image.new("RGB", (2000, 3))]
)
def test_nothing_is_found_in_nothing(drawn: ModuleType, picture: Image.Image) -> None:
    assert find(picture, [read_logo("logo.png", png(emblem(drawn)))]) is None


def test_a_logo_of_one_colour_is_found_nowhere_and_breaks_nothing(drawn: ModuleType, rng: np.random.Generator) -> None:
    blank = read_logo("blank.png", png(Image.new("RGBA", (100, 100), (0, 0, 0, 0))))
    white = read_logo("white.png", png(Image.new("RGB", (100, 100), "white")))
    assert blank.faces == white.faces == ()
    assert find(drawn.scene(rng), [blank, white]) is None


def test_what_is_no_logo_is_refused() -> None:
    with pytest.raises(RefusedError):
        read_logo("logo.svg", b"<svg/>")


def test_logos_given_later_are_looked_for_in_thumbnails(
    make: Any,
    tell: Any,
    show: Any,
    drawn: ModuleType,
    rng: np.random.Generator,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    sign = emblem(drawn)
    watch = make()
    tell(watch, ("a", "un.example", [show("/1.png", drawn.placed(rng, drawn.plate(sign), drawn.scene(rng)))]))
    store = Store(watch)
    images.look(watch, store, AS_OF, fetch=True, client=client)
    assert store.load(PICTURES)["logo"].isna().all()
    (watch.folder / "logo.png").write_bytes(png(sign))
    images.look(make("{logos: [logo.png]}"), store, AS_OF)
    row = store.load(PICTURES).iloc[0]
    assert (row["logo"], row["logo_file"]) == ("logo", "logo.png")
    assert row["logo_distance"] <= 8
    # And are forgotten where they are taken away again.
    images.look(make(), store, AS_OF)
    assert store.load(PICTURES)["logo"].isna().all()
