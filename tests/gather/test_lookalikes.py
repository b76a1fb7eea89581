"""Names like those of the organisation: told before a pseudonym, kept as how they are alike and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veille.gather.lookalikes import names_of, resemblance
from veille.gather.rows import mentions_frame
from veille.gather.save import save
from veille.gather.skeleton import one_apart, skeleton
from veille.mention import MENTIONS, Mention
from veille.store import Store
from veille.watch import Watch, load_watch

KEY = b"key of a test"
POST = Mention("s", "mastodon", "texte", datetime(2026, 11, 20, tzinfo=UTC), native_id="1")
ACCOUNTS = (
    "accounts:\n  - {network: piaf, handle: '@AquilonMobilites'}\n  - {network: bluesky, handle: aquilon.bsky.social}\n"
    "  - {network: site, handle: www.aquilon.example}\n"
)


def watch_of(folder: Path, organisation: str, extra: str = "") -> Watch:
    file = folder / "watch.yml"
    file.write_text(f"watch: essai\norganisation: {organisation}\nsubjects: [{{id: nous, query: 'aquilon'}}]\n{extra}", "utf-8")
    return load_watch(file)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return watch_of(tmp_path, "Aquilon Mobilités", ACCOUNTS)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("AquiIon", "Aquilon"), ("aqui1on", "aquilon"), ("Aquil0n", "aquilon"), ("аquilon", "aquilon"), ("Αquilon", "aquilon"),
        ("a_q.u-i l o n", "aquilon"), ("ｑｕｉ", "qui"), ("𝐚quilon", "aquilon"), ("cornet", "comet"), ("vvest", "west"),
        ("aqui\u200blon", "aquilon"), ("Áquilon", "aquilon"),
    ],
)  # fmt: skip
def test_names_that_look_alike_have_one_skeleton(first: str, second: str) -> None:
    assert skeleton(first) == skeleton(second)


@pytest.mark.parametrize(("first", "second"), [("aquilon", "aquilin"), ("mobile", "mobilier"), ("nord", "sud")])
def test_names_that_do_not_look_alike_have_two(first: str, second: str) -> None:
    assert skeleton(first) != skeleton(second)


@given(st.text(max_size=40))
def test_a_skeleton_of_any_text_is_letters_in_lower_case(text: str) -> None:
    look = skeleton(text)
    assert look == look.lower()
    assert not any(sign.isspace() or sign == "_" for sign in look)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("rail", "rails", True), ("rail", "ail", True), ("rail", "rial", True), ("rail", "raid", True), ("rail", "rail", False),
        ("rail", "riad", False), ("rail", "railsx", False), ("", "a", True), ("ab", "ba", True), ("abcd", "badc", False),
    ],
)  # fmt: skip
def test_one_letter_apart(first: str, second: str, expected: bool) -> None:
    assert one_apart(first, second) is one_apart(second, first) is expected


@pytest.mark.parametrize(
    ("handle", "shown", "expected"),
    [
        ("@aquilonmobilites", None, "same"),
        ("AquilonMobilites@other.example", None, "same"),
        ("aquilon.bsky.social", None, "same"),
        ("AquiIonMobilites", None, "lookalike"),
        ("Aquilon_Mobilites", None, "lookalike"),
        ("AquilonMobilites24", None, "lookalike"),
        ("AquilonServiceClient", None, "added_words"),
        ("x1", "Aquilon Mobilités", "display_name"),
        ("x1", "Aquilon Mobilités – Service client", "display_name"),
        ("x1", "Aquilοn Mobilités", "lookalike"),
        ("x1", "Léa Roux, porte-parole d’Aquilon Mobilités", "spokesperson"),
        ("x1", "Léa Roux, ancienne porte-parole d’Aquilon", None),
        ("x1", "Léa Roux, porte-parole d’un syndicat", None),
        # A name without handle may well be that of the official account, as YouTube shows it.
        ("Aquilon Mobilités", None, None),
        (None, "Aquilon Mobilités", None),
        ("aquilon_7", None, None),
        ("FansAquilon", None, None),
        ("@AquilonMobilites", "Aquilon Mobilités", "same"),
        (None, None, None),
        ("@", " ", None),
    ],
)
def test_how_a_name_is_like_an_official_one(watch: Watch, handle: str | None, shown: str | None, expected: str | None) -> None:
    assert resemblance(names_of(watch), handle, shown) == expected


def test_a_watch_without_accounts_knows_its_own_name(tmp_path: Path) -> None:
    names = names_of(watch_of(tmp_path, "Banque Corvenne"))
    assert resemblance(names, "BanqueC0rvenne") == "lookalike"
    # It may be the organisation's own account, which nobody has named.
    assert resemblance(names, "BanqueCorvenne") == resemblance(names, "Banque_Corvenne_Service") == "same"
    assert resemblance(names, "x1", "Banque Corvenne") == "same"
    assert resemblance(names, "CorvenneRugby") is None


def test_nothing_is_like_a_name_too_short_to_be_taken() -> None:
    short: Any = SimpleNamespace(organisation="EDG", accounts=[], subjects=[])
    assert not names_of(short).known
    assert resemblance(names_of(short), "EDG_service") is None


def test_of_a_name_nothing_is_kept_but_how_it_is_alike(watch: Watch, store: Store, tmp_path: Path) -> None:
    rows = mentions_frame([replace(POST, author="AquiIonMobilites", author_name="Le Vrai Aquilon Mobilités")], watch, KEY)
    assert rows["resembles"].tolist() == ["lookalike"]
    save(watch, store, rows, datetime(2026, 11, 21, tzinfo=UTC))
    kept = store.load(MENTIONS)
    assert kept["resembles"].tolist() == ["lookalike"]
    assert "aquiion" not in kept.to_csv().casefold()
    assert "vrai" not in kept.to_csv().casefold()
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"AquiIon" not in file.read_bytes()
        assert b"Vrai" not in file.read_bytes()


def test_what_comes_again_without_its_name_keeps_what_was_told_of_it(watch: Watch, store: Store) -> None:
    for author in ("AquiIonMobilites", None):
        save(watch, store, mentions_frame([replace(POST, author=author)], watch, KEY), datetime(2026, 11, 21, tzinfo=UTC))
    assert store.load(MENTIONS)["resembles"].tolist() == ["lookalike"]
