"""Telegram: pages of the shape of t.me/s from a real server on loopback, through snscrape and our own connections."""

from __future__ import annotations

import html
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from veille.errors import SourceError
from veille.mention import Mention
from veille.sources import Client, Fetched, Limits
from veille.sources.telegram import TelegramSource, parse_page
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 10, tzinfo=UTC)
REPLIES = Path(__file__).parents[2].parent / "shared" / "data" / "source-replies" / "telegram-tchan"


def post(
    number: int | str,
    text: str = "",
    *,
    hours: float = 1,
    stamp: str | None = None,
    body: str = "",
    before: str = "",
    views: str = "12",
    meta: str = "",
    kind: str = "",
    channel: str = "aquilon_voyageurs",
) -> str:
    moment = stamp if stamp is not None else (AS_OF - timedelta(hours=hours)).isoformat()
    words = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap {kind} js-widget_message" data-post="{channel}/{number}">
<div class="tgme_widget_message_user"><a href="https://t.me/{channel}"><i class="tgme_widget_message_user_photo"></i></a></div>
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" href="https://t.me/{channel}">
<span dir="auto">Voyageurs</span></a></div>{before}{words}{body}
<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info short">
<span class="tgme_widget_message_views">{views}</span><span class="copyonly"> views</span>
<span class="tgme_widget_message_meta">{meta}<a class="tgme_widget_message_date" href="https://t.me/{channel}/{number}">
<time datetime="{moment}" class="time">07:26</time></a></span></div></div></div></div></div>"""


def page(*posts: str, before: int | None = None, channel: str = "aquilon_voyageurs") -> bytes:
    link = f"/s/{channel}?before={before}"
    more = f'<a href="{link}" class="tme_messages_more js-messages_more" data-before="{before}"></a>' if before else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><main class="tgme_main" data-url="/{channel}">
<section class="tgme_channel_history js-message_history">{more}{"".join(posts)}</section></main></body></html>""".encode()


def spec(server: Any, *accounts: str, **more: object) -> SourceSpec:
    return SourceSpec.model_validate(
        {
            "id": "canaux",
            "type": "telegram",
            "accounts": list(accounts or ("aquilon_voyageurs",)),
            "server": server.address,
            **more,
        }
    )


def fetch(server: Any, client: Client, *accounts: str, state: Any = None, as_of: datetime = AS_OF, **more: object) -> Fetched:
    return TelegramSource("UTC").fetch(spec(server, *accounts, **more), state or {}, as_of, client)


def only(server: Any, client: Client, *posts: str) -> Mention:
    server.page("/s/aquilon_voyageurs", page(*posts))
    (mention,) = fetch(server, client).mentions
    return mention


def test_a_post_becomes_a_mention_with_its_lines(server: Any, client: Client) -> None:
    text = "Grève demain<br/><br/><b>Lignes 1</b> et 2 &amp; 3<br/>suite <a href='https://aquilon.example/'>ici</a>"
    mention = only(server, client, post(41, text, views="436.6K"))
    assert mention.text == "Grève demain\n\nLignes 1 et 2 & 3\nsuite ici"
    assert (mention.native_id, mention.url) == ("aquilon_voyageurs/41", "https://t.me/aquilon_voyageurs/41")
    assert (mention.source, mention.source_type, mention.kind) == ("canaux", "telegram", "post")
    assert mention.published_at == AS_OF - timedelta(hours=1)
    assert (mention.publisher, mention.author, mention.views) == ("t.me/aquilon_voyageurs", None, 436_600)
    assert (mention.title, mention.media, mention.parent_id) == ("", [], None)


@pytest.mark.parametrize(
    ("shown", "views"), [("2", 2), ("1.2M", 1_200_000), ("3K", 3_000), ("", None), ("many", None), ("1e9", None), ("-4", None)]
)
def test_views_are_read_with_their_thousands(server: Any, client: Client, shown: str, views: int | None) -> None:
    assert only(server, client, post(1, "a", views=shown)).views == views


def test_a_signature_is_the_author(server: Any, client: Client) -> None:
    meta = '<span class="tgme_widget_message_from_author" dir="auto">La rédaction</span>,&nbsp;edited &nbsp;'
    assert only(server, client, post(1, "a", meta=meta)).author == "La rédaction"


@pytest.mark.parametrize(
    ("href", "parent"),
    [
        ("https://t.me/autre_canal/77", "autre_canal/77"),
        ("https://t.me/une_personne", None),
        ("https://evil.example/a/7", None),
    ],
)
def test_what_is_forwarded_is_a_repost_and_names_no_person(server: Any, client: Client, href: str, parent: str | None) -> None:
    forwarded = (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
        f'<a class="tgme_widget_message_forwarded_from_name" href="{href}"><span dir="auto">Autre</span></a></div>'
    )
    mention = only(server, client, post(1, "texte", before=forwarded))
    assert (mention.kind, mention.parent_id, mention.text) == ("repost", parent, "texte")


def test_an_answer_says_what_it_answers_and_not_its_text(server: Any, client: Client) -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/aquilon_voyageurs/19"><div class="tgme_widget_message_author">'
        '<span class="tgme_widget_message_author_name">Voyageurs</span></div>'
        '<div class="tgme_widget_message_text js-message_reply_text" dir="auto">ancien texte</div></a>'
    )
    mention = only(server, client, post(20, "réponse", before=reply))
    assert (mention.kind, mention.parent_id, mention.text) == ("post", "aquilon_voyageurs/19", "réponse")


def test_what_a_linked_page_says_of_itself_comes_after_the_words(server: Any, client: Client) -> None:
    preview = (
        '<a class="tgme_widget_message_link_preview" href="https://presse.example/a"><div class="link_preview_site_name">Presse'
        '</div><i class="link_preview_image" style="background-image:url(\'https://cdn.example/x\')"></i>'
        '<div class="link_preview_title">Aquilon en grève</div><div class="link_preview_description">Trois lignes.</div></a>'
    )
    mention = only(server, client, post(1, "À lire", body=preview))
    assert mention.text == "À lire\n\nAquilon en grève\nTrois lignes."


def test_pictures_and_films_have_addresses_that_last(server: Any, client: Client) -> None:
    media = (
        '<a class="tgme_widget_message_photo_wrap" style="background-image:url(\'https://cdn.example/t1\')" '
        'href="https://t.me/aquilon_voyageurs/9?single"></a><a class="tgme_widget_message_video_player" '
        'href="https://t.me/aquilon_voyageurs/10?single"><video src="https://cdn.example/v?token=1"></video></a>'
        '<a class="tgme_widget_message_photo_wrap" href="javascript:alert(1)"></a>'
    )
    mention = only(server, client, post(9, "deux", before=media))
    assert mention.media == [f"https://t.me/aquilon_voyageurs/{number}?single" for number in (9, 10)]


def test_a_poll_is_its_question_and_its_answers(server: Any, client: Client) -> None:
    poll = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Satisfaits ?</div>'
        '<div class="tgme_widget_message_poll_option_text">Oui</div>'
        '<div class="tgme_widget_message_poll_option_text">Non</div></div>'
    )
    assert only(server, client, post(1, body=poll)).text == "Satisfaits ?\nOui\nNon"


def test_notices_are_left_out_and_what_says_nothing_is_refused_with_its_reason(server: Any, client: Client) -> None:
    posts = (post(1, "Channel created", kind="service_message"), post(2), post("x", "sans numéro"), post(3, "bon"))
    server.page("/s/aquilon_voyageurs", page(*posts))
    fetched = fetch(server, client)
    assert [mention.text for mention in fetched.mentions] == ["bon"]
    assert [(entry.place, entry.number, entry.reason) for entry in fetched.refused] == [
        ("t.me/aquilon_voyageurs", 2, "no text"),
        ("t.me/aquilon_voyageurs", 3, "no id of a post"),
    ]


@pytest.mark.parametrize("stamp", ["", "soon", "2026-13-45T25:00:00+00:00", "2026-11-22T07:00:00", "9999-12-31T23:59:59-23:00"])
def test_a_post_without_a_readable_time_is_kept_and_told(server: Any, client: Client, stamp: str) -> None:
    server.page("/s/aquilon_voyageurs", page(post(1, "a", stamp=stamp), post(2, "b")))
    fetched = fetch(server, client)
    assert sorted((mention.text, mention.published_at is None) for mention in fetched.mentions) == [("a", True), ("b", False)]
    assert fetched.warnings == ("aquilon_voyageurs: 1 posts without a readable time, kept and never counted",)


def test_a_link_without_address_costs_a_post_nothing(server: Any, client: Client) -> None:
    mention = only(server, client, post(1, "avant <a>sans adresse</a>"))
    assert (mention.text, mention.published_at) == ("avant sans adresse", AS_OF - timedelta(hours=1))


def test_pages_are_followed_down_and_the_next_run_reads_one(server: Any, client: Client) -> None:
    server.page("/s/aquilon_voyageurs", page(post(5, "e", hours=1), post(6, "f", hours=0.5), before=5))
    server.page("/s/aquilon_voyageurs?before=5", page(post(3, "c", hours=30), post(4, "d", hours=20), before=3))
    server.page("/s/aquilon_voyageurs?before=3", page(post(1, "a", hours=24 * 40), post(2, "b", hours=24 * 29)))
    first = fetch(server, client)
    assert sorted(mention.text for mention in first.mentions) == ["b", "c", "d", "e", "f"]
    server.requests.clear()
    fetch(server, client, state=first.state, as_of=AS_OF + timedelta(hours=1))
    assert [path for path, _ in server.requests] == ["/s/aquilon_voyageurs"]


def test_an_error_half_way_keeps_what_came_and_the_rest_comes_with_the_next_run(server: Any, client: Client) -> None:
    server.page("/s/aquilon_voyageurs", page(post(3, "c", hours=1), post(4, "d", hours=0.5), before=3))
    server.page("/s/aquilon_voyageurs?before=3", status=404)
    first = fetch(server, client)
    assert sorted(mention.text for mention in first.mentions) == ["c", "d"]
    assert "answered 404" in first.errors[0]
    server.page("/s/aquilon_voyageurs?before=3", page(post(1, "a", hours=4), post(2, "b", hours=3)))
    second = fetch(server, client, state=first.state, as_of=AS_OF + timedelta(hours=1))
    assert {"a", "b"} <= {mention.text for mention in second.mentions}
    assert "hole_since" not in second.state["aquilon_voyageurs"]


def test_a_limit_bounds_a_run_and_what_is_left_comes_later(server: Any, client: Client) -> None:
    for start in range(0, 40, 2):
        path = "/s/aquilon_voyageurs" if start == 38 else f"/s/aquilon_voyageurs?before={start + 2}"
        posts = [post(number, f"n{number}", hours=40 - number) for number in (start, start + 1)]
        server.page(path, page(*posts, before=start or None))
    state, seen = {}, set()
    for run in range(8):
        fetched = fetch(server, client, state=state, as_of=AS_OF + timedelta(minutes=run), limit=8)
        state = fetched.state
        seen |= {mention.text for mention in fetched.mentions}
    assert seen == {f"n{number}" for number in range(40)}


def test_pages_in_a_circle_are_left(server: Any, client: Client) -> None:
    server.page("/s/aquilon_voyageurs", page(post(3, "c"), before=3))
    server.page("/s/aquilon_voyageurs?before=3", page(post(2, "b"), before=3))
    assert "again and again" in fetch(server, client).errors[0]


def test_a_channel_that_is_private_or_unknown_is_a_warning(server: Any, client: Client) -> None:
    server.page("/s/canal_prive", status=302, Location="/canal_prive")
    server.page("/canal_prive", b"<html><body><div class='tgme_page'>If you have Telegram</div></body></html>")
    server.page("/s/aquilon_voyageurs", page(post(1, "a")))
    fetched = fetch(server, client, "canal_prive", "@aquilon_voyageurs", "https://t.me/s/aquilon_voyageurs")
    assert (len(fetched.mentions), fetched.asked, fetched.errors) == (1, 2, ())
    assert fetched.warnings == ("the channel canal_prive shows no posts to the public: it is private, unknown, or no channel",)


def test_a_channel_without_posts_is_empty(server: Any, client: Client) -> None:
    none = '<div class="tgme_widget_message_centered"><div class="tme_no_messages_found">No posts found</div></div>'
    server.page("/s/aquilon_voyageurs", page(none))
    fetched = fetch(server, client)
    assert (fetched.mentions, fetched.errors, fetched.warnings) == ([], (), ())


def test_what_is_no_name_is_told_and_not_asked_for(server: Any, client: Client) -> None:
    server.page("/s/aquilon_voyageurs", page(post(1, "a")))
    fetched = fetch(server, client, "../../etc", "a b", "aquilon_voyageurs")
    assert [error.split(":")[0] for error in fetched.errors] == ["../../etc", "a b"]
    assert [path for path, _ in server.requests] == ["/s/aquilon_voyageurs"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 500}, "answered 500"),
        ({"status": 429, "Retry_After": "3600"}, "asks to wait 3600 s"),
        ({"body": b""}, "no page of a channel"),
        ({"body": b"\x00\xff\xfe{}"}, "no page of a channel"),
        ({"body": b"<html><body>maintenance</body></html>"}, "no page of a channel"),
        ({"body": page(*(post(number, "x" * 900) for number in range(90)))}, "more than 97 kB"),
    ],
)
def test_a_channel_that_fails_is_told_and_does_not_stop_the_others(
    server: Any, client: Client, trouble: dict[str, Any], said: str
) -> None:
    server.page("/s/mauvais", **trouble)
    server.page("/s/aquilon_voyageurs", page(post(1, "a")))
    fetched = fetch(server, client, "mauvais", "aquilon_voyageurs")
    assert len(fetched.mentions) == 1
    assert len(fetched.errors) == 1
    assert said in fetched.errors[0]


def test_a_server_that_is_busy_for_a_moment_is_asked_again(server: Any, client: Client, waits: list[float]) -> None:
    answers = iter([{"status": 429, "Retry_After": "2"}, {"body": page(post(1, "a"))}])

    def busy(handler: BaseHTTPRequestHandler) -> None:
        server.page("/s/aquilon_voyageurs", **next(answers))
        page_now = server.pages["/s/aquilon_voyageurs"]
        server.pages["/s/aquilon_voyageurs"] = busy
        page_now(handler)

    server.pages["/s/aquilon_voyageurs"] = busy
    assert len(fetch(server, client).mentions) == 1
    assert waits == [2.0]


def test_half_a_page_is_an_error(server: Any, client: Client) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "90000")
        handler.end_headers()
        handler.wfile.write(page(post(1, "a")))
        handler.close_connection = True

    server.pages["/s/aquilon_voyageurs"] = half
    fetched = fetch(server, client)
    assert fetched.mentions == []
    assert "cannot be read" in fetched.errors[0] or "broke off" in fetched.errors[0]


def test_a_silent_server_is_given_up(server: Any, impatient: Client) -> None:
    server.pages["/s/aquilon_voyageurs"] = lambda handler: time.sleep(0.5)
    assert "in time" in fetch(server, impatient).errors[0]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "text/html; charset=iso-8859-1"), ("cp1252", "text/html; charset=utf-8"), ("utf-8", "")]
)
def test_accents_survive_a_wrong_charset(server: Any, client: Client, encoding: str, said: str) -> None:
    body = page(post(1, "Grève à Rouen")).decode().encode(encoding)
    server.page("/s/aquilon_voyageurs", body, Content_Type=said)
    assert fetch(server, client).mentions[0].text == "Grève à Rouen"


def test_private_addresses_are_refused_and_nothing_goes_round_the_client(server: Any) -> None:
    server.page("/s/aquilon_voyageurs", page(post(1, "a")))
    with Client(allow_private=False, limits=Limits(host_interval_seconds=0)) as client:
        fetched = fetch(server, client)
    assert "not on the public internet" in fetched.errors[0]
    assert server.requests == []


def test_it_says_who_it_is(server: Any, client: Client) -> None:
    server.page("/s/aquilon_voyageurs", page(post(1, "a")))
    fetch(server, client)
    assert server.requests[0][1]["User-Agent"].startswith("veille/")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>vrai",
        "vrai<img src=x onerror=alert(1)>",
        "<div>" * 400 + "vrai" + "</div>" * 400,
        "vrai" + "<i>" * 3000,
    ],
)
def test_hostile_markup_is_text_or_nothing(server: Any, client: Client, hostile: str) -> None:
    server.page("/s/aquilon_voyageurs", page(post(1, hostile)))
    fetched = fetch(server, client)
    assert all("alert" not in mention.text and "<" not in mention.text for mention in fetched.mentions)


def test_importing_it_warns_of_nothing_and_prints_nothing() -> None:
    code = "import veille.sources.telegram as t; assert t.TelegramSource"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def fragments() -> list[str]:
    if not REPLIES.is_dir():
        pytest.skip("the public data sets are not beside the checkout")
    return [file.read_text(encoding="utf-8") for file in sorted(REPLIES.glob("*.html"))]


@pytest.mark.shared_data
def test_real_fragments_are_all_read(server: Any, client: Client, fragments: list[str]) -> None:
    posts = [fragment for fragment in fragments if "data-post=" in fragment]
    server.page("/s/tchantest", page(*posts, channel="tchantest"))
    with Client(allow_private=True, limits=Limits(host_interval_seconds=0)) as roomy:
        fetched = fetch(server, roomy, "tchantest", backfill_days=3650)
    notices = sum("service_message" in fragment for fragment in posts)
    assert len(posts) >= 25
    assert len(fetched.mentions) + len(fetched.refused) + notices == len(posts)
    assert all(mention.published_at and mention.native_id for mention in fetched.mentions)
    assert {entry.reason for entry in fetched.refused} == {"no text"}
    texts = "\n".join(mention.text for mention in fetched.mentions)
    assert "This is a message with a link\n\nhttps://brasil.io/" in texts
    assert 436_600 in [mention.views for mention in fetched.mentions]
    assert any(mention.media for mention in fetched.mentions)
    assert [mention.kind for mention in fetched.mentions].count("repost") == sum("forwarded_from" in text for text in posts)
    assert html.unescape(texts) == texts


@pytest.mark.shared_data
def test_a_real_page_without_posts_is_read(fragments: list[str], server: Any) -> None:
    (empty,) = [fragment for fragment in fragments if "tme_no_messages_found" in fragment]
    assert parse_page(empty, spec(server), "some-channel")[0].mentions == []
    with pytest.raises(SourceError, match="no page of a channel"):
        parse_page("<html></html>", spec(server), "some-channel")
