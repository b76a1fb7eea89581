"""What is withheld is gone from the pages of the draft at once, and is back where that is taken back."""

from __future__ import annotations

from pathlib import Path

from tests import commands
from tests.edition.conftest import MONDAY, WEEK, Draft
from veille.bulletin import Bulletin, review, write_audiences
from veille.bulletin.files import saved
from veille.edition import preview, redraw_draft, release
from veille.edition.publish import editions_folder, made, run_folder
from veille.edition.record import sha256_of_files
from veille.store import Store
from veille.watch import Watch


def _texts(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix in (".html", ".json", ".txt", ".csv")]
    kept = [path for path in files if "inputs" not in path.parts and path.name not in ("run.json", "annex.html")]
    assert len(kept) >= 5
    return "\n".join(path.read_text(encoding="utf-8") for path in kept)


def test_what_is_withheld_leaves_every_file_of_the_draft_and_comes_back(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    alone = bulletin.findings[0].model_copy(update={"title": "Ce que personne ne doit lire encore"})
    record = draft(changed=bulletin.model_copy(update={"findings": (alone, *bulletin.findings[1:])}))
    folder = run_folder(released_watch, record.run_id)
    write_audiences(released_watch, memory, saved(folder), folder)
    before = _texts(folder)
    assert alone.title in before
    event = review.withhold(memory, saved(folder)[0], "1", at=MONDAY, by="Ana Lyste", reason="À vérifier.")
    page = redraw_draft(released_watch, memory, WEEK)
    assert page == editions_folder(released_watch) / WEEK / "bulletin.html"
    after = _texts(folder)
    assert alone.title not in after
    assert alone.title not in (editions_folder(released_watch) / "index.html").read_text(encoding="utf-8")
    assert "À vérifier." in page.read_text(encoding="utf-8")
    assert "Brouillon" in page.read_text(encoding="utf-8")
    # What can be withheld is still all listed, and the record holds for the files that are there now.
    assert preview(released_watch, memory, WEEK)[1][0].findings[0].title == alone.title
    stands = made(released_watch, WEEK)
    assert stands is not None
    assert stands.outputs_sha256 == sha256_of_files(folder)
    review.undo(memory, WEEK, event.iloc[0]["event_id"], at=MONDAY, by="Ana Lyste")
    redraw_draft(released_watch, memory, WEEK)
    assert _texts(folder) == before


def test_a_draft_nobody_acted_on_and_what_was_released_stay_as_they_are(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    record = draft()
    assert redraw_draft(released_watch, memory, WEEK) is None
    release(released_watch, memory, WEEK, at=MONDAY, by="Ana Lyste", environment={})
    out = run_folder(released_watch, (made(released_watch, WEEK) or record).run_id)
    before = sha256_of_files(out)
    review.withhold(memory, bulletin, "1", at=MONDAY, by="Ana Lyste", reason="Trop tard.")
    assert redraw_draft(released_watch, memory, WEEK) is None
    assert sha256_of_files(out) == before


def test_pictures_of_findings_that_are_gone_go_too(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    folder = run_folder(released_watch, draft().run_id)
    assert (folder / "mail-3.png").exists()
    review.withhold(memory, bulletin, "1", at=MONDAY, by="Ana Lyste", reason="Doublon.")
    redraw_draft(released_watch, memory, WEEK)
    assert not (folder / "mail-3.png").exists()
    assert (folder / "mail-2.png").exists()


def test_the_command_says_that_the_pages_are_made_again(released_watch: Watch, draft: Draft) -> None:
    draft()
    done = commands.veille(released_watch.file, "review", WEEK, "--withhold", "2", "--reason", "Doublon.", "--by", "ana")
    assert done.returncode == 0, done.stderr
    assert "the pages of the draft are made again" in done.stdout
    looked = commands.veille(released_watch.file, "review", WEEK)
    assert "made again" not in looked.stdout
