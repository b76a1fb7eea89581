"""Accounts that pass for the organisation: found by their name or their words, one signal each, never the official ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from veille.gather import mentions_frame, names_of
from veille.gather.save import save
from veille.mention import Mention
from veille.period import week
from veille.signals import SIGNALS, detect
from veille.signals.impostors import posing_as
from veille.signals.speaking import speaking
from veille.store import Store
from veille.watch import Watch, load_watch

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
WEEK, NEXT = week("2026-W47", "Europe/Paris"), week("2026-W48", "Europe/Paris")
WATCH = """\
watch: essai
organisation: Aquilon Mobilités
subjects:
  - {id: aquilon, name: Aquilon Mobilités, role: self, query: aquilon}
  - {id: rivale, name: Rivale, role: competitor, query: rivale}
accounts:
  - {network: piaf, handle: "@AquilonMobilites"}
  - {network: site, handle: www.aquilon.example}
"""
ASKS = "Bonjour, pour votre remboursement envoyez-nous votre numéro de carte."


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    (tmp_path / "watch.yml").write_text(WATCH, "utf-8")
    return load_watch(tmp_path / "watch.yml")


def post(text: str, author: str | None = "jean", *, hours: float = 0, publisher: str = "piaf.example", **more: str) -> Mention:
    moment = MONDAY + timedelta(hours=hours)
    return Mention(
        "social", "import", text, moment, author=author, publisher=publisher, native_id=f"{author}{text}{moment}", **more
    )


def posing(watch: Watch, *mentions: Mention) -> list[str | None]:
    rows = mentions_frame(list(mentions), watch, b"key")
    found = posing_as(watch, b"key", rows)
    return [None if pd.isna(one) else str(one) for one in found]


def found(watch: Watch, store: Store, period: object, *mentions: Mention) -> pd.DataFrame:
    save(watch, store, mentions_frame(list(mentions), watch, store.key), MONDAY)
    detect(watch, store, period.end, period)  # type: ignore[attr-defined]
    signals = store.load(SIGNALS, where=[("cutoff", "=", pd.Timestamp(period.end))])  # type: ignore[attr-defined]
    return signals.loc[signals["kind"] == "impostor"].reset_index(drop=True)


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        (post("Bonne journée !", "AquiIonMobilites"), "name"),
        (post(ASKS, "AquiIonMobilites"), "asks"),
        (post(ASKS, "AquilonMobilites"), None),
        (post("Bonne journée !", "AquilonMobilites", publisher="autre.example"), None),
        (post(ASKS, "AquilonMobilites", publisher="autre.example"), "asks"),
        (post("Ici le service client d’Aquilon, on vous écoute.", "AquilonMobilites", publisher="autre.example"), "speech"),
        (post("Ici le service client d’Aquilon : " + ASKS), "asks"),
        (post("Je suis le porte-parole d’Aquilon Mobilités et je démens."), "spokesperson"),
        (post("Speaking on behalf of Aquilon Mobilités: we apologise."), "spokesperson"),
        (post("Bonne journée !", "x1", author_name="Léa, PDG d’Aquilon"), "spokesperson"),
        (post(ASKS), None),
        (post("Ici le service client d’Aquilon : " + ASKS, kind="repost"), None),
        (post("Ici le service client d’Aquilon : " + ASKS, "Aquilon", kind="article"), None),
        (post("Ici le service client d’Aquilon : " + ASKS, None, url="https://www.aquilon.example/aide"), None),
    ],
)
def test_who_poses_as_the_organisation(watch: Watch, mention: Mention, expected: str | None) -> None:
    assert posing(watch, mention) == [expected]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Notre service client d’Aquilon vous répond", {"speaks"}),
        ("Votre dossier est accepté. L’équipe Aquilon Mobilités", {"speaks"}),
        ("This is Aquilon customer service", {"speaks"}),
        ("Confirmez vos coordonnées bancaires sur https://aquilon-secure.example/x", {"asks", "baits"}),
        ("Payez vos frais sur https://www.aquilon.example/compte", {"asks"}),
        ("Aquilon : https://remboursement-aqui1on.example", {"baits"}),
        ("Aquilon, le groupe : https://aquilon-band.example", set()),
        ("Moi, directrice générale d’Aquilon, je réponds", {"leads"}),
        ("Si j’étais… bon, si je suis PDG d’Aquilon un jour", set()),
        ("Je ne suis pas le directeur d’Aquilon", set()),
        ("Il m’a dit : « je suis le directeur d’Aquilon »", set()),
        ("Je suis conducteur chez Aquilon", set()),
        ("Je suis le porte-parole des usagers d’Aquilon", set()),
        ("Arnaque : « ici le service client d’Aquilon, envoyez-nous votre carte »", set()),
        ("Ne donnez jamais votre code : confirmez votre compte, dit le faux Aquilon", set()),
        ("Le service client d’Aquilon ne répond pas", set()),
        ("", set()),
    ],
)
def test_what_a_post_claims(watch: Watch, text: str, claims: set[str]) -> None:
    said = speaking(pd.Series([""]), pd.Series([text]), names_of(watch), ("aquilon.example",)).iloc[0]
    assert {name for name in said.index if said[name]} == claims


def test_an_account_is_one_signal_over_weeks_and_names_nobody(watch: Watch, store: Store) -> None:
    first = found(watch, store, WEEK, post("Trafic normal.", "AquiIonMobilites"), post("Rien à voir.", "lea", hours=1))
    assert first[["level", "level_reason", "posing", "subject"]].to_numpy().tolist() == [[2, "impostor", "name", "aquilon"]]
    again = found(watch, store, NEXT, post(ASKS, "AquiIonMobilites", hours=7 * 24))
    assert again["signal_id"].tolist() == first["signal_id"].tolist()
    assert (again["level"].tolist(), again["level_reason"].tolist(), again["stories"].tolist()) == ([3], ["impostor_asks"], [1])
    assert again["first_seen"].tolist() == [pd.Timestamp(MONDAY)]
    assert "aquiion" not in again.to_csv().casefold()


def test_two_accounts_are_two_signals_and_the_official_one_is_none(watch: Watch, store: Store) -> None:
    mentions = [post("Bonjour.", name) for name in ("AquiIonMobilites", "Aquilon_Mobilites", "AquilonMobilites")]
    assert len(found(watch, store, WEEK, *mentions)) == 2


def test_what_was_said_after_the_period_is_not_seen(watch: Watch, store: Store) -> None:
    assert found(watch, store, WEEK, post(ASKS, "AquiIonMobilites", hours=7 * 24)).empty


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "si je suis directeur d'aquilon " * 5_000,
        "« " * 50_000,
        "." + " " * 100_000 + "aquilon",
        "donnez " * 20_000,
        "https://" * 20_000,
        "bonjour " * 20_000 + "aquilon",
        "aquilon de la du d'" * 10_000,
    ],
)
def test_texts_made_to_be_slow_are_not(watch: Watch, text: str) -> None:
    assert len(speaking(pd.Series([""]), pd.Series([text]), names_of(watch), ())) == 1
