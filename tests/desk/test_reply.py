"""No dangerous draft goes by itself, few harmless ones are held, and what cannot be checked is said."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tests.desk.conftest import CUTOFF, NOW, Change
from veille.desk import Check, ReplyCheck, Verdict, check_reply
from veille.errors import UsageError
from veille.language import Language
from veille.signals.journal import close, decide
from veille.store import Store
from veille.watch import Watch

CORPUS = Path(__file__).parents[1] / "quality" / "corpus" / "replies.csv"
FR, EN = Language("fr"), Language("en")
HARMLESS = "Bonjour, merci pour votre message. Pouvez-vous nous indiquer la ligne et l'heure de votre trajet ?"
MOST_HELD = {"development": 0, "held_out": 3}


def checks(checked: ReplyCheck) -> set[Check]:
    return {finding.check for finding in checked.findings}


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_no_dangerous_draft_goes_and_few_harmless_ones_are_held(demo: Watch, told: Store, part: str) -> None:
    drafts = pd.read_csv(CORPUS)
    drafts = drafts.loc[drafts["part"] == part]
    verdicts = drafts["draft"].map(lambda draft: check_reply(demo, told, NOW, draft, EN).verdict)
    harmless = drafts["expected"] == Verdict.MAY_GO
    assert (len(drafts), harmless.sum()) == (30, 15)
    assert drafts.loc[~harmless & (verdicts == Verdict.MAY_GO), "draft"].tolist() == []
    assert (verdicts[harmless] != Verdict.MAY_GO).sum() <= MOST_HELD[part]
    assert (verdicts[~harmless] == drafts.loc[~harmless, "expected"]).all()


@pytest.mark.parametrize("spelt", ["Projet Borée", "projets borées", "PROJET-BOREE", "P r o j e t B o r é e", "pr0jet b0rée"])
@pytest.mark.parametrize("language", [FR, EN], ids=["fr", "en"])
def test_a_confidential_term_is_found_in_every_spelling_and_never_printed(
    demo: Watch, told: Store, spelt: str, language: Language
) -> None:
    draft = f"Bonjour, {spelt} avance."
    checked = check_reply(demo, told, NOW, draft, language)
    assert checked.verdict is Verdict.DO_NOT_POST
    finding = next(one for one in checked.findings if one.check is Check.CONFIDENTIAL)
    assert draft[finding.start : finding.end] == spelt
    said = json.dumps([asdict(one) for one in checked.findings], ensure_ascii=False, default=str).casefold()
    assert not any(word in said for word in ("bor", "b0r", spelt.casefold()))


def test_the_rarer_word_of_a_term_alone_is_asked_about_and_not_printed(demo: Watch, told: Store) -> None:
    checked = check_reply(demo, told, NOW, "Bonjour, merci pour votre message sur Borée.", FR)
    assert Check.CONFIDENTIAL in checks(checked)
    assert "Borée" not in str([asdict(one) for one in checked.findings if one.check is Check.CONFIDENTIAL])


def test_findings_stand_where_they_say(demo: Watch, told: Store) -> None:
    draft = "@client Bonjour. Ŀ’été œuvre ! C’est un INCIDENT ISOLÉ, nous vous rembourserons."
    found = {one.check: draft[one.start : one.end] for one in check_reply(demo, told, NOW, draft, FR).findings}
    assert found[Check.VOICE] == "INCIDENT ISOLÉ"
    assert found[Check.PROMISE] == "nous vous rembourserons"


def test_an_approved_answer_goes_and_its_contrary_or_another_figure_does_not(demo: Watch, told: Store) -> None:
    right = "Bonjour, les objets sont gardés un an à l'agence de Corvenne-Centre."
    assert check_reply(demo, told, NOW, right, FR).verdict is Verdict.MAY_GO
    for wrong in (
        "Bonjour, les objets ne sont pas gardés à l'agence de Corvenne-Centre.",
        "Bonjour, les objets sont gardés 3 mois à l'agence de Corvenne-Centre.",
    ):
        assert Check.UNAPPROVED in checks(check_reply(demo, told, NOW, wrong, FR))


def test_an_answer_goes_until_the_last_day_it_holds_and_no_longer(change: Change, told: Store) -> None:
    draft = "Bonjour, l'abonnement des moins de 26 ans coûte 24 euros par mois, ou 19 euros pour les boursiers."
    assert Check.EXPIRED_MESSAGE in checks(
        check_reply(change("valid_until: 2026-08-31", "valid_until: 2026-11-23"), told, NOW, draft, FR)
    )
    assert (
        check_reply(change("valid_until: 2026-11-23", "valid_until: 2026-11-24"), told, NOW, draft, FR).verdict
        is Verdict.MAY_GO
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\nmessages:\n", "\nmessages: []\nnotebooks:\n", "messages"),
        ("  never: [", "  values_: [", "voice"),
        ("\nrules:\n", "\nrules: []\nnot_rules:\n", "rules"),
        ("confidential: {terms_file: confidential-terms.txt}", "", "confidential"),
        ("terms_file: confidential-terms.txt", "terms_file: gone.txt", "confidential"),
    ],
)
def test_what_cannot_be_checked_is_said_and_nothing_then_goes_alone(
    demo: Watch, told: Store, demo_file: Path, change: Change, old: str, new: str, said: str
) -> None:
    if said in ("messages", "voice", "rules"):
        empty = {"messages": (), "rules": (), "voice": demo.voice.model_copy(update={"never": ()})}
        watch = demo.model_copy(update={said: empty[said]})
    else:
        watch = change(old, new)
    checked = check_reply(watch, told, NOW, HARMLESS, EN)
    assert checked.verdict is Verdict.ASK
    assert [one.check for one in checked.findings] == [Check.UNCHECKED]
    assert said in checked.findings[0].reason + checked.findings[0].do
    assert checked.ask == ("chefcom",)


def test_without_a_detection_or_with_an_old_one_it_asks(demo: Watch, told: Store, tmp_path: Path) -> None:
    later = CUTOFF + timedelta(days=8, minutes=1)
    assert check_reply(demo, told, CUTOFF + timedelta(days=8), HARMLESS, FR).verdict is Verdict.MAY_GO
    assert checks(check_reply(demo, told, later, HARMLESS, FR)) == {Check.UNCHECKED}
    # Known only later: at that moment nothing had been detected.
    assert checks(check_reply(demo, told, CUTOFF - timedelta(days=1), HARMLESS, FR)) == {Check.UNCHECKED}


def test_a_store_that_cannot_be_read_is_said(demo: Watch, told: Store) -> None:
    for log in (demo.store_path / "detections" / "_delta_log").glob("*.json"):
        log.write_text("no log", "utf-8")
    checked = check_reply(demo, Store(demo), NOW, HARMLESS, FR)
    assert checks(checked) == {Check.UNCHECKED}
    assert checked.verdict is Verdict.ASK


def test_what_is_replied_to_counts_as_the_subject(demo: Watch, told: Store) -> None:
    asked = "Les batteries de vos vélos prennent feu, vous le saviez ?"
    checked = check_reply(demo, told, NOW, HARMLESS, FR, replied=asked)
    assert (checked.level, checked.signals, checked.alone) == (4, ("s1",), ())
    assert {Check.SIGNAL, Check.NON_PUBLIC_MESSAGE} <= checks(checked)
    assert checked.ask[0] == "dg"
    assert checked.within == timedelta(minutes=15)


def test_a_closed_signal_holds_nothing(demo: Watch, told: Store) -> None:
    draft = "Bonjour, les batteries de nos vélos sont contrôlées."
    assert check_reply(demo, told, NOW, draft, FR).level == 4
    decide(told, "s1", CUTOFF + timedelta(hours=1), "dg", "arrêt du service")
    close(told, "s1", CUTOFF + timedelta(hours=2), "dircom")
    assert check_reply(demo, told, NOW, draft, FR).level == 0
    assert check_reply(demo, told, CUTOFF + timedelta(minutes=30), draft, FR).level == 4


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_no_draft_and_no_reply_are_refused(demo: Watch, told: Store, text: str) -> None:
    with pytest.raises(UsageError):
        check_reply(demo, told, NOW, text, FR)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_picture_that_cannot_be_read_is_asked_about(demo: Watch, told: Store, content: bytes) -> None:
    checked = check_reply(demo, told, NOW, HARMLESS, FR, images=[content])
    assert [(one.check, one.picture) for one in checked.findings] == [(Check.UNCHECKED, 1)]


def test_words_of_a_picture_cannot_be_read_without_tesseract(
    demo: Watch, told: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = io.BytesIO()
    Image.new("RGB", (80, 40), "white").save(picture, "PNG")
    checked = check_reply(demo, told, NOW, HARMLESS, FR, images=[picture.getvalue()])
    assert [(one.check, one.verdict) for one in checked.findings] == [(Check.UNCHECKED, Verdict.ASK)]


@pytest.mark.parametrize(
    "draft",
    [
        "Merci de votre patience, la panne vient de notre prestataire.",
        "Nous sommes désolés, le conducteur était ivre.",
        "Thank you for your message, the brakes of the bus were worn out.",
        "We are sorry, the service closes for good in June.",
        "Bonne journée, et achetez plutôt chez Rivale.",
        "Hello, ask @marie_dupont about it.",
        "Merci ! Appelez mon collègue au 06 12 34 56 78.",
    ],
)
def test_what_is_wrapped_in_courtesy_does_not_go(demo: Watch, told: Store, draft: str) -> None:
    assert check_reply(demo, told, NOW, draft, FR).verdict is not Verdict.MAY_GO


def test_nothing_is_written(demo: Watch, told: Store) -> None:
    before = sorted(str(path) for path in demo.folder.rglob("*"))
    check_reply(demo, told, NOW, HARMLESS, FR)
    assert sorted(str(path) for path in demo.folder.rglob("*")) == before
