# %% [markdown]
# # 2 · Topics
# Group the stories of the last weeks into topics, and recognise the topics of earlier editions.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from veille import edition, topics

here = edition.open_session(watch_file, week, as_of, run_folder)
result = topics.update(here.watch, here.store, here.as_of, here.period)
result

# %%
result.topics[["title", "words", "stories", "mentions", "born_at"]].sort_values("stories", ascending=False).head(30)

# %%
here.finish("topics", rows_in=len(result.assignments), rows_out=len(result.topics))
