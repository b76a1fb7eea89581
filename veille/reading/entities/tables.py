"""What is kept of names: one row a text and name, so that a text told again is not read again."""

from __future__ import annotations

from enum import StrEnum

from veille.contract import Column, Holds, Kind, Table


class EntityKind(StrEnum):
    """What a name stands for; `none` marks a text that was read and names nobody."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    NONE = "none"


ENTITIES = Table(
    name="entities",
    doc="One row a text and name: people, organisations and places named in the beginning of a mention.",
    key=("text_hash", "start"),
    columns=(
        Column("text_hash", Kind.TEXT, "SHA-256, hex, of the text, as in READINGS", holds=Holds.TEXT_HASH),
        Column("start", Kind.INTEGER, "Where the name begins in that text, in characters", low=0),
        Column("end", Kind.INTEGER, "Where it ends", low=0),
        Column("kind", Kind.TEXT, "What it stands for; `none` where the text names nobody", choices=tuple(EntityKind)),
        Column("name", Kind.TEXT, "As it is written there, empty where there is none"),
        Column("canonical", Kind.TEXT, "Without article and title, or the name of watch.yml; empty where there is none"),
        Column("own", Kind.FLAG, "Whether it is a name of watch.yml"),
        Column("version", Kind.TEXT, "Version of the rules, the model and the watch's names that found it"),
    ),
)
