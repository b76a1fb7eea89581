"""What a reader is shown instead of a technical key: thresholds, versions and measured errors, each under one name.

Keys are for programs and stay in `bulletin.json`. A test compares the list with the thresholds that are declared.
"""

from __future__ import annotations

from veille.language import Language

# Names of programs are names: nobody translates them.
_PROGRAMS = {"python": "Python", "bertopic": "BERTopic"}


def threshold_labels(language: Language) -> dict[str, str]:
    """Return the label of every threshold of detection by its key; a weight's key is `score_weights.` and its own."""
    return {
        "alerts_every_minutes": language.say("Minutes between two rounds of alerts"),
        "alerts_cooldown_minutes": language.say("Minutes between two messages about one signal"),
        "baseline_days": language.say("Days of past that make the habit"),
        "effect_share": language.say("Share of a signal's stories that makes it bear on a decision"),
        "fdr_level": language.say("False-discovery rate of a day"),
        "gap_days": language.say("Days left out between the habit and the window"),
        "gravity_medium": language.say("Gravity from which it is medium"),
        "min_stories": language.say("Fewest stories of a negative emergence"),
        "min_voices": language.say("Fewest publishers or authors of a negative emergence"),
        "national_publishers": language.say("Publishers that make a press pick-up alone"),
        "negative_share": language.say("Negative share from which a rise is negative"),
        "past_discount": language.say("Weight of the past"),
        "pickup_publishers": language.say("Press titles that make a press pick-up"),
        "prior_per_day": language.say("Stories a day expected without a past"),
        "relevance_min": language.say("Relevance from which an effect is shown"),
        "reopen_after_days": language.say("Days of quiet after which a signal reopens"),
        "score_level_2": language.say("Crisis score of level {level}", level=2),
        "score_level_3": language.say("Crisis score of level {level}", level=3),
        "score_level_4": language.say("Crisis score of level {level}", level=4),
        "score_weights.gravity": language.say("Weight of gravity"),
        "score_weights.loaded_words": language.say("Weight of loaded words"),
        "score_weights.reach": language.say("Weight of reach"),
        "score_weights.responsibility": language.say("Weight of responsibility"),
        "score_weights.velocity": language.say("Weight of velocity"),
        "short_history_days": language.say("Days of past below which it is short"),
        "story_similarity": language.say("Likeness from which two texts are one story"),
        "story_window_days": language.say("Days in which copies join a story"),
        "strategic_share": language.say("Share of a topic's stories that makes it strategic"),
        "topic_distance": language.say("Distance at which topics part"),
        "topic_min_stories": language.say("Fewest stories of a topic"),
        "topic_window_days": language.say("Days of stories that topics are made of"),
        "weak_max": language.say("Most weak signals at a time"),
        "windows_days": language.say("Windows compared with the habit, in days"),
    }


def threshold_value(value: float | str | bool | None, language: Language) -> str:
    """Return the value of a threshold as it is read in the language of the page."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return language.say("yes") if value else language.say("no")
    return value if isinstance(value, str) else language.number(value, 3)


def version_labels(language: Language) -> dict[str, str]:
    """Return the name of every component whose version is told and that is not printed as it is spelled."""
    return {**_PROGRAMS, "embedding": language.say("sentence vectors")}


def label_of(key: str, labels: dict[str, str]) -> str:
    """Return the label of a key; one that an older edition knew is shown with its words apart."""
    return labels.get(key) or key.replace("_", " ").replace(".", ", ")


def tone_errors(measured: dict[str, float], language: Language) -> tuple[str, ...]:
    """Return the measured error of the tone model, a sentence a language.

    Parameters
    ----------
    measured
        Ratios by `<language>.negative_found` and `<language>.others_called_negative`.
    """
    names = {"fr": language.say("French"), "en": language.say("English")}
    told = []
    for code in sorted({key.split(".", 1)[0] for key in measured}):
        found, wrong = measured.get(f"{code}.negative_found"), measured.get(f"{code}.others_called_negative")
        if found is None or wrong is None:
            continue
        told.append(
            language.say(
                "{name}: {found} of negative texts are found, {wrong} of the others are taken for negative.",
                name=names.get(code, code),
                found=language.percent(found),
                wrong=language.percent(wrong),
            )
        )
    return tuple(told)
