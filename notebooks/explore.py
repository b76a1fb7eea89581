# %% [markdown]
# # Explore
# Search what was gathered, see when it was said, look at the map of topics, open a mention.
# Empty parameters mean: the watch of this folder, as of now.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
import plotly.io

from veille import edition, masking, topics, workbook

plotly.io.renderers.default = "plotly_mimetype+notebook"
here = edition.open_session(watch_file, week, as_of, run_folder)

# %% [markdown]
# ## Search, time line, one mention
# The query language is Lucene's: `velo* AND (feu OR incendie)`, `"carte perdue"~3`, `title:vote`, `author:@someone`.

# %%
workbook.Explorer(here.watch, here.store, here.as_of)

# %% [markdown]
# ## Topics
# The largest topics of the last update, and the map of their stories: what is near is alike.

# %%
listed = topics.current(here.watch, here.store, here.as_of)[["title", "words", "stories", "mentions", "born_at"]]
masking.mask_frame(listed.head(30), here.terms)

# %%
workbook.topic_map(here.watch, here.store, here.as_of)
