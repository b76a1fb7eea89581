from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veille.reading import tone
from veille.reading.prevalence import Prevalence, comparable, negative_share

LANGUAGES = st.sampled_from(tone.LANGUAGES)
SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def share(scores: list[float], language: str | list[str | None] = "fr") -> Prevalence:
    return negative_share(pd.DataFrame({"p_negative": np.array(scores, dtype=np.float64), "language": language}))


def heap(language: str, negative_ratio: float, stories: int) -> list[float]:
    """Return scores that fall exactly as the measured ones of such a mixture do: one in the middle of each bin."""
    measured = tone.score_bins(language)
    assert measured is not None
    edges, counts = measured
    ends = np.r_[0, edges, 1]
    rates = counts / counts.sum(axis=1, keepdims=True)
    sizes = np.rint(stories * (negative_ratio * rates[0] + (1 - negative_ratio) * rates[1])).astype(int)
    return np.repeat((ends[1:] + ends[:-1]) / 2, sizes).tolist()


@given(SCORES, LANGUAGES)
@settings(max_examples=40)
def test_a_share_lies_in_its_interval_within_0_and_1(scores: list[float], language: str) -> None:
    found = share(scores, language)
    assert found.read == len(scores)
    assert found.share is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(SCORES, LANGUAGES)
@settings(max_examples=20)
def test_the_order_of_stories_changes_nothing(scores: list[float], language: str) -> None:
    assert share(scores, language) == share(sorted(scores), language)


def test_no_story_gives_no_share() -> None:
    assert share([]) == Prevalence(0, 0, None, None, None)
    assert share([np.nan, np.nan]) == Prevalence(0, 0, None, None, None)


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_all_or_none_plainly_negative_are_the_ends(language: str) -> None:
    worst, best = share([0.999] * 300, language), share([0.001] * 300, language)
    assert (worst.share, worst.high) == (1, 1)
    assert (best.share, best.low) == (0, 0)
    assert worst.low is not None
    assert best.high is not None
    assert worst.low > 0.8
    assert best.high < 0.2


@pytest.mark.parametrize("language", tone.LANGUAGES)
@pytest.mark.parametrize("true", [0.05, 0.2, 0.5, 0.8])
def test_a_heap_that_falls_as_measured_gives_back_its_share(language: str, true: float) -> None:
    found = share(heap(language, true, 4000), language)
    assert found.share == pytest.approx(true, abs=0.01)


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_what_is_corrected_is_an_error(language: str) -> None:
    for true in (0.05, 0.8):
        scores = heap(language, true, 4000)
        apparent = np.mean(np.array(scores) >= 0.5)
        assert abs(apparent - true) > 0.04 > 0.01 > abs(share(scores, language).share - true)  # type: ignore[operator]


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_more_negative_stories_raise_the_share(language: str) -> None:
    shares = [share([0.98] * plain + [0.02] * (40 - plain), language).share for plain in range(0, 41, 4)]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0]


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_more_stories_narrow_the_interval_but_not_below_what_was_measured(language: str) -> None:
    widths = []
    for stories in (4, 40, 400, 4000, 40_000):
        found = share(heap(language, 0.4, stories), language)
        assert found.low is not None
        assert found.high is not None
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0.4
    # A thousand measured texts leave a doubt that no number of stories lifts.
    assert widths[-1] > 0.02


def test_languages_weigh_as_many_stories_as_they_have() -> None:
    french, english = [0.999] * 300, [0.001] * 100
    both = share(french + english, ["fr"] * 300 + ["en"] * 100)
    assert both.read == 400
    assert both.share == pytest.approx(0.75, abs=0.005)
    alone = share(heap("fr", 0.4, 60), "fr")
    more = heap("en", 0.4, 60)
    joined = share(heap("fr", 0.4, 60) + more, ["fr"] * alone.read + ["en"] * len(more))
    assert joined.high - joined.low < alone.high - alone.low  # type: ignore[operator]


def test_a_language_that_was_never_measured_is_counted_as_read_and_said() -> None:
    found = share([0.9] * 3 + [0.1] * 7, "es")
    assert (found.read, found.uncorrected, found.share) == (10, 10, 0.3)
    assert found.low is not None
    assert found.high is not None
    # Between the uniform-prior interval of the literature for 3 of 10 and its grid.
    assert found.low == pytest.approx(0.09, abs=0.03)
    assert found.high == pytest.approx(0.59, abs=0.03)
    assert share([0.9], "es").share == 1
    assert share([0.9], "es").high == 1
    mixed = share([0.9] * 4, ["fr", "es", None, "fr"])
    assert (mixed.read, mixed.uncorrected) == (4, 2)


def test_unread_stories_are_in_no_figure() -> None:
    assert share([0.9, np.nan, 0.1], "fr") == share([0.9, 0.1], "fr")


def test_the_interval_covers_mixes_of_the_measured_texts() -> None:
    # Fresh draws from the measured histogram itself: what the method promises when the texts are of the same kind.
    chance, covered = np.random.default_rng(3), []
    measured = tone.score_bins("fr")
    assert measured is not None
    edges, counts = measured
    ends = np.r_[0, edges, 1]
    middles, rates = (ends[1:] + ends[:-1]) / 2, counts / counts.sum(axis=1, keepdims=True)
    for true in np.linspace(0.05, 0.8, 60):
        negative = chance.binomial(100, true)
        scores = np.r_[chance.choice(middles, negative, p=rates[0]), chance.choice(middles, 100 - negative, p=rates[1])]
        found = share(scores.tolist())
        covered.append(found.low <= negative / 100 <= found.high)  # type: ignore[operator]
    assert np.mean(covered) >= 0.95


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_the_measured_counts_hold_every_training_tweet_once(language: str) -> None:
    measured = tone.score_bins(language)
    assert measured is not None
    edges, counts = measured
    assert counts.shape == (2, len(edges) + 1)
    assert (np.diff(edges) > 0).all()
    assert counts.sum() == 1839
    assert counts[0, -1] > counts[1, -1]
    assert counts[0, 0] < counts[1, 0]


def test_headlines_are_corrected_by_rates_of_their_own() -> None:
    measured = tone.score_bins("fr", "article")
    assert measured is not None
    assert measured[1].sum() == 220
    scores = pd.DataFrame({"p_negative": np.linspace(0.05, 0.95, 60), "language": "fr"})
    post, article = negative_share(scores.assign(kind="post")), negative_share(scores.assign(kind="article"))
    assert post == negative_share(scores)
    assert post.share != article.share
    # Fewer measured texts leave more doubt.
    assert article.high - article.low > post.high - post.low  # type: ignore[operator]


def test_headlines_of_a_language_without_such_rates_are_counted_as_read() -> None:
    assert tone.score_bins("en", "article") is None
    scores = pd.DataFrame({"p_negative": [0.9] * 3 + [0.1] * 7, "language": "en", "kind": ["article"] * 10})
    found = negative_share(scores)
    assert (found.read, found.uncorrected, found.share) == (10, 10, 0.3)
    both = negative_share(pd.concat([scores, scores.assign(kind="post")], ignore_index=True))
    assert (both.read, both.uncorrected) == (20, 10)


def drawn(share: float, count: int, kind: str = "post", seed: int = 0) -> pd.DataFrame:
    """Return scores that fall as those of the measured texts do at a share, by the counts that ship."""
    bins = tone.score_bins("fr", "post")
    assert bins is not None
    edges, counts = bins
    centres = np.concatenate([[0.0], edges]) + 1e-6
    chance = np.random.default_rng(seed)
    rates = counts / counts.sum(axis=1, keepdims=True)
    place = chance.choice(len(centres), size=count, p=share * rates[0] + (1 - share) * rates[1])
    return pd.DataFrame({"p_negative": centres[place], "language": "fr", "kind": kind})


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_scores_that_fall_as_the_measured_ones_are_comparable(share: float) -> None:
    assert comparable(drawn(share, 400)).all()


def test_scores_that_fall_as_in_no_mixture_are_not_and_neither_are_few() -> None:
    odd = drawn(0.5, 400).assign(p_negative=np.linspace(0.35, 0.65, 400))
    assert not comparable(odd).any()
    assert not comparable(drawn(0.5, 99)).any()
    assert not comparable(drawn(0.5, 400).assign(language="es")).any()


def test_each_kind_and_language_is_judged_apart_and_what_was_not_read_is_not() -> None:
    posts = drawn(0.3, 300)
    odd = drawn(0.3, 300, kind="article").assign(p_negative=0.5)
    unread = drawn(0.3, 50).assign(p_negative=np.nan)
    together = pd.concat([posts, odd, unread], ignore_index=True)
    told = comparable(together)
    assert told[:300].all()
    assert not told[300:].any()
