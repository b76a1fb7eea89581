"""`veille label` as an analyst and a script see it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from veille.cli import main
from veille.watch import Watch

TEXTS = ["Essai : merci @jean, bravo", "=Essai, une honte, encore une panne", "Essai : le conseil se réunit mardi"]


def veille(watch: Watch, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--watch", str(watch.file)])


@pytest.fixture
def brought(watch: Watch, tmp_path: Path) -> Watch:
    """Return a watch with three mentions."""
    file = tmp_path / "three.jsonl"
    lines = [
        json.dumps({"native_id": str(place), "published_at": "2026-11-19T08:00:00Z", "text": text})
        for place, text in enumerate(TEXTS)
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert veille(watch, "import", str(file), "--format", "jsonl").exit_code == 0
    return watch


def test_export_label_import_show(brought: Watch, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    done = veille(brought, "label", "export", str(file), "--rows", "10", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {"rows": 3, "refused": 0, "file": str(file)}
    assert "jean" not in file.read_text(encoding="utf-8-sig")

    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.DictReader(opened, delimiter=";"))
    for line, tone in zip(lines, ["positif", "négatif", "bof"], strict=True):
        line["tonalité"] = tone
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    done = veille(brought, "label", "import", str(file), "--by", "Ana", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 3, done.stderr
    assert (told["rows"], told["refused"], told["new"]) == (2, 1, 2)
    assert Path(told["rejects_file"]).exists()
    assert "a.csv, row 4: the tone is no word that is known" in done.stderr
    again = json.loads(veille(brought, "label", "import", str(file), "--by", "Ana", "--json").stdout)
    assert (again["rows"], again["refused"], again["new"]) == (2, 1, 0)

    shown = json.loads(veille(brought, "label", "show", "--json").stdout)
    said = {(row["value"], row["labels"]) for row in shown["figures"] if row["subject"] == "essai"}
    assert {("negative", 1), ("positive", 1)} <= said
    assert all(row["subject"] in ("*", "essai") for row in shown["figures"])
    left = veille(brought, "label", "export", str(tmp_path / "b.xlsx"), "--what", "tone", "--json")
    assert json.loads(left.stdout)["rows"] == 1
    text = veille(brought, "label", "show").stdout
    assert "precision" in text
    assert "40 are needed" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("label", "export", "a.ods"), "neither .csv nor .xlsx"),
        (("label", "export", "a.csv", "--subject", "autre"), "no subject 'autre'"),
        (("label", "export", "a.csv", "--week", "2026-99"), "is not an ISO week"),
        (("label", "import", "missing.csv", "--by", "Ana"), "cannot be read"),
        (("label", "import", "missing.csv", "--by", " "), "who labels"),
    ],
)
def test_wrong_use_is_one_sentence(watch: Watch, arguments: tuple[str, ...], words: str) -> None:
    done = veille(watch, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
