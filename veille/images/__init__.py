"""The pictures of mentions: groups of copies, the words in them, the logo in them, and what people say of them."""

from veille.images.captions import caption, captions, undo
from veille.images.look import LookResult, look
from veille.images.shown import groups, listing, travelling, words_by_mention
from veille.images.tables import MEDIA, PICTURE_EVENTS, PICTURES, LogoUse, PictureAct, Refusal, WordsVerdict
from veille.images.words import chosen as words_languages
from veille.images.words import installed as words_installed

__all__ = [
    "MEDIA",
    "PICTURES",
    "PICTURE_EVENTS",
    "LogoUse",
    "LookResult",
    "PictureAct",
    "Refusal",
    "WordsVerdict",
    "caption",
    "captions",
    "groups",
    "listing",
    "look",
    "travelling",
    "undo",
    "words_by_mention",
    "words_installed",
    "words_languages",
]
