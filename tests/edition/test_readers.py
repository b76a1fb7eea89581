"""Each reader gets the mail in their language, with a link to the page that they may read, where it is served."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from tests.alerts.conftest import body_of
from tests.edition.conftest import MONDAY, WATCH, WEEK, Draft, Mailer
from veille.bulletin import Bulletin, write, write_audiences
from veille.bulletin.files import saved
from veille.bulletin.render import render_mail
from veille.bulletin.types import Marking
from veille.edition import release
from veille.edition.mailing import card
from veille.edition.publish import run_folder
from veille.errors import WatchError
from veille.store import Store
from veille.watch import Watch, load_watch

PLACE = f"https://intranet.aquilon.example/veille/{WEEK}/"
LISTED = "readers: [comite@aquilon.example, direction@aquilon.example]"
SPOKEN = "readers: [comite@aquilon.example, {mail: board@aquilon.example, language: en}]"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Watch]:
    def written(readers: str) -> Watch:
        (tmp_path / "watch.yml").write_text(WATCH.replace(LISTED, readers), encoding="utf-8")
        return load_watch(tmp_path / "watch.yml")

    return written


@pytest.fixture
def served(bulletin: Bulletin) -> Bulletin:
    return bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"address": PLACE})})


def test_each_reader_is_written_to_in_their_language(
    written: Callable[[str], Watch], memory: Store, draft: Draft, mailer: Mailer, served: Bulletin
) -> None:
    watch = written(SPOKEN)
    draft(changed=served)
    out = release(watch, memory, WEEK, at=MONDAY, by="Ana Lyste", environment={"MAIL_URL": mailer.url})
    assert len(out.sent) == 2
    by = {mail["X-Envelope-To"]: mail for mail in mailer.mails}
    french, english = by["comite@aquilon.example"], by["board@aquilon.example"]
    assert (french["Content-Language"], english["Content-Language"]) == ("fr", "en")
    assert "Semaine 47" in french["Subject"]
    assert "Week 47" in english["Subject"]
    for mail, words, page in ((french, "Publié par", "bulletin.html"), (english, "Released by", "bulletin.en.html")):
        text, shown = body_of(mail), html.document_fromstring(body_of(mail, "html"))
        assert words in text
        assert PLACE + page in text
        assert shown.xpath("//a/@href") == [PLACE + page]
        assert len(shown.xpath("//img")) == 3


def test_an_audience_is_written_to_in_their_language_and_sent_to_its_own_page(
    written: Callable[[str], Watch], memory: Store, draft: Draft, mailer: Mailer, served: Bulletin
) -> None:
    watch = written(f"audience: direction\n  {SPOKEN}")
    source = run_folder(watch, draft(changed=served).run_id)
    write_audiences(watch, memory, saved(source), source)
    release(watch, memory, WEEK, at=MONDAY, by="Ana Lyste", environment={"MAIL_URL": mailer.url})
    english = next(mail for mail in mailer.mails if mail["X-Envelope-To"] == "board@aquilon.example")
    assert "Week 47" in english["Subject"]
    assert f"{PLACE}audiences/direction/bulletin.en.html" in body_of(english)


def test_the_publics_files_do_not_say_where_the_organisations_pages_are(
    written: Callable[[str], Watch], memory: Store, served: Bulletin, tmp_path: Path
) -> None:
    watch = written(f"address: {PLACE.removesuffix(f'{WEEK}/')}\n  {LISTED}")
    write([served], tmp_path / "run")
    assert not write_audiences(watch, memory, [served], tmp_path / "run").refused
    files = {path.name: path.read_bytes() for path in (tmp_path / "run" / "audiences" / "public").iterdir()}
    assert {"mail.html", "bulletin.json"} <= files.keys()
    assert not [name for name, content in files.items() if b"intranet" in content]


def test_no_link_where_no_place_is_named_and_none_that_is_no_address(bulletin: Bulletin) -> None:
    for address in (None, "javascript:alert(1)", "//evil.example/"):
        given = bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"address": address})})
        page, text = render_mail(given)
        assert "<a " not in page
        assert "preuves" not in text
        assert not re.search(r"javascript:|evil", page + text)


def test_a_card_links_to_the_page(served: Bulletin) -> None:
    assert card(served)[1].splitlines()[-1] == f"{PLACE}bulletin.html"


@pytest.mark.parametrize(
    ("readers", "what"),
    [
        ("readers: [{mail: board@aquilon.example, language: de}]", r"readers\[1\].language: “de” is not one of languages"),
        ("readers: [{mail: board, language: en}]", "not a mail address"),
        (f"address: 'ftp://aquilon.example/'\n  {LISTED}", "address: .* is not a web address"),
        (f"address: 'https://a:b@aquilon.example/'\n  {LISTED}", "user name or a password"),
    ],
)
def test_what_is_written_wrong_is_said_in_one_sentence(written: Callable[[str], Watch], readers: str, what: str) -> None:
    with pytest.raises(WatchError, match=what):
        written(readers)


def test_the_last_look_finds_the_address_where_a_public_item_says_it(
    written: Callable[[str], Watch], memory: Store, served: Bulletin, tmp_path: Path
) -> None:
    watch = written(f"address: {PLACE.removesuffix(f'{WEEK}/')}\n  {LISTED}")
    topic = served.topics[0].model_copy(update={"title": f"Voir {PLACE}", "marking": Marking.CLEAR})
    leaking = served.model_copy(update={"topics": (topic,)})
    write([leaking], tmp_path / "run")
    assert "delivery.address" in str(write_audiences(watch, memory, [leaking], tmp_path / "run").refused["public"])
