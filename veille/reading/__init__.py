"""What one mention says: its language, its story, its vector and its tone, read once and kept with the version that read."""

from veille.reading import relevance, towards
from veille.reading.embedding import Embedder, embedder, vectors
from veille.reading.questions import asks, question_vectors
from veille.reading.reader import ReadingResult, read, version
from veille.reading.tables import EMBEDDINGS, READINGS, Tone
from veille.reading.tone import confusion as tone_confusion

__all__ = [
    "EMBEDDINGS",
    "READINGS",
    "Embedder",
    "ReadingResult",
    "Tone",
    "asks",
    "embedder",
    "question_vectors",
    "read",
    "relevance",
    "tone_confusion",
    "towards",
    "vectors",
    "version",
]
