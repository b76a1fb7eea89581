"""One sanity test over all notebooks: thin, paired, stripped, one parameters cell."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PIPELINE = [path for path in NOTEBOOKS if path.name[0].isdigit()]


def _cells(notebook: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]


def test_there_are_the_four_steps_and_the_workbook() -> None:
    names = [path.stem for path in NOTEBOOKS]
    assert names[:4] == ["01_gather", "02_topics", "03_signals", "04_bulletin"]
    assert {"explore", "respond"} <= set(names)


def test_each_is_what_its_script_says() -> None:
    checked = subprocess.run([sys.executable, str(ROOT / "scripts" / "notebooks.py"), "--check"], check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_thin_and_stripped(notebook: Path) -> None:
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        assert len(cell.source.splitlines()) <= 15
        assert cell.outputs == []
        assert cell.execution_count is None
    for source in _cells(notebook):
        nodes = list(ast.walk(ast.parse(source)))
        assert not any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda) for node in nodes)


@pytest.mark.parametrize("notebook", PIPELINE, ids=lambda path: path.stem)
def test_a_step_has_one_parameters_cell_and_ends_with_its_end_marker(notebook: Path) -> None:
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert "secret" not in tagged[0].source
    assert cells[-1].source.splitlines()[-1].startswith("here.finish(")
    assert f'"{notebook.stem[3:]}"' in cells[-1].source


@pytest.mark.slow
def test_the_notebook_of_the_statistics_runs(tmp_path: Path) -> None:
    script = ROOT / "notebooks" / "detection.py"
    ran = subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
