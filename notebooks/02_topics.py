# %% [markdown]
# # 2 · Topics
# Group the stories of the last weeks into topics, and recognise the topics of earlier editions.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from veille import edition, masking, topics

here = edition.open_session(watch_file, week, as_of, run_folder)
for period in here.weeks:
    result = topics.update(here.watch, here.store, here.as_of, period)
result.verdict or f"{len(result.listed)} topics of {result.stories} stories"

# %%
shown = result.listed[["title", "words", "stories", "mentions", "born_at"]].head(30)
masking.mask_frame(shown, here.terms)

# %%
unread = [f"{result.unread} mentions were not read and are in no topic"] if result.unread else []
here.finish("topics", rows_in=result.mentions, rows_out=len(result.listed), warnings=unread)
