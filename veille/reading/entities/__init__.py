"""Who is named: people, organisations and places, in one form each, and always the names of the watch itself."""

from veille.reading.entities.find import EntitiesResult, find, named, version
from veille.reading.entities.public import public
from veille.reading.entities.tables import ENTITIES, EntityKind

__all__ = ["ENTITIES", "EntitiesResult", "EntityKind", "find", "named", "public", "version"]
