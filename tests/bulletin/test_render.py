# ruff: noqa: E501 - tables read better a row a line
from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from lxml import html

from veille.bulletin.page_one import PAGE_ONE_WORDS, page_one_words
from veille.bulletin.render import render, render_mail, spoken
from veille.bulletin.types import Bulletin, Marking

MAX_BYTES = 400_000


def _in(bulletin: Bulletin, language: str) -> Bulletin:
    return bulletin.model_copy(update={"edition": bulletin.edition.model_copy(update={"language": language})})


@pytest.fixture(scope="module", params=["plain", "hostile", "english", "empty text"])
def page(request, bulletin, poisoned, hostile):
    made = {
        "plain": lambda: bulletin,
        "hostile": lambda: poisoned(hostile),
        "english": lambda: _in(bulletin, "en"),
        "empty text": lambda: poisoned(""),
    }
    return render(made[request.param]())


def test_page_holds_nothing_that_runs_or_calls_out(page):
    tree = html.document_fromstring(page)
    allowed = {
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article", "div", "p",
        "h1", "h2", "h3", "dl", "dt", "dd", "ul", "ol", "li", "strong", "span", "i", "a", "abbr", "time", "blockquote", "figure",
        "figcaption", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "code", "svg", "g", "path",
        "bdi", "defs", "use", "text", "desc", "clippath", "rect",
    }  # fmt: skip
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= allowed
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "src", "srcset", "data", "action", "formaction", "background", "poster", "srcdoc"), (
                name
            )
            if name in ("href", "xlink:href"):
                assert re.match(r"#[\w-]+$|https?://", value), value
            if "url(" in value:
                assert value.startswith("url(#"), value
    assert not tree.xpath("//link|//base|//iframe|//form")


def test_hostile_text_is_shown_as_text(poisoned, hostile):
    tree = html.document_fromstring(render(poisoned(hostile)))
    assert len(tree.xpath("//style")) == 1
    assert "<script>alert(1)</script>" in tree.xpath("//h3")[0].text_content()
    assert "{{7*7}}" in tree.text_content()
    assert "\u202e" not in tree.text_content()


def test_hostile_addresses_are_no_links(bulletin):
    evidence = {key: item.model_copy(update={"url": "javascript:alert(1)"}) for key, item in bulletin.evidence.items()}
    assert "javascript:" not in render(bulletin.model_copy(update={"evidence": evidence}))


def test_policy_allows_the_one_sheet_and_nothing_else(page):
    tree = html.document_fromstring(page)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (sheet,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_page_is_small_and_whole(page):
    assert len(page.encode()) <= MAX_BYTES
    assert page.rstrip().endswith("</html>")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_page_one_holds_in_its_words(bulletin, language):
    assert 60 < page_one_words(_in(bulletin, language)) <= PAGE_ONE_WORDS == 200


def test_ids_are_unique_and_every_inner_link_arrives(page):
    tree = html.document_fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in tree.xpath("//@href") if href.startswith("#")}
    targets |= set(re.findall(r"url\(#([^)]+)\)", page)) | set(" ".join(tree.xpath("//@aria-labelledby")).split())
    assert targets <= set(ids)


def test_structure_for_those_who_do_not_see(page):
    tree = html.document_fromstring(page)
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//main")) == 1
    assert tree.xpath("/html/@lang")[0] in ("fr", "en")
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(image.get("role") == "img" and image.get("aria-labelledby") for image in tree.xpath("//svg"))
    assert all(th.get("scope") for th in tree.xpath("//th"))
    for figure in tree.xpath("//figure[.//svg]"):
        assert figure.xpath(".//figcaption")[0].text_content().strip() or "empty" in page
        assert figure.xpath(".//table//td")


@pytest.mark.parametrize(
    ("text", "code", "attributes"),
    [
        ("أغلقت الشركة", "ar", ' lang="ar" dir="rtl"'),
        ("أغلقت الشركة", "und", ' lang="ar" dir="rtl"'),
        ("3lach lma m9to3", "ar", ' lang="ar-Latn" dir="ltr"'),
        ("Bonjour", "fr", ' lang="fr" dir="ltr"'),
        ("עברית", "he", ' lang="he" dir="rtl"'),
        ("ok", "und", ' lang="und" dir="auto"'),
    ],
)
def test_a_quotation_is_turned_by_its_letters_and_not_by_its_language_alone(text: str, code: str, attributes: str) -> None:
    assert spoken(text, code) == attributes


def test_a_language_is_no_way_out_of_an_attribute() -> None:
    assert '"><' not in spoken("ok", '"><script>')


def test_titles_in_arabic_say_so_and_never_turn_the_words_beside_them(bulletin: Bulletin) -> None:
    title = "أغلقت الشركة ثلاث محطات"
    signal = bulletin.signals[0].model_copy(update={"title": title})
    topic = bulletin.topics[0].model_copy(update={"title": title, "words": ("محطات", "bus")})
    page = render(bulletin.model_copy(update={"signals": (signal,), "topics": (topic,)}))
    assert f'<bdi lang="ar" dir="rtl">{title}</bdi></h3>' in page
    assert f'<h3 lang="ar" dir="rtl">{title}</h3>' in page
    assert "<bdi>محطات</bdi> · <bdi>bus</bdi>" in page
    # The caption is a sentence of ours, though it begins with the title.
    assert re.search(rf"<figcaption>[^<]*{title}", page)
    # In a chart the line ends where a line of French begins.
    assert re.search(rf'<text [^>]*direction="rtl"[^>]*>{title}</text>', page)
    assert re.search(rf'<text [^>]*text-anchor="end"[^>]*>{title}</text>', page)


@pytest.mark.parametrize("sign", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"])
def test_characters_that_turn_a_line_are_on_no_page(poisoned: Callable[[str], Bulletin], sign: str) -> None:
    told = poisoned(f"mot {sign}عكس droite")
    assert sign not in render(told)
    assert sign not in "".join(render_mail(told))


def test_foreign_verbatims_say_their_language_and_direction(bulletin):
    tree = html.document_fromstring(render(bulletin))
    (arabic,) = {(quote.get("lang"), quote.get("dir")) for quote in tree.xpath("//blockquote[@lang='ar']")}
    assert arabic == ("ar", "rtl")
    assert {quote.get("dir") for quote in tree.xpath("//blockquote[@lang='en']")} == {"ltr"}


def test_marking_stands_at_top_and_bottom_untranslated(bulletin):
    for marking in Marking:
        tree = html.document_fromstring(render(bulletin.model_copy(update={"marking": marking})))
        assert [box.text_content() for box in tree.xpath("//*[contains(@class,'tlp-box')]")] == [marking.value] * 2
        assert tree.xpath("//title")[0].text.startswith(marking.value)


def test_a_draft_says_so_and_a_released_page_who_released_it(bulletin):
    assert "Brouillon, non relu" in render(bulletin)
    released = bulletin.edition.model_copy(update={"draft": False, "published_by": "Claire Martin"})
    assert "Publié par Claire Martin" in render(bulletin.model_copy(update={"edition": released}))
    unread = bulletin.edition.model_copy(update={"draft": False})
    assert "Non relu" in render(bulletin.model_copy(update={"edition": unread}))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_quiet_week_is_short_and_says_so(bulletin, language):
    quiet = _in(bulletin, language).model_copy(
        update={"level": 0, "findings": (), "decisions": (), "signals": (), "weak_signals": (), "followup": (), "messages": ()}
    )
    page = render(quiet)
    assert {"fr": "Aucun constat cette semaine.", "en": "No finding this week."}[language] in page
    assert {"fr": "Aucune cette semaine.", "en": "None this week."}[language] in page
    assert 'id="signals"' not in page
    assert page_one_words(quiet) < 60


def test_a_week_without_data_is_not_called_quiet(bulletin):
    empty = bulletin.model_copy(
        update={
            "edition": bulletin.edition.model_copy(update={"status": "no_data", "mentions_read": 0}),
            "findings": (), "decisions": (), "signals": (), "weak_signals": (), "topics": (), "daily": (),
        }
    )  # fmt: skip
    page = render(empty)
    assert "Aucune mention n’a été reçue" in page
    assert 'id="method"' not in page
    assert len(page) < 20_000


def test_the_same_bulletin_gives_the_same_bytes(bulletin):
    assert render(bulletin) == render(Bulletin.model_validate_json(bulletin.to_json()))


def test_every_part_of_a_score_is_shown_and_a_missing_one_is_called_so(bulletin):
    tree = html.document_fromstring(render(bulletin))
    parts = tree.xpath("//article[@id='signal-1']//table[@class='parts']//tbody/tr")
    assert len(parts) == len(bulletin.signals[0].parts) == 5
    assert "non connue" in parts[3].text_content()


def test_the_legend_of_probability_stands_only_where_one_is_said(bulletin):
    assert "quasi certain" in render(bulletin)
    silent = tuple(finding.model_copy(update={"probability": "non quantifiable"}) for finding in bulletin.findings)
    assert "quasi certain" not in render(bulletin.model_copy(update={"findings": silent}))
    assert 'class="legend"' not in render(bulletin.model_copy(update={"findings": silent}))


def test_more_signals_than_paper_holds_are_shortened_there_and_told(bulletin):
    many = tuple(bulletin.signals[0].model_copy(update={"signal_id": f"s{n}"}) for n in range(6))
    tree = html.document_fromstring(render(bulletin.model_copy(update={"signals": many})))
    assert len(tree.xpath("//article[contains(@class,'brief')]")) == 4
    assert "Sur papier, 4 signaux sont abrégés" in tree.text_content()
    assert "Sur papier" not in html.document_fromstring(render(bulletin)).text_content()


def test_a_mail_opened_as_a_file_may_run_and_ask_nothing(poisoned, hostile):
    page, _ = render_mail(poisoned(hostile))
    (policy,) = html.document_fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "img-src": "'self' cid:", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


@pytest.mark.parametrize(("code", "told"), [("fr", "aucune attendue"), ("en", "none expected")])
def test_where_no_source_is_expected_the_band_counts_none_of_none(bulletin, code, told):
    edition = bulletin.edition.model_copy(update={"language": code, "sources_active": 0, "sources_expected": 0})
    empty = bulletin.model_copy(update={"edition": edition})
    for page in (render(empty), render_mail(empty)[0]):
        text = " ".join(html.document_fromstring(page).text_content().split())
        assert told in text
        assert not re.search(r"0 (?:sur|of) 0", text)
