"""The pictures of a draft: what their words say beyond the text, where the words can be read at all."""

from __future__ import annotations

from veille.folding import words_of
from veille.images import WordsVerdict, words_installed, words_languages
from veille.images.opening import RefusedError, open_picture
from veille.images.words import Words, read_words

_LETTERS = 4


def words_in(content: bytes) -> Words | None:
    """Return the words in a picture, None where it cannot be opened."""
    try:
        opened = open_picture(content)
    except RefusedError:
        return None
    return read_words(opened.image, words_languages(words_installed()))


def readable(words: Words | None) -> bool:
    """Say whether the words of a picture, or that there are none, are known."""
    return words is not None and words.verdict in (WordsVerdict.READ, WordsVerdict.NONE)


def beyond(text: str, words: str) -> list[str]:
    """Return the words of a picture that the text does not hold, in order, each once; short ones say too little."""
    said = set(words_of(text))
    return list(dict.fromkeys(word for word in words_of(words) if len(word) >= _LETTERS and word not in said))
