"""Every setting of the topics room, each with its name, its default and where the default comes from."""

from __future__ import annotations

from dataclasses import dataclass, fields

from veille.errors import UsageError
from veille.watch import Watch


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How stories become topics and topics keep their identity.

    Parameters
    ----------
    window_days
        Stories published in so many days before the cut-off are clustered.
    cut_distance
        Average cosine distance at which two clusters are no longer one; .65 to .7 measured best on headlines and tweets.
    sample_stories
        More stories than this: a sample of this size is clustered and the rest assigned. Memory grows with its square.
    min_stories
        Topics of fewer stories are kept in the registry, but not shown.
    few_stories
        Fewer stories than this in the window: the verdict is "not enough data".
    coarse_topics
        At most so many coarse topics.
    words
        Words a topic is described by.
    representatives
        Mentions a topic is shown by.
    diversity_ratio
        Weight of being different from those already chosen, against being central, when representatives are chosen.
    title_characters
        Longest title.
    match_minimum
        Least score (0 to 1) at which a cluster carries on a topic of the registry.
    overlap_weight_ratio
        Weight of shared mentions, against the centroids' similarity, in that score.
    revival_distance
        Average cosine distance within which a cluster revives a topic that left the window.
    example_distance
        Cosine distance from the mean of a person's examples within which a story is like them.
    dormant_days
        A topic without a story for so many days is dormant.
    memory_days
        A dormant topic without a story for so many days dies, unless a person named, watched or ignored it.
    """

    window_days: int = 56
    cut_distance: float = 0.68
    sample_stories: int = 10_000
    min_stories: int = 2
    few_stories: int = 5
    coarse_topics: int = 10
    words: int = 10
    representatives: int = 5
    diversity_ratio: float = 0.4
    title_characters: int = 70
    match_minimum: float = 0.25
    overlap_weight_ratio: float = 0.7
    revival_distance: float = 0.6
    example_distance: float = 0.5
    dormant_days: int = 14
    memory_days: int = 112

    def __post_init__(self) -> None:
        ratios = ("diversity_ratio", "match_minimum", "overlap_weight_ratio")
        distances = ("cut_distance", "revival_distance", "example_distance")
        for item in fields(self):
            value = getattr(self, item.name)
            high = 1.0 if item.name in ratios else 2.0 if item.name in distances else None
            low = 0.0 if high is not None else 1.0
            if not low <= value <= (high if high is not None else value):
                limits = f"between {low:g} and {high:g}" if high is not None else f"at least {low:g}"
                raise UsageError(f"topic setting {item.name} is {value}", f"it must be {limits}")

    @classmethod
    def of(cls, watch: Watch) -> TopicSettings:
        """Return the settings of a watch: those that its `detection` names, the defaults for the others."""
        detection = watch.detection
        return cls(
            window_days=detection.topic_window_days,
            cut_distance=detection.topic_distance,
            min_stories=detection.topic_min_stories,
        )

    @property
    def fingerprint(self) -> str:
        """Every value in one line, part of the version of what is derived with them."""
        return ",".join(f"{item.name}={getattr(self, item.name)}" for item in fields(self))
