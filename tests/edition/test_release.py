"""A draft goes out under a person's name, once, mailed to each reader; a released edition is corrected, never rewritten."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html
from PIL import Image

from tests.alerts.conftest import Hook, Mailer, body_of
from tests.edition.conftest import MONDAY, WEEK, Draft
from veille.bulletin import Bulletin, review, write_audiences
from veille.bulletin.files import saved
from veille.bulletin.types import Marking
from veille.edition import due, release
from veille.edition.publish import editions_folder, published, run_folder
from veille.edition.record import RunStatus, sha256_of_files
from veille.edition.release import release_unreviewed
from veille.errors import UsageError
from veille.store import Store
from veille.watch import Watch

AT = MONDAY + timedelta(minutes=30)


def _page(watch: Watch, name: str = "bulletin.html", place: str = WEEK) -> str:
    return (editions_folder(watch) / place / name).read_text(encoding="utf-8")


def test_a_release_is_read_by_each_reader_in_text_and_html(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    made = draft()
    assert "Brouillon, non relu" in _page(released_watch)
    out = release(
        released_watch,
        memory,
        WEEK,
        at=AT,
        by="Ana Lyste",
        note="À lire avant le conseil.",
        environment={"MAIL_URL": mailer.url},
    )
    assert sorted(str(one["to"]) for one in out.sent) == ["comite@aquilon.example", "direction@aquilon.example"]
    assert sorted(mail["X-Envelope-To"] for mail in mailer.mails) == ["comite@aquilon.example", "direction@aquilon.example"]
    for mail in mailer.mails:
        assert mail["Subject"].startswith("[TLP:AMBER] Aquilon Mobilités · Semaine 47")
        assert mail["List-Id"] == "<aquilon.veille.essai.example>"
        assert mail["To"] == mail["X-Envelope-To"]
        assert len(mail.as_bytes()) < 102_000
        assert [part.get_content_type() for part in mail.walk()][:4] == [
            "multipart/alternative", "text/plain", "multipart/related", "text/html",
        ]  # fmt: skip
        text, page = body_of(mail), body_of(mail, "html")
        for told in (text, page):
            assert "À lire avant le conseil." in told
            assert "Publié par Ana Lyste" in told
            assert "Brouillon" not in told
            assert "non relu" not in told.lower()
        tree = html.document_fromstring(page)
        pictures = {part["Content-ID"]: part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"}
        asked = [f"<{src.removeprefix('cid:')}>" for src in tree.xpath("//img/@src")]
        assert asked == list(pictures)
        assert len(asked) == 3
        assert all(Image.open(BytesIO(content)).format == "PNG" for content in pictures.values())
        assert all(tree.xpath("//img/@alt"))
    assert len({mail["Message-ID"] for mail in mailer.mails}) == 2
    record = published(released_watch, WEEK)
    assert record is not None
    assert (record.published_by, record.released_from, record.status) == ("Ana Lyste", made.run_id, RunStatus.DONE)
    told = json.loads(_page(released_watch, "bulletin.json"))
    assert told["edition"]["draft"] is False
    assert told["edition"]["note"] == "À lire avant le conseil."
    assert "Released by Ana Lyste" in _page(released_watch, "bulletin.en.html")
    # What the machine had made stays as it was, byte for byte.
    assert sha256_of_files(run_folder(released_watch, made.run_id)) == made.outputs_sha256
    assert sha256_of_files(run_folder(released_watch, record.run_id)) == record.outputs_sha256


def test_what_is_owed_waits_for_the_server_and_is_sent_once(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    draft()
    mailer.stop()
    environment = {"MAIL_URL": mailer.url}
    out = release(released_watch, memory, WEEK, at=AT, by="Ana", environment=environment)
    assert not out.sent
    assert len(out.pending) == 2
    assert out.warnings
    mailer.start()
    later = due(released_watch, memory, AT + timedelta(minutes=15), environment=environment)
    assert len(later.sent) == 2
    again = due(released_watch, memory, AT + timedelta(minutes=30), environment=environment)
    assert again.sent == again.pending == ()
    assert sorted(mail["X-Envelope-To"] for mail in mailer.mails) == ["comite@aquilon.example", "direction@aquilon.example"]


def test_of_two_people_at_once_one_releases(released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer) -> None:
    draft()
    environment = {"MAIL_URL": mailer.url}

    def go(name: str) -> str:
        try:
            return str(release(released_watch, memory, WEEK, at=AT, by=name, environment=environment).record.published_by)
        except UsageError as error:
            return error.message

    with ThreadPoolExecutor(2) as people:
        said = sorted(people.map(go, ["Ana", "Bruno"]))
    assert len(mailer.mails) == 2
    winner = published(released_watch, WEEK)
    assert winner is not None
    assert said == sorted([f"the edition {WEEK} was already released by {winner.published_by}", str(winner.published_by)])
    events = review.reviews(memory, WEEK)
    assert list(events["act"]) == ["released"]
    assert list(events["by"]) == [winner.published_by]


def test_two_processes_at_once_make_one_release(released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer) -> None:
    draft()
    jobs = multiprocessing.get_context("spawn").Pool(2)
    with jobs as pool:
        said = pool.starmap(_release_in_a_process, [(str(released_watch.file), mailer.url, name) for name in ("Ana", "Bruno")])
    assert sorted(said) == [False, True]
    assert len(mailer.mails) == 2
    assert len(review.reviews(memory, WEEK)) == 1


def _release_in_a_process(file: str, url: str, name: str) -> bool:
    from pathlib import Path

    from veille.watch import load_watch

    watch = load_watch(Path(file))
    try:
        release(watch, Store(watch), WEEK, at=AT, by=name, environment={"MAIL_URL": url})
    except UsageError:
        return False
    return True


def test_a_release_that_crashed_before_its_link_is_finished_under_the_first_name(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    draft()
    environment = {"MAIL_URL": mailer.url}
    in_the_way = editions_folder(released_watch) / f".{WEEK}.{os.getpid()}"
    in_the_way.mkdir()
    with pytest.raises(OSError, match=WEEK):
        release(released_watch, memory, WEEK, at=AT, by="Ana", environment=environment)
    in_the_way.rmdir()
    assert "Brouillon" in _page(released_watch)
    assert not mailer.mails
    out = release(released_watch, memory, WEEK, at=AT + timedelta(minutes=1), by="Bruno", environment=environment)
    assert out.record.published_by == "Ana"
    assert len(mailer.mails) == 2
    assert list(review.reviews(memory, WEEK)["by"]) == ["Ana"]


def test_a_withheld_signal_leaves_every_file_and_is_told_with_its_reason(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    source = run_folder(released_watch, draft().run_id)
    write_audiences(released_watch, memory, saved(source), source)
    review.withhold(memory, bulletin, "s1", at=MONDAY, by="Ana Lyste", reason="Vérification en cours avec l'exploitant.")
    release(released_watch, memory, WEEK, at=AT, by="Ana Lyste", environment={})
    folder = editions_folder(released_watch) / WEEK
    told = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
    assert [one["signal_id"] for one in told["signals"]] == ["s2"]
    assert [one["signal_id"] for one in told["findings"]] == [None, None]
    assert [one["decision_id"] for one in told["decisions"]] == ["d1"]
    assert told["level"] == 3
    assert "1 signal est retenu par l’analyste." in told["headline"]
    assert "Rame portes ouvertes" not in told["headline"]
    page = html.document_fromstring(_page(released_watch))
    (section,) = page.xpath("//section[@id='review']")
    said = section.text_content()
    assert "Retenu par Ana Lyste\xa0: un signal de niveau 3 sur Aquilon Mobilités" in said
    assert "Vérification en cours" in said
    # The topic of the same name is what people spoke of; nothing else names what was withheld.
    assert "Une critique émerge" not in page.text_content()
    direction = json.loads((folder / "audiences" / "direction" / "bulletin.json").read_text(encoding="utf-8"))
    assert [one["signal_id"] for one in direction["signals"]] == ["s2"]
    assert direction["edition"]["draft"] is False
    assert not any(b"Une critique \xc3\xa9merge" in path.read_bytes() for path in (folder / "audiences").rglob("*.html"))
    assert "1 élément retenu" in (folder / "mail.txt").read_text(encoding="utf-8")
    assert "m3" not in told["evidence"] or any("m3" in one["evidence"] for one in told["topics"])


def test_who_releases_is_told_which_audiences_do_not_read_of_a_leak(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin
) -> None:
    out = bulletin.signals[0].model_copy(update={"kind": "leak", "marking": Marking.AMBER_STRICT})
    draft(changed=bulletin.model_copy(update={"signals": (out, *bulletin.signals[1:])}))
    told = release(released_watch, memory, WEEK, at=AT, by="Ana Lyste", environment={}).warnings
    (line,) = [line for line in told if "leak" in line]
    assert line.startswith("audience direction (TLP:AMBER) does not read of the 1 leak(s)")
    assert "public" not in line


def test_an_order_holds_and_an_undo_takes_it_back(memory: Store, bulletin: Bulletin) -> None:
    event = review.order(memory, bulletin, ["3", "1"], at=MONDAY, by="Ana", reason="Le plus proche du conseil.")
    left = review.applied(bulletin, review.reviews(memory, WEEK), str)
    assert [one.title for one in left.findings] == [bulletin.findings[place].title for place in (2, 0, 1)]
    assert [one.act for one in left.reviewed] == ["ordered"]
    review.undo(memory, WEEK, event.iloc[0]["event_id"], at=MONDAY + timedelta(minutes=1), by="Bruno")
    assert review.applied(bulletin, review.reviews(memory, WEEK), str) == bulletin
    # What was not known yet still stands then.
    assert len(review.reviews(memory, WEEK, MONDAY)) == 1


@pytest.mark.parametrize(("item", "reason", "by"), [("9", "r", "Ana"), ("s9", "r", "Ana"), ("1", " ", "Ana"), ("1", "r", " ")])
def test_what_cannot_be_withheld_is_refused(memory: Store, bulletin: Bulletin, item: str, reason: str, by: str) -> None:
    with pytest.raises(UsageError):
        review.withhold(memory, bulletin, item, at=MONDAY, by=by, reason=reason)
    assert review.reviews(memory, WEEK).empty


def test_the_next_edition_tells_what_was_withheld(memory: Store, bulletin: Bulletin) -> None:
    from veille.language import Language

    review.withhold(memory, bulletin, "1", at=MONDAY, by="Ana", reason="Doublon.")
    (told,) = review.review_followup(memory, WEEK, MONDAY + timedelta(days=7), Language("fr"), str)
    assert told.title == "Édition de la semaine 47"
    assert told.asked == "Retenu par Ana\xa0: 1 constat"
    assert told.outcome == "Raison\xa0: Doublon."
    assert review.review_followup(memory, WEEK, MONDAY - timedelta(days=1), Language("fr"), str) == ()


def test_a_correction_says_what_changed_and_the_old_stays_reachable(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    draft()
    first = release(released_watch, memory, WEEK, at=AT, by="Ana", environment=environment)
    tiles = (bulletin.tiles[0].model_copy(update={"value": 58.0}), *bulletin.tiles[1:])
    changed = bulletin.model_copy(update={"level": 2, "findings": bulletin.findings[:2], "tiles": tiles})
    draft(AT + timedelta(hours=1), changed)
    # Readers still see what was released; the draft stands beside it.
    assert "Publié par Ana" in _page(released_watch)
    assert "Brouillon" in _page(released_watch, place=f"{WEEK}.draft")
    out = release(released_watch, memory, WEEK, at=AT + timedelta(hours=2), by="Bruno", environment=environment)
    assert out.record.replaces == first.record.run_id
    page = html.document_fromstring(_page(released_watch))
    (stamp,) = page.xpath("//p[contains(@class, 'correction')]")
    said = stamp.text_content()
    assert said.startswith("Correction du 23 novembre 2026 à\xa010:00")
    assert "Niveau 2 au lieu de 3." in said
    assert "Constat retiré" in said
    (link,) = stamp.xpath(".//a/@href")
    old = editions_folder(released_watch) / WEEK / link
    assert "Publié par Ana" in (editions_folder(released_watch) / link.removeprefix("../")).read_text(encoding="utf-8")
    assert old.name == "bulletin.html"
    assert "Récits\xa0: 58 au lieu de 60." in page.get_element_by_id("review").text_content()
    assert len(mailer.mails) == 4
    assert mailer.mails[-1]["Subject"].startswith("[TLP:AMBER] Correction · Aquilon")
    assert mailer.mails[0]["References"] == mailer.mails[-1]["References"]
    assert not (editions_folder(released_watch) / f"{WEEK}.draft").is_symlink()
    assert f"{WEEK}.1/bulletin.html" in (editions_folder(released_watch) / "index.html").read_text(encoding="utf-8")


def test_a_correction_overtakes_a_mail_that_could_not_be_sent(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    mailer.stop()
    draft()
    release(released_watch, memory, WEEK, at=AT, by="Ana", environment={"MAIL_URL": mailer.url})
    draft(AT + timedelta(hours=1))
    mailer.start()
    release(released_watch, memory, WEEK, at=AT + timedelta(hours=2), by="Ana", environment={"MAIL_URL": mailer.url})
    assert len(mailer.mails) == 2
    assert all("Correction" in mail["Subject"] for mail in mailer.mails)


def test_auto_goes_out_unreviewed_and_the_same_again_goes_nowhere(
    released_watch: Watch, memory: Store, draft: Draft, bulletin: Bulletin, mailer: Mailer
) -> None:
    environment = {"MAIL_URL": mailer.url}
    alone = bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"draft": False})})
    out = release_unreviewed(released_watch, memory, draft(changed=alone), at=AT, environment=environment)
    assert "Non relu" in _page(released_watch)
    assert all("Non relu" in mail["Subject"] and "Non relu" in body_of(mail) for mail in mailer.mails)
    again = release_unreviewed(
        released_watch, memory, draft(AT + timedelta(hours=1), alone), at=AT + timedelta(hours=2), environment=environment
    )
    assert len(mailer.mails) == 2
    assert again.record.run_id == out.record.run_id
    other = alone.model_copy(update={"level": 1})
    release_unreviewed(
        released_watch, memory, draft(AT + timedelta(hours=3), other), at=AT + timedelta(hours=4), environment=environment
    )
    assert len(mailer.mails) == 4
    assert "Niveau 1 au lieu de 3." in _page(released_watch)


def test_a_card_is_given_to_a_chat(released_watch: Watch, memory: Store, draft: Draft, hook: Hook) -> None:
    delivery = released_watch.delivery.model_copy(update={"cards": ("TEAMS_URL",), "readers": ()})
    draft()
    out = release(
        released_watch.model_copy(update={"delivery": delivery}),
        memory,
        WEEK,
        at=AT,
        by="Ana",
        environment={"TEAMS_URL": hook.url},
    )
    assert [one["kind"] for one in out.sent] == ["card"]
    (card,) = hook.taken
    assert "TLP:AMBER" in card["title"]
    assert "Niveau 3, alerte" in card["message"]
    assert "Maintenir ou réviser" in card["message"]


def test_what_cannot_be_released_is_said(released_watch: Watch, memory: Store, draft: Draft) -> None:
    with pytest.raises(UsageError, match="no edition of 2026-W47"):
        release(released_watch, memory, WEEK, at=AT, by="Ana", environment={})
    draft()
    with pytest.raises(UsageError, match="needs the name"):
        release(released_watch, memory, WEEK, at=AT, by=" ", environment={})
    with pytest.raises(UsageError, match="61 words"):
        release(released_watch, memory, WEEK, at=AT, by="Ana", note="mot " * 61, environment={})
    release(released_watch, memory, WEEK, at=AT, by="Ana", environment={})
    with pytest.raises(UsageError, match="already released by Ana"):
        release(released_watch, memory, WEEK, at=AT, by="Bruno", environment={})


def test_readers_of_an_audience_get_its_files_and_nothing_where_it_has_none(
    released_watch: Watch, memory: Store, draft: Draft, mailer: Mailer
) -> None:
    public = released_watch.model_copy(update={"delivery": released_watch.delivery.model_copy(update={"audience": "public"})})
    environment = {"MAIL_URL": mailer.url}
    draft()
    out = release(public, memory, WEEK, at=AT, by="Ana", environment=environment)
    assert not out.sent
    assert len(out.failed) == 2
    due(public, memory, AT + timedelta(minutes=15), environment=environment)
    assert [mail["X-Envelope-To"] for mail in mailer.mails] == ["exploitation@aquilon.example"]
    source = run_folder(released_watch, draft(AT + timedelta(hours=1)).run_id)
    write_audiences(released_watch, memory, saved(source), source)
    out = release(public, memory, WEEK, at=AT + timedelta(hours=2), by="Ana", note="Interne.", environment=environment)
    assert len(out.sent) == 2
    for mail in mailer.mails[1:]:
        assert mail["Subject"].startswith("[TLP:CLEAR]")
        for told in (body_of(mail), body_of(mail, "html")):
            assert "Interne." not in told
            assert "Claire Martin" not in told
            assert "TLP:AMBER" not in told
