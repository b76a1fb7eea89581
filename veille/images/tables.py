"""What the images room keeps: what became of each address, what each picture is, what people say of it."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Kind, Table, Update


class Refusal(StrEnum):
    """Why an address gave no picture."""

    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    SVG = "svg"
    FORMAT = "format"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"


class WordsVerdict(StrEnum):
    """Whether the words of a picture were read."""

    READ = "read"
    NONE = "none"
    NOT_INSTALLED = "not_installed"
    FAILED = "failed"


class LogoUse(StrEnum):
    """How a logo of watch.yml stands in a picture."""

    LOGO = "logo"
    LOGO_ALTERED = "logo_altered"


class PictureAct(StrEnum):
    """What a person did to a picture."""

    CAPTION = "caption"
    UNDO = "undo"


MEDIA = Table(
    name="media",
    doc="One row an address of a picture: what became of it when it was looked at.",
    key=("address",),
    columns=(
        Column("address", Kind.TEXT, "Address, as `media` of a mention has it"),
        Column("picture_id", Kind.TEXT, "The picture it gave", nullable=True),
        Column("looked_at", Kind.TIME, "As of which it was looked at last"),
        Column("attempts", Kind.INTEGER, "How often it was asked for", low=1),
        Column("refusal", Kind.TEXT, "Why it gave none", nullable=True, choices=tuple(Refusal)),
        Column("said", Kind.TEXT, "The reason as one sentence", nullable=True),
        Column("again_at", Kind.TIME, "When it may be asked for again; missing where there is no need", nullable=True),
    ),
)

PICTURES = Table(
    name="pictures",
    doc="One row a picture: its hashes, its group and what was read in it; a thumbnail is in the state folder.",
    key=("picture_id",),
    columns=(
        Column("picture_id", Kind.TEXT, "First 16 bytes, hex, of SHA-256 over the bytes it came in"),
        Column("version", Kind.TEXT, "Version of what looked at it"),
        Column("looked_at", Kind.TIME, "As of which it was first looked at", update=Update.KEEP),
        Column("first_seen", Kind.TIME, "Publication of the first mention that showed it then", update=Update.KEEP),
        Column("width", Kind.INTEGER, "Width in pixels, upright", low=1),
        Column("height", Kind.INTEGER, "Height in pixels, upright", low=1),
        Column("phash", Kind.TEXT, "Perceptual hash (DCT) of 64 bits, hex"),
        Column("dhash", Kind.TEXT, "Hash of differences between neighbours, 64 bits, hex"),
        Column("crop_hashes", Kind.TEXTS, "Perceptual hashes of fixed parts, in their order, hex"),
        Column("signature", Kind.TEXT, "48 x 48 levels of grey, base64"),
        Column("plain", Kind.FLAG, "Whether it shows too little to be compared: flat, tiny, a placeholder"),
        Column("group_id", Kind.TEXT, "Picture that founded its group, itself where it is the first"),
        Column("likeness", Kind.REAL, "Share of it that agrees with the picture it joined, 1 for a founder", low=0, high=1),
        Column("words", Kind.TEXT, "Words read in it, may be empty"),
        Column("words_verdict", Kind.TEXT, "Whether its words were read", choices=tuple(WordsVerdict)),
        Column(
            "altered",
            Kind.FLAG,
            "Whether its words differ from the founder's; missing where one is not read",
            nullable=True,
        ),
        Column("logo", Kind.TEXT, "How a logo stands in it; missing where none is", nullable=True, choices=tuple(LogoUse)),
        Column("logo_file", Kind.TEXT, "File of that logo, as watch.yml names it", nullable=True),
        Column("logo_distance", Kind.INTEGER, "Bits of 64 in which the hashes differ", nullable=True, low=0, high=64),
        Column(
            "logo_correlation",
            Kind.REAL,
            "Correlation of the greys, negative if inverted",
            nullable=True,
            low=-1,
            high=1,
        ),
    ),
)

PICTURE_EVENTS = Table(
    name="picture_events",
    doc="One row something that a person said of a group of pictures; undo is a counter-event.",
    key=("event_id",),
    append_only=True,
    columns=(
        Column("event_id", Kind.TEXT, "Id, the same when the same is done again"),
        Column("at", Kind.TIME, "When"),
        Column("by", Kind.TEXT, "The person"),
        Column("act", Kind.TEXT, "What was done", choices=tuple(PictureAct)),
        Column("group_id", Kind.TEXT, "The group it was done to"),
        Column("note", Kind.TEXT, "The caption, or the event undone"),
    ),
)
