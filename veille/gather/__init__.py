"""Bring mentions in: pull them from the sources of a watch, or import files."""

from veille.gather.defects import Defect
from veille.gather.files import FORMATS
from veille.gather.health import silent_since
from veille.gather.importing import Imported, import_files
from veille.gather.lookalikes import Names, names_of
from veille.gather.mapping import ALIASES
from veille.gather.plan import keys_of, plan
from veille.gather.pull import Gathered, asked_sources, gather
from veille.gather.recipe import RECIPES, shown_recipe
from veille.gather.rows import mentions_frame
from veille.gather.skeleton import skeleton
from veille.gather.subjects import refresh_subjects, subjects_are_fresh
from veille.gather.tables import SOURCE_HEALTH, Verdict

__all__ = [
    "ALIASES",
    "FORMATS",
    "RECIPES",
    "SOURCE_HEALTH",
    "Defect",
    "Gathered",
    "Imported",
    "Names",
    "Verdict",
    "asked_sources",
    "gather",
    "import_files",
    "keys_of",
    "mentions_frame",
    "names_of",
    "plan",
    "refresh_subjects",
    "shown_recipe",
    "silent_since",
    "skeleton",
    "subjects_are_fresh",
]
