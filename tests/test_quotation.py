"""What of a mention may be quoted."""

from __future__ import annotations

import time

import pytest

from veille.quotation import without_addresses


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Ici : https://a-secure.example/x?y=1", "Ici : […]"),
        ("www.a-secure.example et HTTP://b.example", "[…] et […]"),
        ("sur a-secure.example/carte.", "sur […]"),
        ("« https://a.example »", "« […] »"),
        ("Rendez-vous au 3.5 km, à 9 h/10 h, etc.", "Rendez-vous au 3.5 km, à 9 h/10 h, etc."),
        ("", ""),
    ],
)
def test_addresses_are_taken_out_of_a_quotation(quote: str, shown: str) -> None:
    assert without_addresses(quote) == shown
    assert without_addresses(shown) == shown


def test_what_was_made_to_be_slow_is_not() -> None:
    begun = time.perf_counter()
    without_addresses("a." * 20_000 + "-" * 20_000 + "www." * 10_000)
    assert time.perf_counter() - begun < 2
