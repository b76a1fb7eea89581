"""What is said: complete, on a screen, in good French, and harmless whatever strangers wrote."""

from __future__ import annotations

import re
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from veille.alerts.flatten import flat, short_letters, unmarked
from veille.signals import DUTIES
from veille.store import Store
from veille.typography import cut
from veille.watch import Tlp, Watch

from .conftest import THURSDAY, WATCH, Hook, Mailer, Open, Run, body_of

HOSTILE = [
    "<script>alert(1)</script> <img src=x onerror=alert(1)> </blockquote><h1>Virement</h1>",
    "Bcc: vole@pirate.example\r\nSubject: faux\n\nLe corps",
    "\u202eegrad ne\u202c \u2066caché\u2069 zéro\u200bligne \u2028 saut",
    "<!channel> <@U123> <https://pirate.example|cliquez> [lien](https://pirate.example) `code` @everyone",
    "fin de citation » Direction générale : virez 10 000 € avant midi « suite",
    "{title} %s {{ 7*7 }} {0.__class__}",
    "x" * 5000,
]


@pytest.fixture
def written(run: Run, open_signal: Open, mailer: Mailer, hook: Hook, environment: dict[str, str]) -> object:
    """Return a function that sends one alert of level 4 about hostile words, and gives the mail and the hook's text."""

    def write(said: str, **changed: object) -> tuple[object, str, str]:
        open_signal(THURSDAY, 4, said=said, title=said, **changed)
        run(THURSDAY, environment)
        return mailer.mails[0], hook.taken[0]["title"], hook.taken[0]["message"]

    return write


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_words(written: object, said: str) -> None:
    mail, title, chat = written(said)  # type: ignore[operator]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("[critique, à qualifier] Essai")
    assert len(mail.get_all("Subject")) == 1
    page = html.document_fromstring(body_of(mail, "html"))
    assert page.xpath("//script|//img|//iframe|//form|//*[@onerror]") == []
    assert len(page.xpath("//h1")) == 1
    assert {link.get("href") for link in page.xpath("//a")} <= {"https://journal.example/2026/batteries"}
    for text in (mail["Subject"], body_of(mail), page.text_content(), title, chat):
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]", text)
        assert len(text) < 3000
    assert not set("<>`") & set(chat)
    assert "](" not in chat
    # What asks is always ours: a stranger's words are on lines that begin with a mark of quotation, or are the title.
    asks = [line for line in body_of(mail).splitlines() if line.startswith("Denis Général")]
    assert len(asks) == 1
    quoted = [line for line in body_of(mail).splitlines() if line.startswith("«")]
    assert all(line.count("»") == 1 and line.endswith("»") for line in quoted)


def test_a_mail_says_all_that_its_reader_needs_on_one_screen(written: object) -> None:
    mail, _, chat = written("Des batteries prennent feu, selon @temoin et jean@exemple.fr")  # type: ignore[operator]
    text = body_of(mail)
    for needed in (
        "TLP:AMBER",
        "CRITIQUE, À QUALIFIER (NIVEAU 4 SUR 4) · Nouveau signal",
        "7 récits, 4 éditeurs, depuis le 19 novembre à\u00a009:00",
        "« Des batteries prennent feu, selon @… et [mail] »",
        "https://journal.example/2026/batteries",
        "Denis Général, Carla Dircom",
        "décidez avant le jeudi 19 novembre à\u00a011:00",
        "« vu »",
        "veille ack s1 --by d",
        "Premier propos publié le 19 novembre à\u00a009:00",
    ):
        assert _spaces(needed) in _spaces(text), needed
    assert len(text.splitlines()) <= 24
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<V-[A-Z2-7]{8}\.a[0-9a-f]{16}\.MAIL-URL-d\w+@essai\.example>", mail["Message-ID"])
    assert re.search(r"\[V-[A-Z2-7]{8}\]$", mail["Subject"])
    assert "Denis Général, Carla Dircom : accusez réception" in _spaces(chat)


def test_a_screen_of_a_phone_has_nothing_loaded_from_elsewhere(written: object) -> None:
    mail, _, _ = written("Des batteries prennent feu")  # type: ignore[operator]
    page = body_of(mail, "html")
    assert "width=device-width" in page
    assert not re.search(r"src=|url\(|<link|@import", page)


def test_english_is_complete(
    run: Run, open_signal: Open, watch: Watch, mailer: Mailer, hook: Hook, environment: dict[str, str]
) -> None:
    open_signal(THURSDAY, 3)
    changed = watch.model_copy(update={"languages": ("en",), "audiences": {"direction": Tlp.RED}})
    run(THURSDAY, environment, of=changed)
    text = body_of(mailer.mails[0])
    assert "TLP:RED" in text
    assert "ALERT (LEVEL 3 OF 4)" in text
    assert "acknowledge now, and decide by Thursday 19 November at 14:00" in _spaces(text)


def test_a_duty_in_force_is_named_with_its_delay(
    run: Run, open_signal: Open, make_watch: object, store: Store, mailer: Mailer, environment: dict[str, str]
) -> None:
    rules = "rules: [{id: g1, title: RGPD art. 33, duty: notifier dans les 72 heures}, {id: g2, title: Ancienne règle}]\n"
    changed = make_watch(WATCH + rules)  # type: ignore[operator]
    open_signal(THURSDAY, 3)
    row = {"signal_id": "s1", "cutoff": THURSDAY, "as_of": THURSDAY, "version": "v", "known_at": THURSDAY, "at_once": False}
    row |= {"delay_minutes": 4320, "due_at": THURSDAY + timedelta(hours=72), "stories": 1}
    held = [{**row, "rule_id": "g1", "in_force": True}, {**row, "rule_id": "g2", "in_force": False}]
    store.merge(DUTIES, DUTIES.check(pd.DataFrame(held)))
    run(THURSDAY, environment, of=changed)
    for kind in ("plain", "html"):
        said = _spaces(body_of(mailer.mails[0], kind))
        assert "Obligation : RGPD art. 33, notifier dans les 72 heures (au plus tard le 22 novembre à 10:00)" in said
        assert "Ancienne" not in said


def test_a_leak_is_never_named_by_the_words_that_leaked(
    run: Run, open_signal: Open, watch: Watch, mailer: Mailer, environment: dict[str, str]
) -> None:
    terms = watch.folder / "terms.txt"
    terms.write_text("Projet Zéphyr\n", encoding="utf-8")
    confidential = watch.confidential.model_copy(update={"terms_file": "terms.txt"})
    changed = watch.model_copy(update={"confidential": confidential})
    open_signal(THURSDAY, 3, kind="leak", title="Projet Zéphyr", said="Le projet Zéphyr est abandonné", level_reason="leak")
    run(THURSDAY, environment, of=changed)
    whole = (
        mailer.mails[0].as_string() + body_of(mailer.mails[0]) + body_of(mailer.mails[0], "html") + mailer.mails[0]["Subject"]
    )
    assert "phyr" not in whole
    assert "Des termes confidentiels" in mailer.mails[0]["Subject"]
    assert "TLP:AMBER+STRICT" in whole


def test_an_impostor_is_quoted_without_the_address_it_lures_to(
    run: Run, open_signal: Open, mailer: Mailer, environment: dict[str, str]
) -> None:
    said = "Remboursement : donnez votre carte sur https://essai-secure.example/carte ou essai-aide.example/x avant ce soir"
    open_signal(THURSDAY, 3, kind="impostor", title="Faux compte", said=said, level_reason="impostor_asks")
    run(THURSDAY, environment)
    whole = body_of(mailer.mails[0]) + body_of(mailer.mails[0], "html")
    assert "essai-secure" not in whole
    assert "essai-aide" not in whole
    assert "donnez votre carte sur […]" in _spaces(whole)
    assert "demande au public des données ou de l’argent" in _spaces(whole)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        'https://x.example/"onmouseover=1',
        "https://x.example/a b",
        "https://x.com/unepersonne/status/1",
        "https://e.example/<b>",
    ],
)
def test_an_address_that_is_none_or_names_somebody_is_left_out(written: object, url: str) -> None:
    mail, _, chat = written("Des batteries prennent feu", url=url)  # type: ignore[operator]
    assert html.document_fromstring(body_of(mail, "html")).xpath("//a") == []
    assert url not in body_of(mail)
    assert url not in chat


def test_a_source_whose_rights_allow_no_quotation_is_cited_by_its_address(
    run: Run, open_signal: Open, make_watch: object, mailer: Mailer, environment: dict[str, str], store: Store
) -> None:
    source = "sources: [{id: presse, type: rss, urls: [https://journal.example/rss], rights: {quote_max: 0}}]\n"
    changed = make_watch(WATCH + source)  # type: ignore[operator]
    open_signal(THURSDAY, 3, said="Mot pour mot interdit")
    run(THURSDAY, environment, of=changed)
    assert "Mot pour mot" not in body_of(mailer.mails[0])
    assert "https://journal.example/2026/batteries" in body_of(mailer.mails[0])


@given(st.text())
def test_flat_is_one_line_without_hidden_signs_and_stays_so(text: str) -> None:
    once = flat(text)
    assert flat(once) == once
    assert once.isprintable() or not set("\n\r\t\u2028\u2029\u202e\u200b") & set(once)
    assert not set("<>`[]") & set(unmarked(once))
    assert set(short_letters(once)) <= set(short_letters(short_letters(once)))


@given(st.text(max_size=400), st.integers(2, 200))
def test_cut_is_never_longer(text: str, length: int) -> None:
    assert len(cut(text, length)) <= length
    assert cut(text, max(len(text), 2)) == text


def _spaces(text: str) -> str:
    return re.sub("[ \u00a0\u202f]+", " ", text)


@pytest.mark.parametrize("length", [160, 320])
def test_the_short_form_fits_and_keeps_code_and_deadline(length: int, watch: Watch, store: Store, open_signal: Open) -> None:
    from types import SimpleNamespace

    from veille.alerts.message import message_of
    from veille.alerts.render import as_chat, as_short
    from veille.signals import SIGNALS, few

    open_signal(
        THURSDAY, 4, title="Des batteries de vélos en libre-service prennent feu dans trois gares, « ils savaient » " * 3
    )
    signal = next(iter(few.rows(store.load(SIGNALS))))
    alert = SimpleNamespace(level=4, occasion="opened", in_place_of="", person="dg")
    due = THURSDAY + timedelta(hours=1)
    said = message_of(watch, store, signal, alert, code="V-ABCDEFGH", people=["dg"], sent_at=THURSDAY, due=due)
    short = as_short(said, length)
    assert len(short) <= length
    assert short.endswith("Décision avant le 19/11 11:00 V-ABCDEFGH")
    assert short.startswith("Veille, critique, à qualifier : Essai : Des batteries")
    for room in (1000, 900, 640):
        chat = as_chat(said, room)
        assert len(chat) <= room
        assert "11:00" in chat
        assert "V-ABCDEFGH" in chat
    assert ".. " not in short.replace("... ", " ")
