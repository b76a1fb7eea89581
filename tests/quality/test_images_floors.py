"""Quality of pictures that must not sink: copies found, other pictures kept apart, logos told from other logos.

The corpus is the program that draws: its hash is the corpus's, and its seeds are not those that thresholds were set on.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from veille.images import grouping, hashing
from veille.images.logos import find, read_logo

HERE = Path(__file__).parent
DRAWN = HERE / "pictures.py"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8")) if (HERE / "floors.json").exists() else {}
SEED = 20261124
SCENES = 40
SCREENS = 20
LOGOS = 12


def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", DRAWN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def grouped() -> dict[str, float]:
    """Return figures of copies and others: every copy of a kind comes after all originals, kinds in random order."""
    draw, rng = drawing(), np.random.default_rng(SEED)
    originals = [draw.scene(rng) for _ in range(SCENES)] + [draw.screen(rng) for _ in range(SCREENS)]
    copies = [
        (own, name, copy(rng, image))
        for own, image in enumerate(originals)
        for name, copy in draw.COPIES.items()
        if own < SCENES or name != "meme"
    ]
    rng.shuffle(copies)  # type: ignore[arg-type]
    everything = [(own, "", image) for own, image in enumerate(originals)] + copies
    levels = np.stack([hashing.signature(image) for _, _, image in everything])
    plain = np.array([hashing.is_plain(image, level) for (_, _, image), level in zip(everything, levels, strict=True)])
    joined = grouping.join(grouping.prints(levels, plain), 0)
    root = np.arange(len(everything))
    for place, earlier in enumerate(joined.earlier):
        root[place] = root[earlier] if earlier >= 0 else place
    own = np.array([one[0] for one in everything])
    kind = np.array([one[1] for one in everything])
    first, second = np.triu_indices(len(everything), 1)
    same, together = own[first] == own[second], root[first] == root[second]
    hit = own[root] == own
    scene, copied = own < SCENES, kind != ""
    crops = np.isin(kind, ["crop 5 %", "crop 12 %", "bordered"])
    return {
        "precision": float((same & together).sum() / together.sum()),
        "recall.resized": float((hit & (root != np.arange(len(root))))[scene & copied & ~crops & (kind != "meme")].mean()),
        "recall.cropped": float((hit & (root != np.arange(len(root))))[scene & crops].mean()),
        "recall.meme": float((hit & (root != np.arange(len(root))))[kind == "meme"].mean()),
        "recall.screens": float((hit & (root != np.arange(len(root))))[~scene & copied & ~crops].mean()),
    }


@cache
def logos() -> dict[str, float]:
    """Return how many logos are found as they are and altered, and how many finds are right, other logos among them."""
    draw, rng = drawing(), np.random.default_rng(SEED)
    found: dict[str, list[bool]] = {"as_is": [], "altered": [], "absent": []}
    uses: list[bool] = []
    for _ in range(LOGOS):
        sign, other, ground = draw.emblem(rng), draw.emblem(rng), draw.scene(rng)
        buffer = io.BytesIO()
        sign.save(buffer, "PNG")
        logo = read_logo("logo.png", buffer.getvalue())
        plate = draw.plate(sign)
        cases = {
            "as_is": [plate, draw.placed(rng, plate, ground), draw.recompressed(draw.placed(rng, plate, ground), 50)],
            "altered": [draw.placed(rng, ImageOps.invert(plate), ground), draw.struck(rng, plate)],
            "absent": [draw.plate(other), draw.placed(rng, draw.plate(other), ground), draw.scene(rng), draw.screen(rng)],
        }
        for name, pictures in cases.items():
            for picture in pictures:
                seen = find(picture, [logo])
                found[name].append(seen is not None)
                if seen is not None and name != "absent":
                    uses.append((seen.use == "logo") == (name == "as_is"))
    right = sum(found["as_is"]) + sum(found["altered"])
    return {
        "precision": right / max(right + sum(found["absent"]), 1),
        "recall.as_is": float(np.mean(found["as_is"])),
        "recall.altered": float(np.mean(found["altered"])),
        "use_right": float(np.mean(uses)),
    }


def figure(measure: Callable[[], dict[str, float]], name: str) -> Callable[[Path], float]:
    return lambda _corpus: measure()[name]


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    **{
        f"images.groups.{name}": (DRAWN, figure(grouped, name))
        for name in ("precision", "recall.resized", "recall.cropped", "recall.meme", "recall.screens")
    },
    **{
        f"images.logos.{name}": (DRAWN, figure(logos, name))
        for name in ("precision", "recall.as_is", "recall.altered", "use_right")
    },
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("images.")} == set(MEASURES)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MEASURES))
def test_quality_stays_above_its_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    pinned: dict[str, Any] = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]


def test_flat_pictures_avatars_and_marks_group_nothing() -> None:
    """Pictures of one colour, silhouettes and tiny ones would else be copies of each other."""
    draw = drawing()
    flat = [Image.new("RGB", (300, 200), shade) for shade in ("white", "black", "#884422", "white")]
    for shade in ("#c8c8cd", "#dde0e4", "#c0c8d0"):
        avatar = Image.new("RGB", (300, 300), shade)
        pen = draw.ImageDraw.Draw(avatar)
        pen.ellipse((100, 60, 200, 160), fill="#808088")
        pen.ellipse((50, 180, 250, 400), fill="#808088")
        flat.append(avatar)
    flat.append(draw.scene(np.random.default_rng(1)).resize((40, 30)))
    levels = np.stack([hashing.signature(image) for image in flat])
    plain = np.array([hashing.is_plain(image, level) for image, level in zip(flat, levels, strict=True)])
    assert plain.all()
    assert (grouping.join(grouping.prints(levels, plain), 0).earlier == -1).all()
