# %% [markdown]
# # 1 · Gather and read
# Pull what is new from every source of the watch, then read each mention: language, story, meaning as a vector, tone.

# %% tags=["parameters"]
watch_file = ""
week = ""
as_of = ""
run_folder = ""

# %%
from veille import edition, gather, images, reading, store

here = edition.open_session(watch_file, week, as_of, run_folder)
with store.lock(here.watch, store.RunKind.GATHER, wait_seconds=600):
    gathered = gather.gather(here.watch, here.store, here.as_of, fetch=here.live)
gathered.health.drop(columns=["seconds", "error"])

# %%
read = reading.read(here.watch, here.store, here.as_of, here.period)
f"{read.read} mentions read, {read.reused} were read before, {read.embedded} texts embedded, {read.stories} new stories"

# %% [markdown]
# What matches a query and is no public opinion about its subject is set aside: own accounts, spam, words that are no name.

# %%
relevance = reading.relevance.judge(here.watch, here.store, here.as_of, here.period)
f"{relevance.judged} pairs of mention and subject judged, {relevance.reused} before; set aside now: {relevance.set_aside}"

# %% [markdown]
# Pictures: copies of one are a group. They are fetched only where watch.yml says so (`images`).

# %%
seen = images.look(here.watch, here.store, here.as_of, here.period, fetch=here.live)
seen.verdict

# %% [markdown]
# Of what names several subjects, the tone towards each.

# %%
towards = reading.towards.hear(here.watch, here.store, here.as_of, here.period)
f"{towards.read} pairs of mention and subject read, {towards.reused} were read before"

# %%
here.finish("gather", rows_in=gathered.received, rows_out=read.read, warnings=gathered.warnings)
