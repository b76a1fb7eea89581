"""Whether a headline is a grave report on its subject, which must not sink.

`tests/quality/corpus/reports.csv` was written for veille, after the rule and before it was measured; its development half may
be looked at when words are mended, the other half is only measured. `reports_press.csv` holds the verdicts of one reader, by
hashed address, on every headline of the French press of early 2024 that the rule takes for a report on one of the named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from tests.quality.marks import marked
from veille.signals.cues import read_cues
from veille.signals.reports import reported
from veille.watch import Watch, load_watch

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SHARED = HERE.parents[2] / "shared" / "data"
FLOORS = json.loads((HERE / "floors.json").read_text("utf-8"))
PRESS = SHARED / "press-fr-2024" / "items.jsonl.gz"

# Well-known companies, and words for what has a direction of its own.
NAMED = """
sncf ratp boeing airbus ryanair easyjet tesla uber deliveroo amazon google apple microsoft meta facebook tiktok
totalenergies edf engie orange sfr carrefour auchan leclerc intermarche casino lidl nestle perrier danone lactalis ferrero
kinder buitoni mcdonald renault stellantis toyota volkswagen sanofi bayer pfizer orpea korian lafarge vinci veolia atos
thales decathlon shein ikea netflix disney lubrizol framatome alstom michelin hopital hopitaux chu clinique universite lycee
ecole creche creches ehpad eglise fff ligue fromage usine entreprise
"""


def watched(folder: Path, query: str) -> Watch:
    file = folder / "watch.yml"
    file.write_text(
        f"watch: essai\norganisation: Essai\nsubjects:\n  - {{id: essai, name: Essai, role: self, query: '{query}'}}\n", "utf-8"
    )
    return load_watch(file)


def flagged(frame: pd.DataFrame, query: str) -> pd.Series:
    """Return which titles are taken for grave reports on what a query names."""
    told = frame.assign(press=True, subject="essai")
    told["gravity"] = read_cues(told["title"], pd.Series("", index=told.index), pd.Series("fr", index=told.index))["gravity"]
    with TemporaryDirectory() as folder:
        return pd.Series(reported(watched(Path(folder), query), told) > 0, index=frame.index)


def f1(file: Path, part: str) -> float:
    frame = pd.read_csv(file)
    frame = frame.loc[frame["part"] == part].reset_index(drop=True)
    found, wanted = flagged(frame, "tamaris"), frame["label"] == 1
    return float(2 * (found & wanted).sum() / (found.sum() + wanted.sum()))


def press_titles(file: Path) -> pd.DataFrame:
    frame = pd.read_json(file, lines=True, compression="gzip")[["id", "title"]]
    return frame.loc[frame["title"].notna()].drop_duplicates("title").reset_index(drop=True)


def precision(file: Path) -> float:
    """Return the share of the flagged that the reader calls a report on the named; the unread counts against it."""
    frame = press_titles(file)
    found = frame.loc[flagged(frame, " OR ".join(NAMED.split()))]
    verdicts = pd.read_csv(CORPUS / "reports_press.csv").set_index("id_sha256")["report"]
    shown = found["id"].map(lambda address: hashlib.sha256(address.encode()).hexdigest()[:16])
    return float(shown.map(verdicts).fillna(0.0).mean())


MEASURES: dict[str, tuple[Path, Callable[[Path], float]]] = {
    **{f"reports.f1.written.{part}": (CORPUS / "reports.csv", partial(f1, part=part)) for part in ("development", "held_out")},
    "reports.precision.press-fr-2024": (PRESS, precision),
}


def test_every_measure_has_a_floor_and_every_floor_a_measure() -> None:
    assert {name for name in FLOORS if name.startswith("reports.")} == set(MEASURES)


@pytest.mark.parametrize("name", marked(MEASURES))
def test_reports_stay_above_their_floor(name: str) -> None:
    corpus, measure = MEASURES[name]
    if not corpus.exists():
        pytest.skip(f"{corpus.name} is not here")
    pinned = FLOORS[name]
    assert hashlib.sha256(corpus.read_bytes()).hexdigest() == pinned["sha256"], f"{corpus.name} is not the pinned corpus"
    assert measure(corpus) >= pinned["floor"]
