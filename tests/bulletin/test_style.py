from __future__ import annotations

import re

import pytest

from veille.bulletin.render import TEMPLATES

SHEET = (TEMPLATES / "style.css").read_text(encoding="utf-8")


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * sign for sign in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PALETTES = [dict(re.findall(r"--(\w+):(#[0-9a-f]+)", block)) for block in re.findall(r":root\{([^}]*)\}", SHEET)]


def test_there_is_a_palette_for_light_dark_and_paper():
    assert len(PALETTES) == 3
    assert "prefers-color-scheme:dark" in SHEET
    assert "prefers-reduced-motion" in SHEET
    assert "@media print" in SHEET


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("ground", ["bg", "wash"])
@pytest.mark.parametrize("colour", ["ink", "muted", "accent", "alert"])
def test_text_keeps_a_contrast_of_four_and_a_half(palette, ground, colour):
    assert _contrast(palette[colour], palette[ground]) >= 4.5


def test_the_sheet_uses_no_outside_file_and_no_fixed_width():
    assert "url(" not in SHEET
    assert "http" not in SHEET
    assert not re.search(r"[{;](?:min-)?width:\d{3,}px", SHEET)
