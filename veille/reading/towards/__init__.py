"""How a mention that names several subjects speaks of each of them."""

from veille.reading.towards.hear import TowardsResult, hear, toned, towards
from veille.reading.towards.tables import SUBJECT_TONES, Basis

__all__ = ["SUBJECT_TONES", "Basis", "TowardsResult", "hear", "toned", "towards"]
