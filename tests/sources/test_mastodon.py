from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sources.mastodon_server import DOMAIN, TOKEN, MastodonServer, status
from veille.errors import SourceError
from veille.mention import mention_id
from veille.pseudonym import pseudonym
from veille.sources import Client, Fetched, State
from veille.sources.mastodon import MastodonSource
from veille.sources.mastodon_posts import status_mention, wrong_of
from veille.watch import SourceSpec

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def fetch(service: Any, client: Client, state: State | None = None, as_of: datetime = AS_OF, **keys: Any) -> Fetched:
    spec = SourceSpec.model_validate({"id": "toots", "type": "mastodon", "server": service.address, **keys})
    return MastodonSource("Europe/Paris").fetch(spec, state or {}, as_of, client)


def posts(number: int, until: datetime = AS_OF) -> list[dict[str, Any]]:
    return [status(until - (place + 1) * MINUTE, f"message {place}") for place in range(number)]


def texts(fetched: Fetched) -> set[str]:
    return {mention.text for mention in fetched.mentions}


def asked(service: Any, end: str) -> list[dict[str, str]]:
    return [one.query for one in service.asked if one.path.endswith(end)]


def test_a_hashtag_is_read_over_pages_without_a_key(service: Any, client: Client) -> None:
    service.answer = MastodonServer(tags={"aquilon": posts(95)})
    fetched = fetch(service, client, queries=["#aquilon"])
    assert (len(texts(fetched)), fetched.errors, fetched.refused, fetched.asked) == (95, (), [], 1)
    assert all("Authorization" not in one.headers for one in service.asked)
    # Three pages, and the empty one that is the last.
    assert [query["limit"] for query in asked(service, "/aquilon")] == ["40"] * 4


def test_pages_are_found_without_the_header_and_never_on_another_server(service: Any, client: Client) -> None:
    service.answer = MastodonServer(tags={"aquilon": posts(95)}, links=False)
    assert len(texts(fetch(service, client, queries=["#aquilon"]))) == 95


def test_a_post_says_all_it_says(service: Any, client: Client) -> None:
    content = (
        '<p><span class="h-card"><a href="https://x.example/@a">@<span>a</span></a></span> Quai 3<br>fermé</p><p>'
        '<a href="https://gazette.example/un/article"><span class="invisible">https://</span>'
        '<span class="ellipsis">gazette.example/un</span><span class="invisible">/article</span></a></p><script>x</script>'
    )
    attachments = [
        {"type": "image", "url": "https://files.example/1.jpg", "description": "un quai"},
        {"type": "unknown", "url": None},
    ]
    one = status(AS_OF - MINUTE, content=content, spoiler_text="Grève &amp; retards", media_attachments=attachments)
    service.answer = MastodonServer(tags={"aquilon": [one]})
    (mention,) = fetch(service, client, queries=["#aquilon"]).mentions
    assert mention.title == "Grève & retards"
    assert [line for line in mention.text.split("\n") if line] == ["@a Quai 3", "fermé", "https://gazette.example/un/article"]
    assert (mention.kind, mention.source, mention.source_type, mention.language_declared) == ("post", "toots", "mastodon", "fr")
    assert (mention.likes, mention.shares, mention.replies, mention.author_followers) == (3, 2, 1, 40)
    assert (mention.author, mention.publisher) == (f"usager@{DOMAIN}", DOMAIN)
    assert (mention.native_id, mention.url) == (one["uri"], one["url"])
    assert mention.media == ["https://files.example/1.jpg"]
    assert mention.published_at == AS_OF - MINUTE


def test_one_post_seen_from_two_servers_is_one_mention_of_one_author(service: Any, client: Client) -> None:
    here = status(AS_OF - MINUTE)
    elsewhere = {**here, "id": "9", "account": {**here["account"], "acct": f"usager@{DOMAIN}"}}
    read = [
        status_mention(here, "a", "mastodon", DOMAIN),
        status_mention(elsewhere, "b", "mastodon", "other.example"),
    ]
    assert len({mention_id(mention) for mention in read}) == 1
    assert len({pseudonym(b"key", mention.author or "") for mention in read}) == 1
    service.answer = MastodonServer(tags={"aquilon": [here]}, domain=None)
    assert fetch(service, client, queries=["#aquilon"]).mentions[0].author == "usager@127.0.0.1"


def test_the_name_of_the_server_is_asked_once_and_kept(service: Any, client: Client) -> None:
    service.answer = MastodonServer(tags={"aquilon": posts(2)})
    first = fetch(service, client, queries=["#aquilon"])
    fetch(service, client, first.state, AS_OF + MINUTE, queries=["#aquilon"])
    assert len(asked(service, "/instance")) == 1
    service.answer = MastodonServer(tags={"aquilon": posts(2)}, domain="<script>")
    assert "(server)" not in fetch(service, client, queries=["#aquilon"]).state


def test_the_name_of_another_server_is_not_taken_over(service: Any, client: Client) -> None:
    service.answer = MastodonServer(tags={"aquilon": posts(2)})
    moved = fetch(service, client, {"(server)": {"old.example": "old.example"}}, queries=["#aquilon"])
    assert {mention.author for mention in moved.mentions} == {f"usager@{DOMAIN}"}


def test_an_account_and_a_search_of_the_same_name_are_both_read(
    service: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOT_TOKEN", TOKEN)
    service.answer = MastodonServer(found=posts(3), accounts={"aquilon": posts(5)})
    fetched = fetch(service, client, queries=["aquilon"], accounts=["aquilon"], token="TOOT_TOKEN")
    assert (len(fetched.mentions), fetched.asked) == (8, 2)


def test_a_repost_has_the_text_of_the_other_post_and_its_own_author(service: Any, client: Client) -> None:
    original = status(AS_OF - 5 * MINUTE, "Bus en panne", acct="autre@loin.example", language="en")
    repost = status(AS_OF - MINUTE, "", content="", reblog=original, language=None)
    service.answer = MastodonServer(accounts={"usager": [repost]})
    (mention,) = fetch(service, client, accounts=["@usager"]).mentions
    assert (mention.kind, mention.text, mention.parent_id) == ("repost", "Bus en panne", original["uri"])
    assert (mention.author, mention.native_id, mention.language_declared) == (f"usager@{DOMAIN}", repost["uri"], "en")
    assert (mention.likes, mention.shares, mention.replies) == (None, None, None)


def test_an_answer_names_what_it_answers(service: Any, client: Client) -> None:
    question = status(AS_OF - 5 * MINUTE, "À quelle heure ?")
    answer = status(AS_OF - MINUTE, "Midi", in_reply_to_id=question["id"])
    unseen = status(AS_OF - 2 * MINUTE, "Non", in_reply_to_id="17")
    service.answer = MastodonServer(tags={"aquilon": [question, answer, unseen]})
    read = {mention.text: mention for mention in fetch(service, client, queries=["#aquilon"]).mentions}
    assert {mention.kind for mention in read.values()} == {"post"}
    assert read["Midi"].parent_id == question["uri"]
    assert read["Non"].parent_id == f"{DOMAIN}/17"


def test_the_next_run_asks_for_what_is_new_and_is_told_of_counters(service: Any, client: Client) -> None:
    served = MastodonServer(tags={"aquilon": posts(100)})
    service.answer = served
    first = fetch(service, client, queries=["#aquilon"])
    service.asked.clear()
    served.tags["aquilon"] += posts(3, AS_OF + 10 * MINUTE)
    second = fetch(service, client, first.state, AS_OF + 10 * MINUTE, queries=["#aquilon"])
    assert len(asked(service, "/aquilon")) == 1
    # The newest of those that were known is seen again.
    assert len(second.mentions) == 4
    third = fetch(service, client, second.state, AS_OF + timedelta(hours=7), queries=["#aquilon"])
    assert len(third.mentions) == 103


def test_what_a_limit_left_out_is_read_from_there_on(service: Any, client: Client) -> None:
    served = MastodonServer(tags={"aquilon": posts(300)})
    service.answer = served
    state: State = {}
    seen: set[str] = set()
    for run in range(6):
        service.asked.clear()
        fetched = fetch(service, client, state, AS_OF + run * MINUTE, queries=["#aquilon"], limit=80)
        state, seen = fetched.state, seen | texts(fetched)
    assert len(seen) == 300
    assert "hole_since" not in state["#aquilon"]
    assert len(service.asked) <= 4


def test_servers_that_number_posts_otherwise_are_read_from_their_newest_post_down(service: Any, client: Client) -> None:
    held = [{**one, "id": str(100 + place)} for place, one in enumerate(reversed(posts(200)))]
    service.answer = MastodonServer(tags={"aquilon": held})
    state: State = {}
    seen: set[str] = set()
    for run in range(5):
        fetched = fetch(service, client, state, AS_OF + run * MINUTE, queries=["#aquilon"], limit=80)
        state, seen = fetched.state, seen | texts(fetched)
    assert len(seen) == 200


def test_one_post_with_an_old_date_hides_none_of_the_others(service: Any, client: Client) -> None:
    held = posts(100)
    held[39]["created_at"] = "2019-01-01T00:00:00.000Z"
    service.answer = MastodonServer(tags={"aquilon": held})
    assert len(texts(fetch(service, client, queries=["#aquilon"]))) == 99


def test_a_search_needs_a_key(service: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    service.answer = MastodonServer(found=posts(90), tags={"aquilon": posts(1)})
    fetched = fetch(service, client, queries=["#aquilon", "aquilon retard", "#deux mots"])
    assert len(fetched.mentions) == 1
    assert len(fetched.errors) == 1
    assert "aquilon retard: a server searches posts only for those who have a key: write token:" in fetched.errors[0]
    monkeypatch.setenv("TOOT_TOKEN", TOKEN)
    found = fetch(service, client, queries=["aquilon retard"], token="TOOT_TOKEN")
    assert (len(texts(found)), found.errors) == (90, ())
    assert [query["offset"] for query in asked(service, "/search")] == ["0", "40", "80", "90"]
    assert {query["type"] for query in asked(service, "/search")} == {"statuses"}
    assert TOKEN not in repr(found)


def test_a_server_that_shows_timelines_only_with_a_key_says_so_once(service: Any, client: Client) -> None:
    service.answer = MastodonServer(tags={"a": posts(1), "b": posts(1)}, closed=True)
    fetched = fetch(service, client, queries=["#a", "#b"])
    assert len(fetched.errors) == 1
    assert "shows this only to those who have a key (401)" in fetched.errors[0]
    assert "write token:" in fetched.errors[0]


def test_a_key_that_is_refused_is_named_and_never_shown(service: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOT_TOKEN", "a-wrong-token")
    service.answer = MastodonServer(tags={"a": posts(1)})
    fetched = fetch(service, client, queries=["#a"], token="TOOT_TOKEN")
    assert "refuses the key (401): look whether TOOT_TOKEN holds a valid one" in fetched.errors[0]
    assert "a-wrong-token" not in repr(fetched)
    monkeypatch.delenv("TOOT_TOKEN")
    with pytest.raises(SourceError, match="TOOT_TOKEN is not set"):
        fetch(service, client, queries=["#a"], token="TOOT_TOKEN")


def test_an_unknown_account_stops_no_other(service: Any, client: Client) -> None:
    service.answer = MastodonServer(accounts={"usager": posts(3)})
    fetched = fetch(service, client, accounts=["personne", "usager"])
    assert fetched.errors == ("@personne: the server does not know this account: write name, or name@server",)
    assert len(fetched.mentions) == 3


def test_a_server_that_is_asked_too_much_is_asked_no_more(service: Any, client: Client) -> None:
    service.answer = lambda asked: (429, {"error": "Too many requests"})
    fetched = fetch(service, client, queries=["#a", "#b", "#c"])
    assert len(service.asked) == 3
    assert len(fetched.errors) == 1
    assert fetched.errors[0].startswith("#a: ")


@pytest.mark.parametrize("answer", [{"error": "x"}, None, "text", 3])
def test_what_is_no_list_of_posts_is_a_failure_of_the_source(service: Any, client: Client, answer: object) -> None:
    service.answer = lambda asked: (200, answer)
    assert "no list of posts" in fetch(service, client, queries=["#a"]).errors[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"visibility": "private"}, "not public"),
        ({"visibility": "direct"}, "not public"),
        ({"visibility": None}, "not public"),
        ({"local_only": True}, "not public"),
        ({"uri": None}, "no id"),
        ({"content": "<p></p>"}, "no title and no text"),
        ({"content": None}, "no title and no text"),
        ({"visibility": "unlisted"}, ""),
        ({"created_at": "soon"}, ""),
        ({"account": None}, ""),
        ({"url": None, "media_attachments": None, "language": 3, "favourites_count": -1}, ""),
    ],
)
def test_what_cannot_be_a_mention_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    one = {**status(AS_OF), **change}
    assert wrong_of(one, status_mention(one, "s", "mastodon", DOMAIN)) == reason


def test_a_repost_of_what_is_not_public_is_refused(service: Any, client: Client) -> None:
    repost = status(AS_OF - MINUTE, reblog=status(AS_OF - 2 * MINUTE, visibility="private"))
    service.answer = MastodonServer(tags={"a": [repost, None]})  # type: ignore[list-item]
    service.answer = lambda asked: (200, [repost, None]) if "max_id" not in asked.query else (200, [])
    refused = fetch(service, client, queries=["#a"]).refused
    assert [(one.number, one.reason) for one in refused] == [(1, "not public"), (2, "no id")]
