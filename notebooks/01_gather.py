# %% [markdown]
# # 1 · Gather and read
# Pull what is new from every source of the watch, then read each mention: language, story, meaning as a vector, tone.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from veille import edition, gather, reading

here = edition.open_session(watch_file, week, as_of, run_folder)
gathered = gather.gather(here.watch, here.store, here.as_of)
gathered.health

# %%
read = reading.read(here.watch, here.store, here.as_of, here.period)
read

# %%
here.finish("gather", rows_in=gathered.received, rows_out=read.read, warnings=gathered.warnings)
