"""What analysts say of mentions: corrections of tone and relevance, as events that are only added."""

from veille.labels.events import add, current, label_rows
from veille.labels.figures import MEASURES, figures
from veille.labels.files import write_labels
from veille.labels.importing import ImportedLabels, import_labels
from veille.labels.tables import LABELS, WITHDRAWN, Relevance, What

__all__ = [
    "LABELS",
    "MEASURES",
    "WITHDRAWN",
    "ImportedLabels",
    "Relevance",
    "What",
    "add",
    "current",
    "figures",
    "import_labels",
    "label_rows",
    "write_labels",
]
