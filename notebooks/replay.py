# %% [markdown]
# # Replay
# The past re-lived day by day, each day as of its end: what would have been told, when, and what it is worth against what
# really happened. Nothing is written to the store. Empty parameters mean: the watch of this folder, the last four weeks
# that were gathered, no labelled events.

# %% tags=["parameters"]
watch_file = ""
first_day = ""
last_day = ""
truth_file = ""
settings = {"min_stories": [2, 3, 4], "fdr_level": [0.001, 0.005, 0.02]}

# %%
import plotly.io

from veille import replay
from veille.replay import figures

plotly.io.renderers.default = "plotly_mimetype+notebook"
here = replay.open_replay(watch_file, first_day, last_day, truth_file)
found = replay.replay(here.watch, here.store, here.first, here.last, truth=here.truth)

# %% [markdown]
# ## Alarms
# An alarm is the first day a signal is at level 2 or more, or is so again after it was reopened. It belongs to a crisis
# (`event_id`) or to a false episode; without labelled events to neither.

# %%
found.alarms()[["day", "level", "level_reason", "subject", "title", "score", "p_value", "event_id", "episode"]]

# %%
{name: value for name, value in found.as_json().items() if name not in ("alarms", "events")}

# %% [markdown]
# ## Time line
# Bars are labelled events, points are alarms; a cross belongs to no crisis.

# %%
figures.timeline(found)

# %% [markdown]
# ## Recall against false alarms
# What would change if an alarm began at another level, or at level 2 at another score. To choose a threshold on these
# events and to report it on the same would flatter it: choose on one part of time, report on the other.

# %%
moved = replay.operating(found)
figures.operating_curve(moved)

# %%
moved

# %% [markdown]
# ## What each setting does
# One setting at a time, the others as the watch has them. Topics are made once; each value detects the whole period
# again.

# %%
replay.sweep(here.watch, here.store, here.first, here.last, here.truth, settings)

# %% [markdown]
# ## May a probability be said?
# "Will this grow in the next 7 days?" is learned on the first half of the days, from all that was spoken of, and measured on
# the second, word by word. A word holds (`holds`) where enough topics had it and it came true as often as the word says;
# elsewhere growth is not quantifiable.

# %%
reliable = replay.reliability(replay.outlook(found), here.middle)
reliable

# %%
figures.reliability_curve(reliable)

# %% [markdown]
# What ships with veille, measured on the sets that it names; a watch that was re-lived for long enough uses its own.

# %%
known = replay.calibrations(here.watch, here.last)[0]
[one.model_dump() for one in known.replays]

# %%
[word.model_dump() for word in known.outlook.words] if known.outlook else []
