"""Whole editions in real processes: made again, killed, timed out, empty, two at once. Slow: on its own target."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from deltalake import DeltaTable

from veille.edition.notebooks import STEPS, shipped
from veille.edition.publish import run_folder
from veille.edition.record import RunRecord, RunStatus, read_record
from veille.watch import Watch, load_watch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

HOSTILE = [
    "Essai perd ma carte, écrivez à marie.durand@poste.example ou au 06 12 34 56 78 <script>alert(1)</script>",
    "Essai prépare le Projet Comète en secret, un cadre me l'a dit, appelez le 06 12 34 56 78",
    "Essai et les projets comète : @marie_durand a tout vu, =cmd|' /C calc'!A0",
]
PLANTED = ["marie.durand", "marie_durand", "06 12 34 56 78", "comète"]
WATCH = """\
watch: essai
organisation: Essai
languages: [fr, en]
timezone: Europe/Paris
subjects:
  - {id: essai, name: Essai, role: self, query: 'essai'}
confidential: {terms_file: terms.txt}
"""
THEMES = [
    "Le bus Essai de {hour} heures est encore en retard à l'arrêt {place}, personne ne prévient",
    "Merci au conducteur Essai de la ligne {place} qui a attendu une voyageuse à {hour} h",
    "Essai ouvre une agence à {place}, guichet ouvert dès {hour} heures",
    "L'application Essai plante à {hour} heures quand on achète un billet pour {place}",
]
PLACES = ["Mairie", "Gare", "Hôpital", "Stade", "Marché", "Lycée", "Port", "Musée"]
WEEK = "2026-W47"
AS_OF = "2026-11-23T06:30"


def write_mentions(folder: Path) -> Path:
    file = folder / "mentions.jsonl"
    rows = [
        {
            "native_id": str(number),
            "author": f"voyageur{number % 9}",
            "publisher": "forum.example",
            "published_at": f"2026-11-{8 + number % 15:02d}T{8 + number % 12:02d}:{number % 60:02d}:00+01:00",
            "text": THEMES[number % 4].format(hour=6 + number % 14, place=PLACES[number % 8]) + f", récit {number}",
        }
        for number in range(60)
    ]
    hostile = {"author": "marie_durand", "publisher": "@marie_durand", "published_at": "2026-11-19T09:00:00+01:00"}
    rows += [{**hostile, "native_id": f"h{number}", "text": text} for number, text in enumerate(HOSTILE)]
    (folder / "terms.txt").write_text("Projet Comète\n", encoding="utf-8")
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def veille(watch: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "veille", *arguments, "--watch", str(watch)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def edition(watch: Path, *arguments: str, week: str = WEEK) -> subprocess.CompletedProcess[str]:
    return veille(watch, "edition", "--week", week, *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a watch with one published edition; tests work on copies of its folder."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "watch.yml").write_text(WATCH, encoding="utf-8")
    imported = veille(folder / "watch.yml", "import", str(write_mentions(folder)), "--format", "jsonl")
    assert imported.returncode in (0, 3), imported.stderr
    first = edition(folder / "watch.yml", "--as-of", AS_OF)
    assert first.returncode == 0, first.stderr
    return folder


@pytest.fixture
def watch(made: Path, tmp_path: Path) -> Watch:
    folder = tmp_path / "watch"
    shutil.copytree(made, folder, symlinks=True)
    return load_watch(folder / "watch.yml")


def published(watch: Watch) -> RunRecord:
    record = read_record(watch.reports_path / "essai" / WEEK)
    assert record is not None
    return record


def newest_run(watch: Watch) -> RunRecord:
    # A run's folder is there a moment before its run.json.
    runs = (watch.reports_path / "essai" / ".runs").iterdir()
    records = [record for record in map(read_record, sorted(runs)) if record]
    return records[-1]


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def start(watch: Watch) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "veille", "edition", "--week", WEEK, "--watch", str(watch.file)]
    # A shell that runs the tests in the background has them ignore Ctrl-C; a command of a person's does not.
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def kernel_in_step(watch: Watch, process: subprocess.Popen[str], before: str, step: str) -> psutil.Process:
    """Wait until the run is in that step and its kernel is given the notebook's cells; return the kernel."""
    found: list[psutil.Process] = []

    def there() -> bool:
        assert process.poll() is None, process.communicate()
        record = newest_run(watch)
        if record.run_id == before or not record.steps or record.steps[-1].name != step:
            return False
        children = psutil.Process(process.pid).children()
        # The kernel of the next step runs ahead; the older one works.
        kernels = [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]
        found[:] = sorted(kernels, key=psutil.Process.create_time)
        return bool(found) and (run_folder(watch, record.run_id) / "notebooks" / shipped(step).name).exists()

    wait_for(there)
    return found[0]


def without_run(text: str, record: RunRecord) -> str:
    return text.replace(record.run_id, "RUN")


def test_an_edition_holds_all_its_files(made: Path) -> None:
    link = made / "reports" / "essai" / WEEK
    record = read_record(link)
    assert record is not None
    assert record.status is RunStatus.DONE
    assert [step.name for step in record.steps] == list(STEPS)
    assert all(step.status is RunStatus.DONE for step in record.steps)
    expected = {"bulletin.html", "bulletin.en.html", "bulletin.json", "annex.html", "figures.csv", "run.json"}
    assert expected <= {path.name for path in link.iterdir()}
    assert sorted(path.name for path in (link / "notebooks").iterdir()) == [
        "01_gather.ipynb",
        "02_topics.ipynb",
        "03_signals.ipynb",
        "04_bulletin.ipynb",
    ]
    assert (link.parent / "index.html").exists()
    assert set(record.outputs_sha256) == {
        path.relative_to(link).as_posix() for path in link.rglob("*") if path.is_file() and path.name != "run.json"
    }


def test_no_file_of_an_edition_holds_what_must_not_be_read(made: Path) -> None:
    run = (made / "reports" / "essai" / WEEK).resolve()
    files = [file for file in sorted(run.rglob("*")) if file.is_file()]
    for file in files:
        text = file.read_text(encoding="utf-8").lower()
        # Data files may quote markup; in a page it would run.
        found = [word for word in [*PLANTED, *(["<script>alert"] if file.suffix == ".html" else [])] if word in text]
        assert found == [], file.relative_to(run)
    signals = json.loads((run / "bulletin.json").read_text(encoding="utf-8"))["signals"]
    assert [signal["kind"] for signal in signals if signal["kind"] == "leak"] == ["leak"]


def test_the_second_run_doubles_nothing_and_says_the_same(watch: Watch) -> None:
    first = published(watch)
    tables = {path.name: DeltaTable(str(path)).version() for path in watch.store_path.iterdir()}
    folder = run_folder(watch, first.run_id)
    names = ("bulletin.html", "bulletin.en.html", "bulletin.json", "figures.csv", "mail.html")
    pages = {name: without_run((folder / name).read_text(), first) for name in names}
    again = edition(watch.file)
    assert (again.returncode, again.stderr) == (0, "")
    second = published(watch)
    assert second.run_id != first.run_id
    assert second.as_of == first.as_of
    assert {path.name: DeltaTable(str(path)).version() for path in watch.store_path.iterdir()} == tables
    assert second.steps[0].rows_out == 0
    folder = run_folder(watch, second.run_id)
    assert {name: without_run((folder / name).read_text(), second) for name in pages} == pages


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_kernel_is_told_and_publishes_nothing(watch: Watch, step: str) -> None:
    before = published(watch)
    process = start(watch)
    kernel = kernel_in_step(watch, process, before.run_id, step)
    ahead = psutil.Process(process.pid).children()
    kernel.kill()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 1, said
    assert f"step {step}" in said
    assert "Traceback" not in said
    record = newest_run(watch)
    assert record.status is RunStatus.FAILED
    assert record.steps[-1].name == step
    assert record.steps[-1].status is RunStatus.FAILED
    assert published(watch) == before
    assert not psutil.wait_procs(ahead, timeout=20)[1], "a kernel that was started ahead is left behind"


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_command_is_told_and_the_next_run_completes(watch: Watch, step: str) -> None:
    before = published(watch)
    process = start(watch)
    kernel = kernel_in_step(watch, process, before.run_id, step)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: newest_run(watch).status is RunStatus.FAILED, 20)
    assert newest_run(watch).error == "the run was killed before its end"
    assert published(watch) == before
    # An orphaned kernel notices that its parent is gone and ends.
    wait_for(lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE, 60)
    again = edition(watch.file)
    assert again.returncode == 0, again.stderr
    assert published(watch).run_id != before.run_id
    assert published(watch).status is RunStatus.DONE


def test_the_second_of_two_runs_says_so(watch: Watch) -> None:
    before = published(watch)
    process = start(watch)
    wait_for(lambda: newest_run(watch).run_id != before.run_id)
    # Held, it keeps the lock however slow the second command is.
    process.send_signal(signal.SIGSTOP)
    second = edition(watch.file)
    process.send_signal(signal.SIGCONT)
    assert second.returncode == 4
    assert "another edition run of the watch essai is under way" in second.stderr
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    wait_for(lambda: newest_run(watch).status is not RunStatus.RUNNING, 20)
    assert newest_run(watch).status in (RunStatus.CANCELLED, RunStatus.FAILED)
    assert published(watch) == before


def test_a_cell_that_takes_too_long_is_told(watch: Watch) -> None:
    before = published(watch)
    ended = edition(watch.file, "--cell-timeout", "1")
    assert ended.returncode == 1
    assert "a cell took more than 1 s" in ended.stderr
    assert newest_run(watch).status is RunStatus.FAILED
    assert published(watch) == before


def test_an_empty_week_is_a_short_page_and_no_error(watch: Watch) -> None:
    ended = edition(watch.file, "--as-of", "2027-01-01", week="2026-W50")
    assert ended.returncode == 0, ended.stderr
    link = watch.reports_path / "essai" / "2026-W50"
    record = read_record(link)
    assert record is not None
    assert record.status is RunStatus.NO_DATA
    assert 500 < (link / "bulletin.html").stat().st_size < 60_000


def test_ten_mentions_are_not_enough_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "watch.yml").write_text(WATCH, encoding="utf-8")
    lines = write_mentions(tmp_path).read_text(encoding="utf-8").splitlines(keepends=True)[40:50]
    (tmp_path / "ten.jsonl").write_text("".join(lines), encoding="utf-8")
    assert veille(tmp_path / "watch.yml", "import", str(tmp_path / "ten.jsonl"), "--format", "jsonl").returncode in (0, 3)
    ended = edition(tmp_path / "watch.yml", "--as-of", AS_OF)
    assert ended.returncode == 0, ended.stderr
    page = (tmp_path / "reports" / "essai" / WEEK / "bulletin.html").read_text(encoding="utf-8")
    assert "as assez de données" in page
