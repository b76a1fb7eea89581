"""The wheel, installed away from the checkout, makes an edition with the notebooks it ships."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WATCH = "watch: ailleurs\norganisation: Ailleurs\nsubjects: [{id: ailleurs, query: ailleurs}]\n"


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment that holds the wheel, and borrows our dependencies but not our checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "--quiet"]
    built = _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("veille-*.whl")
    venv.create(folder / "venv", with_pip=False)
    interpreter = folder / "venv" / "bin" / "python"
    packages = Path(_run(str(interpreter), "-c", "import site; print(site.getsitepackages()[0])", cwd=folder).stdout.strip())
    # A path in a .pth file does not read the .pth files there: our editable install stays invisible.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    installed = _run(*pip, "install", "--no-deps", "--no-index", "--target", str(packages), str(wheel), cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return interpreter


def test_it_is_the_wheel_that_runs(python: Path, tmp_path: Path) -> None:
    where = _run(str(python), "-c", "import veille; print(veille.__file__)", cwd=tmp_path).stdout
    assert str(python.parent.parent) in where
    assert (Path(where.strip()).parent / "_notebooks" / "01_gather.ipynb").exists()


def test_it_makes_an_edition(python: Path, tmp_path: Path) -> None:
    (tmp_path / "watch.yml").write_text(WATCH, encoding="utf-8")
    rows = [
        {
            "native_id": str(n),
            "published_at": f"2026-11-{16 + n % 7}T10:00:00Z",
            "text": f"Ailleurs, le train {n} était en retard",
        }
        for n in range(25)
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert _run(str(python), "-m", "veille", "import", "rows.jsonl", "--format", "jsonl", cwd=tmp_path).returncode in (0, 3)
    made = _run(str(python), "-m", "veille", "edition", "--week", "2026-W47", "--as-of", "2026-11-23", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / made.stdout.strip()).stat().st_size > 5_000
