"""Pictures are looked at after mentions are stored: subjects cannot ask for their words."""

from __future__ import annotations

from collections.abc import Callable

from veille.errors import WatchError


def test_a_subject_cannot_ask_for_the_words_of_pictures(refused: Callable[[str | bytes], WatchError]) -> None:
    for query in ("picture:grève", "aquilon AND NOT (title:a OR picture:b)"):
        error = refused(f"watch: a\norganisation: A\nsubjects: [{{id: a, query: '{query}'}}]\n")
        assert "picture:" in error.message


def test_limits_of_pictures_are_numbers_within_bounds(refused: Callable[[str | bytes], WatchError]) -> None:
    head = "watch: a\norganisation: A\nsubjects: [{id: a, query: a}]\n"
    for images in ("{most_a_run: 0}", "{seconds: 0}", "{thumbnails_mb: -1}", "{fetch: sometimes}", "{logos: 3}"):
        assert "images" in str(refused(f"{head}images: {images}\n"))
