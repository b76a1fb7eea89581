# %% [markdown]
# # The statistics of detection, one by one
# Each figure draws one small function of `veille.signals` on numbers that are made up and seeded: nothing here reads a watch.
# Their formulas, with sources, are in the functions' documentation: `surprise.tail?`.

# %% tags=["parameters"]
seed = 7

# %%
import numpy as np
import pandas as pd
import plotly.express as px
import plotly.io

from veille.signals import newborn, score, surprise, tone

plotly.io.renderers.default = "plotly_mimetype+notebook"
rng = np.random.default_rng(seed)
counts = np.arange(0, 31, dtype=float)

# %% [markdown]
# ## Counts are not Poisson
# Mentions come in bunches. The index of dispersion is the variance of window counts over their mean: 1 for Poisson. The
# same count is a rarity under 1 and usual under 5. The dashed line is what a window must reach (`window_p`).

# %%
prior = surprise.GammaPrior(shape=0.5, days=10.0)
tails = {f"{index:g}": surprise.tail(counts, 1.0, 112.0, 56.0, prior, index)[0] for index in (1.0, 2.0, 5.0, 20.0)}
drawn = pd.DataFrame(tails, index=counts).clip(lower=1e-12)
labels = {"index": "stories in a day, where two are usual", "value": "P(as many or more)", "variable": "dispersion"}
px.line(drawn, log_y=True, labels=labels).add_hline(y=0.001, line_dash="dash")

# %% [markdown]
# ## A prior learnt from all, a past of one's own
# A subject without a past is believed to be like the others; the more days it has, the more it is believed to be itself.
# The power prior (`past_discount`) lets habits drift.

# %%
days = np.arange(1, 57, dtype=float)
expected = {f"{rate:g} a day": surprise.tail(np.zeros(56), 1.0, rate * days, days, prior)[1] for rate in (0.0, 0.5, 2.0)}
labels = {"index": "days of past", "value": "stories expected in a day", "variable": "what the past held"}
px.line(pd.DataFrame(expected, index=days), labels=labels)

# %% [markdown]
# ## Weekdays
# Weights are shrunk to 1 where stories are few: the same pattern in a small watch and in a large one.

# %%
pattern = np.array([1.3, 1.2, 1.1, 1.1, 1.0, 0.7, 0.6])
weekdays = np.arange(56, dtype=np.int64) % 7
volumes = {f"{rate} a day": rng.poisson(rate * pattern[weekdays]).astype(float) for rate in (2, 20, 200)}
weights = pd.DataFrame({name: surprise.weekday_factors(volume, weekdays) for name, volume in volumes.items()})
px.line(weights, labels={"index": "Monday to Sunday", "value": "weight of the day", "variable": "watch"})

# %% [markdown]
# ## What a topic that is born is compared with
# First days look a rise beside the long run of others; they are compared with the first days of earlier topics.

# %%
earlier = np.maximum(1.0, rng.negative_binomial(0.4, 0.25, 200).astype(float))
labels = {"x": "stories at the peak of its first days", "y": "P(as many or more)"}
px.line(x=counts, y=np.maximum(newborn.tail(counts, earlier), 1e-12), log_y=True, labels=labels)

# %% [markdown]
# ## A share is read with errors
# A classifier that calls a fifth of everything negative sees 20 % where there is none. The corrected share, and its
# interval, against the number of stories of which half were read as negative.

# %%
stories = np.array([4, 8, 16, 32, 64, 128, 256], dtype=float)
share, low, high = tone.share_interval(stories / 2, stories, tone.ErrorRates())
drawn = pd.DataFrame({"share": share, "low": low, "high": high}, index=stories)
px.line(drawn, log_x=True, range_y=[0, 1], labels={"index": "stories", "value": "corrected negative share", "variable": ""})

# %% [markdown]
# ## Is that share above its habit?
# Ten stories in the window; the past held 30 % bad stories. Both sides are read by the same classifier, so that its bias
# cancels out.

# %%
bad, past = np.arange(11, dtype=float), np.array([0.0, 10.0, 100.0])
drawn = {f"{n:g} past stories": tone.share_tail(bad, np.full(11, 10.0), 0.3 * n, n, population_share=0.3) for n in past}
labels = {"index": "bad stories of ten", "value": "P(as many or more)", "variable": ""}
px.line(pd.DataFrame(drawn, index=bad), log_y=True, labels=labels)

# %% [markdown]
# ## Many tests, few discoveries
# A thousand units of which ten really rise. Benjamini and Hochberg's line decides which p-values are discoveries.

# %%
p_values = np.sort(np.concatenate([rng.uniform(size=990), rng.uniform(high=1e-6, size=10)]))
drawn = pd.DataFrame({"p": p_values, "rank": np.arange(1, 1001), "found": surprise.discoveries(p_values, 0.005)}).head(60)
drawn["line"] = 0.005 * drawn["rank"] / 1000
px.scatter(drawn, x="rank", y="p", color="found", log_y=True).add_scatter(x=drawn["rank"], y=drawn["line"], name="line")

# %% [markdown]
# ## The crisogenic score
# Every part between 0 and 1. Here gravity moves and the others stand at one half; a part that is not known makes an
# interval, never a silent zero.

# %%
parts = pd.DataFrame({f"part_{name}": np.full(11, 0.5) for name in score.PARTS})
parts["part_gravity"] = np.linspace(0, 1, 11)
scored = score.crisogenic(parts.assign(part_reach=np.nan)).set_index(parts["part_gravity"])
px.line(scored, labels={"part_gravity": "gravity", "value": "score, reach unknown", "variable": ""}, range_y=[0, 100])
