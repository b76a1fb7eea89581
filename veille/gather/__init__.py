"""Bring mentions in: pull them from the sources of a watch, or import files."""

from veille.gather.defects import Defect
from veille.gather.files import FORMATS
from veille.gather.importing import Imported, import_files
from veille.gather.mapping import ALIASES
from veille.gather.pull import Gathered, gather
from veille.gather.rows import mentions_frame
from veille.gather.subjects import refresh_subjects
from veille.gather.tables import SOURCE_HEALTH, Verdict

__all__ = [
    "ALIASES",
    "FORMATS",
    "SOURCE_HEALTH",
    "Defect",
    "Gathered",
    "Imported",
    "Verdict",
    "gather",
    "import_files",
    "mentions_frame",
    "refresh_subjects",
]
