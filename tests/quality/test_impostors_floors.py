"""Whether accounts that pass for an organisation are found, and those that only resemble one are left alone.

`tests/quality/corpus/impostors.csv` was written for veille: forty accounts that were made to deceive and forty honest ones with
similar names, of three organisations that do not exist. Names and words of the detection were mended with its first half alone.
One person wrote and labelled it, before the code and knowing what it was for: it shows that nothing sinks, not what the
networks hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from veille.gather import mentions_frame
from veille.signals.impostors import posing_as
from veille.watch import Watch, load_watch

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "impostors.csv"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))
KEY = b"key of a test"
ACCOUNTS = {
    "aquilon": ("Aquilon Mobilités", ["@AquilonMobilites", "@aquilon@social.example", "@AquilonPlateau", "@AquilonAideVelos"]),
    "banque": ("Banque Corvenne", ["@BanqueCorvenne", "@BanqueCorvennePro"]),
    "northgate": ("Northgate Rail", ["@NorthgateRail", "@NorthgateHelp"]),
}


def watch_of(name: str, folder: Path) -> Watch:
    organisation, handles = ACCOUNTS[name]
    accounts = "".join(f'  - {{network: piaf, handle: "{handle}"}}\n' for handle in handles)
    file = folder / f"{name}.yml"
    file.write_text(
        f"watch: {name}\norganisation: {organisation}\n"
        f"subjects: [{{id: own, name: {organisation}, query: {name}}}]\naccounts:\n{accounts}",
        "utf-8",
    )
    return load_watch(file)


def judged(file: Path, part: str, folder: Path) -> pd.DataFrame:
    """Return the accounts of a part with `found`, each with its one post on a network called piaf."""
    frame = pd.read_csv(file, keep_default_na=False)
    frame = frame.loc[frame["part"] == part]
    parts = []
    for name, rows in frame.groupby("organisation"):
        watch = watch_of(str(name), folder)
        raw = pd.DataFrame(
            {
                "source": "social",
                "source_type": "import",
                "kind": "post",
                "native_id": rows.index.astype(str),
                "publisher": "piaf.example",
                "author": rows["handle"],
                "author_name": rows["name"],
                "title": "",
                "text": rows["text"],
                "published_at": "2026-11-20T10:00:00Z",
            }
        )
        mentions = mentions_frame(raw, watch, KEY)
        parts.append(rows.assign(found=posing_as(watch, KEY, mentions).notna().to_numpy()))
    return pd.concat(parts)


def share(file: Path, part: str, expected: str, *, found: bool) -> float:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        rows = judged(file, part, Path(folder))
    mine = rows.loc[rows["expected"] == expected, "found"]
    return float((mine == found).mean())


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    f"impostors.{name}.written.{part}": (CORPUS, partial(share, part=part, expected=expected, found=found))
    for part in ("development", "held_out")
    for name, expected, found in (("found", "impostor", True), ("honest_left", "honest", False))
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("impostors.")} == set(MEASURES)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_figure_has_not_sunk(name: str) -> None:
    file, measure = MEASURES[name]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == FLOORS[name]["sha256"]
    assert measure(file) >= FLOORS[name]["floor"]
