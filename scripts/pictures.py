"""Draw the pictures of the documentation: page 1 of the demonstration and of a week without mentions, on a desk and on a phone.

`python scripts/pictures.py FOLDER` where FOLDER is that of an edition; `--name` begins the names of the files. Needs Chromium.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import Browser  # noqa: E402 - found from here

SCREENS = {"": (1280, 800), "-phone": (390, 844)}
COLOURS = 64


def main() -> None:
    """Write one picture a screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", default="bulletin")
    parser.add_argument("--page", default="bulletin.html")
    given = parser.parse_args()
    with Browser() as browser:
        for screen, (width, height) in SCREENS.items():
            page = browser.open((given.folder / given.page).resolve().as_uri(), width, height)
            file = ROOT / "docs" / "images" / f"{given.name}{screen}.png"
            page.picture(file, down_to="main")
            browser.close(page)
            # Few colours are in it: with a palette of its own it is a third as large.
            Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
